"""Honest figures: dyads never seen, and years to come; both with the naive forecast beside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.relations.level.evidence import EvidenceTable, build_evidence
from legation.relations.level.grid import lineage
from legation.relations.level.model import Figures, LevelModel
from legation.relations.level.neighbours import Links, links_of
from legation.relations.level.scale import N_LEVELS
from legation.relations.level.tables import SourceTables
from legation.relations.level.training import Coded, Progress, figures_of, quiet, train_on_evidence

__all__ = [
    "Case",
    "case_of",
    "dyad_numbers",
    "evaluate",
    "forward_figures",
    "predict_held_out",
    "unseen_figures",
    "with_evaluation",
]

FOLDS: Final = 5


@dataclass(frozen=True, kw_only=True)
class Case:
    """Coded dyad-years with their evidence: `level` codes of shape (k,), all coded; `dyad` numbers the dyads."""

    evidence: EvidenceTable
    level: NDArray[np.int8]
    dyad: NDArray[np.int64]
    links: Links
    left_out: tuple[str, ...] = ()

    def without(self, left_out: Collection[str]) -> Case:
        """Return the case without some groups of evidence."""
        return replace(self, evidence=self.evidence.without(left_out), left_out=tuple(left_out))


def case_of(tables: SourceTables, labels: Coded, *, years: tuple[int, int]) -> Case:
    """Make the evidence on all coded dyad-years of a span."""
    coded = labels.where((labels.level >= 0) & (labels.year >= years[0]) & (labels.year <= years[1]))
    evidence = build_evidence(tables, a=coded.a, b=coded.b, year=coded.year)
    actors = np.unique(lineage(np.concatenate([coded.a, coded.b])))
    links = links_of(tables, actors, first=int(coded.year.min()), last=int(coded.year.max()))
    return Case(evidence=evidence, level=coded.level, dyad=dyad_numbers(evidence, coded=True), links=links)


def dyad_numbers(evidence: EvidenceTable, *, coded: bool) -> NDArray[np.int64]:
    """Return a number for each row's dyad; codes that one actor bore one after the other are one actor."""
    a, b = (lineage(each) if coded else each for each in (evidence.a, evidence.b))
    _, number = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)]), axis=1, return_inverse=True)
    return number


def predict_held_out(
    case: Case, *, seed: int = 0, folds: int = FOLDS, progress: Progress = quiet
) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Predict every dyad from a model that saw nothing of it: its levels, nor sums that hold them.

    Returns
    -------
    tuple
        The predictions, in the order of the case, and the fold that each row was held out in.
    """
    fold = (np.random.default_rng(seed).permutation(int(case.dyad.max()) + 1) % folds)[case.dyad]
    parts, order = [], []
    for held in range(folds):
        progress(f"fold {held + 1} of {folds}")
        train, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        model = _train(case, train, seed=seed, with_history=False)
        parts.append(model.predict(case.evidence.where(test), use_history=False))
        order.append(test)
    back = np.argsort(np.concatenate(order))
    return pl.concat(parts)[back], fold


def unseen_figures(case: Case, *, seed: int = 0, folds: int = FOLDS, progress: Progress = quiet) -> Figures:
    """Return the figures on dyads never seen: five folds of dyads, each predicted from the other four."""
    found, _ = predict_held_out(case, seed=seed, folds=folds, progress=progress)
    return _figures(f"unseen dyads: {folds} folds by dyad, seed {seed}", found, case.level, case.dyad)


def forward_figures(
    case: Case, *, train_to: int, test_to: int, seed: int = 0, progress: Progress = quiet
) -> tuple[Figures, ...]:
    """Return the figures on later years, trained to a year.

    Returns
    -------
    tuple
        Dyads coded before, with their last known level as evidence; the same rows without it, by the same training
        years; and dyads never coded before.
    """
    year = case.evidence.year
    train = np.flatnonzero(year <= train_to)
    test = np.flatnonzero((year > train_to) & (year <= test_to))
    progress(f"trained to {train_to}, tested to {test_to}")
    model = _train(case, train, seed=seed, with_history=True)
    rows = case.evidence.where(test)
    last = model.persistence(rows)
    found = []
    for words, kept, history in (
        ("coded before, last level known", last >= 0, True),
        ("coded before, last level withheld", last >= 0, False),
        ("never coded before", last < 0, False),
    ):
        if not kept.any():
            continue
        chosen = test[kept]
        predicted = model.predict(rows.where(kept), use_history=history)
        split = f"forward: trained to {train_to}, tested {train_to + 1}-{test_to}; dyads {words}; seed {seed}"
        found.append(_figures(split, predicted, case.level[chosen], case.dyad[chosen], last[kept]))
    return tuple(found)


def evaluate(
    case: Case,
    *,
    forward: Sequence[tuple[int, int]],
    repeats: int = 2,
    seed: int = 0,
    progress: Progress = quiet,
) -> tuple[Figures, ...]:
    """Return all figures: unseen dyads, repeated with other folds, then forward splits as (train to, test to)."""
    found = [unseen_figures(case, seed=seed + turn, progress=progress) for turn in range(repeats)]
    for train_to, test_to in forward:
        found += forward_figures(case, train_to=train_to, test_to=test_to, seed=seed, progress=progress)
    return tuple(found)


def with_evaluation(model: LevelModel, figures: tuple[Figures, ...]) -> LevelModel:
    """Return the model with figures of an evaluation in its card."""
    return replace(model, card=msgspec.structs.replace(model.card, evaluation=figures))


def _train(case: Case, rows: NDArray[np.intp], *, seed: int, with_history: bool) -> LevelModel:
    return train_on_evidence(
        case.evidence.where(rows),
        case.level[rows],
        links=case.links,
        seed=seed,
        left_out=case.left_out,
        with_history=with_history,
    )


def _figures(
    split: str,
    predicted: pl.DataFrame,
    truth: NDArray[np.int8],
    dyad: NDArray[np.int64],
    persistence: NDArray[np.int8] | None = None,
) -> Figures:
    return figures_of(
        split,
        probabilities=predicted.select(f"p{level}" for level in range(N_LEVELS)).to_numpy(),
        named=predicted.get_column("code").to_numpy(),
        truth=truth,
        dyads=len(np.unique(dyad)),
        persistence=persistence,
    )
