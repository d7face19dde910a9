"""The hand-written score is held against human-coded levels: its order is right, its middle too wide."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from legation.evidence import open_world
from legation.evidence.codes import dated_actor_or_none
from legation.relations.gather import gather
from legation.relations.score import score_pairs

pytestmark = pytest.mark.needs_shared


def kappa(truth: np.ndarray, guess: np.ndarray, size: int = 5) -> float:
    """Return quadratic-weighted kappa of two codings of five levels."""
    observed = np.zeros((size, size))
    np.add.at(observed, (truth, guess), 1)
    weights = (np.arange(size)[:, None] - np.arange(size)) ** 2
    expected = np.outer(observed.sum(1), observed.sum(0)) / observed.sum()
    return 1 - float((weights * observed).sum() / (weights * expected).sum())


def test_the_score_orders_human_coded_levels(shared_data) -> None:
    """Tension falls and alignment rises with the coded level; weighted kappa is above .6."""
    coded = pl.read_parquet(shared_data("peace_data_v31_dec31.parquet"))
    truth, guess, alignment, tension = [], [], [], []
    for year in (1970, 1990, 2005):
        day = date(year, 12, 31)
        rows = coded.filter(pl.col("year") == year, pl.col("peace_level") >= 0)
        pairs = [
            (dated_actor_or_none("cow", str(a), days=(day,)), dated_actor_or_none("cow", str(b), days=(day,)), level)
            for a, b, level in rows.select("ccode1", "ccode2", "peace_level").iter_rows()
        ]
        pairs = [(a, b, level) for a, b, level in pairs if a and b and a != b]
        names = sorted({name for a, b, _ in pairs for name in (a, b)})
        place = {name: row for row, name in enumerate(names)}
        first, second = (np.array([place[pair[side]] for pair in pairs]) for side in (0, 1))
        score = score_pairs(gather(open_world(), names, first=first, second=second, as_of=day).evidence)
        known = ~np.isnan(score.alignment)
        truth.append(np.array([round(4 * level) for _, _, level in pairs])[known])
        guess.append(score.probabilities[known, :5].argmax(axis=1))
        alignment.append(score.alignment[known])
        tension.append(score.tension[known])
    levels = np.concatenate(truth)
    enmity, peace, community = levels == 0, levels == 2, levels >= 3

    assert len(levels) > 2500
    assert 0.6 < kappa(levels, np.concatenate(guess)) < 0.8
    for figures, sign in ((np.concatenate(alignment), 1), (np.concatenate(tension), -1)):
        means = [sign * figures[group].mean() for group in (enmity, peace, community)]
        assert means == sorted(means)
