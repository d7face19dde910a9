"""Contiguity, distance, terrain and the composition of societies, in every form in which they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.actors.lookup import from_code
from legation.errors import SourceError, UnknownActorError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.cow_contiguity import load as cow_contiguity

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]


def _master(frame: pl.DataFrame, *, low_high: bool) -> pl.DataFrame:
    """Return spells as the master file has them: each pair once, months as yyyymm, no row for no contiguity."""
    one, other = ("statelno", "statehno") if low_high else ("state1no", "state2no")
    ours = frame.filter((pl.col("ccode1") < pl.col("ccode2")) & (pl.col("conttype") > 0))
    return ours.select(
        (pl.col("ccode1") * 1000 + pl.col("ccode2")).alias("dyad"), pl.col("ccode1").alias(one),
        pl.lit("AAA").alias("one"), pl.col("ccode2").alias(other), pl.lit("BBB").alias("two"), "conttype",
        pl.col("stdate").dt.strftime("%Y%m").alias("begin"), pl.col("enddate").dt.strftime("%Y%m").alias("end"),
        pl.lit("").alias("notes"), pl.lit(3.2).alias("version"),
    )  # fmt: skip


@pytest.mark.parametrize("low_high", [True, False])
def test_contiguity_as_published(published: Published, from_file: FromFile, tmp_path: Path, *, low_high: bool) -> None:
    """The master file has each pair once and months as 181601; the table has both directions and days."""
    frame = published("cow_contiguity")["cow_contdir"]
    _master(frame, low_high=low_high).write_csv(tmp_path / "contdir.csv", line_terminator="\r\n")

    key = ["ccode1", "ccode2", "stdate"]
    read = from_file("cow_contiguity", "cow_contdir", "contdir.csv")
    assert_frame_equal(read.sort(key), frame.filter(pl.col("conttype") > 0).sort(key))


def test_contiguity_of_well_known_pairs(published: Published) -> None:
    """The United States and Canada share a border by land, and so does every pair the other way round."""
    frame = published("cow_contiguity")["cow_contdir"]

    assert frame.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 20))["conttype"].to_list() == [1]
    turned = frame.rename({"ccode1": "ccode2", "ccode2": "ccode1"}).select(frame.columns)
    assert_frame_equal(turned.sort(frame.columns), frame.sort(frame.columns))
    alaska = frame.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 365) & (pl.col("conttype") > 0))
    assert alaska["stdate"].to_list() == [date(1959, 1, 1)]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("begin", "181613", r"column begin, row 1: '181613' is no month"),
        ("conttype", "6", r"column conttype.*6 lies outside 0 to 5"),
        ("state1no", "x", r"column state1no, row 1: 'x' is no whole number"),
        ("state2no", "1200", r"1200 lies outside 2 to 990"),
        ("begin", "201801", "speaks of 2018"),
    ],
)
def test_contiguity_that_cannot_be_is_refused(
    published: Published, tmp_path: Path, column: str, value: str, message: str
) -> None:
    """A month that is none, a strange type and a later year stop the load."""
    frame = _master(published("cow_contiguity")["cow_contdir"], low_high=False).head(5).cast(pl.String)
    first = pl.int_range(pl.len()) == 0
    changed = frame.with_columns(pl.when(first).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))
    changed.write_csv(tmp_path / "contdir.csv")

    with pytest.raises(SourceError, match=message):
        SourceFiles(tmp_path, describe_source("cow_contiguity")).declared(
            "cow_contdir", readers={"contdir.csv": cow_contiguity._both_directions}
        )


@pytest.mark.parametrize(("name", "table"), [("creg", "creg"), ("hief", "hief")])
def test_the_csv_form_equals_the_parquet_form(
    published: Published, from_file: FromFile, tmp_path: Path, name: str, table: str
) -> None:
    """The packaged table as CSV, missing as NA, is the same table."""
    frame = published(name)[table]
    frame.write_csv(tmp_path / f"{table}.csv", null_value="NA")

    assert_frame_equal(from_file(name, table, f"{table}.csv"), frame)


def test_distance_as_csv(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """Nearly a million pairs and years read from CSV are those of the Parquet copy."""
    frame = published("minimum_distance")["cow_mindist"]
    frame.write_csv(tmp_path / "cow_mindist.csv")

    assert_frame_equal(from_file("minimum_distance", "cow_mindist", "cow_mindist.csv"), frame)


def test_neighbours_by_land_have_no_distance(published: Published) -> None:
    """Pairs with a land border lie within a few kilometres of each other, with few exceptions."""
    near = published("minimum_distance")["cow_mindist"].filter(pl.col("year") == 2010)
    land = published("cow_contiguity")["cow_contdir"].filter(
        (pl.col("conttype") == 1) & (pl.col("stdate") <= date(2010, 1, 1)) & (pl.col("enddate") >= date(2010, 12, 1))
    )
    both = near.join(land, on=["ccode1", "ccode2"])

    assert both.height > 250
    assert both.filter(pl.col("mindist") < 5).height > 0.97 * both.height


RUGGED = """isocode,isonum,country,rugged,rugged_popw,rugged_slope,rugged_lsd,rugged_pc,land_area,lat,lon,soil
"CHE",756,"Switzerland",4.761,2.437,13.5,1.6,83.8,3955,46.8,8.2,20.1
"NLD",528,"Netherlands",.037,.03,.1,.01,0,3388,52.1,5.3,70.2
"ROM",642,"Romania",1.267,.6,4.3,.4,36.9,22987,45.9,25,70
"PRI",630,"Puerto Rico",1.9,1.1,6.4,.6,60.2,887,18.2,-66.5,40
"""


def test_ruggedness_in_the_layout_of_its_authors(tmp_path: Path) -> None:
    """Countries are found by their ISO code of about 2000; a territory has figures and no number."""
    text = RUGGED + "".join(f'"X{n:02}",{n},"Place {n}",1.0,1.0,1.0,0.1,10,100,0,0,1\n' for n in range(196))
    (tmp_path / "rugged_data.csv").write_text(text, encoding="cp1252")

    frame = load_source(describe_source("ruggedness"), tmp_path)["ruggedness"]

    rows = frame.select("isocode", "ccode", "gwcode", "rugged", "land_area").head(4).rows()
    assert rows[0] == ("CHE", 225, 225, 4.761, 3955.0)
    assert rows[1][:3] == ("NLD", 210, 210)
    assert rows[2][:3] == ("ROM", 360, 360)
    assert rows[3][:3] == ("PRI", None, None)
    assert frame["newlmtnest"].null_count() == frame.height


def test_ruggedness_of_the_packaged_table(tmp_path: Path) -> None:
    """The packaged table has numbers and the share of mountains, and no ISO codes."""
    rows = pl.int_range(175, eager=True)
    frame = pl.DataFrame({"ccode": rows + 2, "gwcode": rows + 2, "rugged": rows / 50, "newlmtnest": rows / 40})
    frame.write_csv(tmp_path / "rugged.csv", null_value="NA")

    read = load_source(describe_source("ruggedness"), tmp_path)["ruggedness"]

    assert_frame_equal(read.select(frame.columns), frame)
    assert read["isocode"].null_count() == 175


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("4.761", "-4.761", r"column rugged .*-4\.761 lies outside"),
        ("rugged_pc", "pc", r"columns missing \['rugged_pc'\]"),
    ],
)
def test_ruggedness_that_cannot_be_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    """A negative ruggedness and a missing column stop the load."""
    (tmp_path / "rugged_data.csv").write_text(RUGGED.replace(before, after))

    with pytest.raises(SourceError, match=message):
        load_source(describe_source("ruggedness"), tmp_path)


def test_contiguity_from_directed_years(published: Published, tmp_path: Path) -> None:
    """The publisher's directed dyad-years give spells of whole years that cover the same pairs, types and years."""
    frame = published("cow_contiguity")["cow_contdir"].filter(pl.col("conttype") > 0)
    years = (
        frame.with_columns(
            pl.int_ranges(
                pl.col("stdate").dt.year().cast(pl.Int64), pl.col("enddate").dt.year().cast(pl.Int64) + 1
            ).alias("year")
        )
        .explode("year")
        .unique(["ccode1", "ccode2", "year"], keep="last", maintain_order=True)
    )
    years.select(
        (pl.col("ccode1") * 1000 + pl.col("ccode2")).alias("dyad"), pl.col("ccode1").alias("state1no"),
        pl.lit("AAA").alias("state1ab"), pl.col("ccode2").alias("state2no"), pl.lit("BBB").alias("state2ab"), "year",
        "conttype", pl.lit(3.2).alias("version"),
    ).sample(fraction=1, shuffle=True, seed=3).write_csv(tmp_path / "contdird.csv")  # fmt: skip

    spells = load_source(describe_source("cow_contiguity"), tmp_path)["cow_contdir"]

    again = spells.with_columns(
        pl.int_ranges(pl.col("stdate").dt.year().cast(pl.Int64), pl.col("enddate").dt.year().cast(pl.Int64) + 1).alias(
            "year"
        )
    ).explode("year")
    columns = ["ccode1", "ccode2", "year", "conttype"]
    assert_frame_equal(again.select(columns).sort(columns), years.select(columns).sort(columns))


