"""Similarity measures against definitions written out position by position, and against published values."""

from __future__ import annotations

import doctest
import importlib
import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import InputError
from legation.relations.similarity import alliance_similarity, members_by_year, valued_ties, vote_similarity
from legation.relations.similarity.measures import MEASURES, similarities
from legation.relations.similarity.published import un_votes

EXACT = 1e-9  # what the project promises against the definitions
UNWEIGHTED = [name for name in MEASURES if not name.endswith("_w")]


def by_definition(x, y, *, levels, weights=None):
    """Compute every measure from two lists of levels, straight from the formulas."""
    n, span = len(x), max(levels) - min(levels)
    w = [1.0] * n if weights is None else weights
    share = {(i, j): sum(a == i and b == j for a, b in zip(x, y, strict=True)) / n for i in levels for j in levels}
    r = {i: sum(share[i, j] for j in levels) for i in levels}
    c = {j: sum(share[i, j] for i in levels) for j in levels}
    mean = {i: (r[i] + c[i]) / 2 for i in levels}
    square = {(i, j): ((i - j) / span) ** 2 for i in levels for j in levels}
    agree = sum(share[i, i] for i in levels)

    def weighted(first, second):
        chance = sum(square[i, j] * first[i] * second[j] for i in levels for j in levels)
        return math.nan if chance < 1e-15 else 1 - sum(square[k] * share[k] for k in square) / chance

    def nominal(first, second):
        chance = sum(first[i] * second[i] for i in levels)
        return math.nan if chance > 1 - 1e-12 else (agree - chance) / (1 - chance)

    s_abs = 1 - 2 * sum(abs(a - b) for a, b in zip(x, y, strict=True)) / (span * n)
    apart = sum(abs(i - j) * r[i] * c[j] for i in levels for j in levels)
    concordant = discordant = tied_x = tied_y = 0
    for p, q in itertools.combinations(range(n), 2):
        way = (x[p] - x[q]) * (y[p] - y[q])
        concordant += way > 0
        discordant += way < 0
        tied_x += x[p] == x[q]
        tied_y += y[p] == y[q]
    n0 = n * (n - 1) / 2
    below = math.sqrt((n0 - tied_x) * (n0 - tied_y))
    total = sum(w)
    return {
        "s_abs": s_abs,
        "s_sq": 1 - 2 * sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) / (span**2 * n),
        "s_abs_w": 1 - 2 * sum(v * abs(a - b) for v, a, b in zip(w, x, y, strict=True)) / (span * total)
        if total
        else math.nan,
        "s_sq_w": 1 - 2 * sum(v * (a - b) ** 2 for v, a, b in zip(w, x, y, strict=True)) / (span**2 * total)
        if total
        else math.nan,
        "kappa": weighted(r, c),
        "pi_weighted": weighted(mean, mean),
        "pi": nominal(mean, mean),
        "kappa_nominal": nominal(r, c),
        "tau_b": (concordant - discordant) / below if below else math.nan,
        "a_index": s_abs - (1 - 2 * apart / span),
    }


def same(found, expected):
    """Say whether two values agree to what is promised, missing being equal to missing."""
    if found is None or math.isnan(found):
        return math.isnan(expected)
    return math.isclose(found, expected, abs_tol=EXACT, rel_tol=0)


LEVELS = st.sampled_from([(0, 1), (0, 1, 2, 3), (1, 2, 3), (-2.0, 0.5, 1.0), (0, 1, 5, 9, 10)])


@settings(max_examples=150, deadline=None)
@given(
    LEVELS.flatmap(
        lambda levels: st.tuples(
            st.just(levels), st.lists(st.tuples(*[st.sampled_from(levels)] * 2), min_size=1, max_size=40)
        )
    )
)
def test_measures_equal_their_definitions(case):
    """On any two portfolios every measure is what its formula gives, and missing exactly where that is 0/0."""
    levels, positions = case
    x, y = zip(*positions, strict=True)
    cells = np.array([[[sum(p == (i, j) for p in positions)] for j in levels] for i in levels], float)
    found = similarities(cells, levels=levels, measures=UNWEIGHTED)
    expected = by_definition(x, y, levels=levels)

    assert [name for name in UNWEIGHTED if not same(float(found[name][0]), expected[name])] == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 9), st.booleans())
