"""Standard errors: the curvature of the whole posterior, with items, bridges and the random walk in it.

The posterior's information matrix is block tridiagonal in the sessions (items of one session are eliminated, the random
walk joins neighbours) with a border of bridged items, so that its inverse is exact and takes seconds, not hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from threadpoolctl import threadpool_limits

from legation.relations.ideal_points.likelihood import Terms, cut_sums, item_sums, terms
from legation.relations.ideal_points.panel import Bools, Floats, Ints, Panel, add_up
from legation.relations.ideal_points.sweeps import BETA_PRECISION, CUT_PRECISION

__all__ = ["Uncertainty", "item_information", "uncertainty"]


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """Standard errors.

    Parameters
    ----------
    theta
        Of every point, shape (N,).
    beta
        Of every item's discrimination given the points, shape (J,).
    drift
        Of the mean of each session on the scale, shape (T,).
    spread
        Of the spread of each session, as a share of it, shape (T,).
    """

    theta: Floats
    beta: Floats
    drift: Floats
    spread: Floats


@dataclass(frozen=True, kw_only=True)
class _Votes:
    """Each vote's share of the information: point, item, and its curvatures in eta, the first and second cutpoint."""

    point: Ints
    item: Ints
    eta: Floats
    first: Floats
    second: Floats


def item_information(panel: Panel, found: Terms, theta: Floats) -> Floats:
    """Return the information on (beta, first cutpoint, second) of every item, shape (J, 3, 3).

    An item with one cutpoint has nothing on the second but a one, so that the matrix can be inverted.
    """
    outer, inner = theta[panel.outer_point], theta[panel.inner_point]
    low, high = -(found.low_curve + found.cross_curve), -(found.high_curve + found.cross_curve)
    matrix = np.zeros((len(panel.items), 3, 3))
    matrix[:, 0, 0] = item_sums(panel, -found.outer_curve * outer**2, (low + high) * inner**2) + BETA_PRECISION
    matrix[:, 0, 1:] = cut_sums(panel, found.outer_curve * outer, -low * inner, -high * inner)
    matrix[:, 1:, 0] = matrix[:, 0, 1:]
    curve = cut_sums(panel, -found.outer_curve, -found.low_curve, -found.high_curve) + CUT_PRECISION
    matrix[:, 1, 1], matrix[:, 2, 2] = curve[:, 0], curve[:, 1]
    matrix[:, 1, 2] = matrix[:, 2, 1] = add_up(panel.inner_item, -found.cross_curve, len(panel.items))
    single = panel.single
    matrix[single, 1, 1] += matrix[single, 2, 2]
    matrix[single, 0, 1] += matrix[single, 0, 2]
    matrix[single, 1, 0] = matrix[single, 0, 1]
    matrix[single, 2, :] = matrix[single, :, 2] = 0.0
    matrix[single, 2, 2] = 1.0
    return matrix


def _votes(panel: Panel, found: Terms) -> _Votes:
    outer = -found.outer_curve
    second = (panel.outer_sign < 0) & ~panel.single[panel.outer_item]
    low, high = -(found.low_curve + found.cross_curve), -(found.high_curve + found.cross_curve)
    return _Votes(
        point=np.r_[panel.outer_point, panel.inner_point],
        item=np.r_[panel.outer_item, panel.inner_item],
        eta=np.r_[outer, low + high],
        first=np.r_[np.where(second, 0.0, outer), low],
        second=np.r_[np.where(second, outer, 0.0), high],
    )


