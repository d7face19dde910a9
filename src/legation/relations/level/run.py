"""One run: train on the years named, predict others, and say how well it went where levels are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import InputError
from legation.relations.level.contact import all_pairs
from legation.relations.level.evaluation import Case, dyad_numbers, predict_held_out
from legation.relations.level.evidence import EvidenceTable, build_evidence
from legation.relations.level.model import Figures, LevelModel, ModelCard
from legation.relations.level.neighbours import Links
from legation.relations.level.own import OwnCase, coded_of
from legation.relations.level.scale import N_LEVELS
from legation.relations.level.tables import SourceTables
from legation.relations.level.training import Progress, figures_of, quiet, train_levels, train_on_evidence

__all__ = ["LevelReport", "LevelRun", "predict_pairs", "run_own", "run_sources"]

_YEARS_AT_ONCE: Final = 20  # some 300,000 pairs: bounds the memory


class LevelReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run did: how many rows it predicted, its figures where levels are known, and the model's card."""

    train_years: tuple[int, int]
    predicted_rows: int
    figures: tuple[Figures, ...]
    card: ModelCard
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LevelRun:
    """The predictions of a run, its report, and the model that it trained."""

    frame: pl.DataFrame
    report: LevelReport
    model: LevelModel


def run_own(
    case: OwnCase,
    *,
    train_years: tuple[int, int],
    predict_years: tuple[int, int] | None = None,
    hold_out_dyads: bool = False,
    with_history: bool = True,
    seed: int = 0,
    progress: Progress = quiet,
) -> LevelRun:
    """Train on a user's own evidence and predict.

    Parameters
    ----------
    case
        Evidence with levels.
    train_years
        The years whose levels are read.
    predict_years
        Predict every row of these years. Left out, every row is predicted that has no level, and if all have one, every
        row.
    hold_out_dyads
        Also predict each training row from a model that never saw its dyad: five folds by dyad.
    with_history
        Use each dyad's own last known level where it has one.
    seed
        Of every fold, bag and tree.
    progress
        Told what is done.
    """
    coded = _training_rows(case.evidence.year, case.level, train_years)
    trained = case.evidence.where(coded)
    model = train_on_evidence(
        trained, case.level[coded], links=case.links, seed=seed, with_history=with_history, progress=progress
    )
    wanted = _wanted(case.evidence.year, case.level, predict_years)
    run = _Run(evidence=case.evidence, level=case.level, links=case.links, train_years=train_years, seed=seed)
    done = _finish(run, model, wanted, hold_out=hold_out_dyads, with_history=with_history, progress=progress)
    return replace(done, frame=case.named(done.frame))


def run_sources(
    tables: SourceTables,
    labels: pl.DataFrame,
    path: Path,
    *,
    train_years: tuple[int, int],
    predict_years: tuple[int, int] | None = None,
    left_out: tuple[str, ...] = (),
    hold_out_dyads: bool = False,
    with_history: bool = True,
    seed: int = 0,
    progress: Progress = quiet,
) -> LevelRun:
    """Train on source tables and predict the rows of a table of levels.

    Parameters
    ----------
    tables
        The source tables at hand.
    labels, path
        Dyad-years by COW code, with or without a level, and the file they came from.
    train_years, predict_years, hold_out_dyads, with_history, seed, progress
        As for a user's own evidence.
    left_out
        Groups of evidence to leave out.
    """
    given = coded_of(labels, path)
    model = train_levels(
        tables,
        given,
        train_years=train_years,
        seed=seed,
        left_out=left_out,
        with_history=with_history,
        progress=progress,
    )
    progress("making evidence on the rows to predict")
    evidence = build_evidence(tables, a=given.a, b=given.b, year=given.year).without(left_out)
    wanted = _wanted(given.year, given.level, predict_years)
    run = _Run(
        evidence=evidence, level=given.level, links=model.links, train_years=train_years, seed=seed, left_out=left_out
    )
    return _finish(run, model, wanted, hold_out=hold_out_dyads, with_history=with_history, progress=progress)


def predict_pairs(model: LevelModel, tables: SourceTables, *, years: tuple[int, int]) -> pl.DataFrame:
    """Predict all pairs of states of the system in each year, by COW code: what a world keeps.

    Raises
    ------
    InputError
        When the table of states is not held.
    """
    spans = range(years[0], years[1] + 1, _YEARS_AT_ONCE)
    return pl.concat(
        [_predict_span(model, tables, first, min(first + _YEARS_AT_ONCE - 1, years[1])) for first in spans]
    )


def _predict_span(model: LevelModel, tables: SourceTables, first: int, last: int) -> pl.DataFrame:
    parts = []
    for year in range(first, last + 1):
        pairs = all_pairs(tables, year)
        if pairs is None:
            raise InputError("The table cow_states is not held.", remedy="Add it: it says which states there are.")
        parts.append((*pairs, np.full(len(pairs[0]), year)))
    a, b, year_of = (np.concatenate(part) for part in zip(*parts, strict=True))
    evidence = build_evidence(tables, a=a, b=b, year=year_of).without(model.card.left_out)
    return model.predict(evidence)


@dataclass(frozen=True, kw_only=True)
class _Run:
    evidence: EvidenceTable
    level: NDArray[np.int8]
    links: Links
    train_years: tuple[int, int]
    seed: int
    left_out: tuple[str, ...] = ()


