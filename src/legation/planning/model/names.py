"""How rows are called: a kind, a record, a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["RowKind", "RowName"]

RowKind = Literal[
    "option", "mission", "fixed", "must_do", "pin", "budget", "allotment", "staff_class", "position", "absorption",
    "prerequisite", "exclusion", "synergy", "commitment", "risk_limit", "objective", "goal", "spill", "bar",
    "limit", "aim", "change", "scenario", "forced", "cut",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowName:
    """One row: its kind, its record's key, and for rows by month the month (from 0).

    `index` counts within kinds that have one row per record of another table (classes, bars).
    """

    kind: RowKind
    record: str
    month: int | None = None
    index: int = 0