def uncertainty(panel: Panel, theta: Floats, beta: Floats, cuts: Floats, *, walk: Floats | None = None) -> Uncertainty:
    """Return standard errors that hold the items' uncertainty and the drift of whole sessions.

    Parameters
    ----------
    walk
        The precision with which each point leans on a value that is given; then nothing is standardised. Left out:
        points lean on each other by the random walk, and the scale is fixed by its mean and spread.
    """
    found = terms(panel, theta, beta, cuts)
    votes = _votes(panel, found)
    inverse = np.linalg.inv(item_information(panel, found, theta)).astype(np.float64, copy=False)
    sessions = int(panel.session.max()) + 1
    pair = np.unique(votes.item * sessions + panel.session[votes.point])
    bridged = np.bincount(pair // sessions, minlength=len(panel.items)) > 1
    system = _System(panel, theta, beta, votes, inverse, bridged, walk)
    # One thread: sums in one order give the same bytes, and many small matrices gain nothing from more.
    with threadpool_limits(1):
        variance, drift, spread = system.solve()
    return Uncertainty(
        theta=np.sqrt(variance if walk is not None else variance + _forward_only(panel, votes, beta)),
        beta=np.sqrt(inverse[:, 0, 0]),
        drift=np.sqrt(drift),
        spread=np.sqrt(spread),
    )


def _walk(panel: Panel, information: Floats) -> tuple[Floats, Floats]:
    """Return the precision that the walk gives each point, and that of its step where sessions are neighbours.

    A step over a gap joins sessions that are no neighbours; each end then counts the other as known up to its own
    information.
    """
    lag = panel.lag
    previous = np.r_[0, np.arange(len(lag) - 1)]
    near = (lag > 0) & (panel.session - panel.session[previous] == 1)
    own = np.where(near, lag, 0.0)
    far = np.flatnonzero((lag > 0) & ~near)
    for one, other in ((far, far - 1), (far - 1, far)):
        own[one] += 1.0 / (1.0 / lag[far] + 1.0 / np.maximum(information[other], 1e-9))
    step = np.where(near, lag, 0.0)
    own[:-1] += step[1:]
    return np.where(own > 0, own, 1.0), step


def _forward_only(panel: Panel, votes: _Votes, beta: Floats) -> Floats:
    """Return the variance more that an estimate has which leans on the past alone, not on the future as well."""
    information = add_up(votes.point, beta[votes.item] ** 2 * votes.eta, panel.points.height)
    past = information + np.maximum(panel.lag + panel.lead, 1e-9)
    future = np.r_[panel.lag[1:], 0.0]
    both = information + np.maximum(panel.lag + future, 1e-9)
    more: Floats = np.maximum(1.0 / past - 1.0 / both, 0.0)
    return more


class _System:
    """The information matrix of points and bridged items, solved session by session."""

    def __init__(  # noqa: PLR0917 - the parts of one system
        self,
        panel: Panel,
        theta: Floats,
        beta: Floats,
        votes: _Votes,
        inverse: Floats,
        bridged: Bools,
        walk: Floats | None,
    ) -> None:
        self.panel, self.theta, self.beta, self.votes, self.inverse = panel, theta, beta, votes, inverse
        self.border = np.flatnonzero(bridged)
        self.place = np.full(len(panel.items), -1)
        self.place[self.border] = np.arange(len(self.border))
        self.members = [np.flatnonzero(panel.session == s) for s in range(int(panel.session.max()) + 1)]
        self.local = np.zeros(panel.points.height, dtype=np.int64)
        for rows in self.members:
            self.local[rows] = np.arange(len(rows))
        information = add_up(votes.point, beta[votes.item] ** 2 * votes.eta, panel.points.height)
        self.standardised = walk is None
        given, self.step = _walk(panel, information) if walk is None else (walk, np.zeros(len(walk)))
        self.diagonal = information + given

    def solve(self) -> tuple[Floats, Floats, Floats]:
        """Return the variances of all points, of the sessions' means and of their spreads."""
        order = np.argsort(self.panel.session[self.votes.point], kind="stable")
        ends = np.searchsorted(self.panel.session[self.votes.point][order], np.arange(len(self.members) + 1))
        blocks, borders = [], []
        for s, rows in enumerate(self.members):
            block, border = self._block(order[ends[s] : ends[s + 1]], rows)
            blocks.append(block)
            borders.append(border)
        targets = self._targets()
        right = [np.hstack([border, targets[rows]]) for border, rows in zip(borders, self.members, strict=True)]
        variance, solved = self._sweep(blocks, right)
        width = 3 * len(self.border)
        return self._with_border(variance, solved, borders, targets, width)

    def _block(self, chosen: Ints, rows: Ints) -> tuple[Floats, Floats]:
        """Return a session's information with its own items eliminated, and its ties to the bridged items."""
        item, point = self.votes.item[chosen], self.local[self.votes.point[chosen]]
        names, place = np.unique(item, return_inverse=True)
        shape = (len(names), len(rows))
        flat = place * len(rows) + point
        slope = self.beta[item]

        def ties(values: Floats) -> Floats:
            return add_up(flat, values, shape[0] * shape[1]).reshape(shape)

        theta = self.theta[self.votes.point[chosen]]
        sides = np.stack(
            [
                ties(slope * theta * self.votes.eta[chosen]),
                ties(-slope * self.votes.first[chosen]),
                ties(-slope * self.votes.second[chosen]),
            ],
            axis=1,
        )
        own = self.place[names] < 0
        half = np.linalg.cholesky(self.inverse[names[own]])
        scaled = (half.transpose(0, 2, 1) @ sides[own]).reshape(-1, len(rows))
        block = np.diag(self.diagonal[rows]) - scaled.T @ scaled
        border = np.zeros((len(rows), 3 * len(self.border)))
        for tie, where in zip(sides[~own], self.place[names[~own]], strict=True):
            border[:, 3 * where : 3 * where + 3] = tie.T
        return block, border

    def _targets(self) -> Floats:
        """Return what is asked of the inverse: the scale's mean and spread, then each session's."""
        size, sessions = len(self.theta), len(self.members)
        targets = np.zeros((size, 2 + 2 * sessions))
        targets[:, 0] = 1.0 / size
        targets[:, 1] = self.theta / size
        for s, rows in enumerate(self.members):
            targets[rows, 2 + s] = 1.0 / len(rows)
            centred = self.theta[rows] - self.theta[rows].mean()
            targets[rows, 2 + sessions + s] = centred / max(float(centred @ centred), 1e-9)
        return targets

    def _coupling(self, s: int) -> Floats:
        """Return the walk's ties of a session to the one before, shape (members, members before)."""
        rows, before = self.members[s], self.members[s - 1]
        tie = np.zeros((len(rows), len(before)))
        tied = rows[self.step[rows] > 0]
        tie[self.local[tied], self.local[tied - 1]] = -self.step[tied]
        return tie

    def _sweep(self, blocks: list[Floats], right: list[Floats]) -> tuple[Floats, list[Floats]]:
        """Eliminate session by session, then solve backwards; return the inverse's diagonal and the solutions."""
        factors = [cho_factor(blocks[0], lower=True)]
        reduced, couplings = [right[0]], [np.zeros((0, 0))]
        for s in range(1, len(blocks)):
            tie = self._coupling(s)
            carried = cho_solve(factors[-1], tie.T).T
            factors.append(cho_factor(blocks[s] - carried @ tie.T, lower=True))
            reduced.append(right[s] - carried @ reduced[-1])
            couplings.append(carried)
        variance = np.zeros(len(self.theta))
        inverse = cho_solve(factors[-1], np.eye(len(blocks[-1])))
        solved = [cho_solve(factors[-1], reduced[-1])]
        variance[self.members[-1]] = np.diag(inverse)
        for s in range(len(blocks) - 2, -1, -1):
            carried = couplings[s + 1]
            inverse = cho_solve(factors[s], np.eye(len(blocks[s]))) + carried.T @ inverse @ carried
            solved.append(cho_solve(factors[s], reduced[s]) - carried.T @ solved[-1])
            variance[self.members[s]] = np.diag(inverse)
        return variance, solved[::-1]

    def _with_border(
        self, variance: Floats, solved: list[Floats], borders: list[Floats], targets: Floats, width: int
    ) -> tuple[Floats, Floats, Floats]:
        """Add what the bridged items leave uncertain, and take out what standardising the scale fixes."""
        whole = np.zeros((len(self.theta), width + targets.shape[1]))
        for rows, part in zip(self.members, solved, strict=True):
            whole[rows] = part
        bordered, asked = whole[:, :width], whole[:, width:]
        quadratic = targets.T @ asked
        if width:
            corner = np.zeros((width, width))
            for where, matrix in enumerate(np.linalg.inv(self.inverse[self.border])):
                corner[3 * where : 3 * where + 3, 3 * where : 3 * where + 3] = matrix
            for rows, border in zip(self.members, borders, strict=True):
                used = np.flatnonzero(border.any(axis=0))
                corner[used] -= border[:, used].T @ bordered[rows]
            factor = np.linalg.cholesky((corner + corner.T) / 2)
            rest = solve_triangular(factor, bordered.T, lower=True).T
            variance = variance + np.einsum("ij,ij->i", rest, rest)
            pulled = rest.T @ targets
            asked = asked + rest @ pulled
            quadratic = quadratic + pulled.T @ pulled
        fixed = np.linalg.inv(quadratic[:2, :2]) if self.standardised else np.zeros((2, 2))
        variance = variance - np.einsum("ij,jk,ik->i", asked[:, :2], fixed, asked[:, :2])
        diagonal = np.diag(quadratic) - np.einsum("ij,jk,ki->i", quadratic[:, :2], fixed, quadratic[:2, :])
        sessions = len(self.members)
        floor = np.finfo(float).eps
        return (
            np.maximum(variance, floor),
            np.maximum(diagonal[2 : 2 + sessions], floor),
            np.maximum(diagonal[2 + sessions :], floor),
        )
