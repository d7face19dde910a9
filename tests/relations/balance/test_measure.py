"""Balance by period: tables, published networks, signed networks of states, hostile input."""

from __future__ import annotations

import itertools
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import InputError
from legation.relations.balance import SignRule, balance, signed_edges, signed_network


def network(*rows, period=None):
    """Make a table of signed ties."""
    frame = pl.DataFrame(rows, schema=["a", "b", "sign"], orient="row")
    return frame if period is None else frame.with_columns(year=period)


@pytest.mark.needs_shared
def test_published_networks_of_states(shared_data):
    """The 51 COW networks are solved with no gap; 1946-49 has 17 of 362 ties frustrated, 1976-79 has 50."""
    table = pl.read_parquet(shared_data("cow_signed_networks_1946_1999.parquet"))
    edges = signed_edges(table.rename({"from": "a", "to": "b"}), period="window")
    found = balance(edges, with_flips=False).periods

    assert len(found) == 51
    assert found["proven"].all()
    assert found["gap"].max() == 0.0
    first = found.row(by_predicate=pl.col("period") == "46-49", named=True)
    assert (first["m"], first["L"], first["ties"]) == (362.0, 17.0, 362)
    assert math.isclose(first["F"], 1 - 34 / 362)
    assert found.row(by_predicate=pl.col("period") == "76-79", named=True)["L"] == 50.0


@pytest.mark.needs_shared
def test_years_of_alliances_disputes_and_rivalries(shared_data):
    """A built network is proven; what is out of line lowers L by one; hostile ties alone can be mended."""
    built = signed_network(
        pl.read_parquet(shared_data("atop_ddy_v51.parquet")),
        first=1912,
        last=2018,
        disputes=pl.read_parquet(shared_data("cow_mid_dirdisps.parquet")),
        rivalries=pl.read_parquet(shared_data("tss_rivalries.parquet")),
    )
    kept = built.frame.filter(pl.col("year").is_in([1914, 1939, 1962]))
    found = balance(signed_edges(kept, period="year"))

    assert "Disputes cover 1816-2014" in " ".join(built.notes)
    assert found.periods["gap"].to_list() == [0.0] * 3
    assert set(found.ties["lowers"]) == {1.0}
    assert (found.ties["mendable"] == (found.ties["weight"] < 0)).all()
    frustrated = found.ties.filter(pl.col("frustrated")).group_by("period").len().sort("period")["len"]
    assert frustrated.to_list() == found.periods["L"].to_list()


def test_tables_of_a_small_network():
    """A triangle with one hostile tie beside a feud: camps, uniqueness, ties out of line and triads are as by hand."""
    found = balance(signed_edges(network(("EST", "LVA", 1), ("LVA", "LTU", 1), ("EST", "LTU", -1), ("ARM", "AZE", -1))))
    period = found.periods.row(0, named=True)

    assert (period["L"], period["m"], period["F"], period["parts"]) == (1.0, 4.0, 0.5, 2)
    assert (period["triads"], period["triangle_index"], period["camps_unique"]) == (1, 0.0, False)
    assert (period["out_of_line"], period["mendable"]) == (3, 1)
    assert found.ties.filter(pl.col("mendable")).select("a", "b").rows() == [("EST", "LTU")]
    camps = {row["actor"]: row for row in found.camps.iter_rows(named=True)}
    assert camps["ARM"]["part"] == camps["AZE"]["part"] == 1
    assert camps["ARM"]["camp"] != camps["AZE"]["camp"]
    assert [camps[name]["unique"] for name in ("ARM", "EST")] == [True, False]
    assert sum(camps[name]["camp"] for name in ("EST", "LVA", "LTU")) <= 1
    actors = {row["actor"]: row for row in found.actors.iter_rows(named=True)}
    assert actors["EST"]["balanced"] == 0.0
    assert actors["ARM"]["balanced"] is None


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 6), st.integers(0, 6)), st.sampled_from([-2.0, -1.0, 1.0, 3.0]), min_size=1
    )
)
def test_local_balance_equals_counting(weights):
    """Triads, their balanced share by weight, and the triangle index are those of counting all triples."""
    ties = {(a, b): w for (a, b), w in weights.items() if a < b}
    if not ties:
        return
    found = balance(signed_edges(network(*[(a, b, w) for (a, b), w in ties.items()])), with_flips=False)
    actors = sorted({node for pair in ties for node in pair})
    triads = [
        (trio, math.prod(ties[pair] for pair in itertools.combinations(trio, 2)))
        for trio in itertools.combinations(actors, 3)
        if all(pair in ties for pair in itertools.combinations(trio, 2))
    ]

    assert found.periods["triads"].item() == len(triads)
    index = found.periods["triangle_index"].item()
    if triads:
        whole = sum(abs(product) for _, product in triads)
        assert math.isclose(index, sum(product for _, product in triads if product > 0) / whole, abs_tol=1e-12)
    else:
        assert index is None
    for row in found.actors.iter_rows(named=True):
        own = [product for trio, product in triads if row["actor"] in trio]
        assert row["triads"] == len(own)
        if own:
            share = sum(product for product in own if product > 0) / sum(abs(product) for product in own)
            assert math.isclose(row["balanced"], share, abs_tol=1e-12)


