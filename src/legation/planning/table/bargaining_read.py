"""Read a negotiation from text: KTAB's layout, or an own simple table.

KTAB's layout has two heading lines, ``title, description, actors, issues`` and the names of columns, then a line for
each actor: name, description, influence, and position and salience for each issue. The own table has one heading line
``actor, influence, ISSUE position, ISSUE salience, ...``; a column ``description`` may stand anywhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from math import isfinite

from legation.errors import FormatError
from legation.planning.table.bargaining_types import MAX_ACTORS, MAX_ISSUES, Negotiation, Negotiator

__all__ = ["MAX_BYTES", "read_negotiation"]

MAX_BYTES = 2_000_000
"""A table of 200 actors and 50 issues needs a tenth of it."""
_POSITION, _SALIENCE = " position", " salience"


def read_negotiation(text: str, *, title: str = "") -> Negotiation:
    """Read who negotiates about what.

    Parameters
    ----------
    text
        The file's text.
    title
        For a table that carries none.

    Raises
    ------
    FormatError
        When the text is none of the two layouts; the line is named.
    InputError
        When a number is out of its range or a name comes twice.
    """
    if len(text) > MAX_BYTES:
        raise FormatError(
            f"The table has {len(text):,} characters.",
            remedy=f"Give at most {MAX_ACTORS} actors and {MAX_ISSUES} issues.",
        )
    rows = _rows(text)
    if not rows:
        raise FormatError("The table is empty.", remedy="Give a heading line and a line for each actor.")
    first = [cell.lower() for cell in rows[0][1]]
    return _own(rows, title) if "influence" in first else _ktab(rows)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Give each line that is not empty with its number, cells stripped, empty ones at its end left out."""
    out = []
    if "\x00" in text:
        raise FormatError("The table holds a character that text does not have (NUL).", remedy="Save it as CSV.")
    try:
        for cells in (reader := csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)):
            kept = [cell.strip() for cell in cells]
            while kept and not kept[-1]:
                kept.pop()
            if kept:
                out.append((reader.line_num, kept))
            if len(out) > MAX_ACTORS + 2:
                raise FormatError(
                    f"The table has more than {MAX_ACTORS} actors.",
                    remedy="Group actors that stand for the same: every turn weighs each pair with every third.",
                )
    except csv.Error as error:
        raise FormatError(f"The table is no CSV: {error}.", remedy="Close every quotation mark.") from error
    return out


def _ktab(rows: Sequence[tuple[int, list[str]]]) -> Negotiation:
    line, head = rows[0]
    if len(head) != 4 or len(rows) < 2:
        raise FormatError(
            f"Line {line} is neither a heading with 'influence' nor KTAB's title, description, actors, issues.",
            remedy="Begin with the line: actor,influence,ISSUE position,ISSUE salience",
        )
    actors, issues = (_count(cell, line) for cell in head[2:])
    line, names = rows[1]
    if len(names) != 3 + 2 * issues:
        raise FormatError(
            f"Line {line} names {len(names)} columns; {issues} issues need {3 + 2 * issues}.",
            remedy="Give actor, description, influence, and position and salience for each issue.",
        )
    found = rows[2:]
    if len(found) != actors:
        raise FormatError(
            f"The first line announces {actors} actors; {len(found)} follow.", remedy="Is the file cut short?"
        )
    return Negotiation(
        title=head[0],
        description=head[1],
        issues=tuple(names[3::2]),
        actors=tuple(_negotiator(number, cells, [0, 1, 2, *range(3, len(names))], names) for number, cells in found),
    )


def _count(cell: str, line: int) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 7):
        raise FormatError(f"Line {line}: {cell!r} is no count.", remedy="Give title, description, actors, issues.")
    return int(cell)


def _own(rows: Sequence[tuple[int, list[str]]], title: str) -> Negotiation:
    line, head = rows[0]
    place = {name.lower(): number for number, name in enumerate(head)}
    if len(place) < len(head):
        raise FormatError(f"Line {line} names a column twice.", remedy="Give every column a name of its own.")
    if "actor" not in place:
        raise FormatError(f"Line {line} names no column 'actor'.", remedy="Give actor, influence and the issues.")
    issues = tuple(name[: -len(_POSITION)].strip() for name in head if name.lower().endswith(_POSITION))
    order = [place["actor"], place.get("description", -1), place["influence"]]
    for issue in issues:
        key = issue.lower() + _SALIENCE
        if key not in place:
            raise FormatError(
                f"Line {line}: issue {issue!r} has no salience.", remedy=f"Add the column {issue + _SALIENCE!r}."
            )
        order += [place[issue.lower() + _POSITION], place[key]]
    rest = sorted(set(range(len(head))) - set(order))
    if rest or not issues:
        odd = repr(head[rest[0]]) if rest else "no issue"
        raise FormatError(
            f"Line {line} names {odd}; columns are actor, description, influence, and two for each issue.",
            remedy="Call them 'ISSUE position' and 'ISSUE salience'.",
        )
    return Negotiation(
        title=title or "Negotiation",
        issues=issues,
        actors=tuple(_negotiator(number, cells, order, head) for number, cells in rows[1:]),
    )


def _negotiator(line: int, cells: list[str], order: list[int], names: Sequence[str]) -> Negotiator:
    if len(cells) > len(names):
        raise FormatError(
            f"Line {line} has {len(cells)} cells; the heading names {len(names)}.", remedy="Quote commas."
        )

    def text(column: int) -> str:
        return cells[column] if 0 <= column < len(cells) else ""

    def number(column: int) -> float:
        cell = text(column)
        try:
            value = float(cell)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            raise FormatError(
                f"Line {line}: {cell!r} in column {names[column]!r} is no number.", remedy="Give a number with a point."
            )
        return value

    values = [number(column) for column in order[3:]]
    return Negotiator(
        name=text(order[0]),
        description=text(order[1]),
        influence=number(order[2]),
        positions=tuple(values[0::2]),
        saliences=tuple(values[1::2]),
    )
