"""A negotiation explored, as text; the label that says what it is not stands first and last."""

from __future__ import annotations

from collections.abc import Sequence

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import percent
from legation.planning.table.result import (
    NegotiationResult,
    NegotiationSensitivity,
    TraceElection,
    TurnRecord,
)

__all__ = ["negotiation_text"]

_ENDED = {
    "quiet": "and then nobody moved any more",
    "turns": "the most asked for; actors were still moving",
    "stopped": "then it was stopped",
}


def negotiation_text(found: NegotiationResult, *, label: str | None = None) -> str:
    """Write a negotiation: the outcome by issue, the actors' ways, what it hangs on, and the turns if asked for.

    Parameters
    ----------
    found
        The result.
    label
        The line with the highest label of the desk that was asked, if one was.
    """
    parts = [
        f"{found.title}   [exploratory{'' if label is None else f'; {label}'}]",
        paragraph(found.label),
        paragraph(
            f"{len(found.actors)} actors, {len(found.issues)} issues; {found.turns} turns, {_ENDED[found.ended]}."
        ),
        heading("Issues, 0 to 100"),
        table(
            ("Issue", "Median", "Mean", "Median after", "Mean after", "Likeliest", "Held between"),
            [
                (
                    i.issue, _one(i.median), _one(i.mean), _one(i.median_end), _one(i.mean_end), _one(i.likeliest),
                    f"{_one(i.low_end)} and {_one(i.high_end)}",
                )
                for i in found.issues
            ],
            align=("left", "right", "right", "right", "right", "right", "left"),
        ),
        bullets(_condorcet(found)),
        heading("Actors"),
        table(
            ("Actor", "Influence", "From", "To", "Chance at first", "Chance at the end", "Moves"),
            [
                (
                    _named(a.actor, a.description), f"{a.influence:g}", _place(a.start), _place(a.end),
                    percent(a.chance_start, 1), percent(a.chance_end, 1), str(a.moves),
                )
                for a in found.actors
            ],
            align=("left", "right", "left", "left", "right", "right", "right"),
        ),
        _links(found),
        "" if found.sensitivity is None else _sensitivity(found, found.sensitivity),
        *(_turn(turn, found) for turn in found.trace),
        heading("What this takes for granted"),
        bullets([*found.notes, found.label]),
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def _one(value: float) -> str:
    return f"{value:.1f}"


def _place(values: Sequence[float]) -> str:
    return " / ".join(_one(value) for value in values)


def _named(name: str, description: str) -> str:
    return name if description in {"", name} else f"{name} ({description})"


def _condorcet(found: NegotiationResult) -> list[str]:
    out = []
    for when, name in (("At first", found.condorcet_start), ("After the last turn", found.condorcet_end)):
        out.append(
            f"{when}, no position beats every other one in a vote of two."
            if name is None
            else f"{when}, the position of {name} beats every other one in a vote of two."
        )
    return out


def _links(found: NegotiationResult) -> str:
    if not found.links and not found.unlinked:
        return ""
    from legation.actors.lookup import actor

    lines = []
    for link in found.links:
        talks = ", ".join(title for _, title in link.missions) or "no open negotiation"
        aims = ", ".join(title for _, title in link.objectives) or "no objective"
        lines.append(f"{link.actor} is {actor(link.desk_actor).name}. Negotiations: {talks}. Objectives: {aims}.")
    if found.unlinked:
        lines.append(f"Not found by name: {', '.join(found.unlinked)}.")
    return heading("In the desk") + "\n" + bullets(lines)


def _sensitivity(found: NegotiationResult, sense: NegotiationSensitivity) -> str:
    lines = [
        f"{outcome.issue}: the mean after the last turn is {_one(one.likely)}, and {_one(one.low)} to {_one(one.high)} "
        f"in nine of ten of {sense.draws} draws of all inputs within {sense.position_step:g} points of position, "
        f"{sense.salience_step:g} of salience and {sense.influence_step:.0%} of influence."
        for outcome, one in zip(found.issues, sense.settlement, strict=False)
    ]
    if sense.same_likeliest is not None:
        lines.append(f"The likeliest position stays within a point in {sense.same_likeliest:.0%} of the draws.")
    if not sense.complete:
        lines.append("The time ended before all changes were computed: what is missing is not shown.")
    rows = [
        (one.actor, f"{one.shift_without:.1f}", f"{one.largest_shift:.1f}", _place(one.without)) for one in sense.actors
    ]
    return "\n".join(
        (
            heading("What the outcome hangs on"),
            bullets(lines),
            table(
                ("Actor, who matters most first", "Shift without it", "Shift by a small change", "Mean without it"),
                rows,
                align=("left", "right", "right", "left"),
            ),
        )
    )


def _turn(turn: TurnRecord, found: NegotiationResult) -> str:
    names = [actor.actor for actor in found.actors]
    challenges = {one.actor: one for one in turn.challenges}
    rows = []
    for number, election in enumerate(turn.elections):
        one = challenges.get(names[number])
        aim = "none" if one is None else f"{one.target}, {one.chance:.4f}, {one.gain_own:+.4f}"
        offer = "" if one is None else _place(one.proposal_own)
        rows.append(
            (
                names[number], _place(turn.positions[number]), f"{turn.risk[number]:+.3f}",
                f"{turn.chance[number]:.4f}", aim, offer, _choice(election),
            )
        )  # fmt: skip
    return "\n".join(
        (
            heading(f"Turn {turn.turn}: all moved {turn.moved:.2f} points, {turn.share_of_first:.4f} of the first"),
            table(("Actor", "Position", "Risk", "Chance", "Challenges, chance, gain", "Offers", "Takes"), rows),
        )
    )


def _choice(election: TraceElection) -> str:
    taken = election.bargains[election.chosen]
    what = "stays" if taken.initiator == taken.receiver else f"{taken.initiator} with {taken.receiver}"
    return f"{what} ({taken.chance:.4f} of {len(election.bargains)})"
