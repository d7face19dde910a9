"""How two actors stand at a date: the score with its drivers, treaties, ties, dates and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from legation.actors.lookup import actor as actor_by_id
from legation.actors.types import Actor, DefenceTreaty
from legation.errors import InputError, UnknownActorError
from legation.evidence.world import World, open_world
from legation.relations.days import refuse_far_day
from legation.relations.gather import Gathered, gather, session_at, treaty_between
from legation.relations.held import citations, has_table
from legation.relations.levels import LEVELS, level_from_code
from legation.relations.score import PairScore, classify, score_pairs
from legation.relations.succession import succession_notes
from legation.relations.ties import ties_between
from legation.relations.trained import level_of
from legation.relations.types import DeskJudgement, Driver, Interval, JudgementLike, Relation, Threat

__all__ = ["BASIS", "TABLES_READ", "as_desk_judgement", "existing_actor", "interval", "judgements_at", "relation"]

BASIS = "score, not trained: weights set by hand and documented; intervals are 90 % and assume them"
TABLES_READ = ("un_agreement", "conflict_dyads", "conflict_deaths", "distance")
_ACTS = "acts of accession and treaties, written by hand with their references"
_TIE_KINDS = {
    "grievances_and_claims": ("rivalry", "claim"),
    "claims": (),
    "posturing": ("dispute",),
    "sanctions": ("sanction",),
}
_OLD_JUDGEMENT = timedelta(days=365)
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
    "hostility": "armed conflict between the two, troops with the other's opponents, or claims",
    "divergent_agendas": "ideal points in the UN General Assembly further apart than usual",
    "grievances_and_claims": "claims, ruptures or rivalry between the two",
    "posturing": "threats, shows or uses of force against each other",
    "sanctions": "sanctions of one on the other",
    "hostile_messages": "hostile messages between the two",
    "community": "security institutions that both are members of, and for how long",
    "neighbours": "neighbours without a deep community",
    "claims": "claims or ruptures on record",
    "enmity": "fighting each other or the other's opponents, remembered for decades",
    "tension": "the tension above, twice",
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
        alignment_parts=_drivers(score.alignment_parts, gathered, read, as_of) if known else (),
        tension=interval(score.tension, score.tension_low, score.tension_high, 0),
        drivers=_drivers(score.tension_parts, gathered, read, as_of) if known else (),
        threat=_threat(read, gathered, score, as_of, carry=carry_snapshots),
        ties=ties_between(read, a, b, as_of=as_of),
        judgements=shown,
        sources=(*citations(read, TABLES_READ), _ACTS),
        notes=(*_notes(gathered, as_of, known=known), *later, *succession_notes((a, b), on=as_of)),
        world_hash=read.content_hash,
        level_score=_rounded(score.level_score[0]) if known else None,
        level_parts=_drivers(score.level_parts, gathered, read, as_of) if known else (),
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
    return Interval(value=_rounded(value[row]), low=_rounded(low[row]), high=_rounded(high[row]))


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
    evidence = _evidence_of(name, gathered, world, as_of)
    return Driver(
        name=name,
        value=_rounded(value),
        share=_rounded(share),
        text=_DRIVER_WORDS[name] + evidence.more,
        source=world.citation(evidence.table) if evidence.table else evidence.source,
        year=None if np.isnan(evidence.year) else int(evidence.year),
        carried=evidence.carried,
    )


@dataclass(frozen=True)
class _Evidence:
    """Where a part of a figure comes from: a table of the world or a source of its own, and the year it speaks of."""

    table: str
    year: float
    carried: bool
    more: str = ""
    source: str = ""


def _evidence_of(name: str, gathered: Gathered, world: World, as_of: date) -> _Evidence:
    until = gathered.conflict_until
    if name in {"votes", "votes_apart"}:
        year = float(gathered.vote_year[0])
        said = f" (agreement {gathered.agreement[0]:.2f} over {gathered.common_votes[0]:.0f} roll calls)"
        return _Evidence("un_agreement", year, carried=bool(year < session_at(as_of)), more=said)
    if name == "divergent_agendas":
        year = float(gathered.agendas_year[0])
        return _Evidence("ideal_points", year, carried=bool(year < session_at(as_of)))
    if name in {"treaty", "organisations", "community"}:
        return _Evidence("", float(as_of.year), carried=False, source=_ACTS)
    if name == "hostile_messages":
        return _Evidence(gathered.quarrels.events, float(as_of.year), carried=False)
    if name in {"grievances_and_claims", "claims", "posturing", "sanctions"}:
        return _quarrel(name, gathered, as_of)
    if name == "neighbours":
        return _Evidence("distance", float(world.info("distance").last.year), carried=False)
    if name == "tension":
        return _Evidence("", float(as_of.year), carried=False, source="its drivers")
    if name == "violence_next_door":
        last = world.info("conflict_deaths").last
        return _Evidence("conflict_deaths", float(min(as_of.year, last.year)), carried=as_of > last)
    if name == "conflict_with_ally":
        more = f" ({gathered.through[0]})"
        return _Evidence("conflict_dyads", float(min(as_of.year, until)), carried=as_of.year > until, more=more)
    year = {
        "side_by_side": gathered.together_year[0],
        "opposing_troops": gathered.opposed_year[0],
        "interstate_conflict": gathered.fought_year[0],
    }.get(name, np.fmax(gathered.fought_year[0], gathered.opposed_year[0]))
    if name == "hostility" and np.isnan(year):
        return _quarrel("claims", gathered, as_of)
    return _Evidence("conflict_dyads", float(year), carried=as_of.year > until)


def _quarrel(name: str, gathered: Gathered, as_of: date) -> _Evidence:
    """Return where a standing quarrel comes from: the record of claims, or the world's ties."""
    between = gathered.quarrels
    standing = between.standing[0]
    if name in {"grievances_and_claims", "claims"} and standing:
        source = "; ".join(dict.fromkeys(claim.reference for claim in standing))
        about = f" ({', '.join(claim.about for claim in standing)})"
        return _Evidence("", float(as_of.year), carried=False, more=about, source=source)
    years = {"posturing": between.posturing_year, "sanctions": between.sanctions_year}
    year = float(years.get(name, between.grievances_year)[0])
    cited = [between.cited[kind, 0] for kind in _TIE_KINDS[name] if (kind, 0) in between.cited]
    return _Evidence("", year, carried=year < as_of.year, source="; ".join(dict.fromkeys(cited)))


def _threat(world: World, gathered: Gathered, score: PairScore, as_of: date, *, carry: bool) -> Threat:
    """Return tension times relative strength times nearness, each way."""
    if not has_table(world, "forces"):
        return Threat(a_to_b=None, b_to_a=None, note="Not known: the world holds no forces.")
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
    if gathered.embassies_tell and known:
        notes.append("Embassies as seen in the snapshot count as signs of contact only, within five years of it.")
    outside = gathered.evidence.conflict_carried[0]
    held = not any(words.startswith("armed conflict") for words in gathered.quarrels.not_held)
    if held and outside and as_of.year <= gathered.conflict_until:
        notes.append("The date lies before the conflict data begin: conflicts are not known, not absent.")
    return tuple(notes)
