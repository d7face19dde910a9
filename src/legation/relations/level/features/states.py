"""Evidence on the two states and the ground between them: distance, capability, trade, rule, wealth, age, votes."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from legation.relations.level.grid import FIRST_YEAR, Floats, Grid, Rows, age, lineage, years_of
from legation.relations.level.tables import SourceTables

__all__ = ["capability", "ground", "land_borders", "rule", "state_matrix", "trade", "votes"]

_LAST_YEAR: Final = 2100
_STATES: Final = 1000
_EARTH_KM: Final = 6371.0
_FEWEST_VOTES: Final = 10
_ABSENT: Final = 0
_NEAR_WATER: Final = 3


def state_matrix(frame: pl.DataFrame, column: str) -> tuple[Floats, int]:
    """Return a figure of states by code and year, nan where none, and the last year that has one."""
    known = frame.filter(pl.col(column).is_not_null() & pl.col("year").is_between(FIRST_YEAR, _LAST_YEAR))
    matrix = np.full((_STATES, _LAST_YEAR - FIRST_YEAR + 1), np.nan, dtype=np.float32)
    year = known.get_column("year").cast(pl.Int64).to_numpy()
    code = lineage(known.get_column("ccode").cast(pl.Float64).fill_null(0).cast(pl.Int64).to_numpy())
    matrix[code, year - FIRST_YEAR] = known.get_column(column).cast(pl.Float32).to_numpy()
    return matrix, int(year.max()) if len(year) else FIRST_YEAR


def ground(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return contiguity (0 none, 5 by land), distances, and whether the codes' region is the same."""
    grid = rows.grid
    found: dict[str, Floats] = {}
    region = (grid.low // 100 == grid.high // 100).astype(np.float32)
    found["same_region"] = region[rows.dyad]
    frame = tables("cow_contdir")
    if frame is not None:
        closeness = 6 - frame.get_column("conttype").cast(pl.Int64).to_numpy()
        touching = grid.zeros()
        a, b = frame.get_column("ccode1").to_numpy(), frame.get_column("ccode2").to_numpy()
        start, end = years_of(frame.get_column("stdate")), years_of(frame.get_column("enddate"))
        for kind in range(1, 6):
            of_kind = (closeness == kind) & ~np.isnan(start) & ~np.isnan(end)
            covered = grid.spells(a[of_kind], b[of_kind], start[of_kind], end[of_kind])
            touching = np.where(covered > 0, np.float32(kind), touching)
        found["contiguity"] = rows.take(touching, last=int(np.nanmax(end)))
    frame = tables("cow_mindist")
    if frame is not None:
        a, b, year = (frame.get_column(name).to_numpy() for name in ("ccode1", "ccode2", "year"))
        near = grid.marks(a, b, year, np.log1p(frame.get_column("mindist").to_numpy()) + 1.0)
        near = np.where(near > 0, near - 1.0, np.nan).astype(np.float32)
        found["log_distance"] = rows.take(near, first=int(year.min()), last=int(year.max()))
    frame = tables("cow_capitals")
    if frame is not None:
        found["log_capital_distance"] = _capital_distance(frame, rows)
    return found


def land_borders(tables: SourceTables, grid: Grid) -> Floats | None:
    """Return which dyads of a grid touch by land or across at most 24 miles of water, or None where not held."""
    frame = tables("cow_contdir")
    if frame is None:
        return None
    near = frame.filter(pl.col("conttype") <= _NEAR_WATER)
    start, end = (years_of(near.get_column(name)) for name in ("stdate", "enddate"))
    end = np.where(end == np.nanmax(end), _LAST_YEAR, end)  # open to the end of the data
    known = ~np.isnan(start) & ~np.isnan(end)
    a, b = (near.get_column(name).to_numpy()[known] for name in ("ccode1", "ccode2"))
    touching: Floats = np.minimum(grid.spells(a, b, start[known], end[known]), 1).astype(np.float32)
    return touching


def _capital_distance(frame: pl.DataFrame, rows: Rows) -> Floats:
    place = np.full((2, _STATES, _LAST_YEAR - FIRST_YEAR + 1), np.nan, dtype=np.float32)
    start, end = years_of(frame.get_column("stdate")), years_of(frame.get_column("enddate"))
    spots = frame.select("ccode", "lat", "lng").rows()
    for (code, lat, lng), first, last in zip(spots, start, end, strict=True):
        columns = slice(max(int(first) - FIRST_YEAR, 0), max(int(last) - FIRST_YEAR + 1, 0))
        place[:, int(lineage(code)), columns] = np.radians([[lat], [lng]])
    until = int(np.nanmax(end))
    (lat_a, lat_b), (lng_a, lng_b) = (rows.take_states(matrix, last=until) for matrix in place)
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lng_b - lng_a) / 2) ** 2
    distance: Floats = np.log1p(2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))).astype(np.float32)
    return distance


