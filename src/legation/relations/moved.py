"""Which relations stand otherwise in one world than in another at the same date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from legation.actors.lookup import states
from legation.evidence.world import World
from legation.relations.answer import interval
from legation.relations.gather import gather
from legation.relations.levels import level_from_code
from legation.relations.score import PairScore, score_pairs
from legation.relations.types import Interval

__all__ = ["MovedRelation", "moved_relations"]

_Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class MovedRelation:
    """A pair whose alignment or tension differs by more than the intervals of both, or whose level differs.

    Figures are None where a world holds no evidence on the pair.
    """

    a: str
    b: str
    alignment_before: Interval | None
    alignment_after: Interval | None
    tension_before: Interval | None
    tension_after: Interval | None
    level_before: str | None
    level_after: str | None
    size: float


def moved_relations(before: World, after: World, *, as_of: date, most: int = 20) -> tuple[MovedRelation, ...]:
    """Return the relations that moved most between two worlds, read at the same date.

    Parameters
    ----------
    before, after
        The worlds.
    as_of
        The day.
    most
        The most to return.

    Returns
    -------
    tuple of MovedRelation
        Only pairs whose intervals do not overlap, whose level differs, or on which one world alone holds evidence;
        the largest change of alignment or tension first, those without a figure in one of the worlds last.
    """
    names = tuple(str(state.id) for state in states(as_of))
    first, second = (np.ascontiguousarray(side) for side in np.triu_indices(len(names), k=1))
    old, new = (
        score_pairs(gather(world, names, first=first, second=second, as_of=as_of).evidence) for world in (before, after)
    )
    size = np.fmax(_change(old.alignment, new.alignment), _change(old.tension, new.tension))
    moved = (
        _apart(old.alignment_low, old.alignment_high, new.alignment_low, new.alignment_high)
        | _apart(old.tension_low, old.tension_high, new.tension_low, new.tension_high)
        | (old.level != new.level)
        | (np.isnan(old.alignment) != np.isnan(new.alignment))
    )
    rows = np.flatnonzero(moved)
    rows = rows[np.argsort(-np.nan_to_num(size[rows], nan=-1.0), kind="stable")][:most]
    return tuple(_moved(int(row), names[first[row]], names[second[row]], old, new, float(size[row])) for row in rows)


def _change(old: _Floats, new: _Floats) -> _Floats:
    return np.abs(new - old)


def _apart(old_low: _Floats, old_high: _Floats, new_low: _Floats, new_high: _Floats) -> NDArray[np.bool_]:
    """Say where two intervals have no point in common; a missing one is not apart from anything."""
    return (old_high < new_low) | (new_high < old_low)


def _moved(row: int, a: str, b: str, old: PairScore, new: PairScore, size: float) -> MovedRelation:  # noqa: PLR0917
    return MovedRelation(
        a=a,
        b=b,
        alignment_before=interval(old.alignment, old.alignment_low, old.alignment_high, row),
        alignment_after=interval(new.alignment, new.alignment_low, new.alignment_high, row),
        tension_before=interval(old.tension, old.tension_low, old.tension_high, row),
        tension_after=interval(new.tension, new.tension_low, new.tension_high, row),
        level_before=_word(old, row),
        level_after=_word(new, row),
        size=round(size, 4),
    )


def _word(score: PairScore, row: int) -> str | None:
    level = level_from_code(int(score.level[row]))
    return None if level is None else level.value
