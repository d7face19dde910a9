"""Evidence of ties: treaties, defence agreements, exercises, organisations in common, depth of integration."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from legation.actors import actor, organisations
from legation.actors import code as code_of
from legation.actors.memberships import load_memberships
from legation.relations.level.features.states import state_matrix
from legation.relations.level.grid import FIRST_YEAR, Floats, Grid, Rows, age, lineage, since, window
from legation.relations.level.tables import SourceTables

__all__ = [
    "Integration",
    "agreements",
    "arrangements",
    "exercises",
    "integration_depths",
    "memberships_in_common",
    "pact_marks",
    "treaties",
]

_DATA: Final = Path(__file__).resolve().parents[1] / "data" / "integration.csv"
_OPEN_END: Final = 2100
_STATES: Final = 1000
_PARTY_LIMIT: Final = 60  # an exercise with more participants than this is a list, not a meeting


def treaties(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return alliance obligations between the two, how long they have held, and years since there were any."""
    frame = tables("atop_ddy")
    if frame is None:
        return {}
    a, b, year = (frame.get_column(name).cast(pl.Int64).to_numpy() for name in ("ccode1", "ccode2", "year"))
    last, grid, found = int(year.max()), rows.grid, {}
    any_tie = grid.zeros()
    for column in ("atop_defense", "atop_neutral", "atop_nonagg", "atop_consul"):
        held = grid.marks(a, b, year, frame.get_column(column).cast(pl.Float32).fill_null(0).to_numpy())
        any_tie = np.maximum(any_tie, held)
        found[f"treaty_{column.removeprefix('atop_')}"] = rows.take(held, last=last)
        if column in {"atop_defense", "atop_nonagg"}:
            found[f"treaty_{column.removeprefix('atop_')}_age"] = rows.take(age(held), last=last)
    found["treaty_since"] = rows.take(since(any_tie), last=last)
    return found


def pact_marks(tables: SourceTables, grid: Grid) -> Floats | None:
    """Return which dyads of a grid were bound by a defence pact in each year, or None where that is not held.

    After the last year of the data the pacts of that year stand.
    """
    frame = tables("atop_ddy")
    if frame is None:
        return None
    bound = frame.filter(pl.col("atop_defense") == 1)
    a, b, year = (bound.get_column(name).cast(pl.Int64).to_numpy() for name in ("ccode1", "ccode2", "year"))
    if not len(year):
        return None
    matrix = grid.marks(a, b, year, 1.0)
    after = min(int(year.max()) - FIRST_YEAR + 1, matrix.shape[1])
    matrix[:, after:] = matrix[:, after - 1 : after]
    return matrix


