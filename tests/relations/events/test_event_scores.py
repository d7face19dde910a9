"""Scores of dyads from events: decay, shares and intervals hold what they promise."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from legation.errors import InputError
from legation.evidence.events import dyad_months
from legation.relations.events import SCORE_COLUMNS, ScoreOptions, dyad_scores
from legation.relations.events.decay import decayed

_COUNTS = st.lists(
    st.tuples(
        st.sampled_from(["EST", "FIN", "RUS"]),
        st.sampled_from(["EST", "FIN", "RUS"]),
        st.integers(2018, 2020),
        st.integers(1, 12),
        st.integers(0, 40),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[:4],
)


def _table(rows) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["source", "target", "year", "month", "cooperation", "conflict"], orient="row")
    both = pl.col("cooperation") + pl.col("conflict")
    return frame.with_columns(
        (both + 1).alias("n"), (both * 1.5).alias("goldstein_sum"), (both * 1.5 / (both + 1)).alias("goldstein_mean")
    )


@given(_COUNTS, st.floats(0.5, 50))
@settings(max_examples=60, deadline=None)
def test_decay_equals_the_sum_by_its_definition(rows, half_life):
    """Each faded count is the sum of earlier counts, each halved once in every half-life."""
    scores = dyad_scores(_table(rows), options=ScoreOptions(half_life=half_life))

    for row in scores.iter_rows(named=True):
        at = row["year"] * 12 + row["month"]
        expected = sum(
            conflict * 0.5 ** ((at - (year * 12 + month)) / half_life)
            for source, target, year, month, _, conflict in rows
            if (source, target) == (row["source"], row["target"]) and year * 12 + month <= at
        )
        assert math.isclose(expected, row["conflict"], rel_tol=1e-9, abs_tol=1e-12)


@given(_COUNTS)
@settings(max_examples=40, deadline=None)
def test_shares_of_volume_are_shares(rows):
    """Attention of all dyads with a row in the newest month is at most 1, and a source's shares too."""
    scores = dyad_scores(_table(rows))

    assert scores.select(pl.col("attention", "source_share", "target_share").is_between(0, 1 + 1e-12).all()).row(0) == (
        True,
        True,
        True,
    )
    assert scores.group_by("source", "year", "month").agg(pl.col("source_share").sum())["source_share"].max() < 1 + 1e-9


@given(_COUNTS, st.integers(2, 9))
@settings(max_examples=40, deadline=None)
def test_twice_the_news_moves_no_share_and_no_tone(rows, times):
    """Every count of every dyad multiplied leaves shares as they are, and the Goldstein mean too."""
    table = _table(rows)
    more = table.with_columns(pl.col("n", "cooperation", "conflict", "goldstein_sum") * times)
    columns = ["attention", "source_share", "target_share", "goldstein"]

    one, other = dyad_scores(table).select(columns), dyad_scores(more).select(columns)

    np.testing.assert_allclose(one.to_numpy(), other.to_numpy(), rtol=1e-9, atol=1e-12)


@given(_COUNTS)
@settings(max_examples=40, deadline=None)
def test_signs_mirrored_mirror_the_scores(rows):
    """Cooperation and conflict exchanged turn net around, and the interval of hostility with it."""
    table = _table(rows)
    mirrored = table.rename({"cooperation": "conflict", "conflict": "cooperation"})

    one, other = dyad_scores(table), dyad_scores(mirrored)

    np.testing.assert_allclose(one["net"].to_numpy(), -other["net"].to_numpy(), atol=1e-12)
    np.testing.assert_allclose(one["hostility_low"].to_numpy(), 1 - other["hostility_high"].to_numpy(), atol=1e-9)


@given(_COUNTS)
@settings(max_examples=20, deadline=None)
def test_order_of_rows_does_not_matter(rows):
    """Rows in any order give the same scores."""
    assert dyad_scores(_table(rows)).equals(dyad_scores(_table(rows[::-1])))


