"""Source: the peace scale, five levels of relation between two states, as of 31 December of each year."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import polars as pl

from legation.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_SPELLS = "[Pp]eacedata*3.1.csv"
_REMEDY = (
    "Take the publisher's raw file of version 3.1 (Peacedatav3.1.csv), whole; not its dyad-month or dyad-year table."
)
_LAST_DAY = 1231
_SHORTEST = 3
_LABELS = {
    0.0: "severe_rivalry",
    0.25: "lesser_rivalry",
    0.5: "negative_peace",
    0.75: "warm_peace",
    1.0: "security_community",
    -9.0: "transition",
}
_LEVELS = frozenset({"0", "0.0", ".25", "0.25", ".5", "0.5", "0.50", ".50", ".75", "0.75", "1", "1.0", "-9", "-9.0"})


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the level of each pair as of 31 December of each year."""
    return files.all_declared(readers={_SPELLS: _year_ends})


def _year_ends(path: Path, _form: Form, _description: SourceDescription) -> pl.DataFrame:
    """Read the publisher's spells, one row per dyad, and take the level of each 31 December."""
    spells = _without_shared_days(_spells(path))
    # The 31st of December lies in a spell whose last day, unknown parts written 99, is not before it.
    last = pl.col("end") // 10000 - (pl.col("end") % 10000 < _LAST_DAY).cast(pl.Int64)
    years = spells.with_columns(pl.int_ranges(pl.col("start") // 10000, last + 1).alias("year"))
    years = years.filter(pl.col("year").list.len() > 0).explode("year")
    return years.select(
        (pl.col("dyad") // 1000).alias("ccode1"),
        (pl.col("dyad") % 1000).alias("ccode2"),
        pl.col("year").cast(pl.Int64),
        pl.col("level").alias("peace_level"),
        pl.col("level").replace_strict(_LABELS, return_dtype=pl.String).alias("label"),
    ).sort("ccode1", "ccode2", "year")


def _without_shared_days(spells: pl.DataFrame) -> pl.DataFrame:
    """Give a day on which one spell ends and the next begins to the next; a longer overlap stays, to be refused."""
    after = pl.col("start").shift(-1).over("dyad")
    end = pl.when(pl.col("end") == after).then(pl.col("end") - 1).otherwise(pl.col("end"))
    return spells.sort("dyad", "start").with_columns(end.alias("end"))


def _spells(path: Path) -> pl.DataFrame:
    """Return dyad, start, end (whole numbers yyyymmdd) and level of each spell of the publisher's wide file."""
    rows: list[tuple[int, int, int, float]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for place, cells in enumerate(csv.reader(stream, strict=True), start=1):
                filled = _filled(cells)
                if filled:
                    rows += _spells_of(filled, path=path, line=place)
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} cannot be read as a list of spells: {error}.", remedy=_REMEDY) from error
    if not rows:
        raise SourceError(f"{path} holds no spell; it is empty.", remedy=_REMEDY)
    columns = {"dyad": pl.Int64, "start": pl.Int64, "end": pl.Int64, "level": pl.Float64}
    return pl.DataFrame(rows, schema=columns, orient="row")


def _filled(cells: list[str]) -> list[str]:
    """Return the cells of a row without the empty ones at its end: dyads have from one to many spells."""
    texts = [cell.strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _spells_of(cells: list[str], *, path: Path, line: int) -> list[tuple[int, int, int, float]]:
    """Return the spells of one dyad: its number, then days and levels in pairs."""
    if not re.fullmatch(r"\d{4,6}", cells[0]) or len(cells) < _SHORTEST or len(cells) % 2 == 0:
        raise SourceError(
            f"{path}, line {line}: {','.join(cells)[:80]!r} is no dyad with spells and levels in pairs.", remedy=_REMEDY
        )
    found = []
    for spell, level in zip(cells[1::2], cells[2::2], strict=True):
        days = re.fullmatch(r"(\d{8})\s*-\s*(\d{8})", spell)
        if days is None or int(days[1]) > int(days[2]) or level not in _LEVELS:
            raise SourceError(
                f"{path}, line {line}: dyad {cells[0]} has the spell {spell!r} at level {level!r}; "
                "a spell is yyyymmdd-yyyymmdd and a level 0, 0.25, 0.5, 0.75, 1 or -9.",
                remedy=_REMEDY,
            )
        found.append((int(cells[0]), int(days[1]), int(days[2]), float(level)))
    return found
