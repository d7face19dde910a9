"""What moved around an actor between two dates: relations, alliances, ties; and who stands to the world as it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.actors import memberships
from legation.actors.lookup import actor as actor_by_id
from legation.actors.lookup import all_actors, states
from legation.errors import MissingEvidenceError
from legation.evidence.world import World
from legation.relations.gather import gather, session_at
from legation.relations.held import rows_of
from legation.relations.levels import level_from_code
from legation.relations.score import PairScore, score_pairs
from legation.relations.similarity.neighbours import similar_actors
from legation.relations.ties_table.read import ego_ties, world_ties
from legation.relations.types import AllianceShift, Interval, RelationChange, SimilarActor, TieChange

__all__ = ["alliance_shifts", "relation_changes", "similar_to", "tie_changes"]

_MOST_MOVED: Final = 0.5
"""Share of the probability that must move between levels for another most probable level to count as a change."""

_TREATY_KINDS: Final = ("defence_treaty", "pact")
_YEARLY: Final = ("troops", "training", "arms", "war", "opposition", "support", "aid_military", "aid_other", "visit")
_SPELLS: Final = ("agreement", "exercise", "sanction", "dispute", "rivalry", "claim", "peacekeeping", "organisation")
_LABELS: Final = 3
_LATEST_SESSIONS: Final = 5
_SHARED_PROFILE: Final = 0.5

Changed = Literal["alignment", "tension", "level"]


def relation_changes(
    world: World, actor: str, others: tuple[str, ...], *, since: date, as_of: date
) -> tuple[RelationChange, ...]:
    """Return the relations of an actor that changed between two dates, the largest move first.

    Only others that exist on both days are compared; see `RelationChange` for what counts as a change.
    """
    there = tuple(other for other in others if actor_by_id(other).exists(since))
    if not there:
        return ()
    before, after = (_score(world, actor, there, day) for day in (since, as_of))
    found = []
    for place, other in enumerate(there):
        changed = _changed(before, after, place)
        if changed:
            found.append(_change(other, changed, before, after, place))
    return tuple(sorted(found, key=lambda one: (-one.size, one.other)))


def _score(world: World, actor: str, others: tuple[str, ...], day: date) -> PairScore:
    first, second = np.zeros(len(others), dtype=np.intp), np.arange(1, len(others) + 1, dtype=np.intp)
    return score_pairs(gather(world, (actor, *others), first=first, second=second, as_of=day, snapshots=False).evidence)


def _changed(before: PairScore, after: PairScore, place: int) -> tuple[Changed, ...]:
    changed: list[Changed] = []
    if _apart(before.alignment_low, before.alignment_high, after.alignment_low, after.alignment_high, place):
        changed.append("alignment")
    if _apart(before.tension_low, before.tension_high, after.tension_low, after.tension_high, place):
        changed.append("tension")
    moved = np.abs(after.probabilities[place] - before.probabilities[place]).sum() / 2
    if before.level[place] != after.level[place] and moved > _MOST_MOVED:
        changed.append("level")
    return tuple(changed)


def _apart(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    later_low: NDArray[np.float64],
    later_high: NDArray[np.float64],
    place: int,
) -> bool:  # fmt: skip
    """Say whether two intervals have no point in common; one that is not known is not apart from anything."""
    return bool(high[place] < later_low[place] or later_high[place] < low[place])


def _change(
    other: str, changed: tuple[Changed, ...], before: PairScore, after: PairScore, place: int
) -> RelationChange:
    moves = [abs(after.alignment[place] - before.alignment[place]), abs(after.tension[place] - before.tension[place])]
    return RelationChange(
        other=other,
        name=actor_by_id(other).name,
        changed=changed,
        alignment_before=_interval(before.alignment, before.alignment_low, before.alignment_high, place),
        alignment_after=_interval(after.alignment, after.alignment_low, after.alignment_high, place),
        tension_before=_interval(before.tension, before.tension_low, before.tension_high, place),
        tension_after=_interval(after.tension, after.tension_low, after.tension_high, place),
        level_before=level_from_code(int(before.level[place])),
        level_after=level_from_code(int(after.level[place])),
        probability_before=_most(before, place),
        probability_after=_most(after, place),
        size=round(float(np.nanmax([*moves, 0.0])), 4),
    )


def _interval(
    value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], place: int
) -> Interval | None:
    if np.isnan(value[place]):
        return None
    return Interval(
        value=round(float(value[place]), 4) + 0.0,
        low=round(float(low[place]), 4) + 0.0,
        high=round(float(high[place]), 4) + 0.0,
    )


def _most(score: PairScore, place: int) -> float | None:
    return None if score.level[place] < 0 else round(float(score.probabilities[place].max()), 4)


def alliance_shifts(world: World, actor: str, *, since: date, as_of: date) -> tuple[AllianceShift, ...]:
    """Return treaties entered and left, organisations joined and left, and statuses given and withdrawn, by day.

    Treaties come from the record of acts; a treaty that several others joined on one day is one shift.
    """
    until = world.facts_on(as_of)
    shifts = [
        *_treaties(world, actor, since, until),
        *_organisations(actor, since, until),
        *_statuses(actor, since, until),
    ]
    return tuple(sorted(shifts, key=lambda one: (one.day or date.min, one.kind, one.what)))


def _treaties(world: World, actor: str, since: date, until: date) -> Iterator[AllianceShift]:
    rows = ego_ties(world, actor, as_of=until, kinds=_TREATY_KINDS).filter(pl.col("source_table") == "facts")
    groups: defaultdict[tuple[str, bool, date], set[str]] = defaultdict(set)
    for a, b, label, start, end in rows.select("actor_a", "actor_b", "label", "start", "end").iter_rows():
        other = b if a == actor else a
        if start is not None and since < start <= until:
            groups[label, True, start].add(other)
        if end is not None and since <= end < until:
            groups[label, False, end].add(other)
    for (label, entered, day), others in groups.items():
        title, _, reference = label.partition("; ")
        kind: Literal["treaty entered", "treaty left"] = "treaty entered" if entered else "treaty left"
        yield AllianceShift(kind=kind, what=title, others=tuple(sorted(others)), day=day, source=reference)


def _organisations(actor: str, since: date, until: date) -> Iterator[AllianceShift]:
    for row in memberships(actor):
        if row.status != "member":
            continue
        name = str(row.organisation)
        if row.start is not None and since < row.start <= until:
            yield AllianceShift(kind="organisation joined", what=name, others=(), day=row.start, source=row.act)
        if row.end is not None and since <= row.end < until:
            yield AllianceShift(kind="organisation left", what=name, others=(), day=row.end, source=row.end_act)


def _statuses(actor: str, since: date, until: date) -> Iterator[AllianceShift]:
    """Yield what the actor recognised, listed or hosted, and what it took back."""
    for other in all_actors():
        for status in other.statuses:
            if str(status.observer) != actor:
                continue
            what = f"{other.name}: {status.status.replace('_', ' ')}"
            about = (str(other.id),)
            if status.start is not None and since < status.start <= until:
                yield AllianceShift(
                    kind="status given", what=what, others=about, day=status.start, source=status.reference
                )
            if status.end is not None and since <= status.end < until:
                yield AllianceShift(
                    kind="status withdrawn", what=what, others=about, day=status.end, source=status.reference
                )


def similar_to(world: World, actor: str, *, as_of: date, top: int = 10) -> tuple[SimilarActor, ...]:
    """Return the actors whose relations to all third actors are most like one actor's.

    Profiles are the alignment of the score and the agreement in the UN General Assembly, where both are known.
    """
    names = tuple(str(state.id) for state in states(as_of))
    first, second = (np.ascontiguousarray(side) for side in np.triu_indices(len(names), k=1))
    score = score_pairs(gather(world, names, first=first, second=second, as_of=as_of).evidence)
    labels = np.array(names)
    year = pl.lit(as_of.year, pl.Int64)
    tables = {
        "alignment": pl.DataFrame({"a": labels[first], "b": labels[second], "value": score.alignment}).with_columns(
            year=year
        )
    }
    votes = rows_of(
        world,
        "un_agreement",
        pl.col("year").is_between(session_at(as_of) - _LATEST_SESSIONS, session_at(as_of)),
        pl.col("n") >= 10,
    )
    if not votes.is_empty():
        last = votes.filter(pl.col("year") == pl.col("year").max())
        tables["votes"] = last.select("a", "b", pl.col("agreement").alias("value"), year=year)
    try:
        found = similar_actors(tables, actor, year=as_of.year, columns=dict.fromkeys(tables, "value"), top=None)
    except MissingEvidenceError:
        return ()
    # a profile of few third actors, as of a state without votes, is not like one of nearly all
    found = found.filter(pl.col("shared") >= pl.col("shared").max() * _SHARED_PROFILE).head(top)
    return tuple(
        SimilarActor(
            other=other,
            name=actor_by_id(other).name,
            distance=round(distance, 4),
            shared=int(shared),
            measures=int(measures),
        )
        for other, distance, shared, measures in found.select("actor", "distance", "shared", "measures").iter_rows()
    )


def tie_changes(world: World, actor: str, *, since: date, as_of: date) -> tuple[TieChange, ...]:
    """Return the ties of an actor that began or ended between two dates, by other and kind; treaties stand apart.

    What began and what ended with the same other are two changes, each with its own labels.

    Ties that a source lists year by year begin where there is one in the two years to `as_of` and none in the two to
    `since`, and end the other way round; a kind whose source ends before that says nothing.
    """
    rows = ego_ties(world, actor, as_of=as_of).with_columns(
        other=pl.when(pl.col("actor_a") == actor).then("actor_b").otherwise("actor_a")
    )
    spells = rows.filter(pl.col("kind").is_in(_SPELLS)).with_columns(
        began=(pl.col("start") > since), ended=pl.col("end").is_between(since, as_of, closed="left")
    )
    moved = [_moved(spells, "began"), _moved(spells, "ended")]
    yearly = _yearly_changes(world, rows.filter(pl.col("kind").is_in(_YEARLY)), since=since, as_of=as_of)
    both = pl.concat([*(one.select(yearly.columns) for one in moved), yearly], how="vertical_relaxed")
    return tuple(
        TieChange(other=other, name=actor_by_id(other).name, kind=kind, began=began, ended=ended, labels=tuple(labels))
        for other, kind, began, ended, labels in both.sort("kind", "other", "ended").iter_rows()
    )


def _moved(spells: pl.DataFrame, what: Literal["began", "ended"]) -> pl.DataFrame:
    """Count the spells that began, or that ended, by other and kind; a spell that did both counts in both."""
    return (
        spells.filter(pl.col(what))
        .group_by("other", "kind")
        .agg(
            (pl.len() if what == "began" else pl.lit(0)).cast(pl.UInt32).alias("began"),
            (pl.len() if what == "ended" else pl.lit(0)).cast(pl.UInt32).alias("ended"),
            pl.col("label").filter(pl.col("label") != "").unique(maintain_order=True).head(_LABELS),
        )
    )


def _yearly_changes(world: World, rows: pl.DataFrame, *, since: date, as_of: date) -> pl.DataFrame:
    columns = ("other", "kind", "began", "ended", "label")
    reach = world_ties(world).filter(pl.col("kind").is_in(_YEARLY)).group_by("kind").agg(reach=pl.col("end").max())
    window = timedelta(days=2 * 365)
    present = [(pl.col("start") <= day) & (pl.col("end") >= day - window) for day in (since, as_of)]
    state = rows.group_by("other", "kind").agg(
        before=present[0].any(), after=present[1].any(), label=pl.col("label").drop_nulls().last()
    )
    state = state.join(reach, on="kind").filter(pl.col("before") != pl.col("after"), pl.col("reach") >= as_of - window)
    return state.select(
        "other",
        "kind",
        began=pl.col("after").cast(pl.UInt32),
        ended=pl.col("before").cast(pl.UInt32),
        label=pl.concat_list("label"),
    ).select(columns)