def test_the_interval_is_the_posterior_of_a_share():
    """Three cooperative and one conflictive event have the quantiles of Beta(1.5, 3.5)."""
    row = dyad_scores(_table([("EST", "FIN", 2019, 1, 3, 1)])).row(0, named=True)

    expected = beta(1.5, 3.5)
    np.testing.assert_allclose(
        [expected.ppf(0.05), expected.mean(), expected.ppf(0.95)],
        [row["hostility_low"], row["hostility"], row["hostility_high"]],
        rtol=1e-9,
    )


def test_ninety_percent_intervals_cover_about_ninety_percent():
    """Shares drawn from the prior lie in the interval of their events nine times out of ten."""
    rng = np.random.default_rng(5)
    share = rng.beta(0.5, 0.5, 4000)
    conflict = rng.binomial(20, share)
    rows = [(f"A{n:04d}", "FIN", 2019, 1, 20 - int(c), int(c)) for n, c in enumerate(conflict)]

    scores = dyad_scores(_table(rows))

    covered = np.mean((scores["hostility_low"].to_numpy() <= share) & (share <= scores["hostility_high"].to_numpy()))
    # the standard error of 4,000 draws at 0.9 is 0.005
    assert 0.88 < covered < 0.92


def test_a_silent_year_fades_and_widens():
    """After twelve months of silence a half-life of six leaves a quarter, and the interval is wider."""
    rows = [("EST", "FIN", 2019, 1, 80, 0), ("EST", "FIN", 2020, 1, 0, 0)]

    first, later = dyad_scores(_table(rows)).iter_rows(named=True)

    assert (first["weight"], later["weight"]) == (80.0, 20.0)
    assert later["hostility_high"] > first["hostility_high"]


def test_few_events_are_marked():
    """The guard compares the faded number with the limit."""
    rows = [("EST", "FIN", 2019, 1, 5, 4), ("EST", "RUS", 2019, 1, 5, 5)]

    assert dyad_scores(_table(rows))["few"].to_list() == [True, False]


def test_infinity_sums_without_fading():
    """A half-life without end is a running sum."""
    values = np.array([[1.0], [2.0], [3.0]])

    result = decayed(values, np.array([0, 1, 40]), starts=np.array([True, False, False]), half_life=math.inf)

    assert result.ravel().tolist() == [1.0, 3.0, 6.0]


@pytest.mark.needs_shared
def test_scores_follow_counts_of_a_genuine_export(shared_data):
    """Every dyad-month gets a score with the documented columns and types; a country's share of itself is none."""
    counts = dyad_months(shared_data("gdelt_v2_20191024143000.export.CSV.gz")).table

    scores = dyad_scores(counts)

    assert {name: dtype for name, (dtype, _) in SCORE_COLUMNS.items()} == dict(scores.schema)
    assert counts.height == scores.height
    assert math.isclose(1.0, scores.filter(year=2019, month=10)["attention"].sum(), rel_tol=0.05)


@pytest.mark.parametrize("change", [{"month": 13}, {"conflict": -1}, {"source": None}, {"n": None}])
def test_rows_that_cannot_be_are_refused(change):
    """A month that is none, a count below zero and a missing name are named."""
    table = _table([("EST", "FIN", 2019, 1, 3, 1)])
    broken = table.with_columns(pl.lit(value, dtype=table.schema[name]).alias(name) for name, value in change.items())

    with pytest.raises(InputError, match="missing value, a month that is none"):
        dyad_scores(broken)


def test_a_dyad_month_that_stands_twice_is_refused():
    """Which of the two counts is not guessed."""
    table = _table([("EST", "FIN", 2019, 1, 3, 1)])

    with pytest.raises(InputError, match="stands twice"):
        dyad_scores(pl.concat([table, table]))


def test_a_table_without_counts_is_refused():
    """The error names the missing column."""
    with pytest.raises(InputError, match="no column 'conflict'"):
        dyad_scores(_table([("EST", "FIN", 2019, 1, 3, 1)]).drop("conflict"))


@pytest.mark.parametrize("wrong", [{"half_life": 0}, {"half_life": math.nan}, {"level": 1}, {"prior": 0}, {"few": -1}])
def test_options_out_of_range_are_refused(wrong):
    """No half-life, no interval or no prior is an error."""
    with pytest.raises(InputError):
        ScoreOptions(**wrong)
