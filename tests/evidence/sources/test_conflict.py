"""Disputes, wars, rivalries and the peace scale, in every form in which they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.participants import earliest_day, latest_day
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.cow_mid import load as cow_mid
from legation.evidence.sources.cow_wars import load as cow_wars
from legation.evidence.sources.peace_scale import load as peace_scale

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]

PAIR_YEAR = ["dispnum", "ccode1", "ccode2", "year"]
SECOND_WORLD_WAR = 258
PLAIN = [
    ("arms_races", "arms_races", "grh_arms_races.csv"),
    ("cow_mid", "cow_mid_ddydisps", "cow_mid_ddydisps.csv"),
    ("cow_mid", "cow_mid_incidents", "MIDI 4.3.csv"),
    ("cow_mid", "cow_mid_participants", "MIDIP 4.3.csv"),
    ("cow_wars", "cow_directed_dyadic_war", "directed_dyadic_war.csv"),
    ("cow_wars", "cow_war_intra", "cow_war_intra.csv"),
    ("gml_mid", "gml_dirdisp", "gml-ddy-disputes-2.2.1.csv"),
    ("gml_mid", "gml_mid_ddydisps", "gml_mid_ddydisps.csv"),
    ("signed_networks", "signed_networks", "cow_signed_networks_1946_1999.csv"),
    ("strategic_rivalries_td", "td_rivalries", "td_rivalries.csv"),
    ("strategic_rivalries_tss", "tss_rivalries", "tss_rivalries.csv"),
    ("territorial_threat", "terrthreat", "terrthreat.csv"),
]


@pytest.mark.parametrize("form", PLAIN)
def test_the_csv_form_equals_the_parquet_form(
    published: Published, from_file: FromFile, tmp_path: Path, form: tuple[str, str, str]
) -> None:
    """A table in its CSV form, with the publisher's codes for unknown, is the same table."""
    name, table, file = form
    frame = published(name)[table]
    frame.write_csv(tmp_path / file, line_terminator="\r\n")

    assert_frame_equal(from_file(name, table, file), frame)


def test_published_counts_of_disputes(published: Published) -> None:
    """MID 5.0 holds 2,436 disputes and GML 2.2.1 2,174; each is in the directed dyad-years of its version."""
    cow, gml = published("cow_mid"), published("gml_mid")

    assert cow["cow_mid_disps"].height == cow["cow_mid_dirdisps"]["dispnum"].n_unique() == 2436
    assert gml["gml_mid_disps"].height == gml["gml_dirdisp"]["dispnum"].n_unique() == 2174
    assert (cow["cow_mid_dirdisps"].height, gml["gml_dirdisp"].height) == (11_390, 10_276)


@pytest.mark.parametrize(("name", "table"), [("cow_mid", "cow_mid_dirdisps"), ("gml_mid", "gml_dirdisp")])
def test_directed_disputes_mirror_each_other(published: Published, name: str, table: str) -> None:
    """Every directed dispute-year has its mirror, with the codes of the two exchanged."""
    frame = published(name)[table]
    turned = {
        f"{stem}{a}": f"{stem}{b}" for stem in ("ccode", "sidea", "fatality", "hiact", "orig") for a, b in ("12", "21")
    }
    mirror = frame.rename(turned)

    columns = [*PAIR_YEAR, "sidea1", "sidea2", "fatality1", "fatality2", "hiact1", "hiact2", "orig1", "orig2"]
    assert_frame_equal(frame.select(columns).sort(PAIR_YEAR), mirror.select(columns).sort(PAIR_YEAR))


def test_disputes_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """MIDA has twenty columns; those kept are the table of disputes, whatever the order of columns."""
    frame = published("cow_mid")["cow_mid_disps"]
    others = ["stday", "endday", "endmon", "endyear", "fatalpre", "numa", "numb", "ongo2014", "version"]
    order = ["dispnum", "stday", "stmon", "styear", "endday", "endmon", "endyear", "outcome", "settle", "fatality"]
    order += ["fatalpre", "maxdur", "mindur", "hiact", "hostlev", "recip", "numa", "numb", "ongo2014", "version"]
    whole = frame.with_columns(pl.lit(-9).alias(name) for name in others).select(order)
    whole.write_csv(tmp_path / "MIDA 5.0.csv", line_terminator="\r\n")

    assert_frame_equal(from_file("cow_mid", "cow_mid_disps", "MIDA 5.0.csv"), frame)


