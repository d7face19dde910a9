"""Alliances and memberships in organisations, in every form in which they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.cow_igo import load as cow_igo

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]

NATO = 3180
PLAIN = [
    ("atop_alliance", "atop5_1a.csv"),
    ("atop_member", "atop5_1m.csv"),
    ("atop_phase", "atop5_1aph.csv"),
    ("atop_state_year", "atop5_1sy.csv"),
]


def _obligations(frame: pl.DataFrame) -> pl.DataFrame:
    """Return obligations in the layout of the publisher's directed dyad-years, which has more columns."""
    names = {f"atop_{name}": name for name in ("defense", "offense", "neutral", "nonagg", "consul")}
    return frame.rename({"ccode1": "stateA", "ccode2": "stateB", **names}).select(
        (pl.col("stateA") * 1000 + pl.col("stateB")).alias("ddyad"), "year", "stateA", "stateB",
        pl.lit(1).alias("atopally"), *names.values(), pl.lit(0).alias("shareob"), pl.lit(1).alias("number"),
        pl.lit(None).alias("atopid1"), pl.lit(5.1).alias("version"),
    )  # fmt: skip


def test_the_united_states_and_the_united_kingdom_in_2018(published: Published) -> None:
    """In 2018 the United States owed the United Kingdom defence, and the other way round."""
    obligations = published("atop")["atop_ddy"].filter(pl.col("year") == 2018)

    both = obligations.filter(pl.col("ccode1").is_in([2, 200]) & pl.col("ccode2").is_in([2, 200]))
    assert both["atop_defense"].to_list() == [1, 1]


def test_published_counts_of_alliances(published: Published) -> None:
    """Version 5.1 has 789 alliances, 2,510 memberships by phase and 273,296 directed dyad-years."""
    atop = published("atop")

    assert (atop["atop_alliance"].height, atop["atop_member"].height) == (789, 2510)
    assert atop["atop_ddy"].height == 273_296
    assert set(atop["atop_member"]["atopid"].unique()) == set(atop["atop_alliance"]["atopid"])
    assert atop["atop_ddy"].filter(pl.col("ccode1") == pl.col("ccode2")).is_empty()


def test_members_of_one_alliance(published: Published) -> None:
    """The North Atlantic Treaty began on 4 April 1949 and had twelve members on that day."""
    atop = published("atop")

    treaty = atop["atop_alliance"].filter(pl.col("atopid") == NATO).row(0, named=True)
    assert (treaty["begyr"], treaty["begmo"], treaty["begday"], treaty["endyr"]) == (1949, 4, 4, 0)
    founders = atop["atop_member"].filter((pl.col("atopid") == NATO) & (pl.col("yrent") == 1949))
    assert founders["member"].n_unique() == 12


@pytest.mark.parametrize("form", PLAIN)
def test_the_csv_form_equals_the_parquet_form(
    published: Published, from_file: FromFile, tmp_path: Path, form: tuple[str, str]
) -> None:
    """The publisher's CSV, with nothing or a dot for missing, is the same table in the same types."""
    table, file = form
    frame = published("atop")[table]
    frame.write_csv(tmp_path / file, null_value="." if table == "atop_phase" else "", line_terminator="\r\n")

    assert_frame_equal(from_file("atop", table, file), frame)


def test_obligations_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's directed file names the states stateA and stateB and has columns that are left out."""
    frame = published("atop")["atop_ddy"]
    _obligations(frame).write_csv(tmp_path / "atop5_1ddyr.csv")

    assert_frame_equal(from_file("atop", "atop_ddy", "atop5_1ddyr.csv"), frame)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop("stateB"), r"columns missing \['stateB'\]"),
        (lambda f: f.with_columns(pl.lit(2).alias("defense")), r"column atop_defense.*row 1: 2 is none of \[0, 1\]"),
        (lambda f: f.with_columns(pl.lit("yes").alias("consul")), r"column atop_consul.*'yes' is no int64"),
        (lambda f: pl.concat([f, f.head(1)]), "2 rows repeat the key"),
        (
            lambda f: f.with_columns(pl.lit(2019).cast(pl.Int64).alias("year")).unique(["stateA", "stateB"]),
            "speaks of 2019",
        ),
    ],
)
def test_a_directed_file_that_cannot_be_is_refused(
    published: Published, tmp_path: Path, change: Callable[[pl.DataFrame], pl.DataFrame], message: str
) -> None:
    """A missing column, a strange value, a repeated row and a later year each stop the load."""
    change(_obligations(published("atop")["atop_ddy"].head(500))).write_csv(tmp_path / "atop5_1ddyr.csv")

    with pytest.raises(SourceError, match=message):
        load_source(describe_source("atop"), tmp_path)


# --- organisations -------------------------------------------------------------------------------------------------


