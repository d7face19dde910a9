"""A world read as known on a day shows what its sources had said by then."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import InputError
from legation.evidence import baseline_path, open_world
from legation.evidence.build import write_catalogue
from legation.evidence.catalogue import Catalogue, ColumnInfo, SourceInfo, TableInfo
from legation.evidence.description import Licence, TimeDomain
from legation.evidence.known import as_known, is_visible, known_to, last_known
from legation.evidence.world import world_versions


def source(*, lag: int = 0, released: date | None = None) -> SourceInfo:
    """Make a source with a lag."""
    return SourceInfo(
        name="s", title="S", publisher="P", version="1", retrieved="2024", schedule="yearly", url="https://example.org",
        licence=Licence(name="CC0", redistribution=True, attribution="S."), completeness="whole",
        time_domain=TimeDomain(kind="series", first=date(1990, 1, 1), last=date(2024, 12, 31)),
        released=released, lag_days=lag,
    )  # fmt: skip


def table(columns: dict[str, str], *, key: tuple[str, ...], kind: str = "series", **more) -> TableInfo:
    """Make a table's entry in a catalogue."""
    return TableInfo(
        name="t", title="T", file="t.parquet", rows=0, bytes=0, sha256="", content_hash="", key=key,
        columns=tuple(ColumnInfo(name=n, type=t, meaning="") for n, t in columns.items()), sources=("s",),
        licences=("CC0",), attribution="", kind=kind, first=date(1990, 1, 1), last=date(2024, 12, 31), complete=True,
        **more,
    )  # fmt: skip


def known(frame: pl.DataFrame, info: TableInfo, on: date, **of_source) -> pl.DataFrame:
    """Read a table as known on a day."""
    return as_known(frame.lazy(), info, (source(**of_source),), on=on).collect()


YEARS = table({"actor": "String", "year": "Int16"}, key=("actor", "year"))
FRAME = pl.DataFrame({"actor": ["EST"] * 3, "year": pl.Series([2019, 2020, 2021], dtype=pl.Int16)})


@pytest.mark.parametrize(
    ("on", "lag", "last"),
    [
        (date(2020, 12, 30), 0, 2019),
        (date(2020, 12, 31), 0, 2020),
        (date(2021, 6, 8), 160, 2019),
        (date(2021, 6, 9), 160, 2020),
        (date(2018, 1, 1), 0, None),
    ],
)
def test_a_year_is_known_after_its_end_and_the_lag(on: date, lag: int, last: int | None) -> None:
    """A yearly figure is there once the year is over and the usual lag has passed, not a day earlier."""
    assert last == known(FRAME, YEARS, on, lag=lag)["year"].max()


def test_months_and_days_follow_the_same_rule() -> None:
    """A month counts from its last day, a day from itself."""
    months = table({"year": "Int16", "month": "Int8"}, key=("year", "month"))
    frame = pl.DataFrame({"year": [2020, 2020, 2020], "month": [1, 2, 3]})
    assert known(frame, months, date(2020, 2, 28))["month"].to_list() == [1]
    assert known(frame, months, date(2020, 2, 29))["month"].to_list() == [1, 2]

    days = table({"day": "Date"}, key=("day",), time=("day",))
    frame = pl.DataFrame({"day": [date(2020, 2, 1), date(2020, 2, 10)]})
    assert known(frame, days, date(2020, 2, 12), lag=5).height == 1


def test_an_end_that_came_later_was_not_known() -> None:
    """A treaty that ended after the day is shown as running."""
    spans = table({"start": "Date", "end": "Date"}, key=("start",), time=("start", "end"))
    frame = pl.DataFrame({"start": [date(2000, 1, 1), date(2015, 1, 1)], "end": [date(2005, 1, 1), date(2019, 1, 1)]})
    found = known(frame, spans, date(2016, 1, 1))

    assert [date(2005, 1, 1), None] == found["end"].to_list()


def test_of_several_vintages_the_latest_known_counts() -> None:
    """Where a source keeps vintages, each day shows the figure as last published by then."""
    vintages = table(
        {"actor": "String", "year": "Int16", "deaths": "Int32", "known": "Date"}, key=("actor", "year", "known")
    )
    frame = pl.DataFrame(
        {
            "actor": ["SYR"] * 3,
            "year": [2020] * 3,
            "deaths": [5, 7, 6],
            "known": [date(2021, 1, 1), date(2021, 6, 1), date(2022, 6, 1)],
        }
    )
    assert [
        known(frame, vintages, day)["deaths"].to_list()
        for day in (date(2020, 12, 31), date(2021, 5, 31), date(2021, 6, 1), date(2023, 1, 1))
    ] == [[], [5], [7], [6]]


