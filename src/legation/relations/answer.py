"""How two actors stand at a date: the score with its drivers, treaties, ties, dates and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np

from legation.actors.lookup import actor as actor_by_id
from legation.actors.types import Actor, DefenceTreaty
from legation.errors import InputError, UnknownActorError
from legation.evidence.known import known_notes
from legation.evidence.world import World, open_world
from legation.relations.days import refuse_far_day
from legation.relations.drivers import ACTS, drivers_of, rounded
from legation.relations.gather import Gathered, gather, session_at, treaty_between
from legation.relations.held import citations
from legation.relations.levels import LEVELS, level_from_code
from legation.relations.score import PairScore, classify, score_pairs
from legation.relations.succession import succession_notes
from legation.relations.threat import directed_threat
from legation.relations.ties import ties_between
from legation.relations.trained import level_of
from legation.relations.types import DeskJudgement, Interval, JudgementLike, Relation

__all__ = ["BASIS", "TABLES_READ", "as_desk_judgement", "existing_actor", "interval", "judgements_at", "relation"]

BASIS = "score, not trained: weights set by hand and documented; intervals are 90 % and assume them"
TABLES_READ = ("un_agreement", "conflict_dyads", "conflict_deaths", "distance")
_OLD_JUDGEMENT = timedelta(days=365)


def relation(
    a: str,
    b: str,
    *,
    as_of: date,
    world: World | None = None,
    judgements: Iterable[JudgementLike] = (),
    carry_snapshots: bool = False,
) -> Relation:
    """Say how two actors stand at a date.

    Parameters
    ----------
    a, b
        Actor ids.
    as_of
        The day. Evidence of later days is not used; evidence that ends earlier is carried forward by name, with a
        wider interval.
    world
        The world to read; the baseline when left out.
    judgements
        A desk's own judgements of this pair; they are returned beside the score and change nothing in it.
    carry_snapshots
        Use forces seen at another date for the directed threat. Without it the threat is None outside that year.

    Notes
    -----
    Judgements dated after the day are left out; those more than a year old are marked `old`.

    Raises
    ------
    UnknownActorError
        When an id is nobody's, or an actor does not exist on the day.
    InputError
        When both ids are the same, or the day lies outside what the world can answer for.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> relation("GBR", "USA", as_of=date(2018, 6, 30)).relation_class
    'ally'
    """
    if a == b:
        raise InputError(f"{a} has no relation with itself.", remedy="Name two actors.")
    read = world or open_world()
    refuse_far_day(as_of, world=read)
    for identifier in (a, b):
        existing_actor(identifier, as_of)
    gathered = gather(read, (a, b), first=np.array([0]), second=np.array([1]), as_of=as_of)
    score = score_pairs(gathered.evidence)
    known = not np.isnan(score.alignment[0])
    level = level_from_code(int(score.level[0]))
    treaty = treaty_between(min(a, b), max(a, b), read.facts_on(as_of))
    shown, later = judgements_at(judgements, as_of=as_of)
    return Relation(
        a=a,
        b=b,
        as_of=as_of,
        level=level,
        level_probabilities=_probabilities(score),
        basis=BASIS,
        relation_class=classify(
            alignment=float(score.alignment[0]),
            tension=float(score.tension[0]),
            treaty=int(gathered.evidence.treaty[0]),
            level=level,
            beyond_votes=float(score.beyond_votes[0]),
        ),
        treaty_status=treaty.status,
        treaty_grounds=tuple(_ground(ground) for ground in treaty.grounds),
        alignment=interval(score.alignment, score.alignment_low, score.alignment_high, 0),
        alignment_parts=drivers_of(score.alignment_parts, gathered, read, as_of) if known else (),
        tension=interval(score.tension, score.tension_low, score.tension_high, 0),
        drivers=drivers_of(score.tension_parts, gathered, read, as_of) if known else (),
        threat=directed_threat(read, gathered, score, as_of, carry=carry_snapshots),
        ties=ties_between(read, a, b, as_of=as_of),
        judgements=shown,
        sources=(*citations(read, TABLES_READ), ACTS),
        notes=(
            *known_notes(read.catalogue, on=read.known_on),
            *_notes(gathered, as_of, known=known),
            *later,
            *succession_notes((a, b), on=as_of),
        ),
        world_hash=read.content_hash,
        level_score=rounded(score.level_score[0]) if known else None,
        level_parts=drivers_of(score.level_parts, gathered, read, as_of) if known else (),
        trained_level=level_of(read, a, b, as_of=as_of),
        not_held=gathered.quarrels.not_held,
    )


def existing_actor(identifier: str, as_of: date) -> Actor:
    """Return an actor that exists on a day.

    Raises
    ------
    UnknownActorError
        When there is no such actor, or not on that day; successors and predecessors of that day are suggested.
    """
    found = actor_by_id(identifier)
    if not found.exists(as_of):
        near = [name for name in (*found.successors, *found.predecessors) if actor_by_id(name).exists(as_of)]
        raise UnknownActorError(
            f"{found.name} ({identifier}) does not exist on {as_of.isoformat()}.",
            remedy=f"Name an actor of that day{': ' + ', '.join(near) if near else ''}.",
            suggestions=tuple(str(name) for name in near),
        )
    return found


def interval(value: np.ndarray, low: np.ndarray, high: np.ndarray, row: int) -> Interval | None:
    """Return one pair's figure with its interval, or None where it is not known."""
    if np.isnan(value[row]):
        return None
    return Interval(value=rounded(value[row]), low=rounded(low[row]), high=rounded(high[row]))


