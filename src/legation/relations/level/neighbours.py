"""What the levels of other dyads at the same time tell of a dyad; its own level never enters here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.relations.level.features.states import land_borders
from legation.relations.level.features.ties import integration_depths, pact_marks
from legation.relations.level.grid import Grid, Ints, Rows
from legation.relations.level.tables import SourceTables

__all__ = ["LINK_KINDS", "NEIGHBOUR_NAMES", "LabelBook", "Links", "links_of", "neighbour_columns"]

Floats = NDArray[np.float32]
LINK_KINDS: Final = ("pact", "integration", "border")
_CENTRE: Final = 2
_REGION: Final = 100  # COW codes: the hundreds are the region
_SHARES = ("mean", "known", "hostile", "warm", "hostile_share", "warm_share")
NEIGHBOUR_NAMES: Final = (
    *(f"others_{what}_{end}" for what in _SHARES for end in ("low", "high")),
    "through_friends",
    "through_friends_known",
    "through_neutrals",
    "friends_in_common",
    "friend_is_enemy",
    "foes_in_common",
    "through_pacts",
    "through_integration",
    "through_borders",
    "through_region",
    "labels_age",
)


@dataclass(frozen=True, kw_only=True)
class LabelBook:
    """Coded dyad-years sorted by year: `a`, `b` (last codes, a < b), `year`, `level` 0 to 4, each of shape (n,)."""

    a: Ints
    b: Ints
    year: Ints
    level: NDArray[np.int8]

    @classmethod
    def of(cls, a: Ints, b: Ints, year: Ints, level: NDArray[np.int8]) -> LabelBook:
        """Return the book of what is coded; of a dyad-year that is there twice (a code changed in it), the last row."""
        low, high = np.minimum(a, b), np.maximum(a, b)
        order = np.lexsort((high, low, year))
        order = order[level[order] >= 0]
        key = np.stack([year[order], low[order], high[order]])
        last = np.ones(len(order), dtype=bool)
        last[:-1] = (key[:, 1:] != key[:, :-1]).any(axis=0)
        kept = order[last]
        return cls(a=low[kept], b=high[kept], year=year[kept], level=level[kept])

    def where(self, kept: NDArray[np.bool_]) -> LabelBook:
        """Return some of the rows."""
        return LabelBook(a=self.a[kept], b=self.b[kept], year=self.year[kept], level=self.level[kept])

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last year."""
        return int(self.year[0]), int(self.year[-1])


