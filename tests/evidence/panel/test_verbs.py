"""Every verb on small tables of the publishers' documented shapes, by hand-worked answers."""

from __future__ import annotations

import math

import polars as pl
import pytest

from legation.errors import InputError, MissingEvidenceError
from legation.evidence import panel
from legation.evidence.panel.verbs.dyads import EARTH_RADIUS_KM


def row(frame: pl.DataFrame, **keys) -> dict[str, object]:
    """Return the one row with these keys."""
    found = frame.filter(*(pl.col(name) == value for name, value in keys.items()))
    assert len(found) == 1
    return found.row(0, named=True)


def dyad(tables, *verbs, directed=True, **span) -> pl.DataFrame:
    """Return a panel of dyads with verbs."""
    return panel.dyads(directed=directed, **{"first": 1990, "last": 1996, **span}).add(*verbs).build(tables).frame


def state(tables, *verbs, system="cow", **span) -> pl.DataFrame:
    """Return a panel of states with verbs."""
    return panel.states(system=system, **{"first": 1990, "last": 1996, **span}).add(*verbs).build(tables).frame


def test_capabilities_stand_on_both_sides(tables) -> None:
    """Each side has its own state's figures; a state without a row, or with an empty one, has none."""
    found = row(dyad(tables, "nmc"), ccode1=10, ccode2=20, year=1990)

    assert found["tpop1"] == 1.0
    assert found["tpop2"] is None


def test_alliances_are_directed_and_end_with_their_source(tables) -> None:
    """Obligations follow the direction; inside the source's years an unlisted dyad has none, later it is not known."""
    found = dyad(tables, "alliances")

    assert row(found, ccode1=10, ccode2=20, year=1991)["atop_defense"] == 1
    assert row(found, ccode1=20, ccode2=10, year=1991)["atop_defense"] == 0
    assert row(found, ccode1=20, ccode2=10, year=1991)["atop_alliance"] == 1
    assert row(found, ccode1=10, ccode2=30, year=1990)["atop_alliance"] == 0
    late = panel.dyads(first=2019, last=2019).add("alliances").build(tables)
    assert late.frame.get_column("atop_defense").null_count() == len(late)
    assert late.column("atop_defense").last == 2018


def test_contiguity_takes_the_first_type_of_a_year(tables) -> None:
    """Of two types in 1992 the first counts, or the last where it is asked for; later years are missing, not zero."""
    assert row(dyad(tables, "contiguity"), ccode1=10, ccode2=20, year=1992)["conttype"] == 1
    last = dyad(tables, panel.verb("contiguity", changes="last"))
    assert row(last, ccode1=10, ccode2=20, year=1992)["conttype"] == 2
    assert row(dyad(tables, "contiguity"), ccode1=20, ccode2=30, year=1990)["conttype"] == 0
    late = panel.dyads(first=2017, last=2017).add("contiguity").build(tables).frame
    assert late.get_column("conttype").null_count() == len(late)


def test_neighbours_of_a_state_are_counted(tables) -> None:
    """A state has its land neighbours and those across water, among the members of the year."""
    found = state(tables, "contiguity")

    assert row(found, ccode=10, year=1990)["land"] == 1
    assert row(found, ccode=10, year=1990)["sea"] == 1
    assert row(found, ccode=20, year=1990)["sea"] == 0


def test_capitals_that_move_in_a_year(tables) -> None:
    """The first capital of the year counts unless the last is asked for; by day the one of the day does."""
    quarter = math.pi / 2 * EARTH_RADIUS_KM
    first = dyad(tables, "capital_distance")
    last = dyad(tables, panel.verb("capital_distance", moves="last"))
    days = dyad(tables, "capital_distance", period="day", first=1991, last=1991)

    assert row(first, ccode1=10, ccode2=20, year=1991)["capdist"] == pytest.approx(quarter, rel=1e-12)
    assert row(last, ccode1=20, ccode2=10, year=1991)["capdist"] == pytest.approx(quarter * 8 / 9, rel=1e-12)
    pair = days.filter((pl.col("ccode1") == 10) & (pl.col("ccode2") == 20)).get_column("capdist").round(3)
    assert pair.n_unique() == 2
    assert pair.value_counts(sort=True).get_column("count").to_list() == [184, 181]
    assert row(first, ccode1=10, ccode2=30, year=1990)["capdist"] == pytest.approx(quarter, rel=1e-12)
    assert row(first, ccode1=10, ccode2=40, year=1993)["capdist"] is None
    assert row(state(tables, "capital_distance"), ccode=20, year=1992)["mincapdist"] == pytest.approx(quarter * 8 / 9)