def judgements_at(
    judgements: Iterable[JudgementLike], *, as_of: date
) -> tuple[tuple[DeskJudgement, ...], tuple[str, ...]]:
    """Return a desk's judgements as they stood on a day, and notes on later and old ones."""
    every = tuple(judgements)
    known = tuple(as_desk_judgement(one, as_of=as_of) for one in every if one.dated <= as_of)
    later, old = len(every) - len(known), sum(one.old for one in known)
    notes = []
    if later:
        notes.append(f"{later} of the desk's judgements are dated after {as_of.isoformat()} and are left out.")
    if old:
        notes.append(f"{old} of the desk's judgements were more than a year old on {as_of.isoformat()}.")
    return known, tuple(notes)


def as_desk_judgement(judgement: JudgementLike, *, as_of: date) -> DeskJudgement:
    """Return a desk's judgement as it is shown beside a score on a day."""
    return DeskJudgement(
        subject=judgement.subject,
        object=judgement.object,
        dated=judgement.dated,
        judge=judgement.judge,
        reason=judgement.reason,
        level=judgement.level,
        alignment=judgement.alignment,
        tension=judgement.tension,
        old=as_of - judgement.dated > _OLD_JUDGEMENT,
    )


def _probabilities(score: PairScore) -> Mapping[str, float]:
    row = score.probabilities[0]
    return {} if np.isnan(row[0]) else {level.value: rounded(p) for level, p in zip(LEVELS, row, strict=True)}


def _ground(ground: object) -> str:
    if isinstance(ground, DefenceTreaty):
        day = ground.in_force or ground.signed
        return f"{ground.title} ({ground.obligation}{f', {day.isoformat()}' if day else ''}); {ground.reference}"
    reference, obligation = getattr(ground, "reference", ""), getattr(ground, "obligation", "")
    return f"{reference} ({obligation})"


def _notes(gathered: Gathered, as_of: date, *, known: bool) -> tuple[str, ...]:
    notes = []
    if not known:
        notes.append("The world holds no votes, treaties, shared organisations or conflicts of this pair at that date.")
    year = gathered.vote_year[0]
    if np.isnan(year) and known:
        notes.append("No votes of the pair are known for the five sessions before the date; the rest is weighed alone.")
    elif year < session_at(as_of):
        notes.append(f"Votes are carried from the session of {year:.0f}; the interval is wider for it.")
    if as_of.year > gathered.conflict_until:
        notes.append(f"Conflicts are carried from {gathered.conflict_until}, the last year known: a wider interval.")
    if gathered.embassies_tell and known:
        notes.append("Embassies as seen in the snapshot count as signs of contact only, within five years of it.")
    outside = gathered.evidence.conflict_carried[0]
    held = not any(words.startswith("armed conflict") for words in gathered.quarrels.not_held)
    if held and outside and as_of.year <= gathered.conflict_until:
        notes.append("The date lies before the conflict data begin: conflicts are not known, not absent.")
    return tuple(notes)