def test_tie_tables_equal_their_definitions(seed, actors, directed):
    """Matrices of ties give, for all pairs and weights, the measures of the written-out rows."""
    rng = np.random.default_rng(seed)
    matrix = rng.choice([0, 0, 0, 1, 2, 3], size=(actors, actors))
    if not directed:
        matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    np.fill_diagonal(matrix, 0)
    a, b = np.nonzero(matrix)
    ties = pl.DataFrame({"a": a, "b": b, "year": 1900, "value": matrix[a, b]}, schema_overrides={"year": pl.Int64})
    if ties.is_empty():
        return
    members = pl.DataFrame({"actor": np.arange(actors), "year": [1900] * actors})
    weight = rng.random(actors)
    weights = members.with_columns(weight=pl.Series(weight))
    found = alliance_similarity(
        ties, members, weights=weights, directed=directed, measures=[*MEASURES]
    ).frame.rows_by_key(["a", "b"], named=True, unique=True)
    np.fill_diagonal(matrix, 3)

    for i, j in itertools.combinations(range(actors), 2):
        row = found[i, j]
        expected = by_definition(matrix[i].tolist(), matrix[j].tolist(), levels=(0, 1, 2, 3), weights=weight.tolist())
        assert [name for name in MEASURES if not same(row[name], expected[name])] == []
        assert row["n"] == actors
        assert row["n_common"] == int(((matrix[i] > 0) & (matrix[j] > 0)).sum())
        assert row["n_absent"] == int(((matrix[i] == 0) & (matrix[j] == 0)).sum())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.integers(1, 12))
def test_vote_tables_equal_their_definitions(seed, voters, resolutions):
    """Votes with absences give the measures over the resolutions on which both voted, weighted or not."""
    rng = np.random.default_rng(seed)
    matrix = rng.choice([0, 1, 1, 2, 3], size=(voters, resolutions))
    i, k = np.nonzero(matrix)
    votes = pl.DataFrame({"year": [1950] * len(i), "resolution": k, "actor": i, "vote": matrix[i, k]})
    if votes["actor"].n_unique() < 2:
        return
    heavy = rng.random(resolutions)
    weights = pl.DataFrame({"resolution": np.arange(resolutions), "year": [1950] * resolutions, "weight": heavy})
    frame = vote_similarity(votes, weights=weights, measures=[*MEASURES]).frame

    for row in frame.iter_rows(named=True):
        both = (matrix[row["a"]] > 0) & (matrix[row["b"]] > 0)
        assert row["n"] == both.sum()
        if not both.any():
            assert row["undefined"] == "no common vote"
            continue
        x, y = (matrix[row[side]][both].tolist() for side in ("a", "b"))
        expected = by_definition(x, y, levels=(1, 2, 3), weights=heavy[both].tolist())
        wrong = [name for name in MEASURES if not same(row[name], expected[name])]
        assert wrong == []
        missing = [name for name in MEASURES if math.isnan(expected[name])]
        assert (row["undefined"] or "").partition(":")[0] == ", ".join(missing)


@pytest.mark.needs_shared
def test_published_vote_similarity(shared_data):
    """The United States and Mexico share 38 votes in 1946, with the published kappa, pi and tau-b."""
    votes = un_votes(pl.read_parquet(shared_data("un_votes_1946_2024.parquet")))
    frame = vote_similarity(votes.filter(pl.col("year") == 1946)).frame
    row = frame.filter((pl.col("a") == 2) & (pl.col("b") == 70)).row(0, named=True)

    assert row["n"] == 38
    assert round(row["kappa"], 8) == -0.01222707
    assert round(row["pi"], 8) == -0.02775801
    assert round(row["tau_b"], 8) == 0.01431261


@pytest.mark.needs_shared
def test_published_alliance_similarity(shared_data):
    """The 45 members of 1914 have the published values, and real pairs equal the written-out definitions."""
    ties = valued_ties(pl.read_parquet(shared_data("atop_ddy_v51.parquet")))
    members = members_by_year(pl.read_parquet(shared_data("isard_cow_system.parquet")), first=1914, last=1914)
    nmc = pl.read_parquet(shared_data("cow_nmc_v7.parquet"))
    weights = nmc.select(pl.col("ccode").alias("actor"), "year", pl.col("cinc").alias("weight"))
    frame = alliance_similarity(
        ties.filter(pl.col("year") == 1914), members, weights=weights, measures=[*MEASURES]
    ).frame
    rows = frame.rows_by_key(["a", "b"], named=True, unique=True)
    germany_russia, britain_france = rows[255, 365], rows[200, 220]

    assert germany_russia["n"] == 45
    assert [round(germany_russia[name], 6) for name in ("s_abs", "kappa", "pi")] == [0.659259, 0.222222, 0.158879]
    assert [round(britain_france[name], 6) for name in ("s_abs", "kappa")] == [0.837037, 0.590164]
    codes = members["actor"].to_list()
    value = {(a, b): v for a, b, v in ties.filter(pl.col("year") == 1914).select("a", "b", "value").iter_rows()}
    value |= {(code, code): 3 for code in codes}
    cinc = dict(weights.filter(pl.col("year") == 1914).select("actor", "weight").iter_rows())
    for a, b in itertools.islice(itertools.combinations(codes, 2), 0, None, 17):
        x, y = ([value.get((one, other), 0) for other in codes] for one in (a, b))
        expected = by_definition(x, y, levels=(0, 1, 2, 3), weights=[cinc[code] for code in codes])
        assert [name for name in MEASURES if not same(rows[a, b][name], expected[name])] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"b": [1, 3, 3]}, "tied to itself"),
        ({"value": [1, 7, 2]}, "has value 7"),
        ({"value": [1.0, math.nan, 2.0]}, "missing value or one that is not finite"),
        ({"a": [1, 1, 1], "b": [2, 2, 3]}, "has the values 1, 3"),
        ({"b": ["x", "y", "z"]}, "in column 'a' and String in column 'b'"),
        ({"year": ["2000"] * 3}, "'year' of the table of ties holds String"),
    ],
)
def test_hostile_ties_are_refused(change, message):
    """Self ties, strange values, NaN and contradictions are named and refused."""
    columns = {"a": [1, 1, 2], "b": [2, 3, 3], "year": [2000] * 3, "value": [1, 3, 2]} | change
    with pytest.raises(InputError, match=message):
        alliance_similarity(pl.DataFrame(columns))


