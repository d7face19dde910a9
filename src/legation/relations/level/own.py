"""A user's own tables: levels, evidence by dyad-year, and the run that trains on some years and predicts others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import InputError
from legation.evidence.own import OwnColumn, read_own_table
from legation.relations.level.evidence import EvidenceTable
from legation.relations.level.neighbours import Links
from legation.relations.level.scale import codes_of
from legation.relations.level.training import Coded

__all__ = ["EVIDENCE_COLUMNS", "LABEL_COLUMNS", "OwnCase", "coded_of", "read_evidence", "read_labels", "years_of_span"]

_ACTOR_A: Final = ("ccode1", "state_a", "actor_a")
_ACTOR_B: Final = ("ccode2", "state_b", "actor_b")
_NO_VALUE: Final = ["", "NA", "NaN", "nan", "null"]
_LEVEL: Final = OwnColumn(
    name="level",
    type=pl.String,
    meaning="0, .25, .5, .75, 1 or the level's name; missing or -9 where not coded",
    aliases=("peace_level",),
    nullable=True,
)
_DYAD_YEAR: Final = (
    OwnColumn(name="a", type=pl.String, meaning="one actor: any code or name", aliases=_ACTOR_A),
    OwnColumn(name="b", type=pl.String, meaning="the other actor", aliases=_ACTOR_B),
    OwnColumn(name="year", type=pl.Int64, meaning="the year, as of 31 December", low=1, high=9999),
)
LABEL_COLUMNS: Final = (*_DYAD_YEAR, _LEVEL)
EVIDENCE_COLUMNS: Final = (*_DYAD_YEAR, replace(_LEVEL, required=False))


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """A user's evidence: `a` and `b` of `evidence` number the `actors`; `level` has -1 where not coded."""

    evidence: EvidenceTable
    actors: tuple[str, ...]
    level: NDArray[np.int8]
    links: Links

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a frame of predictions with the actors' own names in place of numbers."""
        names = pl.Series(self.actors, dtype=pl.String)
        return frame.with_columns(names.gather(frame.get_column(side)).alias(side) for side in ("a", "b"))


def read_labels(path: Path) -> pl.DataFrame:
    """Read a table of coded dyad-years: `a`, `b` (also `ccode1`, `ccode2`), `year`, `level` (also `peace_level`).

    Raises
    ------
    InputError
        When a column is missing or a value breaks its rule, a dyad-year stands there twice with different levels, or a
        row names one actor twice.
    """
    frame = read_own_table(path, LABEL_COLUMNS)
    _hold_dyads(frame, path)
    level = codes_of(frame.get_column("level"))
    frame = frame.with_columns(pl.Series("code", level, dtype=pl.Int8))
    low, high = pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b")
    twice = frame.group_by(low.alias("a"), high.alias("b"), "year").agg(pl.col("code").n_unique(), pl.len())
    wrong = twice.filter(pl.col("code") > 1)
    if wrong.height:
        a, b, year, *_ = wrong.sort("a", "b", "year").row(0)
        raise InputError(f"{path} gives {a}-{b} two levels in {year}.", remedy="Keep one row a dyad and year.")
    return frame.drop("level")


def coded_of(labels: pl.DataFrame, path: Path) -> Coded:
    """Return labels whose actors are COW codes.

    Raises
    ------
    InputError
        When an actor is no COW code.
    """
    sides = []
    for side in ("a", "b"):
        column = labels.get_column(side)
        codes = column.cast(pl.Float64, strict=False)
        wrong = codes.is_null() | codes.is_nan() | (codes < 1) | (codes > 999) | (codes != codes.round())
        if wrong.any():
            row = int(wrong.arg_true()[0])
            raise InputError(
                f"{path}, row {row + 1}: {column[row]!r} in column {side} is no COW code.",
                remedy="Evidence made from source tables needs COW codes from 1 to 999; bring your own evidence table "
                "for other actors.",
            )
        sides.append(codes.cast(pl.Int64).to_numpy())
    return Coded(
        a=sides[0], b=sides[1], year=labels.get_column("year").to_numpy(), level=labels.get_column("code").to_numpy()
    )


