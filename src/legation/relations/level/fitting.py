"""Fit a head with scikit-learn: bags of cumulative boosted classifiers, calibrated on dyads they were not fitted to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.relations.level.head import CUTS, Head, levels_named, probabilities_of, spread_of
from legation.relations.level.trees import Forest

__all__ = ["CALIBRATION_FOLDS", "FEWEST_ROWS", "Bag", "FittedHead", "fit_head", "fit_yes_no"]

Floats32 = NDArray[np.float32]
Codes = NDArray[np.int8]
Progress = Callable[[str], None]

SETTINGS: Final = {
    "max_iter": 120,
    "learning_rate": 0.08,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_features": 0.15,
    "max_bins": 128,
    "early_stopping": False,
}
CALIBRATION_FOLDS: Final = 4
FEWEST_ROWS: Final = 50
_SMOOTH: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Bag:
    """Rows to fit one bag on: `values` (n, f), `level` codes and `group` (the dyad's number), each of n rows."""

    values: Floats32
    level: Codes
    group: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class FittedHead:
    """A head, and what it gives for dyads that it did not see: calibrated on other dyads than those judged."""

    head: Head
    held_out: NDArray[np.float64]
    held_out_level: Codes
    held_out_truth: Codes


def fit_head(names: Sequence[str], bags: Sequence[Bag], *, seed: int, progress: Progress) -> FittedHead:
    """Fit a head on bags of rows.

    Parameters
    ----------
    names
        The columns of the bags' values.
    bags
        At least one; each is a sample of dyad-years.
    seed
        Of the folds and the trees.
    progress
        Told in a sentence what is done.

    Raises
    ------
    InputError
        When there are too few rows or dyads, or one level only.
    """
    _check(bags)
    progress("calibrating on held-out dyads")
    above, truth, group = _held_out(bags, seed=seed)
    slope, shift = _calibration(above, truth)
    calibrated = probabilities_of(above, slope=slope, shift=shift)
    progress(f"fitting {len(bags)} bags")
    forest = Forest.of(
        [each for bag, part in enumerate(bags) for each in _fit(part.values, part.level, seed=seed + bag)]
    )
    head = Head(
        names=tuple(names),
        forest=forest,
        slope=slope,
        shift=shift,
        centre=float(truth.mean()),
        spread=spread_of(calibrated, truth),
    )
    crossed, named = _cross_calibrated(above, truth, group)
    return FittedHead(head=head, held_out=crossed, held_out_level=named, held_out_truth=truth)


def _check(bags: Sequence[Bag]) -> None:
    levels = max((bag.level for bag in bags), key=len)
    dyads = max(len(np.unique(bag.group)) for bag in bags)
    if len(levels) < FEWEST_ROWS or dyads < 2 * CALIBRATION_FOLDS or len(np.unique(levels)) < 2:
        raise InputError(
            f"{len(levels)} coded dyad-years of {dyads} dyads with {len(np.unique(levels))} levels are too few to "
            f"learn from; at least {FEWEST_ROWS} of {2 * CALIBRATION_FOLDS} dyads with two levels are needed.",
            remedy="Name more training years, or a table of levels that covers the evidence.",
        )


def _fit(values: Floats32, level: Codes, *, seed: int) -> list[object]:
    """Fit the four cumulative classifiers, one after the other and each on one core.

    Threads would share the filters of warnings that scikit-learn resets while it bins; and the trees are the same
    whatever the machine.
    """
    return [_fit_cut(values, level > cut, seed=seed) for cut in range(CUTS)]


def _fit_cut(values: Floats32, above: NDArray[np.bool_], *, seed: int) -> object:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    if above.all() or not above.any():  # a level that nobody coded: one prior row of the other kind, with no evidence
        values = np.concatenate([values, np.full((1, values.shape[1]), np.nan, dtype=np.float32)])
        above = np.append(above, not above[0])
    with threadpool_limits(1):
        return HistGradientBoostingClassifier(**SETTINGS, random_state=seed).fit(_without_void(values), above)


def _held_out(bags: Sequence[Bag], *, seed: int) -> tuple[NDArray[np.float64], Codes, NDArray[np.int64]]:
    """Predict each fold of dyads from the others; fold by fold another bag is used, so that every bag has a part."""
    groups = np.unique(np.concatenate([bag.group for bag in bags]))
    fold_of = np.random.default_rng(seed).permutation(len(groups)) % CALIBRATION_FOLDS
    found, truths, owners = [], [], []
    for fold in range(CALIBRATION_FOLDS):
        train = bags[fold % len(bags)]
        outside = fold_of[np.searchsorted(groups, train.group)] != fold
        fitted = Forest.of(_fit(train.values[outside], train.level[outside], seed=seed + 100 + fold))
        for bag in bags:
            inside = fold_of[np.searchsorted(groups, bag.group)] == fold
            found.append(fitted.predict(bag.values[inside]))
            truths.append(bag.level[inside])
            owners.append(bag.group[inside])
    return np.concatenate(found), np.concatenate(truths), np.concatenate(owners)


def _calibration(above: NDArray[np.float64], truth: Codes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return slope and shift of the log odds at each cut that fit what was held out best (Platt's, by Newton)."""
    slope, shift = np.ones(CUTS), np.zeros(CUTS)
    safe = np.clip(above, 1e-9, 1 - 1e-9)
    odds = np.log(safe / (1 - safe))
    for cut in range(CUTS):
        yes = (truth > cut).astype(np.float64)
        if yes.min() == yes.max():
            continue
        design = np.column_stack([odds[:, cut], np.ones(len(yes))])
        weights = np.array([1.0, 0.0])
        for _ in range(30):
            guess = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
            gradient = design.T @ (yes - guess) - _SMOOTH * len(yes) * (weights - [1.0, 0.0])
            curve = (design * (guess * (1 - guess))[:, None]).T @ design + _SMOOTH * len(yes) * np.eye(2)
            step = np.linalg.solve(curve, gradient)
            weights = weights + np.clip(step, -1, 1)
            if np.abs(step).max() < 1e-8:
                break
        slope[cut], shift[cut] = max(float(weights[0]), 0.05), float(weights[1])
    return slope, shift


def _cross_calibrated(
    above: NDArray[np.float64], truth: Codes, group: NDArray[np.int64]
) -> tuple[NDArray[np.float64], Codes]:
    """Calibrate each half of the dyads by the other: an honest picture of what the head gives for others."""
    _, number = np.unique(group, return_inverse=True)
    half = number % 2 == 0
    probabilities, named = np.zeros((len(truth), CUTS + 1)), np.zeros(len(truth), dtype=np.int8)
    for part, other in ((half, ~half), (~half, half)):
        slope, shift = _calibration(above[other], truth[other])
        spread = spread_of(probabilities_of(above[other], slope=slope, shift=shift), truth[other])
        probabilities[part] = probabilities_of(above[part], slope=slope, shift=shift)
        named[part] = levels_named(probabilities[part], centre=float(truth[other].mean()), spread=spread)
    return probabilities, named


def fit_yes_no(values: Floats32, yes: NDArray[np.bool_], *, seed: int) -> Forest:
    """Fit one boosted classifier of a yes-or-no question."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        settings = {**SETTINGS, "max_leaf_nodes": 8, "max_iter": 80}  # rows of a dyad repeat
        settings["min_samples_leaf"] = min(200, max(1, len(yes) // 20))
        return Forest.of(
            [HistGradientBoostingClassifier(**settings, random_state=seed).fit(_without_void(values), yes)]
        )


def _without_void(values: Floats32) -> Floats32:
    """Return the values with zeros in columns where nothing is known, which scikit-learn could not bin."""
    void = np.isnan(values).all(axis=0)
    return np.where(void, np.float32(0), values) if void.any() else values