def test_snapshots_and_measures_are_hidden_before_their_day() -> None:
    """A snapshot is not there before it was taken; a measure of all evidence never is; distances always are."""
    snapshot = table({"actor": "String"}, key=("actor",), kind="snapshot")
    assert not is_visible(snapshot, (source(),), on=date(2024, 12, 30))
    assert is_visible(snapshot, (source(),), on=date(2024, 12, 31))
    assert not is_visible(snapshot, (source(released=date(2025, 3, 1)),), on=date(2025, 1, 1))
    trained = table({"year": "Int16"}, key=("year",), method="trained on all years")
    assert not is_visible(trained, (source(),), on=date(2030, 1, 1))
    yearly = table({"year": "Int16"}, key=("year",), method="each year by itself", time=("year",))
    assert is_visible(yearly, (source(),), on=date(2020, 1, 1))
    assert is_visible(table({"a": "String"}, key=("a",), kind="static"), (source(),), on=date(1900, 1, 1))


@given(
    st.dates(date(1985, 1, 1), date(2030, 12, 31)), st.integers(0, 800), st.dates(date(1985, 1, 1), date(2030, 12, 31))
)
def test_knowledge_only_grows(first: date, lag: int, second: date) -> None:
    """What was known on a day was known on every later day, and nothing is known before it happened."""
    earlier, later = sorted((first, second))
    frame = pl.DataFrame({"actor": ["EST"] * 40, "year": pl.Series(range(1985, 2025), dtype=pl.Int16)})
    then, now = known(frame, YEARS, earlier, lag=lag), known(frame, YEARS, later, lag=lag)

    assert then.join(now, on=["actor", "year"], how="anti").is_empty()
    assert all(date(year, 12, 31) + timedelta(days=lag) <= earlier for year in then["year"])
    assert last_known(YEARS, (source(lag=lag),), on=earlier) <= last_known(YEARS, (source(lag=lag),), on=later)


def test_the_baseline_is_read_as_known() -> None:
    """A day of knowledge cuts each table of the shipped world at what its source had said by then."""
    world = open_world(known_on=date(2015, 3, 1))

    assert world.table("un_agreement")["year"].max() == 2013
    assert world.info("conflict_dyads").last == date(2013, 12, 31)
    assert world.table("conflict_dyads")["year"].max() <= 2013
    assert not world.holds("embassies")
    assert world.table("embassies").is_empty()
    assert world.table("distance").height == open_world().table("distance").height
    assert world.facts_on(date(2023, 4, 5)) == date(2015, 3, 1)
    assert open_world().facts_on(date(2023, 4, 5)) == date(2023, 4, 5)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Make two versions of a world, the older without the newest source's release."""
    for name, shift in (("older", -400), ("newer", 0)):
        shutil.copytree(baseline_path(), tmp_path / name)
        catalogue = open_world(tmp_path / name).catalogue
        sources = tuple(
            msgspec.structs.replace(s, released=(s.released or s.time_domain.last) + timedelta(days=shift))
            for s in catalogue.sources
        )
        write_catalogue(tmp_path / name, msgspec.structs.replace(catalogue, sources=sources))
    return tmp_path


def test_of_several_versions_the_one_known_then_is_read(versions: Path) -> None:
    """A folder of versions answers with the newest whose evidence was known on the day, and refuses earlier days."""
    (old_day, _), (new_day, _) = world_versions(versions)

    assert open_world(versions).folder.name == "newer"
    assert open_world(versions, known_on=new_day).folder.name == "newer"
    assert open_world(versions, known_on=new_day - timedelta(days=1)).folder.name == "older"
    with pytest.raises(InputError, match="oldest was known on"):
        open_world(versions, known_on=old_day - timedelta(days=1))
    assert known_to(open_world(versions).catalogue) == new_day


def test_a_catalogue_of_the_first_format_is_read(tmp_path: Path) -> None:
    """A world written in the first format opens as ever; one of an unknown format is refused."""
    shutil.copytree(baseline_path(), tmp_path / "world")
    path = tmp_path / "world" / "catalogue.json"
    catalogue = msgspec.json.decode(path.read_bytes())
    for added in ("absent",):
        catalogue.pop(added, None)
    for entry in catalogue["tables"]:
        for added in ("ship", "time", "method"):
            entry.pop(added, None)
    for entry in catalogue["sources"]:
        for added in ("released", "lag_days"):
            entry.pop(added, None)
        entry["licence"].pop("use", None)
    catalogue["format"] = "legation-world/1"
    path.write_bytes(msgspec.json.encode(catalogue))

    opened = open_world(tmp_path / "world")
    assert isinstance(opened.catalogue, Catalogue)
    opened.verify()