def read_evidence(path: Path, labels: pl.DataFrame | None) -> OwnCase:
    """Read a user's evidence by dyad-year; every further column of numbers or yes-and-no is evidence.

    Parameters
    ----------
    path
        The table: `a`, `b`, `year`, columns of evidence, and optionally `level`.
    labels
        Coded dyad-years to join instead of a column `level`.

    Raises
    ------
    InputError
        When no column is evidence, a column is text, a number is infinite, a dyad-year stands there twice, or there are
        no levels at all.
    """
    frame = read_own_table(path, EVIDENCE_COLUMNS, keep_others=True)
    _hold_dyads(frame, path)
    low, high = pl.min_horizontal("a", "b").alias("low"), pl.max_horizontal("a", "b").alias("high")
    frame = frame.with_columns(low, high)
    twice = frame.group_by("low", "high", "year").len().filter(pl.col("len") > 1)
    if twice.height:
        a, b, year, _ = twice.sort("low", "high", "year").row(0)
        raise InputError(f"{path} holds {a}-{b} in {year} twice.", remedy="Keep one row a dyad and year.")
    names = [name for name in frame.columns if name not in {"a", "b", "year", "level", "low", "high"}]
    columns = [_evidence_column(frame.get_column(name), path) for name in names]
    if not columns:
        raise InputError(f"{path} has no column of evidence.", remedy="Add columns of numbers beside a, b and year.")
    if labels is not None:
        joined = frame.join(
            labels.select(low, high, "year", "code").unique(["low", "high", "year"]),
            on=["low", "high", "year"],
            how="left",
            maintain_order="left",
        )
        level = joined.get_column("code").fill_null(-1).to_numpy()
    elif "level" in frame.columns:
        level = codes_of(frame.get_column("level"))
    else:
        raise InputError(f"{path} has no column level.", remedy="Add one, or name a table of levels with --labels.")
    actors = sorted({*frame.get_column("low"), *frame.get_column("high")})
    place = {name: number for number, name in enumerate(actors)}
    a, b = (np.array([place[name] for name in frame.get_column(side)], dtype=np.int64) for side in ("a", "b"))
    evidence = EvidenceTable(
        a=a,
        b=b,
        year=frame.get_column("year").to_numpy(),
        names=tuple(names),
        groups=tuple("own" for _ in names),
        values=np.column_stack(columns),
    )
    return OwnCase(evidence=evidence, actors=tuple(actors), level=level.astype(np.int8), links=Links.none())


def _hold_dyads(frame: pl.DataFrame, path: Path) -> None:
    same = (frame.get_column("a") == frame.get_column("b")).arg_true()
    if len(same):
        row = int(same[0])
        raise InputError(
            f"{path}, row {row + 1}: {frame.get_column('a')[row]} stands on both sides.", remedy="Name two actors."
        )


def _evidence_column(column: pl.Series, path: Path) -> NDArray[np.float32]:
    if column.dtype == pl.String:
        column = _from_text(column, path)
    if not (column.dtype.is_numeric() or column.dtype in {pl.Boolean, pl.Null}):
        raise InputError(
            f"{path}: column {column.name} holds {column.dtype}, which is no evidence.",
            remedy="Write evidence as numbers or true and false, or take the column out.",
        )
    values = column.cast(pl.Float64).to_numpy()
    wide = np.abs(values) > np.finfo(np.float32).max
    if wide.any():
        row = int(np.flatnonzero(wide)[0])
        raise InputError(
            f"{path}, row {row + 1}: {values[row]!r} in column {column.name} is out of range.",
            remedy="Leave the value empty where it is not known.",
        )
    return values.astype(np.float32)


def _from_text(column: pl.Series, path: Path) -> pl.Series:
    """Return a column of a text file as numbers; true and false are 1 and 0."""
    plain = column.str.strip_chars().replace(_NO_VALUE, [None] * len(_NO_VALUE))
    truth = plain.str.to_lowercase().replace_strict({"true": 1.0, "false": 0.0}, default=None, return_dtype=pl.Float64)
    values = plain.cast(pl.Float64, strict=False).fill_null(truth)
    lost = (values.is_null() & plain.is_not_null()).arg_true()
    if len(lost):
        row = int(lost[0])
        raise InputError(
            f"{path}, row {row + 1}: {column[row]!r} in column {column.name} is no number.",
            remedy="Write evidence as numbers or true and false, or take the column out.",
        )
    return values


def years_of_span(text: str, *, option: str) -> tuple[int, int]:
    """Return the years of a span written as 1900-1990, or of one year.

    Raises
    ------
    InputError
        When the text is neither, or runs backwards.
    """
    first, dash, last = text.partition("-")
    ends: Sequence[str] = (first, last) if dash else (first, first)
    if not all(end.isascii() and end.isdigit() and len(end) <= 4 for end in ends):
        raise InputError(f"{option} {text!r} is no span of years.", remedy="Write it as 1900-1990.")
    start, end = int(ends[0]), int(ends[1])
    if start > end:
        raise InputError(f"{option} {text} runs backwards.", remedy="Write the earlier year first.")
    return start, end
