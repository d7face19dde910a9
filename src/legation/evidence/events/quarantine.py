"""What could not be read as it stands: reasons, counts, examples and line numbers, beside the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

import polars as pl

__all__ = ["QUARANTINE_SCHEMA", "Action", "Quarantine", "quarantine_table"]

Action: TypeAlias = Literal["left out", "read without actor", "read after repair", "read as it is"]

QUARANTINE_SCHEMA = {
    "file": pl.String(),
    "reason": pl.String(),
    "action": pl.String(),
    "rows": pl.Int64(),
    "examples": pl.List(pl.String()),
    "lines": pl.List(pl.Int64()),
}

# Enough to find the cause in the file, few enough to read.
_SHOWN = 5
_LONGEST = 80

_T = TypeVar("_T")


@dataclass
class Quarantine:
    """Collects what one file holds that is not as documented."""

    file: str
    entries: dict[tuple[str, Action], _Entry] = field(default_factory=dict)

    def add(
        self, reason: str, *, rows: int, action: Action, examples: Iterable[str] = (), lines: Iterable[int] = ()
    ) -> None:
        """Count rows under a reason; the first examples and line numbers are kept."""
        if not rows:
            return
        entry = self.entries.setdefault((reason, action), _Entry())
        entry.rows += rows
        entry.examples = _first([*entry.examples, *(_shown(each) for each in examples)])
        entry.lines = _first([*entry.lines, *lines])

    def add_frame(self, bad: pl.DataFrame, reason: str, *, value: str | None, action: Action = "left out") -> None:
        """Count the rows of a frame; `value` names the column whose values are the examples."""
        if bad.is_empty():
            return
        examples: list[str] = []
        if value is not None:
            first = bad.get_column(value).unique(maintain_order=True).head(_SHOWN)
            examples = first.cast(pl.String).fill_null("(empty)").to_list()
        lines = bad.get_column("line").head(_SHOWN).to_list() if "line" in bad.columns else []
        self.add(reason, rows=bad.height, action=action, examples=examples, lines=lines)

    @property
    def left_out(self) -> int:
        """How many rows are not in the result."""
        return sum(entry.rows for (_, action), entry in self.entries.items() if action == "left out")


@dataclass
class _Entry:
    rows: int = 0
    examples: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def quarantine_table(collected: Sequence[Quarantine]) -> pl.DataFrame:
    """Return one row per file and reason: file, reason, action, rows, examples, lines."""
    rows = [
        (one.file, reason, action, entry.rows, entry.examples, entry.lines)
        for one in collected
        for (reason, action), entry in one.entries.items()
    ]
    return pl.DataFrame(rows, schema=QUARANTINE_SCHEMA, orient="row").sort("file", "reason", "action")


def _first(values: list[_T]) -> list[_T]:
    return list(dict.fromkeys(values))[:_SHOWN]


def _shown(value: str) -> str:
    text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
