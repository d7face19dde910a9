"""Whether two states have enough to do with each other to be on the peace scale at all."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from legation.relations.level.evidence import build_evidence
from legation.relations.level.fitting import fit_yes_no
from legation.relations.level.grid import lineage
from legation.relations.level.head import Head
from legation.relations.level.tables import SourceTables

if TYPE_CHECKING:
    from legation.relations.level.training import Coded

__all__ = ["LEAST_DOUBT", "SURE_CONTACT", "all_pairs", "fit_contact"]

SURE_CONTACT: Final = (
    ("contiguity", 1, 5),
    ("treaty_defense", 1, 1),
    ("integration", 1, 4),
    ("rivalry_tss", 1, 9),
    ("rivalry_td", 1, 9),
    ("dispute_since", 0, 20),
    ("agreements", 1, 1000),
    ("majors", 2, 2),
)
"""Columns whose values from a least to a most put contact beyond doubt: a border, a pact, integration, a rivalry, a
dispute within twenty years, a defence agreement, two major powers."""
LEAST_DOUBT: Final = 0.02
_EVERY: Final = 5  # years; pairs change slowly
_CODES: Final = 1000


def fit_contact(
    tables: SourceTables,
    *,
    labels: Coded,
    years: tuple[int, int],
    left_out: Collection[str],
    seed: int,
) -> Head | None:
    """Learn which pairs of states the coders listed, from all pairs of states of every fifth training year.

    Pairs that the table of levels does not list count as of negligible contact; where the table is itself a part of
    the published one, the probability of contact is too low by the share that was held back.

    Returns
    -------
    Head or None
        None where the table of states is not held: then nobody knows which pairs there could have been.
    """
    sampled = np.arange(years[1], years[0] - 1, -_EVERY)
    pairs = [all_pairs(tables, int(year)) for year in sampled]
    if any(pair is None for pair in pairs):
        return None
    a, b = (np.concatenate([pair[side] for pair in pairs if pair is not None]) for side in (0, 1))
    year = np.concatenate(
        [np.full(len(pair[0]), at) for pair, at in zip(pairs, sampled, strict=True) if pair is not None]
    )
    listed = np.unique(_key(labels.a, labels.b, labels.year))
    yes = np.isin(_key(a, b, year), listed)
    evidence = build_evidence(tables, a=a, b=b, year=year).without(left_out)
    if yes.all() or not yes.any():
        return None
    forest = fit_yes_no(evidence.values, yes, seed=seed)
    ones = np.ones(1)
    return Head(names=evidence.names, forest=forest, slope=ones, shift=0 * ones, centre=float(yes.mean()), spread=1.0)


def all_pairs(tables: SourceTables, year: int) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return all pairs of states that were members of the state system on 31 December, or None where not held."""
    frame = tables("cow_states")
    if frame is None:
        return None
    last = int(frame.get_column("endyear").max())  # type: ignore[arg-type]
    there = [
        code
        for code, start, end, month, day in frame.select("ccode", "styear", "endyear", "endmonth", "endday").iter_rows()
        if start <= year and (end > year or (end == year and (month, day) == (12, 31)) or end == last)
    ]
    codes = np.array(sorted(there), dtype=np.int64)
    i, j = np.triu_indices(len(codes), 1)
    return codes[i], codes[j]


def _key(a: NDArray[np.int64], b: NDArray[np.int64], year: NDArray[np.int64]) -> NDArray[np.int64]:
    one, two = lineage(a), lineage(b)
    return (year * _CODES + np.minimum(one, two)) * _CODES + np.maximum(one, two)