def test_corrected_disputes_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The authors' table of disputes is read like MIDA."""
    frame = published("gml_mid")["gml_mid_disps"]
    whole = frame.with_columns(pl.lit(2).alias("numa"), pl.lit("gml-2.2.1").alias("version"))
    whole.write_csv(tmp_path / "gml-mida-2.2.1.csv")

    assert_frame_equal(from_file("gml_mid", "gml_mid_disps", "gml-mida-2.2.1.csv"), frame)


def test_corrected_participants_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The authors' table of participants names no leaders: those columns are then missing."""
    frame = published("gml_mid")["gml_part"]
    kept = ["dispnum", "ccode", "styear", "stmon", "stday", "endyear", "endmon", "endday", "sidea", "hiact", "orig"]
    frame.select(kept).with_columns(pl.lit("XXX").alias("stabb"), pl.lit(0).alias("fatality")).write_csv(
        tmp_path / "gml-midb-2.2.1.csv"
    )

    read = from_file("gml_mid", "gml_part", "gml-midb-2.2.1.csv")

    assert_frame_equal(read.select(kept), frame.select(kept))
    assert read["obsid_start"].null_count() == read.height


def _midb(parts: pl.DataFrame) -> pl.DataFrame:
    """Return participants in the layout of MIDB 5.0."""
    return parts.select(
        "dispnum", pl.lit("XXX").alias("stabb"), "ccode", "stday", "stmon", "styear", "endday", "endmon", "endyear",
        "sidea", *(pl.lit(-9).alias(name) for name in ("revstate", "revtype1", "revtype2")),
        pl.lit(0).alias("fatality"),
        pl.lit(0).alias("fatalpre"), "hiact", pl.lit(4).alias("hostlev"), "orig", pl.lit(5).alias("version"),
    )  # fmt: skip


def _dyad_years(folder: Path) -> pl.DataFrame:
    return SourceFiles(folder, describe_source("cow_mid")).declared(
        "cow_mid_dirdisps", readers={"MIDB 5.0.csv": cow_mid._dyad_years}
    )


def test_dyad_years_are_made_of_participants(published: Published, tmp_path: Path) -> None:
    """From participants in the layout of MIDB come the very dyad-years that the authors of GML publish."""
    gml = published("gml_mid")
    _midb(gml["gml_part"]).write_csv(tmp_path / "MIDB 5.0.csv", line_terminator="\r\n")

    made = _dyad_years(tmp_path).filter(pl.col("dispnum") != SECOND_WORLD_WAR)

    expected = gml["gml_dirdisp"].filter(pl.col("dispnum") != SECOND_WORLD_WAR)
    both = ["sidea1", "sidea2", "hiact1", "hiact2", "orig1", "orig2"]
    assert_frame_equal(made.select(PAIR_YEAR).sort(PAIR_YEAR), expected.select(PAIR_YEAR).sort(PAIR_YEAR))
    joined = made.join(expected, on=PAIR_YEAR)
    strange = [name for name in both if not (joined[name] == joined[f"{name}_right"]).all()]
    assert strange == []
    # One pair of dispute 4273 left and came back: its authors call the return the onset.
    assert joined.filter(pl.col("disponset") != pl.col("midonset"))["dispnum"].unique().to_list() == [4273]


def test_opponents_of_the_second_world_war_must_have_met(published: Published, tmp_path: Path) -> None:
    """In the Second World War a year in common is not enough: the United States never fought France of 1940."""
    _midb(published("gml_mid")["gml_part"]).write_csv(tmp_path / "MIDB 5.0.csv")

    made = _dyad_years(tmp_path).filter(pl.col("dispnum") == SECOND_WORLD_WAR)

    assert made.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 220) & (pl.col("year") == 1941)).is_empty()
    assert made.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 740))["year"].to_list() == [
        1941,
        1942,
        1943,
        1944,
        1945,
    ]
    assert (made["ccode1"] != made["ccode2"]).all()