def _counted(folder: Path, table: str) -> pl.DataFrame:
    readers = {"dyadic_format*3.csv": cow_igo._pairs, "state_year_format*3.csv": cow_igo._states}
    return SourceFiles(folder, describe_source("cow_igo")).declared(table, readers=readers)


def _codes(kinds: Sequence[int], *, width: int) -> list[int]:
    """Return the codes of a row of memberships with so many full, associate and observing ones, the rest mixed."""
    full, associate, observer = kinds
    held = [1] * full + [2] * associate + [3] * observer
    rest = [(0, -1, -9)[place % 3] for place in range(width - len(held))]
    return [*held, *rest]


def _wide(heading: Sequence[str], rows: Sequence[Sequence[object]], *, width: int) -> str:
    names = [*heading, *(f"igo{place}" for place in range(width))]
    return "\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]) + "\n"


def test_memberships_of_states_as_published(published: Published, tmp_path: Path) -> None:
    """The publisher's file has a column per organisation: 1 full, 2 associate, 3 observer, the rest is none."""
    frame = published("cow_igo")["cow_igo_sy"].sample(400, seed=4)
    rows = [
        [ccode, year, "XXX", *_codes((full, associate, observer), width=140)]
        for ccode, year, full, associate, observer, _ in frame.rows()
    ]
    (tmp_path / "state_year_formatv3.csv").write_text(_wide(("ccode", "year", "state"), rows, width=140))

    key = ["ccode", "year"]
    assert_frame_equal(_counted(tmp_path, "cow_igo_sy").sort(key), frame.sort(key))


def test_shared_memberships_as_published(published: Published, tmp_path: Path) -> None:
    """The publisher's dyadic file has both orders of a pair; each pair is kept once, full memberships are counted."""
    frame = published("cow_igo")["cow_igo_ndy"].sample(300, seed=5)
    rows = []
    for one, other, year, shared in frame.rows():
        codes = _codes((shared, 0, 0), width=120)
        rows += [[one, "A", other, '"B, C"', year, *codes], [other, '"B, C"', one, "A", year, *codes]]
    heading = ("ccode1", "country1", "ccode2", "country2", "year")
    (tmp_path / "dyadic_format_3.csv").write_text(_wide(heading, rows, width=120))

    key = ["ccode1", "ccode2", "year"]
    assert_frame_equal(_counted(tmp_path, "cow_igo_ndy").sort(key), frame.sort(key))


@given(kinds=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_counts_are_counts(tmp_path_factory: pytest.TempPathFactory, kinds: list[tuple[int, int, int]]) -> None:
    """Whatever a state belongs to, the three counts are of their kinds and the fourth is their sum."""
    folder = tmp_path_factory.mktemp("igo")
    rows = [[2, 1900 + place, "USA", *_codes(each, width=30)] for place, each in enumerate(kinds)]
    (folder / "state_year_format_3.csv").write_text(_wide(("ccode", "year", "state"), rows, width=30))

    counted = _counted(folder, "cow_igo_sy").sort("year")

    assert [row[2:] for row in counted.rows()] == [(*each, sum(each)) for each in kinds]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ccode,year,state,AAAID\n2,1990,USA,7\n", r"1 rows have a membership that is none of \[-9, -1, 0, 1, 2, 3\]"),
        ("ccode,year,state,AAAID\n2,1990,USA,\n", "1 rows have a membership that is none of"),
        ("ccode,year,state,AAAID\n2,1990,USA,one\n", "cannot be read"),
        ("ccode,year,state\n2,1990,USA\n", "0 organisations"),
        ("state,year,AAAID\nUSA,1990,1\n", r"columns missing \['ccode'\]"),
        ("ccode,year,state,AAAID\n2,2030,USA,1\n", "speaks of 2030"),
        ("ccode,year,state,AAAID\n2,1990,USA,1\n2,1990,USA,1\n", "repeat the key"),
        ("ccode,year,state,AAAID,BBB\n2,1990,USA,1\n3,1990,XXX,1,0,0,0\n", "cannot be read|none of"),
        ("", "columns missing"),
    ],
)
def test_a_wide_file_that_cannot_be_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """Unknown codes, other columns, later years and broken rows are refused."""
    (tmp_path / "state_year_format_3.csv").write_text(text)

    with pytest.raises(SourceError, match=message):
        load_source(describe_source("cow_igo"), tmp_path)


def test_organisations_of_well_known_pairs(published: Published) -> None:
    """France and Germany share more organisations than North and South Korea do."""
    shared = published("cow_igo")["cow_igo_ndy"].filter(pl.col("year") == 2014)

    def of(one: int, other: int) -> int:
        return int(shared.filter((pl.col("ccode1") == one) & (pl.col("ccode2") == other))["dyadigos"].item())

    assert of(220, 255) > 80 > of(731, 732)
