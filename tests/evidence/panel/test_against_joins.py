"""Every column of the plain sources against a left join, on the reference tables of thirty years."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from legation.errors import FormatError
from legation.evidence import build_world, panel
from legation.evidence.panel.tables import folder_tables

pytestmark = pytest.mark.needs_shared

_SPAN = {"first": 1930, "last": 1960}
_STATES = {
    "nmc": "cow_nmc",
    "democracy": "democracy_cow_year",
    "gdp_population": "gdp_pop_cow_year",
    "territorial_threat": "terrthreat",
}
_DYADS = {"igos": "cow_igo_ndy", "minimum_distance": "cow_mindist", "trade": "cow_trade_ndy"}


def _same(found: pl.Series, wanted: pl.Series) -> bool:
    return found.cast(pl.Float64).equals(wanted.cast(pl.Float64), null_equal=True)


@pytest.mark.parametrize("verb", _STATES)
def test_figures_of_states(verb: str, reference: Path) -> None:
    """Both sides of a dyad, and a panel of states, have what a left join by code and year gives."""
    table = folder_tables(reference)(_STATES[verb])
    made = panel.dyads(**_SPAN).add(verb).build(sources=reference).frame
    states = panel.states(**_SPAN).add(verb).build(sources=reference).frame
    joined = states.select("ccode", "year").join(table, on=["ccode", "year"], how="left", maintain_order="left")

    for column in [name for name in table.columns if name not in {"ccode", "year"}]:
        assert _same(states.get_column(column), joined.get_column(column)), column
        for side in (1, 2):
            wanted = made.select(f"ccode{side}", "year").join(
                table, left_on=[f"ccode{side}", "year"], right_on=["ccode", "year"], how="left", maintain_order="left"
            )
            assert _same(made.get_column(f"{column}{side}"), wanted.get_column(column)), (column, side)


@pytest.mark.parametrize("verb", _DYADS)
def test_figures_of_dyads(verb: str, reference: Path) -> None:
    """A table that lists each pair once answers both directions, its flows exchanged in the second."""
    table = folder_tables(reference)(_DYADS[verb])
    turned = table.rename(
        {
            "ccode1": "ccode2",
            "ccode2": "ccode1",
            **{name: f"{name[:-1]}{3 - int(name[-1])}" for name in table.columns if "flow" in name},
        }
    ).select(table.columns)
    made = panel.dyads(**_SPAN).add(verb).build(sources=reference).frame
    keys = ["ccode1", "ccode2", "year"]
    wanted = made.select(keys).join(pl.concat([table, turned]), on=keys, how="left", maintain_order="left")

    assert len(wanted) == len(made)
    for column in [name for name in table.columns if name not in keys]:
        assert _same(made.get_column(column), wanted.get_column(column)), column
        assert made.get_column(column).count() > 0


def test_a_built_world_gives_the_same_panel(reference: Path, tmp_path: Path) -> None:
    """From a world the figures are those of the files, and version and licence those of the world's catalogue."""
    world = build_world(
        reference, tmp_path / "world", only=["state_systems", "cow_nmc", "cow_majors", "cow_contiguity"]
    )
    design = panel.dyads(**_SPAN, directed=False).relevant().add("nmc")

    from_world, from_files = design.build(world=world), design.build(sources=reference)

    assert from_world.frame.equals(from_files.frame)
    assert from_world.column("cinc1").licence == world.info("cow_nmc").licences[0]
    assert from_world.column("conttype").table == "cow_contdir"


def test_the_publishers_own_file_is_read(reference: Path, tmp_path: Path) -> None:
    """A folder with the publisher's file under its own name gives the same panel as a copy in Parquet."""
    table = pl.read_parquet(reference / "cow_majors.parquet")
    table.with_columns(stateabb=pl.lit("X")).write_csv(tmp_path / "majors2016.csv")
    (tmp_path / "cow_system.parquet").write_bytes((reference / "isard_cow_system.parquet").read_bytes())

    design = panel.states(**_SPAN).add("majors")

    assert design.build(sources=tmp_path).frame.equals(design.build(sources=reference).frame)
    (tmp_path / "cow_system.parquet").write_bytes(b"PAR1 cut")
    with pytest.raises(FormatError, match=r"cow_system\.parquet cannot be read"):
        design.build(sources=tmp_path)