def test_shared_organisations_and_trade_answer_both_ways(tables) -> None:
    """A table of undirected dyads answers both directions; flows change places; states have totals."""
    found = row(dyad(tables, "igos", "trade", "minimum_distance"), ccode1=20, ccode2=10, year=1990)

    assert found["dyadigos"] == 7
    assert (found["flow1"], found["flow2"]) == (6.0, 5.0)
    assert (found["smoothflow1"], found["smoothflow2"]) == (None, 5.5)
    assert found["mindist"] == 9.0
    totals = row(state(tables, "igos", "trade", "minimum_distance"), ccode=10, year=1990)
    assert (totals["sum_igo_anytype"], totals["imports"], totals["minmindist"]) == (4, 5.0, 4.0)


def test_majors_by_year_and_by_day(tables) -> None:
    """A major power on some day of the year counts for the year; by month only from the day on which it is one."""
    assert row(state(tables, "majors"), ccode=30, year=1991)["cowmaj"] == 1
    assert row(state(tables, "majors"), ccode=30, year=1990)["cowmaj"] == 0
    months = state(tables, "majors", period="month", first=1991, last=1992).filter(pl.col("ccode") == 30)
    assert months.get_column("cowmaj").to_list() == [0] * 4 + [1] * 10 + [0] * 10


def test_relevant_dyads_are_contiguous_or_have_a_major_power(tables) -> None:
    """Reduction keeps contiguous dyads and those with a major power, and says how many years it could not judge."""
    found = panel.dyads(first=1990, last=1996, directed=False).relevant().build(tables)

    assert found.frame.filter(pl.col("year") == 1991).select("ccode1", "ccode2").rows() == [
        (10, 20),
        (10, 30),
        (20, 30),
    ]
    assert found.frame.filter(pl.col("year") == 1996).select("ccode1", "ccode2").rows() == [(10, 20)]
    assert found.frame.get_column("prd").unique().to_list() == [1]
    late = panel.dyads(first=2017, last=2018).relevant().build(tables)
    assert len(late) == 0
    assert "not known for their year" in late.notes[-1]


def test_groups_of_several_parts_take_the_largest(tables, tables_with) -> None:
    """Where a source codes parts beside a whole, each column takes the largest value; or the rows are refused."""
    assert row(state(tables, "fractionalisation"), ccode=10, year=1990) == {
        "ccode": 10, "year": 1990, "ethfrac": 0.3, "ethpol": 0.2, "relfrac": 0.4, "relpol": 0.5,
    }  # fmt: skip
    with pytest.raises(InputError, match="answers twice"):
        state(tables, panel.verb("fractionalisation", several="refuse"))


def test_terrain_and_the_other_systems_codes(tables) -> None:
    """Ruggedness is read in the publisher's documented shape for both systems; codes come with microstates."""
    assert row(state(tables, "ruggedness"), ccode=20, year=1996)["rugged"] == 0.5
    found = row(state(tables, "ruggedness", "codes", system="gw"), gwcode=41, year=1994)
    assert (found["ccode"], found["microstate"], found["rugged"]) == (40, 1, None)
    assert row(state(tables, "codes"), ccode=10, year=1990)["gwcode"] == 11


def test_rivalries_of_both_lists(tables) -> None:
    """A rivalry holds in both directions in its years; the older list gives its types; states have counts."""
    found = dyad(tables, "rivalries")

    assert row(found, ccode1=20, ccode2=10, year=1991)["tssr_id"] == 7
    assert row(found, ccode1=20, ccode2=10, year=1991)["spatial"] == 0
    assert row(found, ccode1=20, ccode2=10, year=1990)["ongoingrivalry"] == 0
    older = dyad(tables, panel.verb("rivalries", source="thompson_dreyer_2012"))
    assert row(older, ccode1=10, ccode2=20, year=1991)["positional"] == 1
    assert row(older, ccode1=10, ccode2=20, year=1991)["rivalryname"] == "A-B"
    assert row(state(tables, "rivalries"), ccode=20, year=1991)["positional_rivalries"] == 1


def test_a_rivalry_goes_on_under_the_successors_number(tables, tables_with) -> None:
    """After 1918 a rivalry of Austria-Hungary is Austria's."""
    from datetime import date

    spells = pl.DataFrame(
        {"ccode": [300, 305, 345], "start": [date(1900, 1, 1), date(1919, 9, 10), date(1900, 1, 1)],
         "end": [date(1918, 11, 12), date(1930, 1, 1), date(1930, 1, 1)]}
    )  # fmt: skip
    found = dyad(tables_with(cow_system=spells), "rivalries", first=1917, last=1922, directed=False)

    assert found.filter(pl.col("ongoingrivalry") == 1).select("ccode1", "year").rows() == [
        (300, 1917), (300, 1918), (305, 1919), (305, 1920),
    ]  # fmt: skip


