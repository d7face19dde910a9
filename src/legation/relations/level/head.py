"""A head: boosted cumulative classifiers, calibrated, with the rule that names a level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.relations.level.scale import N_LEVELS
from legation.relations.level.trees import Forest

__all__ = ["CUTS", "Head", "levels_named", "probabilities_of", "spread_of"]

Floats = NDArray[np.float64]
CUTS: Final = N_LEVELS - 1
_FLOOR: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class Head:
    """One trained classifier of the level.

    `names` are its columns. `forest` holds, for each bag, four classifiers of "above level 0, 1, 2, 3". `slope` and
    `shift`, shape (4,), turn their averaged log odds into calibrated ones. `centre` is the mean level of the training
    rows and `spread` how much the expected level is stretched about it before it is rounded to name a level.
    """

    names: tuple[str, ...]
    forest: Forest
    slope: Floats
    shift: Floats
    centre: float
    spread: float

    def above(self, values: NDArray[np.float32]) -> Floats:
        """Return the uncalibrated probability of a level above 0, 1, 2, 3: shape (k, 4), the mean of the bags."""
        each = self.forest.predict(values)
        mean: Floats = each.reshape(len(values), -1, CUTS).mean(axis=1)
        return mean

    def probabilities(self, values: NDArray[np.float32]) -> Floats:
        """Return calibrated probabilities of the five levels, shape (k, 5); rows sum to 1."""
        return probabilities_of(self.above(values), slope=self.slope, shift=self.shift)

    def name(self, probabilities: Floats) -> NDArray[np.int8]:
        """Return the level named for each row."""
        return levels_named(probabilities, centre=self.centre, spread=self.spread)


def probabilities_of(above: Floats, *, slope: Floats, shift: Floats) -> Floats:
    """Return the probabilities of the five levels from those of being above each cut, calibrated by their log odds."""
    safe = np.clip(above, _FLOOR, 1.0 - _FLOOR)
    calibrated = 1.0 / (1.0 + np.exp(-(slope * np.log(safe / (1.0 - safe)) + shift)))
    falling = np.minimum.accumulate(calibrated, axis=1)
    edges = np.concatenate([np.ones((len(above), 1)), falling, np.zeros((len(above), 1))], axis=1)
    between: Floats = edges[:, :-1] - edges[:, 1:]
    return between


def levels_named(probabilities: Floats, *, centre: float, spread: float) -> NDArray[np.int8]:
    """Return the level nearest to the expected one, stretched about the centre.

    An expected level is drawn to the mean by what is not known; the levels that people code are not. Stretched by the
    ratio of the two standard deviations, those named spread as those coded do, which is what kappa, an agreement of two
    codings, is highest for.
    """
    expected = probabilities @ np.arange(N_LEVELS)
    stretched = centre + spread * (expected - centre)
    return np.clip(np.rint(stretched), 0, N_LEVELS - 1).astype(np.int8)


def spread_of(probabilities: Floats, truth: NDArray[np.int8]) -> float:
    """Return by how much the spread of coded levels exceeds that of expected ones, between 1 and 1.5."""
    expected = probabilities @ np.arange(N_LEVELS)
    return float(np.clip(np.std(truth) / max(float(np.std(expected)), _FLOOR), 1.0, 1.5))