def test_an_undirected_tie_with_two_values_is_refused():
    """A tie given as undirected has one value, whichever end is named first."""
    ties = pl.DataFrame({"a": [1, 2, 1], "b": [2, 1, 3], "year": [2000] * 3, "value": [1, 3, 1]})
    with pytest.raises(InputError, match="undirected tie 1-2 in 2000 has value 1 one way and 3 the other"):
        alliance_similarity(ties, directed=False)


def test_who_is_left_out_is_said():
    """Ties of non-members, members without weights and the reading of direction stand in the notes."""
    ties = pl.DataFrame({"a": [1, 1], "b": [2, 9], "year": [2000] * 2, "value": [3, 3]})
    members = pl.DataFrame({"actor": [1, 2, 3], "year": [2000] * 3})
    weights = pl.DataFrame({"actor": [1, 2], "year": [2000] * 2, "weight": [0.5, 0.1]})
    found = alliance_similarity(ties, members, weights=weights)

    assert found.notes == (
        "No pair is listed in both orders: each row is taken for both.",
        "1 ties name an actor that is no member in that year; they were set aside.",
        "1 members by year have no weight; weighted measures leave them out.",
    )
    assert found.frame["n"].to_list() == [3, 3, 3]


def test_weights_are_normalised():
    """The scale of weights does not matter."""
    ties = pl.DataFrame({"a": [1, 2], "b": [2, 3], "year": [2000] * 2, "value": [3, 1]})
    weights = pl.DataFrame({"actor": [1, 2, 3], "year": [2000] * 3, "weight": [0.2, 0.1, 0.4]})
    first = alliance_similarity(ties, weights=weights).frame["s_abs_w"]
    second = alliance_similarity(ties, weights=weights.with_columns(pl.col("weight") * 7)).frame["s_abs_w"]

    assert np.allclose(first.to_numpy(), second.to_numpy(), atol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vote": [1, 4, 1]}, "vote 4"),
        ({"actor": [5, 5, 6], "resolution": [1, 1, 1], "vote": [1, 3, 1]}, "two different votes"),
        ({"vote": [1, None, 1]}, "missing value"),
        ({"vote": ["yes", "no", "no"]}, "'vote' holds String"),
        ({"year": [2000.5] * 3}, "'year' of the table of votes holds Float64"),
        ({"vote": [8, 9, 8]}, "holds no vote"),
        ({"actor": [5, 5, 5], "resolution": [1, 2, 3]}, "No year has two voters"),
    ],
)
def test_hostile_votes_are_refused(change, message):
    """Unknown codes, contradictions, gaps and single voters are named and refused."""
    columns = {"year": [2000] * 3, "resolution": [1, 1, 2], "actor": [5, 6, 5], "vote": [1, 2, 3]} | change
    with pytest.raises(InputError, match=message):
        vote_similarity(pl.DataFrame(columns))


def test_absences_are_no_votes():
    """Voeten's codes 8 and 9 are left out, and said to be."""
    votes = pl.DataFrame({"year": [2000] * 4, "resolution": [1, 1, 2, 2], "actor": [5, 6, 5, 6], "vote": [1, 1, 8, 3]})
    found = vote_similarity(votes)

    assert found.frame["n"].to_list() == [1]
    assert found.notes == ("1 rows of absent states and non-members are no votes.",)


def test_unknown_measures_and_levels_are_refused():
    """A measure that is not there, a weighted one without weights and one level alone are refused."""
    ties = pl.DataFrame({"a": [1], "b": [2], "year": [2000], "value": [1]})
    with pytest.raises(InputError, match="no measure 'cosine'"):
        alliance_similarity(ties, measures=["cosine"])
    with pytest.raises(InputError, match="needs weights"):
        alliance_similarity(ties, measures=["s_abs_w"])
    with pytest.raises(InputError, match="two or more different numbers"):
        alliance_similarity(ties, levels=[1])
    with pytest.raises(InputError, match="self tie 7"):
        alliance_similarity(ties, self_value=7)


@pytest.mark.parametrize("name", ["measures"])
def test_the_examples_in_docstrings_hold(name):
    """Docstring examples give what they say."""
    module = importlib.import_module(f"legation.relations.similarity.{name}")
    result = doctest.testmod(module, extraglobs={"np": np})

    assert result.attempted > 0
    assert result.failed == 0