def agreements(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return defence cooperation agreements of the two: in force, and signed in the last ten years."""
    frame = tables("dcad")
    if frame is None:
        return {}
    a, b, signed = (
        frame.get_column(name).cast(pl.Float64).fill_null(0).cast(pl.Int64).to_numpy()
        for name in ("ccode1", "ccode2", "signYear")
    )
    end = frame.get_column("endYearEstimate").cast(pl.Float64).fill_null(_OPEN_END).cast(pl.Int64).to_numpy()
    known = signed >= FIRST_YEAR
    if not known.any():
        return {}
    first, last = int(signed[known].min()), int(signed[known].max())
    new = rows.grid.marks(a[known], b[known], signed[known], 1.0, add=True)
    held = rows.grid.spells(a[known], b[known], signed[known], np.where(end[known] > 0, end[known], _OPEN_END))
    return {
        "agreements": rows.take(held, first=first, last=last),
        "agreements_new_10": rows.take(window(new, 10), first=first, last=last),
    }


def exercises(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return military exercises in common over the last five years, all and those of few participants."""
    frame = tables("mme_country_year")
    if frame is None:
        return {}
    frame = frame.filter(pl.col("gwcode").is_not_null(), pl.col("year").is_not_null()).select(
        "MMEID", "year", pl.col("gwcode").cast(pl.Int64).alias("code")
    )
    sizes = frame.group_by("MMEID").len().filter(pl.col("len") <= _PARTY_LIMIT)
    kept = frame.join(sizes, on="MMEID")
    pairs = kept.join(kept, on=["MMEID", "year"], suffix="_b").filter(pl.col("code") < pl.col("code_b"))
    a, b, year, size = (pairs.get_column(name).to_numpy() for name in ("code", "code_b", "year", "len"))
    first, last = int(frame["year"].min()), int(frame["year"].max())  # type: ignore[arg-type]
    together = rows.grid.marks(a, b, year, 1.0, add=True)
    close = rows.grid.marks(a, b, year, 1.0 / np.maximum(size - 1, 1), add=True)
    return {
        "exercises_5": rows.take(window(together, 5), first=first, last=last),
        "exercises_close_5": rows.take(window(close, 5), first=first, last=last),
    }


def memberships_in_common(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return organisations in common: counted by the IGO data, weighed by size, and the depth of integration."""
    found = _counted(tables, rows)
    depth = integration_depths(rows)
    found["integration"] = rows.take(depth)
    found["integration_age"] = rows.take(age(depth))
    found["integration_deep_age"] = rows.take(age((depth >= _DEEP).astype(np.float32)))
    small = rows.grid.zeros()
    for name in sorted(_organisation_ids() - {"UN"}):
        members = _members(name)
        size = np.maximum(members.sum(axis=0), 1)
        both = members[rows.grid.low] * members[rows.grid.high]
        small += (both / np.sqrt(size))[:, : rows.grid.width]
    found["organisations_small"] = rows.take(small)
    return found


def _counted(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    frame = tables("cow_igo_ndy")
    if frame is None:
        return {}
    known = frame.filter(pl.col("dyadigos").is_not_null())
    a, b, year = (known.get_column(name).to_numpy() for name in ("ccode1", "ccode2", "year"))
    shared = rows.grid.marks(a, b, year, known.get_column("dyadigos").to_numpy())
    last = int(year.max())
    found = {"organisations": rows.take(shared, last=last)}
    own = tables("cow_igo_sy")
    if own is not None:
        matrix, until = state_matrix(own, "sum_igo_anytype")
        one, two = rows.take_states(matrix, last=min(last, until))
        usual = np.sqrt(np.fmax(one, 1) * np.fmax(two, 1))
        found["organisations_share"] = (found["organisations"] / usual).astype(np.float32)
        found["organisations_fewer"] = np.fmin(one, two)
    return found


_DEEP: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Integration:
    """How deep an arrangement binds its parties in a stretch of years, and the act that says so.

    `depth` is 1 for free trade, 2 for a customs union or common market in being, 3 for passport-free borders or a
    common labour market, 4 for a common foreign and security policy on top. `parties` are actors or organisations; the
    arrangement counts in a year when it held at its end.
    """

    id: str
    parties: tuple[str, ...]
    depth: int
    start: int
    end: int
    act: str


@cache
def arrangements() -> tuple[Integration, ...]:
    """Return the arrangements of integration, written by hand with their acts."""
    with _DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Integration(
                id=row["id"],
                parties=tuple(row["parties"].split()),
                depth=int(row["depth"]),
                start=int(row["start"]),
                end=int(row["end"] or _OPEN_END),
                act=row["act"],
            )
            for row in csv.DictReader(file)
        )


def integration_depths(rows: Rows) -> Floats:
    """Return the depth of the deepest arrangement that each dyad of the grid shares, by year."""
    depth = rows.grid.zeros()
    years = np.arange(FIRST_YEAR, rows.grid.last + 1)
    for each in arrangements():
        members = np.max([_party(name) for name in each.parties], axis=0)
        both = (members[rows.grid.low] * members[rows.grid.high])[:, : rows.grid.width]
        inside = (years >= each.start) & (years <= each.end)
        depth = np.maximum(depth, both * inside * np.float32(each.depth))
    return depth


def _party(name: str) -> Floats:
    """Return when a state, or the members of an organisation, could be party: by last code and year."""
    if name in _organisation_ids():
        return _members(name)
    matrix = np.zeros((_STATES, _OPEN_END - FIRST_YEAR + 1), dtype=np.float32)
    for each in actor(name).codes:
        if each.system == "cow":
            matrix[int(lineage(int(each.code)))] = 1
    return matrix


@cache
def _organisation_ids() -> frozenset[str]:
    return frozenset(str(each.id) for each in organisations())


@cache
def _members(organisation: str) -> Floats:
    """Return who was a member at the end of each year, by last code."""
    matrix = np.zeros((_STATES, _OPEN_END - FIRST_YEAR + 1), dtype=np.float32)
    for row in load_memberships():
        if row.organisation != organisation or row.status not in {"member", "suspended"} or row.start is None:
            continue
        code = code_of(str(row.member), system="cow", on=row.start)
        if code is not None:
            last = _OPEN_END if row.end is None else row.end.year - 1
            matrix[int(lineage(int(code))), max(row.start.year - FIRST_YEAR, 0) : last - FIRST_YEAR + 1] = 1
    return matrix
