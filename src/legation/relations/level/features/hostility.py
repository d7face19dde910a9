"""Evidence of enmity: militarised disputes, wars, rivalries, arms races, territorial threat."""

from __future__ import annotations

import numpy as np
import polars as pl

from legation.relations.level.features.states import state_matrix
from legation.relations.level.grid import Floats, Grid, Rows, age, decayed, since, window
from legation.relations.level.tables import SourceTables

__all__ = ["disputes", "hostility_marks", "rivalries", "territorial_threat", "wars"]

_FORCE, _WAR = 4, 5  # hostility levels: 2 threat, 3 display, 4 use of force, 5 war
_HALF_LIFE = 8.0
_BILATERAL = 2.0  # hostility shared out over the pairs of a dispute: one pair, or few at war
_CHAIN_GAP = 10  # years without a dispute after which a chain of them is over
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
    records = [_record(frame, grid) for frame in frames]
    deaths, mutual, alone, begun = (np.max([record[part] for record in records], axis=0) for part in range(4))
    any_dispute = (hostility > 0).astype(np.float32)
    force = (hostility >= _FORCE).astype(np.float32)
    fatal = (deaths > 0).astype(np.float32)
    chain_disputes, chain_years = _chains(any_dispute, begun)
    columns = {
        "dispute_hostility": hostility,
        "dispute_hostility_decayed": decayed(hostility, half_life=_HALF_LIFE),
        "dispute_mutual_decayed": decayed(mutual, half_life=_HALF_LIFE),
        "dispute_bilateral_decayed": decayed(alone, half_life=_HALF_LIFE),
        "dispute_bilateral_slow": decayed(alone, half_life=3 * _HALF_LIFE),
        "dispute_deaths_slow": decayed(deaths, half_life=3 * _HALF_LIFE),
        "dispute_since": since(hostility),
        "dispute_bilateral_since": since((alone >= _BILATERAL).astype(np.float32)),
        "dispute_force_since": since(force),
        "dispute_war_since": since((hostility >= _WAR).astype(np.float32)),
        "dispute_fatal_since": since(fatal),
        "dispute_years_5": window(any_dispute, 5),
        "dispute_years_10": window(any_dispute, 10),
        "dispute_years_20": window(any_dispute, 20),
        "dispute_years_ever": np.cumsum(any_dispute, axis=1),
        "dispute_onsets_10": window(begun, 10),
        "dispute_onsets_30": window(begun, 30),
        "dispute_onsets_ever": np.cumsum(begun, axis=1),
        "dispute_force_years_10": window(force, 10),
        "dispute_fatal_years_20": window(fatal, 20),
        "dispute_chain": chain_disputes,
        "dispute_chain_years": chain_years,
    }
    found = {name: rows.take(matrix, last=last) for name, matrix in columns.items()}
    gml = tables("gml_dirdisp")
    if gml is not None:
        wants = (_ints(gml, "revtype11") == _TERRITORY) | (_ints(gml, "revtype12") == _TERRITORY)
        territory = grid.marks(*_dyad_years(gml), wants)
        found["dispute_territory_since"] = rows.take(since(territory), last=last)
        found["dispute_territory_slow"] = rows.take(decayed(territory, half_life=3 * _HALF_LIFE), last=last)
    return found


def _record(frame: pl.DataFrame, grid: Grid) -> tuple[Floats, Floats, Floats, Floats]:
    """Return by dyad-year: the level of deaths, the lesser side's hostility, hostility shared out, disputes begun."""
    a, b, year = _dyad_years(frame)
    one, two = _ints(frame, "hostlev1"), _ints(frame, "hostlev2")
    deaths = np.maximum(_ints(frame, "fatality1"), _ints(frame, "fatality2")).clip(0)
    of_year = ["dispnum", "year"]  # not of the whole dispute: who joins it later is not known yet
    pairs = frame.group_by(of_year).agg(pl.struct("ccode1", "ccode2").n_unique().alias("pairs"))
    shares = frame.select(of_year).join(pairs, on=of_year, how="left", maintain_order="left")
    each = np.maximum(one, two) / np.maximum(shares.get_column("pairs").to_numpy() / 2, 1)
    first = frame.group_by("dispnum", "ccode1", "ccode2").agg(pl.col("year").min())
    first = first.filter(pl.col("ccode1") < pl.col("ccode2"))
    return (
        grid.marks(a, b, year, deaths),
        grid.marks(a, b, year, np.minimum(one, two).clip(0)),
        grid.marks(a, b, year, each),
        grid.marks(*_dyad_years(first), 1.0, add=True),
    )


def _chains(any_dispute: Floats, begun: Floats) -> tuple[Floats, Floats]:
    """Return disputes and years of the running chain: disputes that followed each other within ten years."""
    disputes_of, years_of_chain = np.zeros_like(begun), np.zeros_like(begun)
    quiet = np.full(len(begun), np.inf, dtype=np.float32)
    count, length = (np.zeros(len(begun), dtype=np.float32) for _ in range(2))
    for column in range(begun.shape[1]):
        quiet = np.where(any_dispute[:, column] > 0, 0, quiet + 1).astype(np.float32)
        running = quiet <= _CHAIN_GAP
        count = np.where(running, count + begun[:, column], 0).astype(np.float32)
        length = np.where(running, length + 1, 0).astype(np.float32)
        disputes_of[:, column], years_of_chain[:, column] = count, length
    return disputes_of, years_of_chain


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
