"""How two actors stand at a date: the score with its drivers, treaties, ties, dates and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from legation.actors.lookup import actor as actor_by_id
from legation.actors.types import Actor, DefenceTreaty
from legation.errors import InputError, UnknownActorError
from legation.evidence.world import World, open_world
from legation.relations.gather import Gathered, gather, session_at, treaty_between
from legation.relations.levels import LEVELS, level_from_code
from legation.relations.score import PairScore, classify, score_pairs
from legation.relations.ties import ties_between
from legation.relations.types import DeskJudgement, Driver, Interval, JudgementLike, Relation, Threat

__all__ = ["BASIS", "TABLES_READ", "as_desk_judgement", "existing_actor", "interval", "relation"]

BASIS = "score, not trained: weights set by hand and documented; intervals are 90 % and assume them"
TABLES_READ = ("un_agreement", "conflict_dyads", "conflict_deaths", "distance")
_ACTS = "acts of accession and treaties, written by hand with their references"
_DRIVER_WORDS = {
    "interstate_conflict": "armed conflict between the two",
    "votes_apart": "votes in the UN General Assembly further apart than usual for the two",
    "opposing_troops": "troops of one supported the opponents of the other",
    "conflict_with_ally": "one fights a party that the other is bound to by treaty",
    "violence_next_door": "deadly violence on one side of the common border",
    "votes": "votes in the UN General Assembly against what is usual for the two",
    "treaty": "defence treaties and agreements in force",
    "organisations": "organisations in common, small ones weighing more",
    "side_by_side": "troops on the same side in armed conflict",
    "hostility": "armed conflict between the two, or troops with the other's opponents",
}


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

    Raises
    ------
    UnknownActorError
        When an id is nobody's, or an actor does not exist on the day.
    InputError
        When both ids are the same.

    Examples
    --------
    >>> from datetime import date
    >>> relation("GBR", "USA", as_of=date(2018, 6, 30)).relation_class
    'ally'
    """
    if a == b:
        raise InputError(f"{a} has no relation with itself.", remedy="Name two actors.")
    for identifier in (a, b):
        existing_actor(identifier, as_of)
    read = world or open_world()
    gathered = gather(read, (a, b), first=np.array([0]), second=np.array([1]), as_of=as_of)
    score = score_pairs(gathered.evidence)
    known = not np.isnan(score.alignment[0])
    level = level_from_code(int(score.level[0]))
    treaty = treaty_between(min(a, b), max(a, b), as_of)
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
            beyond_votes=float(score.tension[0] - score.tension_parts["votes_apart"][0]),
        ),
        treaty_status=treaty.status,
        treaty_grounds=tuple(_ground(ground) for ground in treaty.grounds),
        alignment=interval(score.alignment, score.alignment_low, score.alignment_high, 0),
        alignment_parts=_drivers(score.alignment_parts, gathered, read, as_of) if known else (),
        tension=interval(score.tension, score.tension_low, score.tension_high, 0),
        drivers=_drivers(score.tension_parts, gathered, read, as_of) if known else (),
        threat=_threat(read, gathered, score, as_of, carry=carry_snapshots),
        ties=ties_between(read, a, b, as_of=as_of),
        judgements=tuple(as_desk_judgement(judgement) for judgement in judgements),
        sources=(*dict.fromkeys(read.citation(table) for table in TABLES_READ), _ACTS),
        notes=_notes(gathered, as_of, known=known),
        world_hash=read.content_hash,
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
    return Interval(value=_rounded(value[row]), low=_rounded(low[row]), high=_rounded(high[row]))


def as_desk_judgement(judgement: JudgementLike) -> DeskJudgement:
    """Return a desk's judgement as it is shown beside a score."""
    return DeskJudgement(
        subject=judgement.subject,
        object=judgement.object,
        dated=judgement.dated,
        judge=judgement.judge,
        reason=judgement.reason,
        level=judgement.level,
        alignment=judgement.alignment,
        tension=judgement.tension,
    )


def _rounded(value: float) -> float:
    return round(float(value), 4) + 0.0


def _probabilities(score: PairScore) -> Mapping[str, float]:
    row = score.probabilities[0]
    return {} if np.isnan(row[0]) else {level.value: _rounded(p) for level, p in zip(LEVELS, row, strict=True)}