def test_half_the_participants_break_an_assertion(published: Published, tmp_path: Path) -> None:
    """A list of participants that is cut short gives too few dyad-years."""
    _midb(published("gml_mid")["gml_part"].head(2000)).write_csv(tmp_path / "MIDB 5.0.csv")

    with pytest.raises(SourceError, match=r"breaks its assertion 'rows'"):
        load_source(describe_source("cow_mid"), tmp_path)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("endyear", 1700, "before it joins"),
        ("ccode", None, "participation 1 has no ccode, which is never missing"),
        ("hiact", 99, r"column hiact.*99 lies outside"),
        ("sidea", 7, r"column sidea.*7 is none of"),
        ("styear", "MCMXIV", "column styear, row 1: 'MCMXIV' is no whole number"),
    ],
)
def test_a_participant_that_cannot_be_is_refused(
    published: Published, tmp_path: Path, column: str, value: object, message: str
) -> None:
    """A participant with an impossible code or date stops the load and is named."""
    parts = _midb(published("gml_mid")["gml_part"].head(20)).cast(pl.String)
    first = pl.int_range(pl.len()) == 0
    wrong = pl.lit(None if value is None else str(value), dtype=pl.String)
    parts.with_columns(pl.when(first).then(wrong).otherwise(pl.col(column)).alias(column)).write_csv(
        tmp_path / "MIDB 5.0.csv"
    )

    with pytest.raises(SourceError, match=message):
        _dyad_years(tmp_path)


@given(
    year=st.integers(1816, 2014),
    month=st.sampled_from([-9, *range(1, 13)]),
    day=st.sampled_from([-9, *range(1, 32)]),
)
def test_a_date_with_unknown_parts_has_two_ends(year: int, month: int, day: int) -> None:
    """What a date can mean at the earliest is never after what it can mean at the latest, and a known day is both."""
    frame = pl.DataFrame({"y": [year], "m": [month], "d": [day]}, schema=dict.fromkeys("ymd", pl.Int64))
    first, last = frame.select(earliest_day("y", "m", "d").alias("a"), latest_day("y", "m", "d").alias("b")).row(0)

    assert first <= last
    assert first.year == last.year == year
    if month > 0:
        assert first.month == last.month == month
    if month > 0 and 0 < day <= 28:
        assert first == last == date(year, month, day)


def _inter(frame: pl.DataFrame) -> pl.DataFrame:
    """Return participants in the layout of the publisher's inter-state file, rebuilt from the pairs at war."""
    spans = frame.group_by("warnum", "ccode1", "sidea1", "resume").agg(
        pl.col("year").min().alias("from"),
        pl.col("year").max().alias("to"),
        pl.col("initiator1", "outcome1", "batdeath1").first(),
    )
    first = spans.filter(pl.col("resume") == 0)
    second = spans.filter(pl.col("resume") == 1).select("warnum", "ccode1", "sidea1", "from", "to")
    rows = first.join(second, on=["warnum", "ccode1", "sidea1"], how="left", suffix="2")
    unknown, none = pl.lit(-9), pl.lit(-8)
    return rows.sort("warnum", "sidea1", "ccode1").select(
        pl.col("warnum").alias("WarNum"), pl.lit("Some War, The").alias("WarName"), pl.lit(1).alias("WarType"),
        pl.col("ccode1").alias("ccode"), pl.lit("State").alias("StateName"), pl.col("sidea1").alias("Side"),
        unknown.alias("StartMonth1"), unknown.alias("StartDay1"), pl.col("from").alias("StartYear1"),
        unknown.alias("EndMonth1"), unknown.alias("EndDay1"), pl.col("to").alias("EndYear1"),
        none.alias("StartMonth2"), none.alias("StartDay2"), pl.col("from2").fill_null(-8).alias("StartYear2"),
        none.alias("EndMonth2"), none.alias("EndDay2"), pl.col("to2").fill_null(-8).alias("EndYear2"),
        none.alias("TransFrom"), pl.lit(2).alias("WhereFought"), (2 - pl.col("initiator1")).alias("Initiator"),
        pl.col("outcome1").alias("Outcome"), none.alias("TransTo"),
        pl.col("batdeath1").cast(pl.Int64).alias("BatDeath"), pl.lit(4).alias("Version"),
    )  # fmt: skip


def _pairs_at_war(folder: Path) -> pl.DataFrame:
    return SourceFiles(folder, describe_source("cow_wars")).declared(
        "cow_war_inter", readers={"Inter-StateWarData_v4.0.csv": cow_wars._pairs_at_war}
    )


def test_wars_between_states_as_published(published: Published, tmp_path: Path) -> None:
    """From participants, lines ended as old Macs did, come the pairs at war with all their columns."""
    frame = published("cow_wars")["cow_war_inter"]
    # In the Second World War the days decide, which years alone cannot give back.
    frame = frame.filter(pl.col("warnum") != 139)
    text = _inter(frame).write_csv().replace("\n", "\r")
    (tmp_path / "Inter-StateWarData_v4.0.csv").write_bytes(text.encode("cp1252"))

    key = ["warnum", "ccode1", "ccode2", "year", "resume"]
    assert_frame_equal(_pairs_at_war(tmp_path).sort(key), frame.sort(key), check_row_order=True)


