"""Claims and ruptures between two states: a selection, written by hand, each with its act."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Final, Literal

from legation.errors import FormatError

__all__ = ["CLAIM_STRENGTH", "Claim", "claims_of_pair", "load_claims", "partial_day", "read_claims"]

Precision = Literal["day", "month", "year"]
CLAIM_STRENGTH: Final[dict[str, float]] = {
    "sovereignty": 1.0,
    "territory": 0.5,
    "rupture": 0.5,
    "maritime": 0.2,
    "other": 0.2,
}
"""How grave: the other's existence, government or annexed land; a part of its land; no relations; the sea."""

_COLUMNS: Final = ("a", "b", "about", "kind", "start", "end", "reference")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim of one state against another, or a rupture between them; `a` and `b` in alphabetical order.

    A missing `start` is not known, a missing `end` is open.
    """

    a: str
    b: str
    about: str
    kind: str
    start: date | None
    start_precision: Precision
    end: date | None
    end_precision: Precision
    reference: str

    @property
    def strength(self) -> float:
        """How grave it is, in (0, 1]."""
        return CLAIM_STRENGTH[self.kind]

    def covers(self, on: date) -> bool:
        """Say whether it surely stood on a day: one of which only the year is known counts once that is over."""
        if self.start is None:
            begun = True
        else:
            digits = {"day": 10, "month": 7, "year": 4}[self.start_precision]
            last, _ = partial_day(self.start.isoformat()[:digits], last=True)
            begun = last is not None and last <= on
        return begun and (self.end is None or on <= self.end)


def partial_day(text: str, *, last: bool = False) -> tuple[date | None, Precision]:
    """Return the first (or last) day of YYYY, YYYY-MM or YYYY-MM-DD, and how precise the text is.

    Raises
    ------
    ValueError
        When the text is none of the three.
    """
    if not text:
        return None, "year"
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts), "day"
    if len(parts) == 2:
        year, month = parts
        following = date(year + month // 12, month % 12 + 1, 1)
        return (following - timedelta(days=1) if last else date(year, month, 1)), "month"
    if len(parts) == 1:
        return (date(parts[0], 12, 31) if last else date(parts[0], 1, 1)), "year"
    raise ValueError(f"{text!r} is no date")


def read_claims(text: str, *, where: str) -> tuple[Claim, ...]:
    """Read the table of claims.

    Raises
    ------
    FormatError
        When a column, kind, date or order of the two is wrong, or a claim names no reference.
    """
    reader = csv.DictReader(StringIO(text))
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise FormatError(f"{where} has columns {reader.fieldnames}.", remedy=f"Write {', '.join(_COLUMNS)}.")
    return tuple(_claim(row, where=f"{where}, line {number}") for number, row in enumerate(reader, 2))


def _claim(row: dict[str, str], *, where: str) -> Claim:
    if row["kind"] not in CLAIM_STRENGTH:
        raise FormatError(f"{where}: kind {row['kind']!r}.", remedy=f"Write one of {', '.join(CLAIM_STRENGTH)}.")
    if not row["a"] < row["b"]:
        raise FormatError(f"{where}: {row['a']} and {row['b']} are out of order.", remedy="Write the lower id first.")
    if not row["reference"]:
        raise FormatError(f"{where}: no reference.", remedy="Cite the act.")
    try:
        start, start_precision = partial_day(row["start"])
        end, end_precision = partial_day(row["end"], last=True)
    except (ValueError, TypeError) as error:
        raise FormatError(f"{where}: {error}.", remedy="Write YYYY, YYYY-MM or YYYY-MM-DD.") from error
    if start and end and end < start:
        raise FormatError(f"{where}: ends before it starts.", remedy="Correct one of the dates.")
    return Claim(
        a=row["a"],
        b=row["b"],
        about=row["about"],
        kind=row["kind"],
        start=start,
        start_precision=start_precision,
        end=end,
        end_precision=end_precision,
        reference=row["reference"],
    )


@cache
def load_claims() -> tuple[Claim, ...]:
    """Return every claim of the record; read once and kept."""
    path = files("legation.relations.ties_table") / "facts" / "claims.csv"
    return read_claims(path.read_text(encoding="utf-8"), where="claims.csv")


@cache
def _by_pair() -> Mapping[tuple[str, str], tuple[Claim, ...]]:
    groups: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in load_claims():
        groups[claim.a, claim.b].append(claim)
    return {pair: tuple(claims) for pair, claims in groups.items()}


def claims_of_pair(a: str, b: str) -> tuple[Claim, ...]:
    """Return every claim between two actors, of all time."""
    return _by_pair().get((min(a, b), max(a, b)), ())
