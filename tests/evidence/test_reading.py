"""Sources are read strictly: whatever nobody expected stops the reading with a clear error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from legation.errors import SourceError
from legation.evidence.description import Assertion, Licence, SourceDescription, TimeDomain
from legation.evidence.reading import SourceFiles

FILE = "observations.parquet"
COLUMNS = {"state": pl.String, "year": pl.Int64, "value": pl.Float64}
GOOD = {
    "state": ["EST", "LVA", "LTU"],
    "year": [2020, 2020, 2021],
    "value": [0.5, 0.25, 1.0],
    "region": ["a", "b", "c"],
}


def description(*assertions: Assertion) -> SourceDescription:
    """Describe a small source with some assertions."""
    return SourceDescription(
        name="observations",
        title="Observations",
        publisher="A publisher",
        version="1",
        retrieved="2026",
        schedule="never",
        url="https://example.org",
        files=(FILE,),
        licence=Licence(name="Public domain", redistribution=True, attribution="A publisher"),
        time_domain=TimeDomain(kind="series", first=date(2020, 1, 1), last=date(2021, 12, 31)),
        completeness="complete",
        assertions=assertions,
        lookups={"names": {"Estonia": "EST", "Narnia": ""}},
    )


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """Write a table and read it strictly."""

    def run(frame: pl.DataFrame, *assertions: Assertion) -> pl.DataFrame:
        frame.write_parquet(tmp_path / FILE)
        return SourceFiles(tmp_path, description(*assertions)).table(FILE, COLUMNS, ignored={"region": "not needed"})

    return run


def test_declared_columns_are_returned_in_the_declared_order(read: Callable[..., pl.DataFrame]) -> None:
    """A table with exactly the named columns is read, without those that are ignored with a reason."""
    frame = read(pl.DataFrame(GOOD))

    assert list(COLUMNS) == frame.columns


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop("value"), "missing"),
        (lambda f: f.with_columns(pl.lit(1).alias("surprise")), "surprise"),
        (lambda f: f.drop("region"), "region"),
        (lambda f: f.with_columns(pl.col("year").cast(pl.String)), "type String"),
    ],
    ids=["missing column", "extra column", "missing ignored column", "wrong type"],
)
def test_other_columns_stop_the_reading(
    read: Callable[..., pl.DataFrame], change: Callable[[pl.DataFrame], pl.DataFrame], message: str
) -> None:
    """A column that is missing, new or of another type is an error that names it."""
    with pytest.raises(SourceError, match=message):
        read(change(pl.DataFrame(GOOD)))


@pytest.mark.parametrize(
    ("assertion", "message"),
    [
        ({"check": "rows", "min": 10}, "rows are 3"),
        ({"check": "range", "columns": ("value",), "min": 0, "max": 0.9}, "holds 1"),
        ({"check": "values", "columns": ("state",), "allowed": ("EST", "LVA")}, "LTU"),
        ({"check": "unique", "columns": ("year",)}, "repeats"),
        ({"check": "distinct", "columns": ("year",), "min": 3, "max": 3}, "different values of year are 2"),
    ],
)
def test_broken_assertions_name_the_finding_and_the_reason(
    read: Callable[..., pl.DataFrame], assertion: dict[str, object], message: str
) -> None:
    """Each kind of assertion stops a table that breaks it, with the reason that its description gives."""
    with pytest.raises(SourceError, match=message) as caught:
        read(pl.DataFrame(GOOD), Assertion(file=FILE, reason="because it was so", **assertion))

    assert "because it was so" in str(caught.value)


def test_missing_values_break_a_fill_rate(read: Callable[..., pl.DataFrame]) -> None:
    """A column with fewer values than declared is an error."""
    frame = pl.DataFrame({**GOOD, "value": [0.5, None, None]})

    with pytest.raises(SourceError, match="filled share of value"):
        read(frame, Assertion(check="filled", file=FILE, columns=("value",), min=0.9, reason="nearly all report"))


def test_not_a_number_is_never_inside_a_range(read: Callable[..., pl.DataFrame]) -> None:
    """Not-a-number fails a range check instead of slipping through both comparisons."""
    frame = pl.DataFrame({**GOOD, "value": [0.5, float("nan"), 0.1]})

    with pytest.raises(SourceError, match="not-a-number"):
        read(frame, Assertion(check="range", file=FILE, columns=("value",), min=0, max=1, reason="a share"))


@pytest.mark.parametrize("keep", [0, 3, 60, 0.5, -1])
def test_a_truncated_file_is_refused(tmp_path: Path, keep: float) -> None:
    """A Parquet file cut anywhere is an error that names the file."""
    path = tmp_path / FILE
    pl.DataFrame(GOOD).write_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])

    with pytest.raises(SourceError, match=FILE):
        SourceFiles(tmp_path, description()).table(FILE, COLUMNS, ignored={"region": "not needed"})


def test_damaged_insides_are_refused(tmp_path: Path) -> None:
    """A file with both magic marks and rubbish between them is an error, not a crash."""
    (tmp_path / FILE).write_bytes(b"PAR1" + b"\xff" * 400 + b"PAR1")

    with pytest.raises(SourceError, match="cannot be read"):
        SourceFiles(tmp_path, description()).table(FILE, COLUMNS)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    """A CSV file under a Parquet name is called what it is."""
    (tmp_path / FILE).write_text("state,year,value\nEST,2020,1\n")

    with pytest.raises(SourceError, match="is not a Parquet file"):
        SourceFiles(tmp_path, description()).table(FILE, COLUMNS)


def test_a_missing_file_names_where_to_get_it(tmp_path: Path) -> None:
    """A file that is not there is an error with the publisher's address."""
    with pytest.raises(SourceError, match=r"https://example\.org"):
        SourceFiles(tmp_path, description()).table(FILE, COLUMNS)


def test_unlisted_names_stop_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    """A name in the lookups gives its actor, an empty entry gives none, and a new name is an error."""
    files = SourceFiles(tmp_path, description())

    assert files.actor_of("names", "Estonia") == "EST"
    assert files.actor_of("names", "Narnia") is None
    with pytest.raises(SourceError, match="Atlantis"):
        files.actor_of("names", "Atlantis")


def test_a_share_of_readable_texts_must_be_declared(tmp_path: Path) -> None:
    """Checking how many texts were understood needs a declared share, and fails below it."""
    asserted = Assertion(check="parsed", file=FILE, columns=("text",), min=0.9, reason="wording is stable")
    files = SourceFiles(tmp_path, description(asserted))

    files.check_parsed(FILE, "text", 0.95)
    with pytest.raises(SourceError, match=r"80\.0%"):
        files.check_parsed(FILE, "text", 0.8)
    with pytest.raises(SourceError, match="declares no share"):
        files.check_parsed(FILE, "other", 1.0)
