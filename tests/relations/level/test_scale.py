"""Levels are read strictly, and the figures of merit are what their definitions say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from legation.errors import InputError
from legation.relations.level.scale import calibration_error, codes_of, quadratic_kappa

CODES = st.lists(st.integers(0, 4), min_size=2, max_size=60)


@given(st.data())
def test_kappa_equals_scikit_learn(data):
    """Quadratic-weighted kappa equals an independent implementation, and is undefined where nothing varies."""
    truth = data.draw(CODES)
    guess = data.draw(st.lists(st.integers(0, 4), min_size=len(truth), max_size=len(truth)))
    found = quadratic_kappa(np.array(truth, dtype=np.int8), np.array(guess, dtype=np.int8))

    if len({*truth, *guess}) == 1:
        assert np.isnan(found)
    else:
        expected = cohen_kappa_score(truth, guess, weights="quadratic", labels=[0, 1, 2, 3, 4])
        assert found == pytest.approx(expected, abs=1e-12)


def test_calibration_error_by_hand():
    """Two bins, one right half as often as claimed: the mean gap."""
    sure = np.array([[0.9, 0.1, 0, 0, 0]] * 4 + [[0.5, 0.5, 0, 0, 0]] * 2)
    truth = np.array([0, 0, 1, 1, 0, 1], dtype=np.int8)

    assert calibration_error(sure, truth) == pytest.approx((4 * 0.4 + 2 * 0.0) / 6)


def test_levels_are_read_as_numbers_and_words():
    """Numbers, words in any case, and what is not coded."""
    assert codes_of(pl.Series([0.0, 0.25, 0.5, 0.75, 1.0, -9.0, None])).tolist() == [0, 1, 2, 3, 4, -1, -1]
    assert codes_of(pl.Series(["Severe rivalry", "security-community", ".5", "", "NA", "-9", None])).tolist() == [
        0, 4, 2, -1, -1, -1, -1,
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [[0.3], [2.0], [float("inf")], ["enemies"], ["1.5"], ["nine"]])
def test_other_levels_are_refused(wrong):
    """What is no level is refused with the value and the levels there are."""
    with pytest.raises(InputError, match="no level"):
        codes_of(pl.Series(wrong))