def capability(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return the weaker and the stronger one's share of material capability, the ratio, and major powers."""
    found: dict[str, Floats] = {}
    frame = tables("cow_nmc")
    if frame is not None:
        matrix, last = state_matrix(frame, "cinc")
        a, b = rows.take_states(matrix, last=last)
        weak, strong = np.log(np.fmin(a, b) + 1e-6), np.log(np.fmax(a, b) + 1e-6)
        found |= {"capability_weaker": weak, "capability_stronger": strong, "capability_ratio": strong - weak}
    frame = tables("cow_majors")
    if frame is not None:
        major = np.zeros((_STATES, _LAST_YEAR - FIRST_YEAR + 1), dtype=np.float32)
        spells = frame.select("ccode", "styear", "endyear").rows()
        for code, start, end in spells:
            major[int(lineage(code)), max(start - FIRST_YEAR, 0) : end - FIRST_YEAR + 1] = 1
        a, b = rows.take_states(major, last=max(end for _, _, end in spells))
        found["majors"] = a + b
    frame = tables("cow_states")
    if frame is not None:
        found |= _ages(frame, rows)
    return found


def _ages(frame: pl.DataFrame, rows: Rows) -> dict[str, Floats]:
    """Return years since the younger and the older one last entered the state system."""
    there = np.zeros((_STATES, _LAST_YEAR - FIRST_YEAR + 1), dtype=np.float32)
    last = int(frame.get_column("endyear").max())  # type: ignore[arg-type]
    for code, start, end in frame.select("ccode", "styear", "endyear").rows():
        there[int(lineage(code)), max(start - FIRST_YEAR, 0) : end - FIRST_YEAR + 1 + (end == last) * 100] = 1
    a, b = rows.take_states(age(there))
    return {"younger_age": np.fmin(a, b), "older_age": np.fmax(a, b)}


def trade(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return the flow of trade between the two, and its weight in the more dependent one's product."""
    frame = tables("cow_trade_ndy")
    if frame is None:
        return {}
    flow = pl.col("smoothflow1").fill_null(0).clip(0) + pl.col("smoothflow2").fill_null(0).clip(0)
    known = frame.filter(pl.col("smoothflow1").is_not_null() | pl.col("smoothflow2").is_not_null())
    a, b, year = (known.get_column(name).to_numpy() for name in ("ccode1", "ccode2", "year"))
    matrix = rows.grid.marks(a, b, year, known.select(flow).to_series().to_numpy() + 1.0)
    matrix = np.where(matrix > 0, matrix - 1, np.nan).astype(np.float32)
    first, last = int(year.min()), int(year.max())
    volume = rows.take(matrix, first=first, last=last)
    found = {"trade": np.log1p(volume)}
    wealth = tables("gdp_pop_cow_year")
    if wealth is not None:
        product, until = state_matrix(wealth, "pwtrgdp")
        one, two = rows.take_states(product, last=until)
        found["trade_weight"] = np.log1p(volume) - np.log(np.fmin(one, two) + 1)
    return found


def rule(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return how democratic the less and the more democratic one is, and wealth a head."""
    found: dict[str, Floats] = {}
    frame = tables("democracy_cow_year")
    if frame is not None:
        for column, name in (("euds", "democracy"), ("v2x_polyarchy", "polyarchy")):
            matrix, last = state_matrix(frame, column)
            a, b = rows.take_states(matrix, last=last)
            found |= {f"{name}_lower": np.fmin(a, b), f"{name}_gap": np.abs(a - b)}
    frame = tables("gdp_pop_cow_year")
    if frame is not None:
        matrix, last = state_matrix(frame, "mrgdppc")
        a, b = rows.take_states(np.log(np.fmax(matrix, 1)), last=last)
        found |= {"wealth_poorer": np.fmin(a, b), "wealth_gap": np.abs(a - b)}
    return found


def votes(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return agreement in the UN General Assembly: of the year, against what is usual for the two, over five years."""
    frame = tables("un_votes_cast")
    if frame is None:
        return {}
    opened = "year_session" if "year_session" in frame.columns else "year"  # the publisher's name, and a world's
    frame = frame.select(pl.col(opened).alias("opened"), "resid", "ccode", "vote")
    frame = frame.filter(pl.col("vote").is_in([1, 2, 3]), pl.col("opened").is_not_null())
    agreement, centred = (np.full(rows.grid.zeros().shape, np.nan, dtype=np.float32) for _ in range(2))
    column_last = 0
    for (year,), session in frame.partition_by("opened", as_dict=True).items():
        column = int(year) - FIRST_YEAR
        column_last = max(column_last, int(year))
        if 0 <= column < rows.grid.width:
            agreement[:, column], centred[:, column] = _session(session, rows)
    smooth = _mean_of_known(agreement, years=5)
    smooth_centred = _mean_of_known(centred, years=5)
    return {
        "votes_agreement": rows.take(smooth, last=column_last),
        "votes_centred": rows.take(smooth_centred, last=column_last),
        "votes_centred_now": rows.take(centred, last=column_last),
    }


def _session(session: pl.DataFrame, rows: Rows) -> tuple[Floats, Floats]:
    code = lineage(session.get_column("ccode").to_numpy())
    states, who = np.unique(code, return_inverse=True)
    _, which = np.unique(session.get_column("resid").to_numpy(), return_inverse=True)
    cast = np.zeros((len(states), which.max() + 1), dtype=np.float32)
    cast[who, which] = session.get_column("vote").to_numpy()
    there = (cast != _ABSENT).astype(np.float32)
    value = np.where(there > 0, cast, 0)
    # |x - y| over votes in {1, 2, 3} is the count of thresholds 1.5 and 2.5 that lie between the two.
    apart = np.zeros((len(states), len(states)), dtype=np.float32)
    for cut in (1.5, 2.5):
        above, below = (value > cut).astype(np.float32), ((value < cut) * there).astype(np.float32)
        apart += above @ below.T + below @ above.T
    common = there @ there.T
    enough = common >= _FEWEST_VOTES
    same = np.where(enough, 1 - apart / np.maximum(common, 1) / 2, np.nan)
    np.fill_diagonal(same, np.nan)
    known = np.sum(~np.isnan(same), axis=1)
    usual = np.divide(np.nansum(same, axis=1), known, out=np.full(len(states), np.nan), where=known > 0)
    expected = (usual[:, None] + usual[None, :]) / 2
    place = np.full(_STATES, -1)
    place[states] = np.arange(len(states))
    i, j = place[rows.grid.low], place[rows.grid.high]
    both = (i >= 0) & (j >= 0)
    gap = (same - expected)[i, j]
    return np.where(both, same[i, j], np.nan), np.where(both, gap, np.nan)


def _mean_of_known(matrix: Floats, *, years: int) -> Floats:
    """Return means of what is known of the last so many years, nan where nothing is."""
    known = ~np.isnan(matrix)
    total = np.cumsum(np.where(known, matrix, 0), axis=1, dtype=np.float64)
    count = np.cumsum(known, axis=1, dtype=np.float64)
    for sums in (total, count):
        sums[:, years:] -= sums[:, :-years].copy()
    result: Floats = np.divide(total, count, out=np.full(matrix.shape, np.nan), where=count > 0).astype(np.float32)
    return result
