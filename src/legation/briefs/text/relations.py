"""A relation and a landscape as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from legation.actors import name
from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import MISSING, percent
from legation.relations.levels import Level
from legation.relations.types import (
    ActorState,
    AllianceShift,
    DeskJudgement,
    Driver,
    Figure,
    Interval,
    Landscape,
    Relation,
    Tie,
    TieChange,
)

__all__ = ["judgement_words", "landscape_text", "relation_text"]

_MOST_NAMED = 8  # of a line's actors; the rest is counted
_FEW_LABELS = 3


def relation_text(relation: Relation, *, states: Sequence[ActorState] = ()) -> str:
    """Write how two actors stand: level, treaty status, alignment, tension, drivers, ties, the desk's own view."""
    a, b = name(relation.a), name(relation.b)
    level = MISSING if relation.level is None else relation.level.words
    parts = [
        f"{a} and {b} on {relation.as_of}",
        table(
            ("What", "Answer", "How to read it"),
            [
                ("Level", level, _level_words(relation)),
                *_trained(relation),
                ("Class", relation.relation_class or MISSING, ""),
                (
                    "Treaty status",
                    relation.treaty_status,
                    f"{len(relation.treaty_grounds)} in force, listed under Ties",
                ),
                ("Alignment", _interval(relation.alignment), "-1 opposed, 1 aligned; 90 % interval"),
                ("Tension", _interval(relation.tension), "0 none, 1 highest; 90 % interval"),
                ("Threat", _threat(relation), relation.threat.note),
            ],
        ),
        heading("Drivers of tension"),
        _drivers(relation.drivers) or "None known.",
        *_not_held(relation),
        heading("What alignment is made of"),
        _drivers(relation.alignment_parts) or "Not known.",
        heading("What the level is made of"),
        _drivers(relation.level_parts) or "Not known.",
        heading("Ties"),
        bullets(_tie(tie) for tie in relation.ties) or "None known.",
    ]
    for state in states:
        parts += [heading(f"{state.name}: capability and stability"), _figures((*state.capability, *state.stability))]
    if relation.judgements:
        parts += [heading("The desk's own judgements"), bullets(judgement_words(one) for one in relation.judgements)]
    if relation.notes:
        parts += [heading("Notes"), bullets(relation.notes)]
    parts += [heading("Sources"), bullets(relation.sources)]
    return "\n".join(part for part in parts if part)


def landscape_text(landscape: Landscape) -> str:
    """Write how an actor stands to all others, from the closest to the most hostile."""
    rows = [
        (
            row.name + (" *" if row.is_neighbour else ""),
            row.relation_class or MISSING,
            MISSING if row.level is None else row.level.words,
            percent(row.probability),
            row.treaty_status,
            _interval(row.alignment),
            _interval(row.tension),
            row.top_driver.replace("_", " "),
        )
        for row in landscape.relations
    ]
    return "\n".join(
        (
            f"{landscape.state.name} and the others on {landscape.as_of}",
            heading("Capability and stability"),
            _figures((*landscape.state.capability, *landscape.state.stability)),
            heading("Relations (* neighbour)"),
            table(
                ("Other", "Class", "Level", "Prob.", "Treaty", "Alignment", "Tension", "Main driver of tension"),
                rows,
                align=("left", "left", "left", "right", "left", "left", "left", "left"),
                width=150,
            ),
            *_judged(landscape),
            *_since(landscape),
            heading("Notes"),
            bullets(landscape.notes),
            heading("Sources"),
            bullets(landscape.sources),
        )
    )


def _judged(landscape: Landscape) -> Iterable[str]:
    lines = [judgement_words(one) for row in landscape.relations for one in row.judgements]
    return (heading("The desk's own judgements"), bullets(lines)) if lines else ()


def _trained(relation: Relation) -> list[tuple[str, str, str]]:
    """Write the level of a trained model, where the world holds one."""
    found = relation.trained_level
    if found is None:
        return []
    words = (
        f"{percent(found.probabilities[found.level.value])} of the probability; {found.basis}, evidence of {found.year}"
    )
    words += "; EXTRAPOLATED beyond the years it was trained on" if found.extrapolated else ""
    return [("Level (trained)", found.level.words, words)]


def _not_held(relation: Relation) -> tuple[str, ...]:
    if not relation.not_held:
        return ()
    return (paragraph(f"Not held by this world, and so not weighed: {'; '.join(relation.not_held)}."),)


def _since(landscape: Landscape) -> Iterable[str]:
    """Write what changed since an earlier day: relations, alliances, ties; and who is similar."""
    if landscape.since is None:
        return ()
    since = landscape.since
    return (
        heading(f"Relations that changed since {since} (beyond their intervals)"),
        _changes(landscape) or "None beyond its interval.",
        heading(f"Alliances since {since}"),
        bullets(_shift(shift) for shift in landscape.shifts) or "No treaty, membership or status on record changed.",
        heading(f"Ties that began or ended since {since}"),
        bullets(_tie_changes(landscape)) or "None.",
        heading("Actors with the most similar profile (0 is the same)"),
        _similar(landscape) or "Not known.",
    )