def test_armed_conflicts_of_a_state(tables) -> None:
    """Primary parties have the conflict: the government, and in a war between states both; types can be chosen."""
    found = state(tables, "armed_conflict")
    first = row(found, ccode=10, year=1990)

    assert (first["ucdpongoing"], first["ucdponset"], first["maxintensity"], first["conflict_ids"]) == (1, 1, 1, "1; 2")
    assert row(found, ccode=30, year=1991)["maxintensity"] == 2
    assert row(found, ccode=30, year=1990)["ucdpongoing"] == 0
    assert row(found, ccode=30, year=1990)["maxintensity"] is None
    wars = state(tables, panel.verb("armed_conflict", types=("intrastate",), intensity="war"))
    assert wars.filter(pl.col("ucdpongoing") == 1).select("ccode", "year").rows() == [(10, 1991)]
    with pytest.raises(InputError, match="'civil' is no type of conflict"):
        state(tables, panel.verb("armed_conflict", types=("civil",)))


def test_conflict_onsets_by_years_since_the_last(tables, tables_with) -> None:
    """New conflicts, and episodes after so many years of rest, are counted; UCDP's own table is read where it is."""
    found = state(tables, "conflict_onsets")

    assert row(found, ccode=10, year=1990)["sumnewconf"] == 2
    again = row(found, ccode=10, year=1995)
    assert [again[f"sumonset{gap}"] for gap in (1, 2, 3, 5, 10)] == [1, 1, 1, 0, 0]
    assert again["sumnewconf"] == 0
    own = pl.DataFrame(
        {"gwcode": [11], "year": [1990], "sumnewconf": [5], **{f"sumonset{gap}": [gap] for gap in (1, 2, 3, 5, 10)}}
    )
    assert row(state(tables_with(ucdp_onsets=own), "conflict_onsets"), ccode=10, year=1990)["sumnewconf"] == 5


def test_the_deadliest_war_of_an_onset_counts(tables) -> None:
    """Of two wars in a dyad-year the deadliest counts; deaths coded below 0 are missing; states have counts."""
    found = row(dyad(tables, "wars"), ccode1=10, ccode2=20, year=1991)

    assert (found["warnum"], found["batdeath1"], found["outcome1"]) == (2, 100.0, None)
    assert row(dyad(tables, "wars"), ccode1=10, ccode2=30, year=1991)["cowinterongoing"] == 0
    assert row(state(tables, "wars"), ccode=20, year=1991)["cowinterwars"] == 2
    late = panel.dyads(first=2008, last=2008).add("wars").build(tables).frame
    assert late.get_column("cowinteronset").null_count() == len(late)


def test_civil_wars_of_the_primary_state(tables) -> None:
    """An onset goes before a deadlier war that goes on; wars of others than the primary state do not count."""
    found = state(tables, "civil_wars")

    assert row(found, ccode=10, year=1990)["warnum"] == 501
    assert row(found, ccode=10, year=1990)["sideadeaths"] is None
    assert row(found, ccode=20, year=1990)["cowintraongoing"] == 0
    central = state(tables, panel.verb("civil_wars", type="central control"))
    assert row(central, ccode=10, year=1990)["warnum"] == 500


def test_leaders_of_a_state_year(tables) -> None:
    """A year with two leaders has a transition; an irregular exit is told apart from a leader who fell later."""
    found = state(tables, "leaders")
    change = row(found, ccode=10, year=1991)

    assert [change[name] for name in ("leadertransition", "irregular", "irregular_exit", "n_leaders")] == [1, 1, 1, 2]
    assert (change["jan1obsid"], change["dec31obsid"]) == ("A-1988", "A-1991")
    assert row(found, ccode=10, year=1990)["leadertransition"] == 0
    assert row(found, ccode=10, year=1990)["irregular_exit"] == 0
    assert row(found, ccode=30, year=1990)["n_leaders"] is None


def test_leader_panels_have_age_tenure_and_attributes(tables) -> None:
    """A leader's years count from the first in office; attributes and willingness come by Archigos observation."""
    made = panel.leaders(first=1990, last=1992).add("leader_attributes", "force_willingness", "nmc").build(tables)
    ben = row(made.frame, obsid="A-1991", year=1992)

    assert (ben["yrinoffice"], ben["leaderage"], ben["leader"]) == (2, 42, "Ben")
    assert (ben["milservice"], ben["theta2_mean"]) == (None, 2.0)
    assert row(made.frame, obsid="A-1988", year=1991)["tpop"] == 2.0
    assert made.keys == ("obsid", "gwcode", "year")
    assert made.column("theta1_sd").source.startswith("Leader willingness")


