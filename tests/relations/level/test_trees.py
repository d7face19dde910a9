"""Trees as arrays give what scikit-learn gives, and refuse arrays that no training made."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from legation.errors import CorruptStoreError
from legation.relations.level.trees import Forest


@pytest.fixture(scope="module")
def fitted():
    """Return two small classifiers and values with gaps."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=(600, 6)).astype(np.float32)
    values[rng.random(values.shape) < 0.2] = np.nan
    score = np.nan_to_num(values[:, 0]) + np.nan_to_num(values[:, 1]) ** 2 + rng.normal(size=600) / 2
    models = [
        HistGradientBoostingClassifier(max_iter=25, max_leaf_nodes=9, random_state=0).fit(values, score > cut)
        for cut in (0.3, 1.2)
    ]
    return models, values


def test_trees_equal_scikit_learn(fitted):
    """Probabilities equal predict_proba to 1e-12, with missing values, and for rows in chunks or alone."""
    models, values = fitted
    forest = Forest.of(models)
    expected = np.column_stack([model.predict_proba(values)[:, 1] for model in models])

    assert np.abs(forest.predict(values) - expected).max() < 1e-12
    assert np.abs(forest.predict(values[:1]) - expected[:1]).max() < 1e-12
    assert forest.predict(values[:0]).shape == (0, 2)


def test_arrays_round_trip(fitted):
    """A forest read back from its own arrays predicts the same bits."""
    models, values = fitted
    forest = Forest.of(models)

    again = Forest.from_arrays(forest.arrays())

    assert np.array_equal(again.predict(values), forest.predict(values))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("left", np.zeros_like),
        ("right", lambda array: array + 10**6),
        ("feature", lambda array: array + 100),
        ("feature", lambda array: array - 1),
        ("value", lambda array: array * np.nan),
        ("threshold", lambda array: array.astype(np.float32)),
        ("root", lambda array: array - 5),
        ("root", lambda array: array[:0]),
        ("owner", lambda array: array[::-1].copy()),
        ("baseline", lambda array: array + np.inf),
        ("missing_left", lambda array: array[:-1]),
        ("depth", lambda array: array - 1000),
        ("width", lambda array: array[None]),
    ],
)
def test_trees_that_contradict_themselves_are_refused(fitted, name, change):
    """A loop, an index outside, a wrong kind, a figure that is no number: each is refused before any walk."""
    arrays = Forest.of(fitted[0]).arrays()
    arrays[name] = change(arrays[name])

    with pytest.raises(CorruptStoreError):
        Forest.from_arrays(arrays)


def test_a_missing_part_is_refused(fitted):
    """Every part is needed."""
    arrays = Forest.of(fitted[0]).arrays()
    del arrays["left"]

    with pytest.raises(CorruptStoreError, match="left"):
        Forest.from_arrays(arrays)
