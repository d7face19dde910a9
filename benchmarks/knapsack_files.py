"""Read public knapsack instances: quadratic ones (Billionnet and Soutif) and those with several limits (OR-Library).

Quadratic: a name; n; n values; the upper triangle of pairwise values, row by row; 0 (a limit from above); the
capacity; n weights; then comments. Several limits: the number of problems; for each n, m and the best value known (0 if
none), n values, m rows of n weights, m capacities; all separated by white space.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from legation.errors import FormatError

MOST_ITEMS = 2_000
MOST_LIMITS = 100
MOST_NUMBER = 10**9
MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class Knapsack:
    """An instance in whole numbers.

    Attributes
    ----------
    name, family
        Its name, and `qkp` or `mkp`.
    profit, pair
        Value of each item, and of each pair (upper triangle, empty diagonal), shapes (n,) and (n, n).
    weight, capacity
        Shapes (m, n) and (m,).
    best_known
        Published value of the best choice, or None.
    """

    name: str
    family: str
    profit: NDArray[np.int64]
    pair: NDArray[np.int64]
    weight: NDArray[np.int64]
    capacity: NDArray[np.int64]
    best_known: int | None = None

    def value(self, chosen: NDArray[np.bool_]) -> int:
        """Give a choice's profit, in whole numbers."""
        own = self.profit[chosen].sum()
        return int(own + self.pair[np.ix_(chosen, chosen)].sum())

    def fits(self, chosen: NDArray[np.bool_]) -> bool:
        """Say whether a choice keeps every limit."""
        return bool((self.weight[:, chosen].sum(axis=1) <= self.capacity).all())


def read_folder(folder: Path) -> Iterator[Knapsack]:
    """Read every instance of a folder, in the order of names; tables of best values beside them are used.

    Raises
    ------
    FormatError
        When a file is not what its name claims, or the folder holds no instance.
    """
    if not folder.is_dir():
        raise FormatError(f"{folder} is no folder.", remedy="Name a folder of instances.")
    files = sorted(
        (path for path in folder.glob("*.txt") if path.name != "mkcbres.txt"), key=lambda path: _natural(path.name)
    )
    if not files:
        raise FormatError(f"{folder} holds no instance (*.txt).", remedy="Name a folder of instances.")
    known = read_best(folder)
    for path in files:
        if re.fullmatch(r"mknapcb\d+\.txt", path.name):
            yield from read_limits(path, known=known)
        else:
            yield read_quadratic(path, known=known)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def read_quadratic(path: Path, *, known: dict[str, int] | None = None) -> Knapsack:
    """Read a quadratic knapsack."""
    _, _, rest = _text(path).partition("\n")
    numbers = _Numbers(path, rest.split("Comments")[0])
    n = numbers.count("items", MOST_ITEMS)
    profit = numbers.take(n)
    pair = np.zeros((n, n), np.int64)
    pair[np.triu_indices(n, 1)] = numbers.take(n * (n - 1) // 2)
    kind = numbers.one()
    if kind != 0:
        raise FormatError(
            f"{path.name}: the constraint's type is {kind}, not 0.", remedy="Only limits from above are read."
        )
    capacity, weight = numbers.take(1), numbers.take(n)
    numbers.end()
    best = (known or {}).get(path.name)
    return Knapsack(path.stem, "qkp", profit, pair, weight[None], capacity, best)


def read_limits(path: Path, *, known: dict[str, int] | None = None) -> Iterator[Knapsack]:
    """Read the knapsacks with several limits of one file; they are called m.n-00, m.n-01, ..."""
    numbers = _Numbers(path, _text(path))
    for index in range(numbers.count("problems", 1_000)):
        n, m = numbers.count("items", MOST_ITEMS), numbers.count("limits", MOST_LIMITS)
        stated = numbers.one()
        profit, weight, capacity = numbers.take(n), numbers.take(n * m).reshape(m, n), numbers.take(m)
        name = f"{m}.{n}-{index:02d}"
        best = (known or {}).get(name, stated or None)
        yield Knapsack(name, "mkp", profit, np.zeros((n, n), np.int64), weight, capacity, best)
    numbers.end()


def read_best(folder: Path) -> dict[str, int]:
    """Read best known values: `best_known.csv`, and the values of 1998 in OR-Library's `mkcbres.txt`."""
    found: dict[str, int] = {}
    table = folder / "mkcbres.txt"
    if table.exists():
        found |= _published(table)
    table = folder / "best_known.csv"
    if table.exists():
        for row in csv.reader(_text(table).splitlines()):
            if len(row) == 2 and row[1].strip().isdigit():
                found[row[0].strip()] = int(row[1])
            elif row and row[-1] != "best_known_profit":
                raise FormatError(f"{table.name}: {row} is no name with a value.", remedy="Write instance,value.")
    return found


def _published(path: Path) -> dict[str, int]:
    """Read the first table, whose values name their problem or follow the order of the second table's names."""
    first, _, second = _text(path).partition("LP optimal")
    names = re.findall(r"^\s*(\d+\.\d+-\d+)\s+\S+", second, re.MULTILINE)
    rows = re.findall(r"^[ \t]*(?:(\d+\.\d+-\d+)[ \t]+)?(\d+)[ \t]*\r?$", first, re.MULTILINE)
    if len(rows) > len(names):
        raise FormatError(
            f"{path.name}: {len(rows)} values for {len(names)} problems.", remedy="Take the file as published."
        )
    out = {}
    for (name, value), place in zip(rows, names, strict=False):
        if name and name != place:
            raise FormatError(
                f"{path.name}: {name} stands where {place} belongs.", remedy="Take the file as published."
            )
        out[place] = int(value)
    return out


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise FormatError(f"{path.name} is larger than {MOST_BYTES} bytes.", remedy="Name a file of instances.")
    try:
        return path.read_text(encoding="ascii")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path.name} is not plain text.", remedy="Name a file of instances.") from error


class _Numbers:
    """The whole numbers of a file, taken in order."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.at = path, 0
        words = text.split()
        bad = next((word for word in words if not re.fullmatch(r"\d{1,10}", word)), None)
        if bad is not None:
            raise FormatError(
                f"{path.name}: {bad[:40]!r} is not a whole number of 0 or more.", remedy="Take the file as published."
            )
        self.values = np.array(words, np.int64) if words else np.empty(0, np.int64)
        if len(self.values) and self.values.max() > MOST_NUMBER:
            raise FormatError(f"{path.name}: {self.values.max()} is above {MOST_NUMBER}.", remedy="Scale the instance.")

    def take(self, count: int) -> NDArray[np.int64]:
        """Take numbers."""
        if self.at + count > len(self.values):
            raise FormatError(
                f"{self.path.name} ends after {len(self.values)} numbers; {self.at + count} were announced.",
                remedy="Take the file as published.",
            )
        self.at += count
        return self.values[self.at - count : self.at]

    def one(self) -> int:
        """Take one number."""
        return int(self.take(1)[0])

    def count(self, what: str, most: int) -> int:
        """Take a number of things."""
        number = self.one()
        if not 1 <= number <= most:
            raise FormatError(
                f"{self.path.name} announces {number} {what}; 1 to {most} can be read.", remedy="Check the file."
            )
        return number

    def end(self) -> None:
        """Refuse what is left over."""
        if self.at < len(self.values):
            raise FormatError(
                f"{self.path.name}: {len(self.values) - self.at} numbers are left over.", remedy="Check the file."
            )
