"""Train the relation level on coded dyad-years."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.relations.level.contact import fit_contact
from legation.relations.level.evidence import GROUPS, EvidenceTable, build_evidence
from legation.relations.level.fitting import CALIBRATION_FOLDS, FEWEST_ROWS, Bag, FittedHead, fit_head
from legation.relations.level.grid import lineage
from legation.relations.level.history import HISTORY_NAMES, OwnHistory
from legation.relations.level.model import Figures, LevelModel, ModelCard
from legation.relations.level.neighbours import NEIGHBOUR_NAMES, LabelBook, Links, links_of, neighbour_columns
from legation.relations.level.scale import N_LEVELS, calibration_error, quadratic_kappa
from legation.relations.level.tables import SourceTables

__all__ = ["Coded", "figures_of", "quiet", "train_levels", "train_on_evidence"]

Progress = Callable[[str], None]
BAGS: Final = 3
_NEIGHBOUR_FOLDS: Final = 8
_DYADS_IN_BAG: Final = 0.9
_SMALL: Final = 6_000  # below so many rows every bag has all years
_LONGEST_LAG: Final = 15
_LAGGED: Final = 0.5
_LAST_SEED: Final = 2**31


def quiet(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Coded:
    """Coded dyad-years: `a`, `b`, `year` and `level` codes (-1 where not coded), each of shape (k,)."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    year: NDArray[np.int64]
    level: NDArray[np.int8]

    def where(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> Coded:
        """Return some of the rows."""
        return Coded(a=self.a[kept], b=self.b[kept], year=self.year[kept], level=self.level[kept])


def train_levels(
    tables: SourceTables,
    labels: Coded,
    *,
    train_years: tuple[int, int],
    seed: int = 0,
    left_out: Collection[str] = (),
    with_history: bool = True,
    with_contact: bool = True,
    progress: Progress = quiet,
) -> LevelModel:
    """Train on source tables.

    Parameters
    ----------
    tables
        The source tables at hand; those not held are left out and named in the card.
    labels
        Coded dyad-years by COW codes.
    train_years
        The first and last year whose levels are read; levels of other years are not.
    seed
        Of every fold, bag and tree: the same seed gives the same model.
    left_out
        Groups of evidence to leave out (`evidence.GROUPS`, and "neighbours": the levels of other dyads).
    with_history, with_contact
        Also train the head for dyads with a coded past, and the contact model.
    progress
        Told in a sentence what is done.

    Raises
    ------
    InputError
        When a group is unknown, or the levels are too few to learn from.
    """
    unknown = set(left_out) - {*GROUPS, "neighbours"}
    if unknown:
        raise InputError(
            f"{', '.join(sorted(unknown))} is no group of evidence.",
            remedy=f"Leave out some of {', '.join((*GROUPS, 'neighbours'))}.",
        )
    coded = _within(labels, train_years)
    progress(f"making evidence on {len(coded.a)} coded dyad-years")
    evidence = build_evidence(tables, a=coded.a, b=coded.b, year=coded.year).without(left_out)
    actors = np.unique(lineage(np.concatenate([labels.a, labels.b])))
    links = links_of(tables, actors, first=train_years[0], last=train_years[1] + _LONGEST_LAG + 10)
    contact = None
    if with_contact:
        progress("learning which dyads are on the scale")
        contact = fit_contact(tables, labels=labels, years=train_years, left_out=left_out, seed=seed)
    return train_on_evidence(
        evidence,
        coded.level,
        links=links,
        seed=seed,
        left_out=tuple(left_out),
        with_history=with_history,
        contact=contact,
        tables=tuple(sorted(tables.held)),
        progress=progress,
    )


def train_on_evidence(
    evidence: EvidenceTable,
    level: NDArray[np.int8],
    *,
    links: Links,
    seed: int,
    left_out: tuple[str, ...] = (),
    with_history: bool = True,
    contact: object = None,
    tables: tuple[str, ...] = (),
    progress: Progress = quiet,
) -> LevelModel:
    """Train on evidence by dyad-year, all of whose rows are coded.

    Raises
    ------
    InputError
        When the seed is no seed, or there is too little to learn from.
    """
    if not 0 <= seed < _LAST_SEED:
        raise InputError(f"{seed} is no seed.", remedy=f"Name a whole number from 0 to {_LAST_SEED - 1}.")
    a, b = (lineage(each) if links.coded else each for each in (evidence.a, evidence.b))
    low, high = np.minimum(a, b), np.maximum(a, b)
    book = LabelBook.of(low, high, evidence.year, level)
    _, group = np.unique(np.stack([low, high]), axis=1, return_inverse=True)
    rows = _Rows(evidence=evidence, level=level, low=low, high=high, group=group, book=book, links=links)
    mask = "neighbours" in left_out
    progress("training the head for dyads without a coded past")
    names = (*evidence.names, *NEIGHBOUR_NAMES)
    bags = [_unseen_bag(rows, bag, seed=seed, blind=mask) for bag in range(BAGS)]
    unseen = fit_head(names, bags, seed=seed, progress=progress)
    seen = None
    if with_history:
        progress("training the head for dyads with a coded past")
        history_bags = [_seen_bag(rows, bag, seed=seed, blind=mask) for bag in range(BAGS)]
        if min(len(bag.level) for bag in history_bags) and _learnable(history_bags):
            seen = fit_head((*names, *HISTORY_NAMES), history_bags, seed=seed + 1, progress=progress)
    return LevelModel(
        unseen=unseen.head,
        seen=None if seen is None else seen.head,
        contact=contact,  # type: ignore[arg-type]
        book=book,
        links=links,
        names=evidence.names,
        card=_card(rows, unseen, seen, seed=seed, left_out=left_out, tables=tables),
    )


@dataclass(frozen=True, kw_only=True)
class _Rows:
    evidence: EvidenceTable
    level: NDArray[np.int8]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    group: NDArray[np.int64]
    book: LabelBook
    links: Links


def _within(labels: Coded, years: tuple[int, int]) -> Coded:
    first, last = years
    if first > last:
        raise InputError(f"The years {first}-{last} run backwards.", remedy="Write the earlier year first.")
    coded = labels.where((labels.year >= first) & (labels.year <= last) & (labels.level >= 0))
    if not len(coded.a):
        raise InputError(
            f"No dyad-year from {first} to {last} has a level.", remedy="Name years that the table of levels covers."
        )
    return coded


def _sample(rows: _Rows, bag: int, rng: np.random.Generator) -> NDArray[np.intp]:
    dyads = int(rows.group.max()) + 1
    kept = (rng.random(dyads) < _DYADS_IN_BAG)[rows.group]
    if len(rows.level) > _SMALL:
        kept &= rows.evidence.year % BAGS == bag
    return np.flatnonzero(kept)


def _around(
    rows: _Rows, taken: NDArray[np.intp], until: NDArray[np.int64], rng: np.random.Generator, *, blind: bool
) -> NDArray[np.float32]:
    """Return the neighbours' columns: a dyad sees the levels of the dyads of other folds only."""
    if blind:
        return np.full((len(taken), len(NEIGHBOUR_NAMES)), np.nan, dtype=np.float32)
    fold_of = rng.permutation(int(rows.group.max()) + 1) % _NEIGHBOUR_FOLDS
    fold = fold_of[rows.group]
    place = {key: number for number, key in enumerate(zip(rows.low.tolist(), rows.high.tolist(), strict=True))}
    book_rows = [place[key] for key in zip(rows.book.a.tolist(), rows.book.b.tolist(), strict=True)]
    return neighbour_columns(
        rows.book,
        rows.links,
        a=rows.low[taken],
        b=rows.high[taken],
        year=rows.evidence.year[taken],
        known_until=until,
        leave_out=fold[taken],
        fold=fold[np.array(book_rows)],
    )


def _unseen_bag(rows: _Rows, bag: int, *, seed: int, blind: bool) -> Bag:
    """Return rows as of dyads without a coded past; half of them see others' levels of up to 15 years before."""
    rng = np.random.default_rng([seed, bag, 0])
    taken = _sample(rows, bag, rng)
    lag = rng.integers(1, _LONGEST_LAG + 1, len(taken)) * (rng.random(len(taken)) < _LAGGED)
    year = rows.evidence.year[taken]
    until = np.maximum(year - lag, np.minimum(year, rows.book.span[0]))
    around = _around(rows, taken, until, rng, blind=blind)
    values = np.concatenate([rows.evidence.values[taken], around], axis=1)
    return Bag(values=values, level=rows.level[taken], group=rows.group[taken])


def _seen_bag(rows: _Rows, bag: int, *, seed: int, blind: bool) -> Bag:
    """Return rows of dyads whose past is known up to one to 15 years before."""
    rng = np.random.default_rng([seed, bag, 1])
    taken = _sample(rows, bag, rng)
    year = rows.evidence.year[taken]
    until = year - rng.integers(1, _LONGEST_LAG + 1, len(taken))
    past = OwnHistory(rows.book).columns(a=rows.low[taken], b=rows.high[taken], year=year, known_until=until)
    known = ~np.isnan(past[:, 0])
    taken, until, past = taken[known], until[known], past[known]
    around = _around(rows, taken, until, rng, blind=blind)
    values = np.concatenate([rows.evidence.values[taken], around, past], axis=1)
    return Bag(values=values, level=rows.level[taken], group=rows.group[taken])


def _learnable(bags: list[Bag]) -> bool:
    level = max((bag.level for bag in bags), key=len)
    dyads = max(len(np.unique(bag.group)) for bag in bags)
    return len(level) >= FEWEST_ROWS and len(np.unique(level)) > 1 and dyads >= 2 * CALIBRATION_FOLDS


def figures_of(
    split: str,
    *,
    probabilities: NDArray[np.float64],
    named: NDArray[np.int8],
    truth: NDArray[np.int8],
    dyads: int,
    persistence: NDArray[np.int8] | None = None,
) -> Figures:
    """Return the figures of predictions against coded levels."""
    known = persistence is not None and bool((persistence >= 0).all()) and len(truth) > 0
    return Figures(
        split=split,
        rows=len(truth),
        dyads=dyads,
        kappa=quadratic_kappa(truth, named),
        kappa_most_probable=quadratic_kappa(truth, probabilities.argmax(axis=1).astype(np.int8)),
        calibration_error=calibration_error(probabilities, truth),
        exact=float((named == truth).mean()),
        within_one=float((np.abs(named.astype(int) - truth) <= 1).mean()),
        kappa_persistence=quadratic_kappa(truth, persistence) if known and persistence is not None else None,
    )


def _card(
    rows: _Rows,
    unseen: FittedHead,
    seen: FittedHead | None,
    *,
    seed: int,
    left_out: tuple[str, ...],
    tables: tuple[str, ...],
) -> ModelCard:
    dyads = len(np.unique(rows.group))
    figures = [_training_figures("held-out dyads without a coded past, while training", unseen, dyads)]
    if seen is not None:
        figures.append(
            _training_figures("held-out dyads with a past coded 1 to 15 years before, while training", seen, dyads)
        )
    return ModelCard(
        train_from=rows.book.span[0],
        train_to=rows.book.span[1],
        coded_rows=len(rows.level),
        dyads=dyads,
        rows_by_level=tuple(int(count) for count in np.bincount(rows.level, minlength=N_LEVELS)),
        seed=seed,
        groups=tuple(dict.fromkeys(rows.evidence.groups)),
        tables=tables,
        left_out=left_out,
        coded_actors=rows.links.coded,
        figures=tuple(figures),
    )


def _training_figures(split: str, fitted: FittedHead, dyads: int) -> Figures:
    return figures_of(
        split,
        probabilities=fitted.held_out,
        named=fitted.held_out_level,
        truth=fitted.held_out_truth,
        dyads=dyads,
    )