def test_a_war_that_was_resumed_in_its_year_stands_twice(published: Published, tmp_path: Path) -> None:
    """Cyprus 1974 was fought in two phases of one year: the second carries no outcome."""
    frame = published("cow_wars")["cow_war_inter"].filter(pl.col("warnum") == 184)
    (tmp_path / "Inter-StateWarData_v4.0.csv").write_text(_inter(frame).write_csv())

    rows = _pairs_at_war(tmp_path).filter(pl.col("ccode1") == 640)

    assert rows.select("year", "resume", "outcome1", "batdeath1").rows() == [
        (1974, 0, 1, 1000.0),
        (1974, 1, None, 1000.0),
    ]


def test_wars_are_between_states_of_opposite_sides(published: Published) -> None:
    """No pair at war is on one side, 95 wars are counted, and the publisher's two misprints are still there."""
    wars = published("cow_wars")

    assert (wars["cow_war_inter"]["sidea1"] != wars["cow_war_inter"]["sidea2"]).all()
    assert wars["cow_war_inter"]["warnum"].n_unique() == 95
    assert wars["cow_directed_dyadic_war"].filter(pl.col("warendyr") > 2003)["warendyr"].unique().to_list() == [19118]


def test_rivalries(published: Published) -> None:
    """India and Pakistan are rivals to the end of both lists; rivalries begin before they end."""
    tss = published("strategic_rivalries_tss")["tss_rivalries"]
    td = published("strategic_rivalries_td")["td_rivalries"]

    pair = pl.col("ccode1").is_in([750, 770]) & pl.col("ccode2").is_in([750, 770])
    assert tss.filter(pair).select("start", "end").rows() == [(1947, 2020)]
    assert td.filter(pair).select("styear", "endyear").rows() == [(1947, 2010)]
    assert (tss["start"] <= tss["end"]).all()
    assert (td["styear"] <= td["endyear"]).all()


def test_threat_lies_within_its_interval(published: Published) -> None:
    """The estimate lies between its limits in every row."""
    threat = published("territorial_threat")["terrthreat"]

    assert threat.filter(~pl.col("lterrthreat").is_between("lwr", "upr")).is_empty()
    assert threat.drop_nulls().filter(~pl.col("m_lterrthreat").is_between("m_lwr", "m_upr")).is_empty()


def test_signed_networks(published: Published) -> None:
    """Edges of 51 windows of four years are alliances or disputes, and no pair has two signs in a window."""
    edges = published("signed_networks")["signed_networks"]

    assert edges["window"].n_unique() == 51
    unordered = edges.select(
        "window", pl.min_horizontal("from", "to").alias("a"), pl.max_horizontal("from", "to").alias("b")
    )
    assert unordered.is_duplicated().sum() == 0
    assert edges["sign"].unique().sort().to_list() == [-1, 1]


# --- the peace scale -----------------------------------------------------------------------------------------------


def _peace(folder: Path) -> pl.DataFrame:
    return SourceFiles(folder, describe_source("peace_scale")).declared(
        "peace_scale", readers={peace_scale._SPELLS: peace_scale._year_ends}
    )


def _spells_as_published(frame: pl.DataFrame) -> str:
    """Return levels per year as the publisher's wide file of spells: dyad, then first day - last day and level."""
    rows = []
    for (one, other), part in (
        frame.sort("year").partition_by("ccode1", "ccode2", as_dict=True, maintain_order=True).items()
    ):
        cells = [str(one * 1000 + other)]
        years, levels = part["year"].to_list(), part["peace_level"].to_list()
        start = 0
        for place in range(1, len(years) + 1):
            if place == len(years) or years[place] != years[place - 1] + 1 or levels[place] != levels[start]:
                last = "99" if years[place - 1] == 2020 else "12"
                cells += [f"{years[start]}9999"[:4] + ("9999" if years[start] == 1900 else "0101")]
                cells[-1] += f"-{years[place - 1]}{last}{'99' if last == '99' else '31'}"
                cells += [f"{levels[start]:g}"]
                start = place
        rows.append(cells)
    width = max(len(cells) for cells in rows)
    return "".join(",".join(cells + [""] * (width - len(cells))) + "\n" for cells in rows)


