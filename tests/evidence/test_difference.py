"""Two worlds are compared table by table and row by row."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import msgspec
import polars as pl
import pytest

from legation.evidence import baseline_path, open_world
from legation.evidence.build import world_hash, write_catalogue
from legation.evidence.canonical import content_hash
from legation.evidence.difference import compare_worlds
from legation.evidence.world import World


def changed_world(folder: Path, name: str, change) -> World:
    """Copy the baseline with one table changed."""
    shutil.copytree(baseline_path(), folder)
    world = open_world(folder)
    info = world.info(name)
    frame = change(pl.read_parquet(folder / info.file)).sort(info.key)
    frame.write_parquet(folder / info.file)
    written = (folder / info.file).read_bytes()
    new = msgspec.structs.replace(
        info,
        rows=frame.height,
        bytes=len(written),
        sha256=hashlib.sha256(written).hexdigest(),
        content_hash=content_hash(frame, key=info.key),
    )
    tables = tuple(new if table.name == name else table for table in world.catalogue.tables)
    write_catalogue(folder, msgspec.structs.replace(world.catalogue, tables=tables, content_hash=world_hash(tables)))
    return open_world(folder)


def test_a_world_equals_itself() -> None:
    """A world compared with itself has no change, and no table is read for it."""
    change = compare_worlds(open_world(), open_world())

    assert not change.tables
    assert not change.sources
    assert len(change.same_tables) == len(open_world().describe())


def test_rows_added_removed_and_changed_are_counted(tmp_path: Path) -> None:
    """A world with two rows gone, one new and one altered is told apart exactly, with examples by key."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        kept = frame.filter(~((pl.col("actor") == "EST") & pl.col("year").is_in([2010, 2011])))
        new = frame.filter((pl.col("actor") == "FIN") & (pl.col("year") == 2015)).with_columns(
            pl.lit(1900, dtype=pl.Int16).alias("year")
        )
        altered = pl.when((pl.col("actor") == "FIN") & (pl.col("year") == 2012)).then(pl.col("active") + 1)
        return pl.concat([kept.with_columns(altered.otherwise(pl.col("active")).alias("active")), new])

    after = changed_world(tmp_path / "after", "us_troops", change)
    (table,) = compare_worlds(open_world(), after).tables

    assert (table.name, table.added, table.removed, table.changed) == ("us_troops", 1, 2, 1)
    assert "removed: actor=EST, year=2010" in table.examples
    assert "changed: actor=FIN, year=2012" in table.examples
    assert len(compare_worlds(open_world(), after).same_tables) == len(after.describe()) - 1


def test_a_table_that_one_world_lacks_is_named(tmp_path: Path) -> None:
    """A table in one world only has rows on one side."""
    shutil.copytree(baseline_path(), tmp_path / "small")
    catalogue = open_world(tmp_path / "small").catalogue
    tables = tuple(table for table in catalogue.tables if table.name != "embassies")
    sources = tuple(source for source in catalogue.sources if source.name != "wikidata_missions")
    write_catalogue(
        tmp_path / "small",
        msgspec.structs.replace(catalogue, tables=tables, sources=sources, content_hash=world_hash(tables)),
    )
    change = compare_worlds(open_world(), open_world(tmp_path / "small"))

    assert [(table.name, table.rows_after) for table in change.tables] == [("embassies", None)]
    assert [(source.name, source.after) for source in change.sources] == [("wikidata_missions", "")]


@pytest.mark.parametrize("year", [2019, 2021])
def test_moved_relations_are_those_whose_evidence_changed(tmp_path: Path, year: int) -> None:
    """When two states' votes turn round in one session, their relation is the one that moved."""
    from datetime import date

    from legation.relations.moved import moved_relations

    def turn(frame: pl.DataFrame) -> pl.DataFrame:
        pair = (pl.col("a") == "EST") & (pl.col("b") == "FIN") & (pl.col("year") == year)
        swapped = [
            pl.when(pair).then(pl.lit(0, dtype=pl.Int16)).otherwise(pl.col("same")).alias("same"),
            pl.when(pair).then(pl.col("n")).otherwise(pl.col("opposite")).alias("opposite"),
        ]
        return frame.with_columns(swapped)

    after = changed_world(tmp_path / "after", "un_agreement", turn)
    moved = moved_relations(open_world(), after, as_of=date(year, 12, 31))

    assert [(one.a, one.b) for one in moved] == [("EST", "FIN")]
    assert moved[0].alignment_after.value < moved[0].alignment_before.value
    assert not moved_relations(open_world(), after, as_of=date(year - 1, 12, 31))
