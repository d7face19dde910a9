"""How relations may stand at the plan's end: today's level of each pair, and what became of such levels in a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.planning.uncertainty.chance import uniforms
from legation.relations.levels import LEVELS
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["STEPS", "RelationForecast", "count_transitions", "forecast_of", "transition_matrix"]

STEPS = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 2.0])
"""Where each level stands on the way from severe rivalry to security community; negligible contact counts as
negative peace, with which it shares that neither side expects much good or ill."""

_LEVELS = len(LEVELS)
_FEW = 30  # pair-years below which a row of the yearly matrix is named as thin


@dataclass(frozen=True, kw_only=True, eq=False)
class RelationForecast:
    """Levels today and their yearly drift.

    Attributes
    ----------
    actors
        Ids, length n; rows and columns of `today`.
    observer
        Whose desk it is.
    today
        Probability of each level of each pair, shape (n, n, 6), in the order of `LEVELS`; all 0 where nothing is known.
    yearly
        Probability that a pair at one level is at another a year later, shape (6, 6), rows sum to 1.
    basis
        Where both come from, as a sentence.
    notes
        What a reader must know of them.
    """

    actors: tuple[str, ...]
    observer: str
    today: NDArray[np.float64]
    yearly: NDArray[np.float64]
    basis: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        size = len(self.actors)
        if self.today.shape != (size, size, _LEVELS) or self.yearly.shape != (_LEVELS, _LEVELS):
            raise InputError(
                f"A forecast of {size} actors has shapes {self.today.shape} and {self.yearly.shape}.",
                remedy=f"Give ({size}, {size}, {_LEVELS}) and ({_LEVELS}, {_LEVELS}).",
            )
        sums = self.today.sum(axis=2)
        known = np.isclose(sums, 1.0, atol=1e-6) | (sums == 0)
        if (self.today < 0).any() or (self.yearly < 0).any() or not known.all():
            raise InputError("A pair's levels do not have probabilities that sum to 1 (or are all 0 where unknown).")
        if not np.allclose(self.yearly.sum(axis=1), 1.0, atol=1e-6):
            raise InputError(f"The yearly matrix has rows that sum to {self.yearly.sum(axis=1).round(4).tolist()}.")
        if not np.array_equal(self.today, self.today.transpose(1, 0, 2)):
            raise InputError("A pair has other levels in one direction than in the other.")

    def after(self, months: int) -> NDArray[np.float64]:
        """Give the probability of each level after some months, shape (6, 6).

        Whole years are powers of the yearly matrix; a part of a year mixes the matrices before and after it in
        proportion, which keeps them probabilities.
        """
        years, rest = divmod(months, 12)
        whole = np.linalg.matrix_power(self.yearly, years)
        mixed: NDArray[np.float64] = whole @ ((1 - rest / 12) * np.eye(_LEVELS) + rest / 12 * self.yearly)
        return mixed

    def outcomes(self, actor: str, *, months: int) -> NDArray[np.float64] | None:
        """Give the probability of each level of the observer with an actor after some months; None where unknown."""
        if actor not in self.actors or self.observer not in self.actors:
            return None
        now = self.today[self.actors.index(self.observer), self.actors.index(actor)]
        return None if now.sum() == 0 else now @ self.after(months)

    def moves(self, *, months: int, seed: int, first: int, count: int) -> NDArray[np.int8]:
        """Draw how many steps each pair's level moves from today to the plan's end.

        Returns
        -------
        NDArray[np.int8]
            Shape (count, n, n), symmetric; 0 where nothing is known. Two draws a pair: today's level, and from it the
            level at the end.
        """
        size = len(self.actors)
        after = np.cumsum(self.after(months), axis=1)
        out = np.zeros((count, size, size), np.int8)
        for i in range(size):
            for j in range(i + 1, size):
                if self.today[i, j].sum() == 0:
                    continue
                pair = "|".join(sorted((self.actors[i], self.actors[j])))
                u = uniforms(f"level-now|{pair}", seed=seed, first=first, count=count)
                v = uniforms(f"level-end|{pair}", seed=seed, first=first, count=count)
                now = np.minimum((u[:, None] > np.cumsum(self.today[i, j])).sum(axis=1), _LEVELS - 1)
                end = np.minimum((v[:, None] > after[now]).sum(axis=1), _LEVELS - 1)
                out[:, i, j] = out[:, j, i] = STEPS[end] - STEPS[now]
        return out


def count_transitions(before: NDArray[np.int8], after: NDArray[np.int8]) -> NDArray[np.float64]:
    """Count how often pairs went from one level to another between two dates a year apart.

    Parameters
    ----------
    before, after
        Level codes, shape (n, n), -1 where unknown; each pair counts once.
    """
    rows, columns = np.triu_indices(before.shape[0], k=1)
    a, b = before[rows, columns], after[rows, columns]
    known = (a >= 0) & (b >= 0)
    counts = np.zeros((_LEVELS, _LEVELS))
    np.add.at(counts, (a[known], b[known]), 1.0)
    return counts


def transition_matrix(counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Turn counts into shares by row; a level that no pair had stays as it is, and thin rows are named.

    Returns
    -------
    tuple
        The matrix, shape (6, 6), and a note for each level with fewer than 30 pair-years.
    """
    totals = counts.sum(axis=1)
    shares = np.where(totals[:, None] > 0, counts / np.maximum(totals, 1.0)[:, None], np.eye(len(counts)))
    notes = tuple(
        f"What becomes of {LEVELS[n].words} in a year rests on {totals[n]:g} pair-years"
        + (": it is taken to stay." if totals[n] == 0 else ".")
        for n in np.flatnonzero(totals < _FEW)
    )
    return shares, notes


def forecast_of(
    relations: RelationsSnapshot,
    *,
    yearly: NDArray[np.float64],
    basis: str,
    notes: tuple[str, ...] = (),
    probabilities: dict[str, NDArray[np.float64]] | None = None,
) -> RelationForecast:
    """Make a forecast from a snapshot.

    Parameters
    ----------
    relations
        Its most probable levels stand for pairs that `probabilities` does not hold.
    yearly
        Shape (6, 6).
    basis, notes
        Where the figures come from, and what must be known of them.
    probabilities
        Today's levels of the observer with an actor, shape (6,), where they are known as probabilities.
    """
    size = len(relations.actors)
    today = np.zeros((size, size, _LEVELS))
    known = relations.level >= 0
    today[known] = np.eye(_LEVELS)[relations.level[known]]
    own = relations.actors.index(relations.observer) if relations.observer in relations.actors else None
    for actor, shares in (probabilities or {}).items():
        if own is not None and actor in relations.actors and actor != relations.observer:
            other = relations.actors.index(actor)
            today[own, other] = today[other, own] = shares / shares.sum()
    return RelationForecast(
        actors=relations.actors, observer=relations.observer, today=today, yearly=yearly, basis=basis, notes=notes
    )