def _changes(landscape: Landscape) -> str:
    rows = [
        (
            change.name,
            ", ".join(change.changed),
            _move(change.alignment_before, change.alignment_after),
            _move(change.tension_before, change.tension_after),
            " -> ".join(
                (
                    _leveled(change.level_before, change.probability_before),
                    _leveled(change.level_after, change.probability_after),
                )
            ),
        )
        for change in landscape.changes
    ]
    return table(("Other", "Changed", "Alignment", "Tension", "Level"), rows, width=150) if rows else ""


def _leveled(level: Level | None, probability: float | None) -> str:
    return MISSING if level is None else f"{level.words} {percent(probability)}"


def _move(before: Interval | None, after: Interval | None) -> str:
    first, last = (MISSING if one is None else f"{one.value:+.2f}" for one in (before, after))
    return f"{first} -> {last}"


def _shift(shift: AllianceShift) -> str:
    with_whom = f" with {_several(shift.others)}" if shift.others and shift.kind.startswith("treaty") else ""
    return f"{shift.day or 'day not known'}: {shift.kind}: {shift.what}{with_whom} [{shift.source or 'record of acts'}]"


def _several(others: Sequence[str]) -> str:
    shown = [name(other) for other in others[:_MOST_NAMED]]
    return ", ".join(shown) + (f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else "")


def _tie_changes(landscape: Landscape) -> Iterable[str]:
    """Write one line for each kind: how many began and ended, and with whom."""
    kinds = dict.fromkeys(change.kind for change in landscape.tie_changes)
    for kind in kinds:
        rows = [change for change in landscape.tie_changes if change.kind == kind]
        for word, counted in (("began", [c for c in rows if c.began]), ("ended", [c for c in rows if c.ended])):
            if counted:
                counted.sort(key=lambda change: -max(change.began, change.ended))
                shown = [_counted(change, word) for change in counted[:_MOST_NAMED]]
                more = f" and {len(counted) - _MOST_NAMED} more" if len(counted) > _MOST_NAMED else ""
                yield f"{kind.replace('_', ' ')} {word}: {', '.join(shown)}{more}"


def _counted(change: TieChange, word: str) -> str:
    count = change.began if word == "began" else change.ended
    labels = f" ({'; '.join(change.labels)})" if change.labels and len(change.labels) < _FEW_LABELS else ""
    return f"{change.name}{f' {count}x' if count > 1 else ''}{labels}"


def _similar(landscape: Landscape) -> str:
    rows = [(one.name, f"{one.distance:.2f}", str(one.shared), str(one.measures)) for one in landscape.similar]
    columns = ("Actor", "Distance", "Third actors", "Measures")
    return table(columns, rows, align=("left", "right", "right", "right")) if rows else ""


def _level_words(relation: Relation) -> str:
    if relation.level is None:
        return "the world holds no evidence on this pair at that date"
    return f"{percent(relation.level_probabilities[relation.level.value])} of the probability; {relation.basis}"


def _interval(interval: Interval | None) -> str:
    return MISSING if interval is None else f"{interval.value:+.2f} ({interval.low:+.2f} to {interval.high:+.2f})"


def _threat(relation: Relation) -> str:
    a, b = relation.threat.a_to_b, relation.threat.b_to_a
    if a is None or b is None:
        return MISSING
    return f"{relation.a} to {relation.b} {a:.2f}, {relation.b} to {relation.a} {b:.2f}"


def _drivers(drivers: Sequence[Driver]) -> str:
    return bullets(
        f"{driver.text}: {driver.value:+.3f}, {driver.share:.0%}"
        + (f" [{driver.source}" + (f", {driver.year}" if driver.year else "") if driver.source else "")
        + (", carried forward" if driver.carried else "")
        + ("]" if driver.source else "")
        for driver in drivers
    )


def _tie(tie: Tie) -> str:
    dated = f" ({'seen ' if tie.seen else ''}{tie.dated})" if tie.dated else ""
    return f"{tie.kind.replace('_', ' ')}: {tie.text}{dated} [{tie.source}]"


def _figures(figures: Sequence[Figure]) -> str:
    if not figures:
        return "Not known."
    return table(
        ("Figure", "Value", "Range", "Unit", "Date", "Source"),
        [
            (
                figure.name,
                _number(figure.value),
                _range(figure),
                figure.unit,
                _dated(figure),
                figure.source,
            )
            for figure in figures
        ],
        align=("left", "right", "right", "left", "left", "left"),
        width=130,
    )


def _number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _range(figure: Figure) -> str:
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return ""
    return f"{_number(figure.low)} to {_number(figure.high)}"


def _dated(figure: Figure) -> str:
    if "seen" in figure.dated:
        return figure.dated
    return ("seen " if figure.seen else "carried from " if figure.carried else "") + figure.dated


def judgement_words(judgement: DeskJudgement) -> str:
    """Write a desk's own judgement as a sentence, with who judged and when."""
    views = [
        *([judgement.level.replace("_", " ")] if judgement.level else []),
        *([f"alignment {judgement.alignment:+.2f}"] if judgement.alignment is not None else []),
        *([f"tension {judgement.tension:.2f}"] if judgement.tension is not None else []),
    ]
    old = " (more than a year old)" if judgement.old else ""
    return (
        f"{judgement.subject} on {judgement.object}, {judgement.dated}{old}, "
        f"{judgement.judge}: {', '.join(views)}. "
        f"{judgement.reason}"
    )
