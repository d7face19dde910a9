"""The trained model of the relation level: what it holds, what it predicts, and its figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import MissingEvidenceError
from legation.relations.level.contact import LEAST_DOUBT, SURE_CONTACT
from legation.relations.level.evidence import EvidenceTable
from legation.relations.level.grid import Ints, lineage
from legation.relations.level.head import Head
from legation.relations.level.history import OwnHistory
from legation.relations.level.neighbours import NEIGHBOUR_NAMES, LabelBook, Links, neighbour_columns
from legation.relations.level.scale import LAST_SCALE_YEAR, N_LEVELS, WORDS

__all__ = ["Figures", "LevelModel", "ModelCard"]

_TRUST_IN_PAST: Final = 0.5
"""Weight of the head that knows a dyad's own past against the one that does not: the past is the better guide in quiet
times and the worse one where a system breaks, and which it will be is not known when one forecasts."""


class Figures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How well predictions fit coded levels: `split` says which rows were held out from what.

    `kappa` is quadratic-weighted kappa of the level named, `kappa_most_probable` that of the most probable level,
    `kappa_persistence` that of each dyad's last known level (None where none is known), on the same rows.
    `calibration_error` is the expected calibration error in 15 bins, `exact` and `within_one` are shares of rows.
    """

    split: str
    rows: int
    dyads: int
    kappa: float
    kappa_most_probable: float
    calibration_error: float
    exact: float
    within_one: float
    kappa_persistence: float | None = None


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model was trained on, and its figures on held-out dyads from the training itself."""

    train_from: int
    train_to: int
    coded_rows: int
    dyads: int
    rows_by_level: tuple[int, ...]
    seed: int
    groups: tuple[str, ...]
    tables: tuple[str, ...]
    left_out: tuple[str, ...]
    coded_actors: bool
    figures: tuple[Figures, ...]
    evaluation: tuple[Figures, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LevelModel:
    """A trained model.

    `unseen` judges dyads without a coded past, `seen` those with one (None if it was left out), `contact` whether the
    two have enough to do with each other to be on the scale at all (None where that could not be learned). `book` holds
    the training levels, since those of other dyads and of the dyad's own past are evidence; `links` holds ties between
    states.
    """

    unseen: Head
    seen: Head | None
    contact: Head | None
    book: LabelBook
    links: Links
    names: tuple[str, ...]
    card: ModelCard

    def predict(self, evidence: EvidenceTable, *, use_history: bool = True) -> pl.DataFrame:
        """Predict the level of dyad-years.

        Parameters
        ----------
        evidence
            Evidence with the columns that the model was trained on, in any order; more columns are ignored.
        use_history
            Use the dyad's own last coded level where one is known from before the year; without, every dyad is judged
            as one never coded.

        Returns
        -------
        pl.DataFrame
            One row a dyad-year, in the given order: `a`, `b`, `year`; the probabilities `p0` to `p4`; `level` (its
            name), `code` and `expected` (0 to 4); `history` (whether its own past was used) with `last_level` and
            `last_level_age`; `forward` (later than the last training year); `extrapolated` (later than 2020, where the
            scale ends); `negligible`, the probability that the two have too little contact to be on the scale.

        Raises
        ------
        MissingEvidenceError
            When a column is missing that the model was trained on.
        """
        values = self._values(evidence)
        a, b, year = self._actors(evidence)
        until = np.minimum(year, self.book.span[1])
        around = self._around(a, b, year, until)
        wide = np.concatenate([values, around], axis=1)
        probabilities = self.unseen.probabilities(wide)
        named = self.unseen.name(probabilities)
        past = self._history.columns(a=a, b=b, year=year, known_until=np.minimum(year - 1, until))
        known = ~np.isnan(past[:, 0]) & (self.seen is not None) & use_history
        if self.seen is not None and known.any():
            by_past = self.seen.probabilities(np.concatenate([wide[known], past[known]], axis=1))
            probabilities[known] = _TRUST_IN_PAST * by_past + (1.0 - _TRUST_IN_PAST) * probabilities[known]
            named[known] = self.seen.name(probabilities[known])
        last = np.where(known, past[:, 0], np.nan)
        return pl.DataFrame(
            {
                "a": evidence.a,
                "b": evidence.b,
                "year": evidence.year,
                **{f"p{level}": probabilities[:, level] for level in range(N_LEVELS)},
                "level": np.array(WORDS)[named],
                "code": named,
                "expected": probabilities @ np.arange(N_LEVELS),
                "history": known,
                "last_level": last,
                "last_level_age": np.where(known, past[:, 1], np.nan),
                "forward": year > self.book.span[1],
                "extrapolated": year > LAST_SCALE_YEAR,
                "negligible": self._negligible(values),
            }
        ).with_columns(pl.col("last_level", "last_level_age", "negligible").fill_nan(None))

    def persistence(self, evidence: EvidenceTable) -> NDArray[np.int8]:
        """Return each dyad's last coded level before the year, -1 where none is known: the naive forecast."""
        a, b, year = self._actors(evidence)
        until = np.minimum(year - 1, self.book.span[1])
        last = self._history.columns(a=a, b=b, year=year, known_until=until)[:, 0]
        return np.where(np.isnan(last), -1, np.nan_to_num(last)).astype(np.int8)

    def _around(self, a: Ints, b: Ints, year: Ints, until: Ints) -> NDArray[np.float32]:
        if "neighbours" in self.card.left_out:
            return np.full((len(a), len(NEIGHBOUR_NAMES)), np.nan, dtype=np.float32)
        return neighbour_columns(self.book, self.links, a=a, b=b, year=year, known_until=until)

    @cached_property
    def _history(self) -> OwnHistory:
        return OwnHistory(self.book)

    def _negligible(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of too little contact; where a tie is on record it is small whatever was learned."""
        if self.contact is None:
            return np.full(len(values), np.nan)
        learned = 1.0 - self.contact.forest.predict(values)[:, 0]
        tied = np.zeros(len(values), dtype=bool)
        for name, least, most in SURE_CONTACT:
            if name in self.names:
                column = values[:, self.names.index(name)]
                tied |= (column >= least) & (column <= most)
        return np.where(tied, np.minimum(learned, LEAST_DOUBT), learned)

    def _values(self, evidence: EvidenceTable) -> NDArray[np.float32]:
        missing = [name for name in self.names if name not in evidence.names]
        if missing:
            raise MissingEvidenceError(
                f"The evidence lacks {len(missing)} of the columns that the model was trained on: "
                f"{', '.join(missing[:8])}.",
                remedy="Predict from the same sources, or train a model on the columns at hand.",
            )
        return evidence.values[:, [evidence.names.index(name) for name in self.names]]

    def _actors(self, evidence: EvidenceTable) -> tuple[Ints, Ints, Ints]:
        one, two = (lineage(each) if self.links.coded else each for each in (evidence.a, evidence.b))
        return np.minimum(one, two), np.maximum(one, two), evidence.year


assert len(NEIGHBOUR_NAMES) == len(set(NEIGHBOUR_NAMES))
