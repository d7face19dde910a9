"""What may be asked of a panel, what it says of its columns, carrying forward, parts, and what is refused."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from legation.errors import InputError, MissingEvidenceError
from legation.evidence import panel
from legation.evidence.panel.registry import find_verb


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: panel.dyads().add("nmcc"), "'nmcc' is nothing .*nmc"),
        (lambda: panel.dyads().add("add_gml_midz"), "gml_mids"),
        (lambda: panel.leaders().add("alliances"), "alliances is for panels by dyad, leader dyad, not by leader"),
        (lambda: panel.states().add("leader_attributes"), "not by state"),
        (lambda: panel.organisations().add("nmc"), "not by organisation"),
        (lambda: panel.states().reduce("relevant"), "reduces dyads"),
        (lambda: panel.dyads().reduce("tidy"), "'tidy' is no reduction"),
        (lambda: panel.verb("nmc", whittle="onset"), "nmc has no option 'whittle'"),
        (lambda: panel.verb("contiguity", changes=3), "takes a word"),
        (lambda: panel.verb("nmc:cow_nmc"), "nmc takes no table"),
        (lambda: panel.dyads().carry("polity"), "'polity' is nothing"),
        (lambda: panel.leaders(standard="un"), "no standard"),
    ],
)
def test_what_is_not_known_is_refused_with_suggestions(ask, says) -> None:
    """An unknown verb, option, reduction or word is refused before anything is read, with what is meant or allowed."""
    with pytest.raises(InputError, match=says):
        ask()


def test_verbs_are_found_by_the_peers_names() -> None:
    """The names that peace-science software uses lead to the same verbs."""
    for theirs, ours in {
        "add_archigos": "leaders",
        "cow_trade": "trade",
        "add_ucdp_acd": "armed_conflict",
        "sim_gdp_pop": "gdp_population",
        "add_nmc": "nmc",
    }.items():
        assert find_verb(theirs).name == ours
    assert all(verb.published for name, verb in panel.all_verbs().items() if name != "table")


def test_a_design_does_not_change(tables) -> None:
    """Each step gives a new design; the one before can be used again."""
    base = panel.dyads(first=1990, last=1991)
    wide = base.add("nmc")

    assert base.build(tables).frame.width == 3
    assert wide.build(tables).frame.width == 17
    with pytest.raises(dataclasses.FrozenInstanceError):
        base.first = 1  # type: ignore[misc]


def test_a_table_that_is_not_there_names_its_source(tables_with) -> None:
    """A world or folder without a table is told from where to get it."""
    with pytest.raises(MissingEvidenceError, match=r"no table cow_nmc: COW National Material.*correlatesofwar"):
        panel.states(first=1990, last=1991).add("nmc").build()
    with pytest.raises(MissingEvidenceError, match="Leader willingness"):
        panel.leaders(first=1990, last=1991).add("lwuf").build(_only("archigos", tables_with()))
    with pytest.raises(InputError, match="one place only"):
        panel.states().build(tables_with(), world=object())  # type: ignore[arg-type]


def _only(name: str, read):
    def one(asked: str):
        if asked != name:
            raise MissingEvidenceError(asked)
        return read(asked)

    return one


def test_every_column_says_what_it_rests_on(tables) -> None:
    """Source, version, years, licence and meaning stand for each column, in the order of the frame."""
    made = (
        panel.dyads(first=1990, last=1992)
        .add("nmc", "alliances", "wars", "peace_years", "capital_distance")
        .build(tables)
    )

    assert [column.name for column in made.columns] == made.frame.columns
    assert made.keys == ("ccode1", "ccode2", "year")
    capability = made.column("cinc2")
    assert (capability.table, capability.version, capability.resolution) == ("cow_nmc", "7.0", "year")
    assert "citation" in capability.licence
    assert made.column("atop_defense").absent == "zero"
    assert (made.column("atop_defense").first, made.column("atop_defense").last) == (1815, 2018)
    assert (made.column("milex1").first, made.column("milex1").last) == (1990, 1991)
    assert made.column("cowinter_peace_years").published == "cowinterspell"
    assert "cowinterspell" in made.published().columns
    assert all(column.meaning for column in made.columns)
    cited = made.cite()
    assert cited.get_column("table").to_list()[:2] == ["cow_system", "cow_nmc"]
    assert "cow_capitals" in cited.get_column("table").to_list()
    with pytest.raises(InputError, match="no column 'x'"):
        made.column("x")


def test_names_that_are_taken_get_the_verbs_name(tables) -> None:
    """Disputes and wars both have sides: the second verb's columns say whose they are; a verb twice is refused."""
    disputes = pl.DataFrame({"ccode1": [10], "ccode2": [20], "year": [1990], "sidea1": [1], "warnum": [9]})
    made = panel.dyads(first=1990, last=1990).with_table("t", disputes).add("table:t", "wars").build(tables)

    assert {"sidea1", "wars_sidea1", "warnum", "wars_warnum", "sidea2"} <= set(made.frame.columns)
    assert made.column("wars_sidea1").published == "sidea1"
    assert {"sidea1", "wars_sidea1"} <= set(made.published().columns)
    with pytest.raises(InputError, match="added twice"):
        panel.states(first=1990, last=1990).add("nmc", "nmc", "nmc").build(tables)