def _ground(ground: object) -> str:
    if isinstance(ground, DefenceTreaty):
        day = ground.in_force or ground.signed
        return f"{ground.title} ({ground.obligation}{f', {day.isoformat()}' if day else ''}); {ground.reference}"
    reference, obligation = getattr(ground, "reference", ""), getattr(ground, "obligation", "")
    return f"{reference} ({obligation})"


def _drivers(
    parts: Mapping[str, np.ndarray],
    gathered: Gathered,
    world: World,
    as_of: date,
) -> tuple[Driver, ...]:
    """Return the parts of a figure that are not zero, the largest first."""
    values = {name: float(part[0]) for name, part in parts.items()}
    total = sum(abs(value) for value in values.values())
    ordered = sorted((name for name, value in values.items() if value != 0), key=lambda name: -abs(values[name]))
    return tuple(_driver(name, values[name], abs(values[name]) / total, gathered, world, as_of) for name in ordered)


def _driver(name: str, value: float, share: float, gathered: Gathered, world: World, as_of: date) -> Driver:  # noqa: PLR0917
    until = gathered.conflict_until
    text, table, year, carried = _DRIVER_WORDS[name], "conflict_dyads", float("nan"), as_of.year > until
    if name in {"votes", "votes_apart"}:
        year, carried, table = gathered.vote_year[0], gathered.vote_year[0] < session_at(as_of), "un_agreement"
        text += f" (agreement {gathered.agreement[0]:.2f} over {gathered.common_votes[0]:.0f} roll calls)"
    elif name in {"treaty", "organisations"}:
        year, carried, table = float(as_of.year), False, ""
    elif name == "violence_next_door":
        last = world.info("conflict_deaths").last
        year, table, carried = min(as_of.year, last.year), "conflict_deaths", as_of > last
    elif name == "conflict_with_ally":
        year, text = min(as_of.year, until), f"{text} ({gathered.through[0]})"
    else:
        year = {
            "side_by_side": gathered.together_year[0],
            "opposing_troops": gathered.opposed_year[0],
            "interstate_conflict": gathered.fought_year[0],
            "hostility": np.fmax(gathered.fought_year[0], gathered.opposed_year[0]),
        }[name]
    return Driver(
        name=name,
        value=_rounded(value),
        share=_rounded(share),
        text=text,
        source=world.citation(table) if table else _ACTS,
        year=None if np.isnan(year) else int(year),
        carried=bool(carried),
    )


def _threat(world: World, gathered: Gathered, score: PairScore, as_of: date, *, carry: bool) -> Threat:
    """Return tension times relative strength times nearness, each way."""
    rows = {actor: world.select("forces", actor=actor) for actor in gathered.actors}
    info = world.info("forces")
    if any(frame.is_empty() for frame in rows.values()) or np.isnan(score.tension[0]):
        return Threat(a_to_b=None, b_to_a=None, note="Not known: strength of one of the two, or tension, is missing.")
    years = [year for frame in rows.values() for year in frame.get_column("figure_year") if year is not None]
    in_time = min([*years, info.last.year]) <= as_of.year <= info.last.year
    if not in_time and not carry:
        return Threat(
            a_to_b=None,
            b_to_a=None,
            note=f"Not known: forces were seen {info.snapshot[:7]} and answer only for that time.",
        )
    a, b = (float(frame["active_low"][0] + frame["active_high"][0]) / 2 for frame in rows.values())
    distance = gathered.distance_km[0]
    far = 0.5 if np.isnan(distance) else float(np.exp(-distance / 5000.0))
    near = 1.0 if gathered.contiguous[0] else far
    tension = float(score.tension[0])
    note = "Tension times the share of the two's personnel times nearness"
    if not in_time:
        note += f"; forces as seen {info.snapshot[:7]}, used outside their time as asked"
    shared = tension * near / (a + b)
    return Threat(a_to_b=_rounded(shared * a), b_to_a=_rounded(shared * b), note=note)


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
    outside = gathered.evidence.conflict_carried[0]
    if outside and as_of.year <= gathered.conflict_until:
        notes.append("The date lies before the conflict data begin: conflicts are not known, not absent.")
    return tuple(notes)