def _training_rows(year: NDArray[np.int64], level: NDArray[np.int8], years: tuple[int, int]) -> NDArray[np.intp]:
    rows = np.flatnonzero((year >= years[0]) & (year <= years[1]) & (level >= 0))
    if not len(rows):
        raise InputError(
            f"No dyad-year from {years[0]} to {years[1]} has a level.",
            remedy=f"The table covers {year.min()}-{year.max()}; name years in which dyads are coded.",
        )
    return rows


def _wanted(year: NDArray[np.int64], level: NDArray[np.int8], years: tuple[int, int] | None) -> NDArray[np.intp]:
    if years is not None:
        rows = np.flatnonzero((year >= years[0]) & (year <= years[1]))
        if not len(rows):
            raise InputError(
                f"No row is of {years[0]}-{years[1]}.", remedy=f"The table covers {year.min()}-{year.max()}."
            )
        return rows
    missing = np.flatnonzero(level < 0)
    return missing if len(missing) else np.arange(len(year))


def _finish(
    run: _Run,
    model: LevelModel,
    wanted: NDArray[np.intp],
    *,
    hold_out: bool,
    with_history: bool,
    progress: Progress,
) -> LevelRun:
    progress(f"predicting {len(wanted)} rows")
    rows = run.evidence.where(wanted)
    frame = model.predict(rows, use_history=with_history).with_columns(fold=pl.lit(None, dtype=pl.Int64))
    dyads = dyad_numbers(run.evidence, coded=run.links.coded)
    figures = _scored(run, model, frame, wanted, dyads)
    if hold_out:
        held, fold = _held_out(run, dyads, progress=progress)
        coded = _training_rows(run.evidence.year, run.level, run.train_years)
        frame = pl.concat([held.with_columns(pl.Series("fold", fold, dtype=pl.Int64)), _others(frame, wanted, coded)])
        figures = (_figures("training years, each dyad predicted by a model that never saw it: 5 folds", held,
                            run.level[coded], dyads[coded]), *figures)  # fmt: skip
    report = LevelReport(
        train_years=run.train_years,
        predicted_rows=frame.height,
        figures=figures,
        card=model.card,
        notes=_notes(run, frame, wanted, hold_out=hold_out),
    )
    return LevelRun(frame=frame, report=report, model=model)


def _others(frame: pl.DataFrame, wanted: NDArray[np.intp], coded: NDArray[np.intp]) -> pl.DataFrame:
    return frame.filter(pl.Series(~np.isin(wanted, coded)))


def _held_out(run: _Run, dyads: NDArray[np.int64], *, progress: Progress) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    coded = _training_rows(run.evidence.year, run.level, run.train_years)
    _, number = np.unique(dyads[coded], return_inverse=True)
    case = Case(
        evidence=run.evidence.where(coded),
        level=run.level[coded],
        dyad=number,
        links=run.links,
        left_out=run.left_out,
    )
    return predict_held_out(case, seed=run.seed, progress=progress)


def _scored(
    run: _Run, model: LevelModel, frame: pl.DataFrame, wanted: NDArray[np.intp], dyads: NDArray[np.int64]
) -> tuple[Figures, ...]:
    """Return the figures of predicted rows whose level is known and was not trained on."""
    first, last = run.train_years
    year = run.evidence.year[wanted]
    outside = (run.level[wanted] >= 0) & ((year < first) | (year > last))
    before = model.persistence(run.evidence.where(wanted))
    found = []
    for words, kept in (
        ("rows outside the training years", outside),
        ("of these, dyads coded before", outside & (before >= 0)),
        ("of these, dyads never coded before", outside & (before < 0)),
    ):
        if kept.any():
            chosen = wanted[kept]
            found.append(_figures(words, frame.filter(pl.Series(kept)), run.level[chosen], dyads[chosen], before[kept]))
    return tuple(found)


def _figures(
    split: str,
    frame: pl.DataFrame,
    truth: NDArray[np.int8],
    dyads: NDArray[np.int64],
    persistence: NDArray[np.int8] | None = None,
) -> Figures:
    return figures_of(
        split,
        probabilities=frame.select(f"p{level}" for level in range(N_LEVELS)).to_numpy(),
        named=frame.get_column("code").to_numpy(),
        truth=truth,
        dyads=len(np.unique(dyads)),
        persistence=persistence,
    )


def _notes(run: _Run, frame: pl.DataFrame, wanted: NDArray[np.intp], *, hold_out: bool) -> tuple[str, ...]:
    notes = []
    first, last = run.train_years
    year = run.evidence.year[wanted]
    inside = int(((run.level[wanted] >= 0) & (year >= first) & (year <= last)).sum())
    if inside and not hold_out:
        notes.append(
            f"{inside:,} rows predicted are of dyads and years that were trained on; they are not in the figures. "
            "Hold dyads out with --group dyad to have them predicted unseen."
        )
    beyond = int(frame.get_column("extrapolated").sum())
    if beyond:
        notes.append(f"{beyond:,} rows are later than 2020, where the scale ends: extrapolated.")
    early = int((year < first).sum())
    if early:
        notes.append(f"{early:,} rows are earlier than the training years: their evidence may lie outside its time.")
    return tuple(notes)