def test_nothing_is_carried_forward_unless_it_is_named(tables) -> None:
    """A named verb's last year stands in later ones, each with a column that says from when; others stay missing."""
    design = panel.states(first=1990, last=1993).add("nmc", "trade")
    plain, carried = design.build(tables), design.carry("nmc").build(tables)
    ten = carried.frame.filter(pl.col("ccode") == 10)

    assert plain.frame.filter(pl.col("ccode") == 10).get_column("tpop").to_list() == [1.0, 2.0, None, None]
    assert ten.get_column("tpop").to_list() == [1.0, 2.0, 2.0, 2.0]
    assert ten.get_column("tpop_carried_from").to_list() == [None, None, 1991, 1991]
    assert ten.get_column("imports").to_list() == [5.0, None, None, None]
    assert carried.column("tpop").carried_from == 1991
    assert plain.column("tpop").carried_from is None
    assert carried.frame.filter(pl.col("ccode") == 30).get_column("tpop_carried_from").null_count() == 4


def test_carrying_reaches_years_after_the_source(tables) -> None:
    """A panel that begins after a source's last year can still carry it, for dyads too; zeros are carried as zeros."""
    late = (
        panel.dyads(first=1995, last=1996, directed=False)
        .add("nmc", "alliances")
        .carry("nmc", "alliances")
        .build(tables)
    )
    pair = late.frame.filter((pl.col("ccode1") == 10) & (pl.col("ccode2") == 20))

    assert pair.get_column("tpop1").to_list() == [2.0, 2.0]
    assert pair.get_column("tpop2").to_list() == [None, None]
    assert pair.get_column("atop_defense").to_list() == [1, 1]
    assert pair.get_column("atop_defense_carried_from").to_list() == [1991, 1991]
    with pytest.raises(InputError, match="majors cannot be carried forward"):
        panel.states(first=1990, last=1991).add("majors").carry("majors").build(tables)


def test_parts_make_the_same_panel(tables) -> None:
    """Made in parts by first state, a panel has the same rows and columns, peace years among them."""
    design = panel.dyads(first=1990, last=2000, period="month").add("wars", "peace_years", "nmc", "contiguity")
    whole = design.build(tables)
    parts = list(design.batches(tables, memory=0.000_25))

    assert len(parts) > 2
    joined = pl.concat([part.frame for part in parts], how="vertical_relaxed")
    assert joined.cast(whole.frame.schema).equals(whole.frame)


def test_a_panel_that_does_not_fit_is_refused(tables) -> None:
    """Eight hundred million dyad-days are refused before they are made, and so are parts that do not fit."""
    with pytest.raises(InputError, match=r"would take about \d+ GB; 4 GB are allowed"):
        panel.dyads(period="day").build()
    with pytest.raises(InputError, match=r"would take .*GB; 4 GB are allowed.*Give more"):
        panel.leader_dyads(period="day", standard="none", first=1990, last=1999).build(tables)
    with pytest.raises(InputError, match="are allowed"):
        next(panel.members(period="day", first=1945, last=2024).batches(memory=0.5))
    with pytest.raises(InputError, match="rows of one state alone"):
        next(panel.dyads(first=1990, last=2000, period="day").batches(tables, memory=1e-6))


def test_codes_for_not_known_can_be_turned_into_missing_values() -> None:
    """A publisher's -9 stands as published, is named in the metadata, and can be blanked."""
    from legation.evidence.panel.types import PanelColumn

    made = panel.Panel(
        unit="state", period="year", system="cow", directed=False, first=1990, last=1991,
        frame=pl.DataFrame({"year": [1990, 1991], "fatality": [-9, 2]}),
        columns=(
            PanelColumn(name="year", verb="key"),
            PanelColumn(name="fatality", verb="cow_mids", missing_codes=(-9,)),
        ),
    )  # fmt: skip
    blanked = made.blank_codes()

    assert made.sums().filter(pl.col("column") == "fatality").row(0, named=True)["sum"] == -7
    assert blanked.frame.get_column("fatality").to_list() == [None, 2]
    assert blanked.column("fatality").missing_codes == ()
    assert made.frame.get_column("fatality").to_list() == [-9, 2]


def test_disputes_of_undirected_dyads_have_no_initiator(reference) -> None:
    """Initiation has a direction: undirected panels leave it out; states have their own summary."""
    directed = panel.dyads(first=2000, last=2001).add("gml_mids").build(sources=reference)
    undirected = panel.dyads(first=2000, last=2001, directed=False).add("gml_mids").build(sources=reference)
    states = panel.states(first=2000, last=2001).add("gml_mids", "cow_mids").build(sources=reference).frame

    assert "init1" in directed.frame.columns
    assert "init1" not in undirected.frame.columns
    assert directed.column("revstate1").missing_codes == (-9,)
    per_dyad = directed.frame.group_by(ccode="ccode1", year="year").agg(pl.col("gmlmidongoing").max().alias("any"))
    both = states.join(per_dyad, on=["ccode", "year"])
    assert both.filter(pl.col("gmlmidongoing") < pl.col("any")).is_empty()
    kept = panel.dyads(first=2000, last=2001).add(panel.verb("gml_mids", keep=("fatality",))).build(sources=reference)
    assert kept.frame.columns[3:] == ["gmlmidongoing", "gmlmidonset", "fatality"]
    with pytest.raises(InputError, match="no column 'x'"):
        panel.dyads(first=2000, last=2001).add(panel.verb("gml_mids", keep=("x",))).build(sources=reference)
