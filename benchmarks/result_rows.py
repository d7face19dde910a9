"""Results of benchmarks in CSV files: appended at once, read again to resume, printed as Markdown."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from legation.errors import FormatError, LegationError

__all__ = ["append_row", "markdown", "run_main", "saved_rows"]


def saved_rows(path: Path | None, columns: Sequence[str] | None = None) -> list[dict[str, str]]:
    """Read the rows of earlier runs; none where there is no file yet. Without columns named, any are taken.

    Raises
    ------
    FormatError
        When the file holds other columns, or a line that does not fill them.
    """
    if path is None or not path.exists() or not path.stat().st_size:
        return []
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            if columns is not None and list(reader.fieldnames or ()) != list(columns):
                raise FormatError(
                    f"{path} holds other columns than {', '.join(columns)}.",
                    remedy="Name another file for the results.",
                )
            rows = list(reader)
        except (csv.Error, UnicodeDecodeError) as error:
            raise FormatError(f"{path} cannot be read: {error}.", remedy="Mend it, or name another file.") from error
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise FormatError(f"{path}: line {number} does not fill the columns.", remedy="Mend the line or remove it.")
    return rows


def append_row(path: Path | None, row: Mapping[str, object]) -> None:
    """Append a row, with the head where the file is new; do nothing without a file."""
    if path is None:
        return
    new = not path.exists() or not path.stat().st_size
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]], *, words: int = 1) -> str:
    """Give a Markdown table whose first columns hold words and whose others hold numbers, set to the right."""
    lines = [head, ["---" if at < words else "--:" for at in range(len(head))], *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def run_main(main: Callable[[], None]) -> None:
    """Run a benchmark; what it refuses is printed without a trace."""
    try:
        main()
    except LegationError as error:
        sys.exit(f"error: {error}")
