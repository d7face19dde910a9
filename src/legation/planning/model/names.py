"""How rows are called: a kind, a record, a month; names of whole blocks are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["NameBlock", "RowKind", "RowName", "RowNames"]

RowKind = Literal[
    "option", "mission", "fixed", "must_do", "pin", "budget", "allotment", "staff_class", "position", "absorption",
    "prerequisite", "exclusion", "synergy", "commitment", "risk_limit", "objective", "goal", "choice", "spill", "bar",
    "risk_cap", "spill_cap", "ceiling", "days", "place",
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


@dataclass(frozen=True, slots=True)
class NameBlock:
    """Names of many rows of one kind: `name` makes the name of the row with a number within the block."""

    kind: RowKind
    count: int
    name: Callable[[int], RowName]


class RowNames(Sequence[RowName]):
    """The names of all rows in their order, as blocks; a name is made when it is asked for."""

    def __init__(self, parts: Iterable[NameBlock | RowName] = ()) -> None:
        self._parts: list[NameBlock | RowName] = []
        self._begins: list[int] = []
        self._count = 0
        self._offsets: NDArray[np.int64] | None = None
        for part in parts:
            self.add(part)

    def add(self, part: NameBlock | RowName) -> int:
        """Add one name or a block of them, and give the number of its first row."""
        first = self._count
        if isinstance(part, NameBlock) and part.count == 0:
            return first
        self._parts.append(part)
        self._begins.append(first)
        self._count += part.count if isinstance(part, NameBlock) else 1
        self._offsets = None
        return first

    def joined(self, other: RowNames) -> RowNames:
        """Give these names followed by others."""
        return RowNames([*self._parts, *other._parts])

    def of_kinds(self, kinds: Collection[str]) -> NDArray[np.bool_]:
        """Say which rows are of one of these kinds, shape (rows,)."""
        own = np.array([part.kind in kinds for part in self._parts], bool)
        counts = np.array([part.count if isinstance(part, NameBlock) else 1 for part in self._parts], np.int64)
        return np.repeat(own, counts)

    def __len__(self) -> int:
        """Count the rows."""
        return self._count

    @overload
    def __getitem__(self, number: int) -> RowName: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[RowName, ...]: ...

    def __getitem__(self, number: int | slice) -> RowName | tuple[RowName, ...]:
        """Give the name of a row, or of several."""
        if isinstance(number, slice):
            return tuple(self[n] for n in range(*number.indices(self._count)))
        place = int(number) + (self._count if number < 0 else 0)
        if not 0 <= place < self._count:
            raise IndexError(f"Row {number} of {self._count}.")
        if self._offsets is None:
            self._offsets = np.array(self._begins, np.int64)
        index = int(np.searchsorted(self._offsets, place, side="right")) - 1
        part = self._parts[index]
        return part if isinstance(part, RowName) else part.name(place - self._begins[index])

    def __iter__(self) -> Iterator[RowName]:
        """Go through the names in their order."""
        for part in self._parts:
            if isinstance(part, RowName):
                yield part
            else:
                yield from (part.name(number) for number in range(part.count))

    def __eq__(self, other: object) -> bool:
        """Say whether the same names stand in the same order."""
        return (
            isinstance(other, Sequence)
            and len(self) == len(other)
            and all(a == b for a, b in zip(self, other, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]