@dataclass(frozen=True, kw_only=True)
class Links:
    """Ties between states by year: `kind` (place in `LINK_KINDS`), `a`, `b`, `year`, `weight`; sorted by year.

    `coded` says that actors are COW codes, so that their hundreds are regions. `last` is the last year; later years
    have its ties.
    """

    kind: NDArray[np.int8]
    a: Ints
    b: Ints
    year: Ints
    weight: Floats
    coded: bool

    @classmethod
    def none(cls) -> Links:
        """Return no ties at all, between actors of a user's own naming."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(
            kind=empty.astype(np.int8), a=empty, b=empty, year=empty, weight=empty.astype(np.float32), coded=False
        )


def links_of(tables: SourceTables, actors: Ints, *, first: int, last: int) -> Links:
    """Return pacts, shared integration and land borders of the states from a first to a last year."""
    i, j = np.triu_indices(len(actors), 1)
    grid = Grid.of(actors[i], actors[j], last=last)
    rows = Rows(grid=grid, dyad=np.arange(len(grid.keys)), year=np.full(len(grid.keys), last))
    matrices = {
        "pact": pact_marks(tables, grid),
        "integration": integration_depths(rows),
        "border": land_borders(tables, grid),
    }
    parts = []
    for code, kind in enumerate(LINK_KINDS):
        matrix = matrices[kind]
        if matrix is None:
            continue
        recent = matrix[:, first - 1816 :]
        row, column = np.nonzero(recent)
        parts.append((np.full(len(row), code), grid.low[row], grid.high[row], column + first, recent[row, column]))
    kinds, a, b, year, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(year, kind="stable")
    return Links(
        kind=kinds[order].astype(np.int8),
        a=a[order],
        b=b[order],
        year=year[order],
        weight=weight[order].astype(np.float32),
        coded=True,
    )


def neighbour_columns(
    book: LabelBook,
    links: Links,
    *,
    a: Ints,
    b: Ints,
    year: Ints,
    known_until: Ints,
    leave_out: Ints | None = None,
    fold: Ints | None = None,
) -> Floats:
    """Return what the others' levels say of each dyad-year, shape (k, len(NEIGHBOUR_NAMES)).

    Parameters
    ----------
    book, links
        Levels coded and ties between states.
    a, b, year
        The dyad-years, shape (k,).
    known_until
        For each, the year whose levels may be used: not later than its own.
    leave_out, fold
        For each dyad-year the fold whose levels it must not see, and for each row of the book its fold: while training,
        a dyad sees only levels of other folds, so that nothing of its own level comes back to it through sums.
    """
    actors = np.unique(np.concatenate([book.a, book.b, a, b]))
    found = np.full((len(a), len(NEIGHBOUR_NAMES)), np.nan, dtype=np.float32)
    i, j = np.searchsorted(actors, a), np.searchsorted(actors, b)
    groups = np.stack([known_until, year, np.zeros_like(year) if leave_out is None else leave_out])
    for (known, now, out), rows in _grouped(groups):
        here = slice(*np.searchsorted(book.year, [known, known + 1]))
        used = np.arange(len(book.year))[here]
        if leave_out is not None and fold is not None:
            used = used[fold[here] != out]
        level, there = _squares(book, used, actors)
        ties = _ties(links, int(now), actors)
        found[rows, :-1] = _columns(level, there, ties, i[rows], j[rows])
        found[rows, -1] = now - known
    return found


def _grouped(keys: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.intp]]]:
    distinct, which = np.unique(keys, axis=1, return_inverse=True)
    order = np.argsort(which, kind="stable")
    bounds = np.searchsorted(which[order], np.arange(distinct.shape[1] + 1))
    for column in range(distinct.shape[1]):
        yield distinct[:, column], order[bounds[column] : bounds[column + 1]]


def _squares(book: LabelBook, used: NDArray[np.intp], actors: Ints) -> tuple[Floats, Floats]:
    level, there = (np.zeros((len(actors), len(actors)), dtype=np.float32) for _ in range(2))
    i, j = np.searchsorted(actors, book.a[used]), np.searchsorted(actors, book.b[used])
    for one, two in ((i, j), (j, i)):
        level[one, two] = book.level[used] - np.float32(_CENTRE)
        there[one, two] = 1
    return level, there


def _ties(links: Links, year: int, actors: Ints) -> list[Floats]:
    squares = [np.zeros((len(actors), len(actors)), dtype=np.float32) for _ in LINK_KINDS]
    if len(links.year):
        wanted = min(max(year, int(links.year[0])), int(links.year[-1]))
        here = np.arange(*np.searchsorted(links.year, [wanted, wanted + 1]))
        i, j = np.searchsorted(actors, links.a[here]), np.searchsorted(actors, links.b[here])
        inside = (i < len(actors)) & (j < len(actors))
        inside[inside] = (actors[i[inside]] == links.a[here][inside]) & (actors[j[inside]] == links.b[here][inside])
        for kind, square in enumerate(squares):
            of_kind = inside & (links.kind[here] == kind)
            square[i[of_kind], j[of_kind]] = links.weight[here][of_kind]
            square[j[of_kind], i[of_kind]] = links.weight[here][of_kind]
    region = np.zeros((len(actors), len(actors)), dtype=np.float32)
    if links.coded:
        region = (actors[:, None] // _REGION == actors[None, :] // _REGION).astype(np.float32)
        np.fill_diagonal(region, 0)
    return [*squares, region]


def _columns(level: Floats, there: Floats, ties: list[Floats], i: Ints, j: Ints) -> Floats:
    warm, hostile = (level >= 1).astype(np.float32), ((level <= -1) & (there > 0)).astype(np.float32)
    known, total = there.sum(axis=1), level.sum(axis=1)
    foes, friends = hostile.sum(axis=1), warm.sum(axis=1)
    per = np.where(known > 0, known, np.nan)
    own = [total / per, known, foes, friends, foes / per, friends / per]
    columns = [end(values[i], values[j]) for values in own for end in (np.fmin, np.fmax)]
    friendly, friendly_known = _through(warm, level, there, i, j)
    neutral, _ = _through(there - warm - hostile, level, there, i, j)
    columns += [
        friendly,
        friendly_known,
        neutral,
        (warm[i] * warm[j]).sum(axis=1),
        (warm[i] * hostile[j] + hostile[i] * warm[j]).sum(axis=1),
        (hostile[i] * hostile[j]).sum(axis=1),
    ]
    columns += [_through(tie, level, there, i, j)[0] for tie in ties]
    return np.column_stack(columns).astype(np.float32)


def _through(tie: Floats, level: Floats, there: Floats, i: Ints, j: Ints) -> tuple[Floats, Floats]:
    """Return the mean level of each one with the other's tied third states, and over how many."""
    total = (tie[i] * level[j]).sum(axis=1) + (tie[j] * level[i]).sum(axis=1)
    count = (tie[i] * there[j]).sum(axis=1) + (tie[j] * there[i]).sum(axis=1)
    return total / np.where(count > 0, count, np.nan), count
