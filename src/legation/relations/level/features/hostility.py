"""Evidence of enmity: militarised disputes, wars, rivalries, arms races, territorial threat."""

from __future__ import annotations

import numpy as np
import polars as pl

from legation.relations.level.features.states import state_matrix
from legation.relations.level.grid import Floats, Grid, Rows, age, decayed, since, window
from legation.relations.level.tables import SourceTables

__all__ = ["disputes", "hostility_marks", "rivalries", "territorial_threat", "wars"]

_FORCE, _WAR = 4, 5  # hostility levels: 2 threat, 3 display, 4 use of force, 5 war
_TERRITORY = 1  # GML: what a revisionist state wants to change


def disputes(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return the record of militarised disputes between the two, both codings together.

    Past the last year of the codings the record stands as it was then.
    """
    frames = [frame for name in ("cow_mid_dirdisps", "gml_dirdisp") if (frame := tables(name)) is not None]
    if not frames:
        return {}
    grid = rows.grid
    last = max(int(frame.get_column("year").cast(pl.Int64).max()) for frame in frames)  # type: ignore[arg-type]
    hostility = np.max([hostility_marks(frame, grid) for frame in frames], axis=0)
    fatal, count = grid.zeros(), grid.zeros()
    for frame in frames:
        a, b, year = _dyad_years(frame)
        deadly = np.maximum(_ints(frame, "fatality1"), _ints(frame, "fatality2")) > 0
        fatal = np.maximum(fatal, grid.marks(a, b, year, deadly))
        first = frame.unique(["dispnum", "ccode1", "ccode2", "year"]).filter(pl.col("ccode1") < pl.col("ccode2"))
        count = np.maximum(count, grid.marks(*_dyad_years(first), 1.0, add=True))
    any_dispute = (hostility > 0).astype(np.float32)
    force = (hostility >= _FORCE).astype(np.float32)
    columns = {
        "dispute_hostility": hostility,
        "dispute_hostility_decayed": decayed(hostility, half_life=8.0),
        "dispute_since": since(hostility),
        "dispute_force_since": since(force),
        "dispute_war_since": since((hostility >= _WAR).astype(np.float32)),
        "dispute_fatal_since": since(fatal),
        "dispute_count": count,
        "dispute_years_5": window(any_dispute, 5),
        "dispute_years_10": window(any_dispute, 10),
        "dispute_years_20": window(any_dispute, 20),
        "dispute_years_ever": np.cumsum(any_dispute, axis=1),
        "dispute_force_years_10": window(force, 10),
        "dispute_fatal_years_20": window(fatal, 20),
        "dispute_deaths_ever": np.cumsum(fatal, axis=1),
    }
    found = {name: rows.take(matrix, last=last) for name, matrix in columns.items()}
    gml = tables("gml_dirdisp")
    if gml is not None:
        wants = (_ints(gml, "revtype11") == _TERRITORY) | (_ints(gml, "revtype12") == _TERRITORY)
        territory = grid.marks(*_dyad_years(gml), wants)
        found["dispute_territory_since"] = rows.take(since(territory), last=last)
        found["dispute_territory_years_20"] = rows.take(window(territory, 20), last=last)
    return found


def hostility_marks(frame: pl.DataFrame, grid: Grid) -> Floats:
    """Return the highest level of hostility in disputes between the two in each year."""
    level = np.maximum(_ints(frame, "hostlev1"), _ints(frame, "hostlev2"))
    return grid.marks(*_dyad_years(frame), level)


def wars(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return years since the two fought a war, and war years ever."""
    frame = tables("cow_war_inter")
    if frame is None:
        return {}
    fought = rows.grid.marks(*_dyad_years(frame), _ints(frame, "cowinterongoing"))
    return {
        "war_since": rows.take(since(fought)),
        "war_years_ever": rows.take(np.cumsum(fought, axis=1)),
    }


def rivalries(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return strategic rivalries: going on, of which type, how old, how long ago; and arms races."""
    found: dict[str, Floats] = {}
    for name, start, end in (("tss_rivalries", "start", "end"), ("td_rivalries", "styear", "endyear")):
        frame = tables(name)
        if frame is None:
            continue
        short = name.split("_", maxsplit=1)[0]
        going = _spells(frame, rows.grid, start, end)
        last = _last(frame, end)
        found[f"rivalry_{short}"] = rows.take(going, last=last)
        found[f"rivalry_{short}_since"] = rows.take(since(going), last=last)
        found[f"rivalry_{short}_age"] = rows.take(age(going), last=last)
        if short == "tss":
            for kind in ("positional", "spatial", "ideological", "interventionary", "principal"):
                typed = _spells(frame.filter(pl.col(kind).cast(pl.Float64).fill_null(0) > 0), rows.grid, start, end)
                found[f"rivalry_tss_{kind}"] = rows.take(typed, last=last)
    races = tables("arms_races")
    if races is not None:
        found["arms_race_since"] = rows.take(since(_spells(races, rows.grid, "styear", "endyear")))
    return found


def territorial_threat(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return the latent territorial threat that each of the two states meets: the larger and the smaller."""
    frame = tables("terrthreat")
    if frame is None:
        return {}
    matrix, last = state_matrix(frame, "lterrthreat")
    a, b = rows.take_states(matrix, last=last)
    return {"threat_low": np.fmin(a, b), "threat_high": np.fmax(a, b)}


def _spells(frame: pl.DataFrame, grid: Grid, start: str, end: str) -> Floats:
    kept = frame.filter(pl.col(start).is_not_null())
    until = kept.get_column(end).cast(pl.Int64).fill_null(grid.last).to_numpy()
    return grid.spells(_ints(kept, "ccode1"), _ints(kept, "ccode2"), _ints(kept, start), until)


def _last(frame: pl.DataFrame, end: str) -> int:
    return int(frame.get_column(end).cast(pl.Int64).max() or 0)  # type: ignore[arg-type]


def _dyad_years(frame: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return _ints(frame, "ccode1"), _ints(frame, "ccode2"), _ints(frame, "year")


def _ints(frame: pl.DataFrame, column: str) -> np.ndarray:
    return frame.get_column(column).cast(pl.Float64).fill_null(-9).fill_nan(-9).cast(pl.Int64).to_numpy()