def test_leader_days_and_systems(tables) -> None:
    """By day a leader has each day in office; standardised, only days on which the state was a member."""
    days = panel.leaders(period="day", first=1991, last=1991).build(tables).frame
    cow = panel.leaders(standard="cow", first=1989, last=1999).build(tables).frame

    assert days.group_by("obsid").len().sort("obsid").rows() == [("A-1988", 125), ("A-1991", 241), ("B-1989", 365)]
    assert cow.filter(pl.col("obsid") == "B-1989").select("ccode", "year").rows() == [
        (20, year) for year in (1990, 1991, 1992, 1995, 1996, 1997, 1998, 1999)
    ]
    gw = panel.leaders(standard="gw", first=1989, last=1999).build(tables).frame
    assert gw.filter(pl.col("obsid") == "B-1989").get_column("gwcode").unique().to_list() == [21]


def test_leader_dyads_are_leaders_who_met(tables) -> None:
    """Two leaders of different states make a dyad-year where they shared a day in office."""
    made = (
        panel.leader_dyads(standard="none", first=1991, last=1991, directed=False)
        .add("leader_attributes")
        .build(tables)
    )

    assert made.frame.select("obsid1", "obsid2").rows() == [("A-1988", "B-1989"), ("A-1991", "B-1989")]
    assert made.frame.get_column("combat1").to_list() == [1.0, None]
    both = panel.leader_dyads(standard="none", first=1991, last=1991).build(tables)
    assert len(both) == 4
    with pytest.raises(MissingEvidenceError, match="no leader from 2005"):
        panel.leaders(first=2005, last=2006).build(tables)


def test_organisations_and_their_members() -> None:
    """Organisation-years count members; member-years have the member's number; a name that is none is refused."""
    counted = panel.organisations("NATO", first=1999, last=2024).build()
    listed = panel.members("NATO", system="cow", first=2022, last=2024).build()

    assert counted.frame.filter(pl.col("year").is_in([2000, 2024])).get_column("members").to_list() == [19, 32]
    assert listed.frame.filter(pl.col("year") == 2024).height == 32
    finland = listed.frame.filter(pl.col("member") == "FIN")
    assert finland.select("ccode", "year").rows() == [(375, 2023), (375, 2024)]
    rule_of_law = panel.members("NATO", first=2022, last=2023).add("table:governance").build().frame
    assert rule_of_law.filter(pl.col("year") == 2022).get_column("rule_of_law").null_count() == 0
    assert rule_of_law.filter(pl.col("year") == 2023).get_column("rule_of_law").count() == 0
    with pytest.raises(InputError, match="No organisation"):
        panel.organisations("NATOO").build()
    months = panel.organisations("NATO", period="month", first=2023, last=2023).build().frame
    assert months.get_column("members").to_list() == [30] * 3 + [31] * 9


def test_tables_of_actors_are_keyed_by_the_systems_numbers() -> None:
    """A table of the shipped world is added by name; a snapshot answers for its own year only."""
    made = panel.dyads(directed=False, first=2020, last=2022).add("table:un_agreement", "table:embassies").build()
    pair = made.frame.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 20)).sort("year")

    assert pair.get_column("agreement").null_count() == 0
    assert pair.get_column("embassies").to_list()[:2] == [None, None]
    assert pair.get_column("embassies").to_list()[2] >= 1
    assert made.column("agreement").licence == "CC0-1.0"
    with pytest.raises(MissingEvidenceError, match="snapshot of 2022"):
        panel.dyads(first=1990, last=1991).add("table:embassies").build()


def test_a_table_of_similarity_is_given_by_name(tables) -> None:
    """Similarity is brought as a table, not computed; a table without dyads is refused."""
    table = pl.DataFrame({"ccode1": [10], "ccode2": [20], "year": [1990], "kappa": [0.25]})
    made = panel.dyads(first=1990, last=1990).similarity(table).build(tables)

    assert row(made.frame, ccode1=20, ccode2=10)["kappa"] == 0.25
    assert "own table" in made.column("kappa").source
    with pytest.raises(InputError, match="holds no dyads"):
        panel.dyads(first=1990, last=1990).similarity(pl.DataFrame({"ccode": [10], "kappa": [1.0]})).build(tables)
    with pytest.raises(InputError, match="needs a table of similarity"):
        panel.dyads(first=1990, last=1990).add("similarity").build(tables)