def test_camps_are_those_that_cut_the_least():
    """The frustrated ties follow from the camps, and their weight is L."""
    rows = [(f"s{a}", f"s{b}", -1.0 if (a * b) % 3 else 2.0) for a in range(9) for b in range(a)]
    found = balance(signed_edges(network(*rows)), with_flips=False)
    camp = dict(found.camps.select("actor", "camp").iter_rows())

    cut = sum(abs(w) for a, b, w in rows if (camp[a] == camp[b]) == (w < 0))
    assert cut == found.periods["L"].item()


def test_periods_stand_alone():
    """Each period is a network of its own, in order."""
    both = pl.concat([network(("A", "B", 1), ("B", "C", -1), period=1999), network(("A", "B", -1), period=1998)])
    found = balance(signed_edges(both, period="year"))

    assert found.periods["period"].to_list() == [1998, 1999]
    assert found.periods["L"].to_list() == [0.0, 0.0]
    assert found.periods["camps_unique"].to_list() == [True, True]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("A", "A", 1.0)], "tie of an actor with itself"),
        ([("A", "B", 1.0), ("B", "A", -1.0)], "A-B has the signs -1, 1"),
        ([("A", "B", math.nan)], "not finite"),
        ([("A", "B", math.inf)], "not finite"),
        ([("A", "B", None), ("A", "C", 1.0)], "missing value"),
        ([("A", "B", 0.0)], "No tie has a sign"),
        ([("A", "B", "plus")], "'sign' holds String"),
    ],
)
def test_hostile_ties_are_refused(rows, message):
    """Self loops, contradictions, gaps and signs that are no numbers are named and refused."""
    with pytest.raises(InputError, match=message):
        signed_edges(network(*rows))


def test_tables_of_another_shape_are_refused():
    """A column that is not there and a table without rows are refused."""
    with pytest.raises(InputError, match="no column 'sign'"):
        signed_edges(pl.DataFrame({"a": ["A"], "b": ["B"]}))
    with pytest.raises(InputError, match="no column 'year'"):
        signed_edges(network(("A", "B", 1)), period="year")
    with pytest.raises(InputError, match="no rows"):
        signed_edges(network(("A", "B", 1)).clear())
    with pytest.raises(InputError, match="are no time"):
        balance(signed_edges(network(("A", "B", 1))), seconds=0)


def test_repeated_ties_are_merged_or_added_up():
    """The same row twice is one tie; different numbers are added up when that is asked for, and it is said."""
    rows = [("A", "B", 1.0), ("B", "A", 1.0), ("A", "C", 0.0)]
    once = signed_edges(network(*rows))
    summed = signed_edges(network(*rows, ("A", "D", 2.0), ("D", "A", -2.0)), repeated="sum")

    assert once.frame["weight"].to_list() == [1.0]
    assert once.notes == (
        "1 rows with sign 0 are no ties; they were set aside.",
        "1 rows repeat another one and count once.",
    )
    assert summed.frame["weight"].to_list() == [2.0]
    assert summed.notes[-1] == "1 pairs add up to 0 and are no ties."


def test_the_sign_rule_decides_what_is_both():
    """An ally in dispute is hostile, friendly or no tie; partners on one side are no opponents."""
    atop = pl.DataFrame(
        {"ccode1": [2, 20, 2], "ccode2": [20, 2, 200], "year": [1950] * 3}
        | {f"atop_{name}": [1, 1, 0] for name in ("defense", "offense", "neutral", "consul")}
        | {"atop_nonagg": [0, 0, 1]}
    )
    disputes = pl.DataFrame(
        {"ccode1": [2, 2, 365], "ccode2": [20, 200, 2], "year": [1950] * 3, "sidea1": [1, 1, 0], "sidea2": [0, 1, 1]}
        | {"hostlev1": [4, 4, 1], "hostlev2": [1, 1, 1]}
    )

    def signs(**rule):
        built = signed_network(atop, first=1950, last=1950, disputes=disputes, rule=SignRule(**rule))
        return {(row["a"], row["b"]): row["sign"] for row in built.frame.iter_rows(named=True)}

    assert signs() == {(2, 20): -1}
    assert signs(both="friendly") == {(2, 20): 1}
    assert signs(least_hostility=1, both="none") == {(2, 365): -1}
    assert signs(obligations=("nonagg",), least_hostility=5) == {(2, 200): 1}
    with pytest.raises(InputError, match="No source of hostile ties"):
        signed_network(atop, first=1950, last=1950)
    with pytest.raises(InputError, match="No tie falls into 1900-1901"):
        signed_network(atop, first=1900, last=1901, disputes=disputes)


def test_a_network_without_ties_out_of_line_stands_beside_others():
    """Tables of all periods have the same columns, whether something was found, proven or neither."""
    balanced = network(("A", "B", 1), ("B", "C", -1), period=1)
    rows = [(f"n{a:02}", f"n{b:02}", 1 if (a * b + a + b) % 3 else -1) for a in range(26) for b in range(a)]
    both = pl.concat([balanced, network(*rows, period=2)])
    found = balance(signed_edges(both, period="year"), seconds=1e-9)

    assert found.periods["proven"].to_list() == [True, False]
    assert found.periods["camps_unique"].to_list() == [True, None]
    assert found.ties.is_empty()
    assert found.periods["bound"][1] <= found.periods["L"][1]
    assert "1 periods ran out of time" in found.notes[0]
    assert balance(signed_edges(balanced), with_flips=False).ties.columns == found.ties.columns
