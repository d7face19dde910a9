"""The evidence table: dyad-years by named columns, each of a group that an ablation can leave out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from legation.relations.level.features.hostility import disputes, rivalries, territorial_threat, wars
from legation.relations.level.features.networks import networks
from legation.relations.level.features.states import capability, ground, rule, trade, votes
from legation.relations.level.features.ties import agreements, exercises, memberships_in_common, treaties
from legation.relations.level.grid import Grid, Rows
from legation.relations.level.tables import SourceTables

__all__ = ["GROUPS", "EvidenceTable", "build_evidence"]

_BUILDERS: Final = {
    "disputes": (disputes, wars),
    "rivalries": (rivalries,),
    "threat": (territorial_threat,),
    "treaties": (treaties,),
    "cooperation": (agreements, exercises),
    "organisations": (memberships_in_common,),
    "ground": (ground,),
    "capability": (capability,),
    "trade": (trade,),
    "rule": (rule,),
    "votes": (votes,),
    "networks": (networks,),
}
GROUPS: Final = tuple(_BUILDERS)


@dataclass(frozen=True, kw_only=True)
class EvidenceTable:
    """k dyad-years: `a`, `b` (COW codes, or any labels of actors) and `year`, shape (k,); `values` of shape (k, f).

    `groups` says which group each of the f columns belongs to. A missing value is nan.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    year: NDArray[np.int64]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    values: NDArray[np.float32]

    def column(self, name: str) -> NDArray[np.float32]:
        """Return a column by its name."""
        return self.values[:, self.names.index(name)]

    def where(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> EvidenceTable:
        """Return some of the rows."""
        return replace(self, a=self.a[kept], b=self.b[kept], year=self.year[kept], values=self.values[kept])

    def without(self, left_out: Collection[str]) -> EvidenceTable:
        """Return the table without some groups of columns."""
        kept = [place for place, group in enumerate(self.groups) if group not in left_out]
        return replace(
            self,
            names=tuple(self.names[place] for place in kept),
            groups=tuple(self.groups[place] for place in kept),
            values=self.values[:, kept],
        )


def build_evidence(tables: SourceTables, *, a: ArrayLike, b: ArrayLike, year: ArrayLike) -> EvidenceTable:
    """Make the evidence on dyad-years from the source tables at hand.

    Evidence of a year uses nothing that happened after its 31 December. Past the last year of a source its last figures
    stand; before its first year, and where the source is not held, there is none.

    Parameters
    ----------
    tables
        The tables at hand; columns of those that are not held are left out.
    a, b
        COW codes, shape (k,).
    year
        Years, shape (k,).
    """
    first, second, years = (np.asarray(each, dtype=np.int64) for each in (a, b, year))
    grid = Grid.of(first, second, last=int(years.max()))
    rows = Rows(grid=grid, dyad=grid.place(first, second), year=years)
    names: list[str] = []
    groups: list[str] = []
    columns: list[NDArray[np.float32]] = []
    for group, builders in _BUILDERS.items():
        for build in builders:
            for name, values in build(tables, rows).items():
                names.append(name)
                groups.append(group)
                columns.append(values)
    _add_quiet(names, groups, columns)
    return EvidenceTable(
        a=first,
        b=second,
        year=years,
        names=tuple(names),
        groups=tuple(groups),
        values=np.column_stack(columns).astype(np.float32),
    )


def _add_quiet(names: list[str], groups: list[str], columns: list[NDArray[np.float32]]) -> None:
    """Add years of peace since both states were there, and disputes begun per year of that: both need two sources."""
    place = {name: columns[row] for row, name in enumerate(names)}
    if "dispute_since" in place and "younger_age" in place:
        names += ["quiet_years", "dispute_rate"]
        groups += ["disputes", "disputes"]
        columns.append(np.fmin(place["dispute_since"], place["younger_age"]))
        columns.append((place["dispute_onsets_ever"] / np.fmax(place["younger_age"], 1)).astype(np.float32))