def test_the_peace_scale_as_published(published: Published, tmp_path: Path) -> None:
    """The publisher's spells, one row per dyad, give the level of every 31 December."""
    frame = published("peace_scale")["peace_scale"]
    (tmp_path / "peacedata3.1.csv").write_text(_spells_as_published(frame))

    key = ["ccode1", "ccode2", "year"]
    assert_frame_equal(_peace(tmp_path).sort(key), frame.sort(key))


def test_rows_of_different_length_and_shared_days(tmp_path: Path) -> None:
    """Rows end where their spells end, numbers may have zeros in front, and a shared day belongs to the next spell."""
    text = "002020,19200110-19331231,.75,19331231-19351231,1.0\n2031,19730710-19730909,0.5\n2041,19009999-19009999,0\n"
    (tmp_path / "Peacedatav3.1.csv").write_text(text, encoding="utf-8-sig")

    levels = _peace(tmp_path).filter(pl.col("year") > 1931).select("ccode1", "ccode2", "year", "peace_level").rows()

    assert levels == [(2, 20, 1932, 0.75), (2, 20, 1933, 1.0), (2, 20, 1934, 1.0), (2, 20, 1935, 1.0)]
    assert _peace(tmp_path).filter(pl.col("ccode2") == 41).rows() == [(2, 41, 1900, 0.0, "severe_rivalry")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2020,19200110-19871002,0.75,19871003-20209999,1,,", [(1986, 0.75), (1987, 1.0), (2020, 1.0)]),
        ("2093,19009999-19050615,0.25,19050616-19061230,0.5,,", [(1900, 0.25), (1904, 0.25), (1905, 0.5)]),
        ("2365,19090101-19091230,0,19100101-19111231,-9,,", [(1909, None), (1910, -9.0), (1911, -9.0)]),
    ],
)
def test_the_level_of_a_year_is_that_of_its_last_day(
    tmp_path: Path, line: str, expected: list[tuple[int, float]]
) -> None:
    """A spell that ends before 31 December does not give its year; the next one does, if it goes on."""
    (tmp_path / "Peacedatav3.1.csv").write_text(line + "\n")

    levels = dict(_peace(tmp_path).select("year", "peace_level").rows())

    assert {year: levels.get(year) for year, _ in expected} == dict(expected)


spells = st.lists(
    st.tuples(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.sampled_from([0, 0.25, 0.5, 0.75, 1, -9])),
    min_size=2,
    max_size=8,
    unique_by=lambda each: each[0],
)


@given(cuts=spells)
def test_spells_cover_each_last_day_once(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[date, float]]
) -> None:
    """Whatever the days on which levels change, each 31 December has the level of the spell it lies in."""
    ordered = sorted(cuts)
    bounds = [(a, b, level) for (a, level), (b, _) in pairwise(ordered)]
    cells = [f"{a:%Y%m%d}-{date.fromordinal(b.toordinal() - 1):%Y%m%d},{level:g}" for a, b, level in bounds]
    folder = tmp_path_factory.mktemp("peace")
    (folder / "peacedata3.1.csv").write_text(f"2020,{','.join(cells)}\n")

    found = dict(_peace(folder).select("year", "peace_level").rows())

    expected = {
        year: float(level) for year in range(1900, 2021) for a, b, level in bounds if a <= date(year, 12, 31) < b
    }
    assert found == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2020,19200110-19871002,0.6\n", "line 1: dyad 2020 has the spell '19200110-19871002' at level '0.6'"),
        ("2020,19871002-19200110,0.5\n", "has the spell '19871002-19200110'"),
        ("2020,1920-1987,0.5\n", "has the spell '1920-1987'"),
        ("2020,19200110-19871002,\n", "is no dyad with spells and levels in pairs"),
        ("2020,19200110-19871002,0.5\ntwo,19200110-19871002,0.5\n", "line 2: 'two,"),
        ("2020,19200110-20219999,0.5\n", r"speaks of 2021; .*newer version"),
        ("2020,19200110-19871002,0.5,19850101-19991231,1\n", "rows repeat the key"),
        ("dyad,year,level,x\n2020,1990,0.5,1\n", "line 1: 'dyad,year,level,x' is no dyad"),
        ("2020,1990,0.5\n", "has the spell '1990'"),
        ('2020,"19200110-19871002,0.5\n', "cannot be read as a list of spells"),
        ("", "it is empty"),
    ],
)
def test_a_file_that_is_no_list_of_spells_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """The publisher's other tables, cut rows and wrong levels are refused with the dyad and the text."""
    (tmp_path / "peacedata3.1.csv").write_text(text)

    with pytest.raises(SourceError, match=message):
        _peace(tmp_path)
