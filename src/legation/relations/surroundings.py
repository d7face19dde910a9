"""How an actor stands to all others at a date, with everybody's capability and stability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

from legation.actors.lookup import states
from legation.errors import InputError
from legation.evidence.known import known_notes
from legation.evidence.world import World, open_world
from legation.relations.actor_state import actor_states
from legation.relations.answer import TABLES_READ, existing_actor, interval, judgements_at
from legation.relations.days import refuse_far_day
from legation.relations.gather import Gathered, gather
from legation.relations.held import citations
from legation.relations.levels import LEVELS, level_from_code
from legation.relations.score import PairScore, classify, score_pairs
from legation.relations.succession import successions_note
from legation.relations.types import ActorState, DeskJudgement, JudgementLike, Landscape, LandscapeRow

__all__ = ["landscape"]

_TREATY_WORDS = ("none", "partner", "ally")
_STATE_TABLES = ("forces", "conflict_years", "governance")


def landscape(
    actor: str,
    *,
    as_of: date,
    world: World | None = None,
    others: Sequence[str] | None = None,
    judgements: Iterable[JudgementLike] = (),
    since: date | None = None,
) -> Landscape:
    """Say how an actor stands to others at a date.

    Parameters
    ----------
    actor
        An actor id.
    as_of
        The day.
    world
        The world to read; the baseline when left out.
    others
        The others to compare; all states of that day when left out.
    judgements
        The desk's judgements of this actor's relations; each is shown beside the row of the other party. Those dated
        after the day are left out.
    since
        An earlier day: say what changed from it to `as_of`, and who stands to the world as the actor does.

    Returns
    -------
    Landscape
        Rows from the closest to the most hostile; those without evidence last.

    Raises
    ------
    UnknownActorError
        When an id is nobody's, or an actor does not exist on the day, or the actor not on `since`.
    InputError
        When a day lies outside what the world can answer for, or `since` is not before `as_of`.
    """
    read = world or open_world()
    refuse_far_day(as_of, world=read)
    existing_actor(actor, as_of)
    if since is not None:
        _check_since(actor, since, as_of=as_of, world=read)
    names = tuple(str(state.id) for state in states(as_of)) if others is None else tuple(dict.fromkeys(others))
    around = tuple(name for name in names if name != actor)
    for name in around if others is not None else ():
        existing_actor(name, as_of)
    second = np.arange(1, len(around) + 1, dtype=np.intp)
    gathered = gather(read, (actor, *around), first=np.zeros(len(around), dtype=np.intp), second=second, as_of=as_of)
    score = score_pairs(gathered.evidence)
    described = actor_states((actor, *around), as_of=as_of, world=read)
    shown, later = judgements_at(judgements, as_of=as_of)
    beside = _by_other(actor, shown)
    rows = [_row(place, name, gathered, score, described, beside.get(name, ())) for place, name in enumerate(around)]
    rows.sort(key=_order)
    return Landscape(
        actor=actor,
        as_of=as_of,
        state=described[actor],
        relations=tuple(rows),
        neighbours=tuple(row.other for row in rows if row.is_neighbour),
        sources=citations(read, (*TABLES_READ, *_STATE_TABLES)),
        notes=(
            *known_notes(read.catalogue, on=read.known_on),
            *_notes(gathered, as_of),
            *later,
            *filter(None, (successions_note((actor, *around), on=as_of),)),
        ),
        world_hash=read.content_hash,
        **({} if since is None else _what_changed(read, actor, around, since=since, as_of=as_of)),
    )


def _check_since(actor: str, since: date, *, as_of: date, world: World) -> None:
    if since >= as_of:
        raise InputError(f"{since} is not before {as_of}.", remedy="Give --since a day before --as-of.")
    refuse_far_day(since, world=world)
    existing_actor(actor, since)


def _what_changed(world: World, actor: str, around: tuple[str, ...], *, since: date, as_of: date) -> dict[str, Any]:
    """Return what a landscape says of the time since an earlier day."""
    from legation.relations.changes import alliance_shifts, relation_changes, similar_to, tie_changes

    return {
        "since": since,
        "changes": relation_changes(world, actor, around, since=since, as_of=as_of),
        "shifts": alliance_shifts(world, actor, since=since, as_of=as_of),
        "similar": similar_to(world, actor, as_of=as_of),
        "tie_changes": tie_changes(world, actor, since=since, as_of=as_of),
    }


def _by_other(actor: str, judgements: Iterable[DeskJudgement]) -> dict[str, tuple[DeskJudgement, ...]]:
    found: dict[str, tuple[DeskJudgement, ...]] = {}
    for shown in judgements:
        if actor in {shown.subject, shown.object}:
            other = shown.object if shown.subject == actor else shown.subject
            found[other] = (*found.get(other, ()), shown)
    return found


def _row(  # noqa: PLR0917
    place: int,
    other: str,
    gathered: Gathered,
    score: PairScore,
    described: dict[str, ActorState],
    judgements: tuple[DeskJudgement, ...],
) -> LandscapeRow:
    level = level_from_code(int(score.level[place]))
    treaty = int(gathered.evidence.treaty[place])
    distance = gathered.distance_km[place]
    alignment, tension = float(score.alignment[place]), float(score.tension[place])
    return LandscapeRow(
        other=other,
        name=described[other].name,
        relation_class=classify(
            alignment=alignment,
            tension=tension,
            treaty=treaty,
            level=level,
            beyond_votes=float(score.beyond_votes[place]),
        ),
        level=level,
        probability=None if level is None else round(float(score.probabilities[place, LEVELS.index(level)]), 4),
        treaty_status=_TREATY_WORDS[treaty],  # type: ignore[arg-type]
        alignment=interval(score.alignment, score.alignment_low, score.alignment_high, place),
        tension=interval(score.tension, score.tension_low, score.tension_high, place),
        top_driver=_top_driver(score, place),
        is_neighbour=bool(gathered.contiguous[place]),
        distance_km=None if np.isnan(distance) else int(distance),
        state=described[other],
        judgements=judgements,
    )


def _top_driver(score: PairScore, place: int) -> str:
    """Return the name of the largest part of the tension, or nothing where there is none."""
    if np.isnan(score.tension[place]):
        return ""
    name, part = max(score.tension_parts.items(), key=lambda item: item[1][place])
    return name if part[place] > 0 else ""


def _order(row: LandscapeRow) -> tuple[bool, float, str]:
    if row.alignment is None or row.tension is None:
        return (True, 0.0, row.other)
    return (False, row.tension.value - row.alignment.value, row.other)


def _notes(gathered: Gathered, as_of: date) -> tuple[str, ...]:
    notes = ["Levels are a score, not a trained model; each stands with its probability."]
    if as_of.year > gathered.conflict_until:
        notes.append(f"Conflicts are carried from {gathered.conflict_until}, the last year known.")
    missing = int(np.isnan(gathered.vote_year).sum())
    if missing:
        notes.append(f"For {missing} of {len(gathered.vote_year)} pairs no votes are known at that date.")
    return tuple(notes)
