"""The small parts of the desk: public names, labels, sanctions, instruments, months, money, loops, messages."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import date
from decimal import Decimal
from importlib import import_module

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import legation.desk
from legation.desk import (
    KINDS,
    Converter,
    Cost,
    ExchangeRate,
    Fault,
    Goal,
    Instrument,
    Label,
    PriceIndex,
    Sanction,
    check_desk,
    first_day,
    forbidden_branches,
    highest_label,
    instrument_tree,
    is_below,
    is_humanitarian,
    label_notice,
    last_day,
    month_number,
    month_text,
    months_overlapping,
)
from legation.desk.instruments import BUILT_IN, branch
from legation.desk.problems import problem_field, readable_problem
from legation.desk.rules.cycles import loop_text, loops
from legation.desk.rules.fields import holding
from legation.desk.rules.references import MODE_FIELDS, REFERENCES
from legation.errors import InputError, MissingRateError, UnknownRecordError

MODULES = ("base", "diff", "labels", "months", "money", "problems", "rules", "rules.cycles")


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_hold(module):
    """The examples in the docstrings give what they say."""
    result = doctest.testmod(import_module(f"legation.desk.{module}"))

    assert result.failed == 0


PUBLIC = """
EFFECT_ANCHORS EFFECT_MAX EFFECT_MIN KINDS NOT_ENFORCED NO_LABEL RULES SANCTION_FORBIDS Absence Absorption
Activity Agreement Allotment Authority Ban Budget Change Commitment Converter Cost Desk DeskInfo Duty Effect
Embassy ExchangeRate Exclusion Fault FieldChange Gate Goal Holder Indicator Instrument Judgement Label Lead Link
Mission Mode Objective Person Pin PlaceRisk Plan PlanEntry Position Prerequisite PriceIndex Record Report
RiskCap Rule SafetyLimit Sanction Settings SpillCap StaffNeed Synergy TravelTime Willingness Window check_desk
clearance_order diff_desks diff_records first_day forbidden_branches highest_label instrument_tree is_below
is_humanitarian label_notice language_order last_day month_number month_of month_text months_overlapping
rank_order
"""


def test_public_names_are_there():
    """The public names are pinned and can be had, each record kind among them, and an unknown one is refused."""
    assert sorted(legation.desk.__all__) == sorted(PUBLIC.split())
    assert all(hasattr(legation.desk, name) for name in legation.desk.__all__)
    assert {struct.__name__ for struct in KINDS.values()} <= set(legation.desk.__all__)
    assert set(legation.desk.__all__) <= set(dir(legation.desk))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = legation.desk.nothing_of_the_kind


def test_importing_the_package_loads_no_rules():
    """The package is light until a name is used."""
    code = "import sys, legation.desk; print([m for m in sys.modules if m.startswith('legation.desk.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_every_reference_field_is_followed():
    """Each field that holds an id is a key, a mode, a role or item, or is in the table of references."""
    modes = {(kind, "mode") for kind in (*MODE_FIELDS, "missions")}
    names = {("costs", "item"), ("staff_needs", "role")}
    found = {(kind, field) for kind, field, _ in holding("id") if field != "id"}

    assert found == names | modes | set(REFERENCES)


def test_values_of_a_near_type_are_taken(small_desk, changed):
    """A whole number where money is expected, or a list for a tuple, is read as what it is."""
    near = Cost(mission="visit-riga", mode="std", budget="coop", amount=5, currency="EUR", price_year=2027, item="x")

    assert check_desk(changed(small_desk, near, ("missions", "talks-nordic", {"partners": ["FIN", "SWE"]}))) == ()


def test_the_highest_label_is_found(small_desk):
    """A desk carries the highest of the labels that its records name, not of those it merely defines."""
    unused = Label(id="ts", policy="NATO", classification="top_secret")
    desk = msgspec.structs.replace(small_desk, labels=(*small_desk.labels, unused))

    assert highest_label(desk) == "NATO RESTRICTED"
    assert label_notice(desk) == "NATO RESTRICTED (label not enforced)"


def test_labels_of_several_policies_are_all_named():
    """Policies cannot be compared, so those that reach the same classification stand side by side."""
    labels = [
        Label(id="a", policy="NATO", classification="secret"),
        Label(id="b", policy="EU", classification="secret"),
        Label(id="c", policy="UN", classification="restricted"),
    ]
    goals = [Goal(id=name, title="G", label=name) for name in ("a", "b", "c")]

    assert highest_label(goals, labels=labels) == "EU SECRET / NATO SECRET"
    assert highest_label([Goal(id="x", title="G")]) == "no label"


def test_an_unknown_label_is_refused():
    """A label that is not there may be the highest, so none is given."""
    with pytest.raises(UnknownRecordError, match="'ns'"):
        highest_label([Goal(id="x", title="G", label="ns")])


def test_sanctions_forbid_by_kind_or_by_their_own_list():
    """An arms embargo forbids transfers, training and exercises, and a list of its own goes before."""
    embargo = Sanction(id="x", target="RUS", imposed_by="EU", kind="arms", reference="r", start=date(2014, 7, 31))

    assert is_below("joint-exercise", forbidden_branches(embargo), tree=BUILT_IN)
    assert not is_below("visit", forbidden_branches(embargo), tree=BUILT_IN)
    assert forbidden_branches(msgspec.structs.replace(embargo, forbids=("visit",))) == ("visit",)
    assert forbidden_branches(msgspec.structs.replace(embargo, kind="travel")) == ()


def test_a_branch_is_humanitarian_when_a_part_above_is():
    """Relief is humanitarian by its own mark or one above, other instruments are not."""
    assert is_humanitarian("demining", tree=BUILT_IN)
    assert not is_humanitarian("training", tree=BUILT_IN)


def test_a_deep_instrument_tree_is_walked_quickly():
    """A chain of fifty thousand instruments is walked once, and a loop ends the walk."""
    chain = [Instrument(id=f"i{n}", title="I", parent=f"i{n + 1}") for n in range(50_000)]
    tree = instrument_tree([*chain, Instrument(id="i50000", title="I", parent="medical-aid")])

    assert len(branch("i0", tree=tree)) == 50_003
    assert is_humanitarian("i0", tree=tree)
    assert branch("a", tree={"a": Instrument(id="a", title="A", parent="a")}) == ("a",)


@given(st.integers(-1_200, 1_200), st.integers(1, 12), st.integers(1900, 2100))
def test_months_count_both_ways(number, month, year):
    """Counting from a month and back gives the month one started from."""
    start = f"{year:04d}-{month:02d}"
    text = month_text(number, start=start)

    assert month_number(text, start=start) == number
    assert first_day(text) <= last_day(text) < first_day(month_text(1, start=text))


def test_months_that_overlap_a_stretch():
    """A stretch is cut to the plan, an open end reaches to its end, and one outside touches no month."""
    plan = {"start": "2027-01", "months": 6}

    assert list(months_overlapping(date(2026, 5, 1), date(2027, 2, 1), **plan)) == [0, 1]
    assert list(months_overlapping(date(2027, 5, 31), None, **plan)) == [4, 5]
    assert list(months_overlapping(date(2028, 1, 1), None, **plan)) == []


@pytest.mark.parametrize("text", ["", "x", "2027", "soon-ish"])
def test_what_is_no_month_is_refused(text):
    """A text that is no month is named, with how to write one."""
    with pytest.raises(InputError, match="YYYY-MM"):
        month_number(text, start="2027-01")


RATES = (
    ExchangeRate(base="USD", quote="EUR", date=date(2026, 1, 1), rate=Decimal("0.80")),
    ExchangeRate(base="USD", quote="EUR", date=date(2026, 12, 1), rate=Decimal("0.90")),
    ExchangeRate(base="USD", quote="EUR", date=date(2027, 2, 1), rate=Decimal("0.50")),
    ExchangeRate(base="EUR", quote="SEK", date=date(2026, 12, 1), rate=Decimal(10)),
)
INDICES = tuple(
    PriceIndex(currency="USD", year=year, index=Decimal(index)) for year, index in ((2025, 100), (2027, 110))
)
CONVERTER = Converter(currency="EUR", price_year=2027, on=date(2027, 1, 1), rates=RATES, indices=INDICES)


def test_money_moves_in_its_own_prices_first():
    """100 dollars of 2025 are 110 of 2027, and at the newest rate before the day 99 euros."""
    assert CONVERTER.convert(Decimal(100), currency="USD", price_year=2025) == Decimal(99)


def test_money_uses_the_inverse_rate():
    """Without a direct rate the inverse one is used."""
    assert CONVERTER.convert(Decimal(100), currency="SEK", price_year=2027) == Decimal(10)


@pytest.mark.parametrize(
    ("currency", "year", "missing"), [("GBP", 2027, "exchange rate"), ("USD", 2024, "price index")]
)
def test_a_missing_rate_is_an_error(currency, year, missing):
    """A missing rate or index is refused with what to add, never guessed."""
    with pytest.raises(MissingRateError, match=missing):
        CONVERTER.convert(Decimal(1), currency=currency, price_year=year)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from("abcdefgh"), max_size=3)))
def test_loops_are_found_where_there_are_some(edges):
    """Each loop found follows the edges, and none is found exactly where every node can be peeled off."""
    found = loops(edges)
    ahead = {node: targets - {node} for node, targets in edges.items()}
    for loop in found:
        assert len(loop) > 1
        assert all(after in ahead[before] for before, after in zip(loop, (*loop[1:], loop[0]), strict=True))
    while ends := [node for node, targets in ahead.items() if not targets & ahead.keys()]:
        for node in ends:
            del ahead[node]

    assert bool(found) == bool(ahead)


def test_a_long_loop_is_cut_in_words():
    """A long loop is shown by its first names and its length."""
    assert loop_text(("a", "b")) == "a -> b -> a"
    assert loop_text(tuple("abcdefgh")) == "a -> b -> c -> d -> e -> ... (8 in all) -> a"


@pytest.mark.parametrize(
    ("kind", "values", "field", "words"),
    [
        (Goal, {"id": "A", "title": "x"}, "id", "Small letters"),
        (Goal, {"id": "a", "title": ""}, "title", "length >= 1"),
        (Goal, {"id": "a", "title": "x", "colour": 1}, None, "colour"),
        (Goal, {"id": "a"}, None, "title"),
        (
            Label,
            {"id": "a", "policy": "p", "classification": "x", "caveats": []},
            "classification",
            "Invalid enum value",
        ),
        (Label, {"id": "a", "policy": "p", "classification": "secret", "caveats": [1]}, "caveats", "Expected `str`"),
    ],
)
def test_type_errors_are_put_into_words(kind, values, field, words):
    """A type error names its field and gives the description of a pattern instead of the pattern."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(values, type=kind)

    assert problem_field(caught.value) == field
    assert words in readable_problem(caught.value)
    assert "regex" not in readable_problem(caught.value)


def test_a_fault_is_one_printable_line():
    """A fault's line gives file and line when they are known, and escapes what a terminal would obey."""
    fault = Fault(kind="goals", key="a\x1b", rule="r", message="m\n", remedy="x", file="goals.csv", line=3)

    assert str(fault) == "goals.csv:3: error: m\\n [r] Remedy: x"
    assert str(msgspec.structs.replace(fault, file=None)).startswith("goals a\\x1b: error")
