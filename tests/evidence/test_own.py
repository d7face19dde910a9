"""A user's own tables are read strictly and written whole."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import FormatError, InputError
from legation.evidence.own import OwnColumn, read_own_table, write_table

A = OwnColumn(name="a", type=pl.String, meaning="first actor", aliases=("ccode1", "stateA"))
YEAR = OwnColumn(name="year", type=pl.Int16, meaning="calendar year", low=1800, high=2100)
SIGN = OwnColumn(name="sign", type=pl.Float64, meaning="sign of the tie", nullable=True)


def text(folder: Path, content: str, name: str = "ties.csv") -> Path:
    """Write a text file."""
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv", ".arrow", ".feather"])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    """Each format that is written and readable gives the same rows back."""
    frame = pl.DataFrame(
        {"a": ["EST", "FIN"], "year": [2023, 2024], "sign": [1.5, None]},
        schema={"a": pl.String, "year": pl.Int16, "sign": pl.Float64},
    )
    path = tmp_path / f"ties{suffix}"
    write_table(frame, path)

    assert frame.equals(read_own_table(path, (A, YEAR, SIGN)))
    assert [path] == list(tmp_path.iterdir())


def test_duckdb_and_json_are_written(tmp_path: Path) -> None:
    """A DuckDB file holds the rows under the table's name, a JSON file a list of records."""
    frame = pl.DataFrame({"a": ["EST"], "year": [2023]})
    write_table(frame, tmp_path / "x.duckdb", table="ties")
    write_table(frame, tmp_path / "x.json")

    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT a, year FROM ties").fetchall() == [("EST", 2023)]
    assert (tmp_path / "x.json").read_text() == '[{"a":"EST","year":2023}]'


def test_a_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    """A file that is there stays as it is unless overwriting is asked for."""
    path = text(tmp_path, "dear")
    frame = pl.DataFrame({"a": ["EST"]})
    with pytest.raises(InputError, match="is there already"):
        write_table(frame, path)
    assert path.read_text() == "dear"

    write_table(frame, path, overwrite=True)
    assert path.read_text() == "a\nEST\n"


def test_publishers_names_and_codes_are_understood(tmp_path: Path) -> None:
    """An alias counts as the column, whole numbers become code texts, and other columns are left out or kept."""
    path = text(tmp_path, "ccode1,year,note\n2,1946,x\n70,1947,y\n")

    assert read_own_table(path, (A, YEAR)).rows() == [("2", 1946), ("70", 1947)]
    assert read_own_table(path, (A, YEAR), keep_others=True).columns == ["a", "year", "note"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("b,year\nEST,2000\n", "no column 'a'"),
        ("a,year\nEST,twenty\n", "row 1 holds 'twenty', which is no whole number"),
        ("a,year\nEST,2000\nFIN,2000.5\n", "row 2 holds .2000.5"),
        ("a,year\nEST,1700\n", "holds 1700; allowed is at least 1800"),
        ("a,year\nEST,99999\n", "99999"),
        ("a,year\nEST,\n", "row 1 is empty"),
        ("a,year,sign\nEST,2000,inf\n", "a finite number"),
        ("a,year\n", "no rows"),
        ("", "is empty"),
        ("a,year\nEST,2000,7\n", "row 1 has 3 fields; the heading has 2"),
    ],
)
def test_bad_tables_are_refused_with_the_place(tmp_path: Path, content: str, message: str) -> None:
    """Each fault is named with file, column, row and value."""
    with pytest.raises((InputError, FormatError), match=message):
        read_own_table(text(tmp_path, content), (A, YEAR, SIGN.__class__(**{**SIGN.__dict__, "required": False})))


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    """A cut Parquet or gzip file, other encodings, unknown names and folders are errors that name the file."""
    whole = gzip.compress(b"a,year\nEST,2000\n" * 100)
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-20])
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and then nothing")
    (tmp_path / "latin.csv").write_bytes("a,year\nCôte d'Ivoire,2000\n".encode("latin-1"))
    (tmp_path / "ties.xyz").write_bytes(b"a")
    for name in ("cut.csv.gz", "cut.parquet", "latin.csv"):
        with pytest.raises(FormatError, match=name):
            read_own_table(tmp_path / name, (A, YEAR))
    for name in ("ties.xyz", "nowhere.csv"):
        with pytest.raises(InputError, match=name):
            read_own_table(tmp_path / name, (A, YEAR))


def test_semicolons_separate_where_the_comma_marks_decimals(tmp_path: Path) -> None:
    """A file of semicolons is read; a decimal comma is no number; two columns of one name are refused."""
    columns = (OwnColumn(name="a", type=pl.String, meaning="actor"), OwnColumn(name="n", type=pl.Float64, meaning="n"))
    path = tmp_path / "table.csv"

    path.write_text("a;n\nEST;1.5\n", encoding="utf-8-sig")
    assert read_own_table(path, columns).rows() == [("EST", 1.5)]
    path.write_text("a;n\nEST;1,5\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 1 holds '1,5', which is no number"):
        read_own_table(path, columns)
    path.write_text("a,n,n\nEST,1,2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="2 columns 'n'"):
        read_own_table(path, columns)


def test_damage_inside_a_packed_file_and_other_encodings_are_refused(tmp_path: Path) -> None:
    """A packed file that breaks inside is damaged; a byte that is no UTF-8 is named with its line."""
    columns = (OwnColumn(name="a", type=pl.String, meaning="actor"),)
    packed = bytearray(gzip.compress(b"a\n" + b"".join(f"x{n * n}\n".encode() for n in range(500))))
    packed[40:60] = bytes(20)
    path = tmp_path / "table.csv.gz"
    path.write_bytes(packed)
    with pytest.raises(FormatError, match="cannot be read as what its name says"):
        read_own_table(path, columns)
    plain = tmp_path / "table.csv"
    plain.write_bytes("a\nEST\nÖ\n".encode("cp1252"))
    with pytest.raises(FormatError, match="line 3 holds the byte 0xd6"):
        read_own_table(plain, columns)


def test_allowed_values_are_held(tmp_path: Path) -> None:
    """A value outside the allowed ones is refused with the list."""
    vote = OwnColumn(name="vote", type=pl.Int8, meaning="1 yes, 2 abstain, 3 no", allowed=(1, 2, 3))

    with pytest.raises(InputError, match=r"holds 8; allowed is one of 1, 2, 3 \(2 such rows\)"):
        read_own_table(text(tmp_path, "vote\n1\n8\n9\n"), (vote,))


def test_dates_are_read(tmp_path: Path) -> None:
    """A date is read from its ISO form only."""
    day = OwnColumn(name="day", type=pl.Date, meaning="day")

    assert [date(2022, 5, 17)] == read_own_table(text(tmp_path, "day\n2022-05-17\n"), (day,))["day"].to_list()
    with pytest.raises(InputError, match="no date"):
        read_own_table(text(tmp_path, "day\n17/05/2022\n"), (day,))


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(bool), min_size=1, max_size=20))
def test_any_text_survives_csv(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """Whatever a name holds (007, NA for Namibia, FALSE, quotes, commas), it comes back from a CSV file."""
    path = tmp_path_factory.mktemp("own") / "x.csv"
    write_table(pl.DataFrame({"a": names, "b": [0] * len(names)}), path)

    assert names == read_own_table(path, (A,))["a"].to_list()
