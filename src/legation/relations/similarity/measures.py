"""Similarity of two portfolios from the table of how often each pair of levels occurs, for many pairs at once.

All measures are functions of the contingency table O, where O[i, j] counts the positions at which the first actor holds
level i and the second level j. With n = sum(O), margins r and c, levels l and range D = max(l) - min(l):

========= ============================================================================== ==============================
measure   formula                                                                        source
========= ============================================================================== ==============================
s_abs     1 - 2 sum(abs(l_i - l_j) O) / (D n)                                            Signorino, Ritter 1999
s_sq      1 - 2 sum((l_i - l_j)^2 O) / (D^2 n)                                           the same, squared distance
kappa     1 - n sum(W O) / sum(W r c), W = ((l_i - l_j) / D)^2                           Cohen 1968; Häge 2011
pi        (Po - Pe) / (1 - Pe), Po = tr(O) / n, Pe = sum(((r + c) / 2n)^2)               Scott 1955; Häge 2011
tau_b     (C - D) / sqrt((n0 - n1)(n0 - n2))                                             Kendall 1945
a_index   s_abs - s_abs expected of the margins r and c if they were independent         Benati, Capurri
========= ============================================================================== ==============================

`kappa_nominal` (Cohen 1960, any difference counts the same) and `pi_weighted` (Scott's margins with the squared
weights) are there for comparison. A measure that is 0/0 for a pair is nan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError

__all__ = ["DEFAULT", "MEASURES", "checked_levels", "similarities"]

Floats = NDArray[np.float64]

MEASURES: Final[Mapping[str, str]] = {
    "s_abs": "S with absolute distance (Signorino, Ritter 1999)",
    "s_sq": "S with squared distance",
    "s_abs_w": "S with absolute distance, positions weighted",
    "s_sq_w": "S with squared distance, positions weighted",
    "kappa": "Cohen's kappa with squared weights",
    "pi": "Scott's pi",
    "tau_b": "Kendall's tau-b",
    "a_index": "S less the S expected under independence (Benati, Capurri)",
    "kappa_nominal": "Cohen's kappa without weights",
    "pi_weighted": "Scott's pi with squared weights",
}
"""Every measure by its column."""

# a table per pair has a cell for each two levels
_MOST_LEVELS: Final = 20

DEFAULT: Final = ("s_abs", "s_sq", "s_abs_w", "s_sq_w", "kappa", "pi", "tau_b", "a_index")
"""The measures given where none are named."""


def checked_levels(levels: Sequence[float]) -> Floats:
    """Return the levels in rising order.

    Raises
    ------
    InputError
        When there are fewer than two or more than twenty, one is not finite, or one is given twice.
    """
    given = np.asarray(sorted(levels), float)
    if len(given) < 2 or not np.isfinite(given).all() or (np.diff(given) == 0).any():
        raise InputError(
            f"The levels {', '.join(f'{level:g}' for level in levels)} are not two or more different numbers.",
            remedy="Give every value that a tie or vote can have, as 0,1,2,3.",
        )
    if len(given) > _MOST_LEVELS:
        raise InputError(f"{len(given)} levels are too many.", remedy=f"Group values into at most {_MOST_LEVELS}.")
    return given


def similarities(cells: Floats, *, levels: Sequence[float], measures: Sequence[str]) -> dict[str, Floats]:
    """Compute measures for many pairs from their contingency tables.

    Parameters
    ----------
    cells
        Counts, shape (K, K, pairs): level of the first actor, level of the second, pair.
    levels
        The K levels in rising order.
    measures
        Which of `MEASURES`, except the position-weighted ones.

    Returns
    -------
    dict[str, ndarray]
        For each measure an array of shape (pairs,), nan where it is 0/0.

    Examples
    --------
    >>> cells = np.array([[[3.0], [1.0]], [[0.0], [1.0]]])  # both 0 three times, once 0-1, once 1-1
    >>> found = similarities(cells, levels=(0, 1), measures=("s_abs", "pi"))
    >>> {name: round(float(values[0]), 4) for name, values in found.items()}
    {'s_abs': 0.6, 'pi': 0.5238}
    """
    table = _Table(cells, np.asarray(levels, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: _FORMULAS[name](table) for name in measures}


class _Table:
    """A stack of contingency tables with what several measures share, computed once."""

    def __init__(self, cells: Floats, levels: Floats) -> None:
        self.cells, self.levels = cells, levels
        self.gaps = np.diff(levels).tolist()
        self.span = float(levels[-1] - levels[0])
        self.rows, self.columns = _add_up(cells.transpose(1, 0, 2)), _add_up(cells)
        self.n = _add_up(self.rows)
        self.agree = _add_up([cells[level, level] for level in range(len(levels))])
        # how often the first, the second actor is above each step between two levels
        self.above, self.across = _tails(self.rows), _tails(self.columns)

    @cached_property
    def absolute(self) -> Floats:
        """Sum of absolute distances: two levels differ once for each step between them."""
        total: Floats = np.zeros_like(self.n)
        both: Floats = np.zeros_like(self.n)
        for step in range(len(self.gaps), 0, -1):
            both = both + _add_up([*self.cells[step, step:], *self.cells[step + 1 :, step]])
            total += self.gaps[step - 1] * (self.above[step - 1] + self.across[step - 1] - 2.0 * both)
        return total

    @cached_property
    def absolute_expected(self) -> Floats:
        """The same sum if the margins were independent, times n."""
        total: Floats = np.zeros_like(self.n)
        for gap, above, across in zip(self.gaps, self.above, self.across, strict=True):
            total += gap * (above * (self.n - across) + across * (self.n - above))
        return total

    @cached_property
    def first(self) -> tuple[Floats, Floats]:
        """Sums of x and of y; levels count from the lowest, so that small differences lose nothing."""
        level = self.levels - self.levels[0]
        return level @ self.rows, level @ self.columns

    @cached_property
    def second(self) -> tuple[Floats, Floats]:
        """Sum of x^2 + y^2, and of (x - y)^2."""
        level = self.levels - self.levels[0]
        squares = level**2 @ (self.rows + self.columns)
        apart: Floats = np.zeros_like(self.n)
        for low in range(len(level)):
            for high in range(low + 1, len(level)):
                apart += (level[high] - level[low]) ** 2 * (self.cells[low, high] + self.cells[high, low])
        return squares, apart

    @cached_property
    def chance(self) -> Floats:
        """Sum of the products of the margins: n^2 if both hold one and the same level everywhere."""
        return _add_up(self.rows * self.columns)


def _add_up(parts: Iterable[Floats]) -> Floats:
    """Add arrays in turn: faster than a sum along the first axis of a stack."""
    ordered = iter(parts)
    total = next(ordered).copy()
    for part in ordered:
        total += part
    return total


def _tails(margin: Floats) -> list[Floats]:
    """Give for each step between two levels how many are above it."""
    tails = [margin[-1]]
    for level in margin[-2:0:-1]:
        tails.append(tails[-1] + level)
    return tails[::-1]


def _s_abs(table: _Table) -> Floats:
    return 1.0 - 2.0 * table.absolute / (table.span * table.n)


def _s_sq(table: _Table) -> Floats:
    return 1.0 - 2.0 * table.second[1] / (table.span**2 * table.n)


def _kappa(table: _Table) -> Floats:
    (x, y), (squares, apart) = table.first, table.second
    found = 1.0 - table.n * apart / (table.n * squares - 2.0 * x * y)
    return np.where(table.chance == table.n**2, np.nan, found)


def _pi_weighted(table: _Table) -> Floats:
    (x, y), (squares, apart) = table.first, table.second
    found = 1.0 - table.n * apart / (table.n * squares - 0.5 * (x + y) ** 2)
    return np.where(table.chance == table.n**2, np.nan, found)


def _kappa_nominal(table: _Table) -> Floats:
    return _ratio(table.n * table.agree - table.chance, table.n**2 - table.chance)


def _pi(table: _Table) -> Floats:
    chance = _add_up((table.rows + table.columns) ** 2)
    return _ratio(4.0 * table.n * table.agree - chance, 4.0 * table.n**2 - chance)


def _tau_b(table: _Table) -> Floats:
    ordered: Floats = np.zeros_like(table.n)
    before = [np.zeros_like(table.n) for _ in table.levels]
    for row in table.cells:
        # positions at which both actors are higher count for, those at which one is higher and one lower against
        below: Floats = np.zeros_like(table.n)
        beyond = _add_up(before)
        for held, earlier in zip(row, before, strict=True):
            beyond = beyond - earlier
            ordered += held * (below - beyond)
            below = below + earlier
        before = [earlier + held for earlier, held in zip(before, row, strict=True)]
    spread = (table.n**2 - _add_up(table.rows**2)) * (table.n**2 - _add_up(table.columns**2))
    return _ratio(2.0 * ordered, np.sqrt(spread))


def _a_index(table: _Table) -> Floats:
    return 2.0 * (table.absolute_expected / table.n - table.absolute) / (table.span * table.n)


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.where(below == 0, np.nan, above / below)


_FORMULAS = {
    "s_abs": _s_abs,
    "s_sq": _s_sq,
    "kappa": _kappa,
    "pi": _pi,
    "tau_b": _tau_b,
    "a_index": _a_index,
    "kappa_nominal": _kappa_nominal,
    "pi_weighted": _pi_weighted,
}