def test_fractionalisation_by_name(published: Published, tmp_path: Path) -> None:
    """The publisher's file names countries: each is found at its time, and the table is that of the numbers."""
    frame = published("hief")["hief"]
    names = {pair: name for pair in frame.select("ccode", "year").unique().rows() if (name := _name_of(*pair))}
    rows = [row for row in frame.select("ccode", "year", "efindex").rows() if row[:2] in names]
    text = ["Country,Year,EFindex", *(f'"{names[code, year]}",{year},{index}' for code, year, index in rows)]
    (tmp_path / "HIEF_data.csv").write_bytes("\r\n".join(text).encode("cp1252"))

    tables = load_source(describe_source("hief"), tmp_path)

    expected = pl.DataFrame(rows, schema={"ccode": pl.Int64, "year": pl.Int64, "efindex": pl.Float64}, orient="row")
    rhodesia = (pl.col("ccode") == 552) & (pl.col("year") < 1980)
    found = tables["hief"].select("ccode", "year", "efindex")
    assert_frame_equal(found.drop_nulls("ccode"), expected.filter(~rhodesia))
    assert tables["hief_unread"].select("value", "rows", "first", "last").rows() == [("Zimbabwe", 15, 1965, 1979)]


def _name_of(code: int, year: int) -> str | None:
    """Return the English name of whoever held a number on the last day of a year."""
    try:
        return from_code(code, system="cow", on=date(year, 12, 31)).name
    except UnknownActorError:
        return None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Atlantis,1990,0.5", r"breaks its assertion 'rows'"),
        ("France,1990,1.5", r"column efindex .*1\.5 lies outside 0 to 1"),
        ("France,MCM,0.5", "column Year, row 1: 'MCM' is no whole number"),
        ("France,2019,0.5", "speaks of 2019"),
    ],
)
def test_fractionalisation_that_cannot_be_is_refused(tmp_path: Path, line: str, message: str) -> None:
    """A strange figure or year stops the load."""
    (tmp_path / "HIEF_data.csv").write_text(f"Country,Year,EFindex\n{line}\n")

    with pytest.raises(SourceError, match=message):
        load_source(describe_source("hief"), tmp_path)
