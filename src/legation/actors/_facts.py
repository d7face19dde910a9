"""Reads the tables of hand-written facts: strict CSV, one struct a row, every fault named with file and line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from legation.actors.types import ActorId
from legation.errors import FormatError, InputError, UnknownActorError

__all__ = [
    "ACTOR_ID",
    "DATA",
    "actor_id",
    "check_spell",
    "distinct_pair",
    "exists",
    "known_actor",
    "read_facts",
    "split_list",
]

DATA = Path(__file__).parent / "data"
ACTOR_ID = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,30}[A-Z0-9])\Z")

# Longest cell of any table is a reference of a few sentences; a longer one is a damaged or hostile file.
_CELL_LIMIT = 1_000

Row = TypeVar("Row", bound=msgspec.Struct)


def actor_id(value: str) -> ActorId:
    """Return the value as an actor id, or refuse what cannot be one.

    Raises
    ------
    UnknownActorError
        If the value is not written as ids are: capitals, digits and inner hyphens.
    """
    if not isinstance(value, str) or not ACTOR_ID.match(value):
        message = f"{str(value)[:60]!r} is not an actor id (2 to 32 capitals, digits and inner hyphens)."
        raise UnknownActorError(message, remedy="look the name up first, or write the id, such as ESP or NATO.")
    return ActorId(value)


def known_actor(value: str) -> ActorId:
    """Return the value as the id of an actor of the record, or refuse it.

    Raises
    ------
    UnknownActorError
        If the value is not written as an id, or no actor has it; the error carries suggestions.
    """
    # Imported here: the registry reads organisations and non-state actors with this module.
    from legation.actors._refusals import unknown
    from legation.actors.registry import load_all

    key = actor_id(value)
    if key not in load_all():
        raise unknown(key)
    return key


def exists(actor: ActorId, *, on: date) -> bool:
    """Say whether an actor of the record exists on a day; an id that the record lacks does not."""
    from legation.actors.registry import load_all

    found = load_all().get(actor)
    return found is not None and found.exists(on)


def split_list(cell: str) -> tuple[str, ...]:
    """Split a cell that lists several values, separated by semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def read_facts(path: Path, row_type: type[Row], *, lists: Sequence[str] = ()) -> tuple[Row, ...]:
    """Read a table into structs; the header must name exactly the fields of the struct, in order.

    Parameters
    ----------
    path
        A UTF-8 CSV file.
    row_type
        The struct that one line becomes; an empty cell takes the field's default.
    lists
        The columns whose cells hold several values, separated by semicolons.

    Raises
    ------
    FormatError
        If the file, its header or a line is not as declared.
    """
    fields = msgspec.structs.fields(row_type)
    columns = [field.encode_name for field in fields]
    rows: list[Row] = []
    for line, cells in _lines(path, columns):
        filled: dict[str, object] = {key: cell for key, cell in zip(columns, cells, strict=True) if cell}
        for key in lists:
            if key in filled:
                filled[key] = split_list(str(filled[key]))
        try:
            rows.append(msgspec.convert(filled, row_type))
        except msgspec.ValidationError as fault:
            raise FormatError(f"{path.name} line {line}: {fault}.", remedy="correct the cell.") from fault
    return tuple(rows)


def check_spell(start: date | None, end: date | None, *, where: str) -> None:
    """Refuse a stretch of time that ends before it starts."""
    if start is not None and end is not None and end < start:
        raise FormatError(f"{where}: ends on {end}, before its start on {start}.", remedy="correct one of the dates.")


def distinct_pair(a: str, b: str) -> tuple[ActorId, ActorId]:
    """Return two different actor ids, or refuse the pair."""
    first, second = known_actor(a), known_actor(b)
    if first == second:
        raise InputError(f"{first!r} is given twice; a pair needs two different actors.", remedy="name another actor.")
    return first, second


def _lines(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield line numbers and cells after checking the header and the number of cells."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise FormatError(f"{path.name} cannot be read: {fault}.", remedy="restore the file.") from fault
    if "\0" in text or text.startswith("\ufeff"):
        raise FormatError(f"{path.name} holds a NUL or a byte-order mark.", remedy="save it as plain UTF-8.")
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        header = next(reader, [])
        if header != list(columns):
            message = f"{path.name} line 1: the columns are {','.join(header)[:200]}, not {','.join(columns)}."
            raise FormatError(message, remedy="restore the header.")
        for cells in reader:
            _check_cells(path, line=reader.line_num, cells=cells, width=len(columns))
            yield reader.line_num, cells
    except csv.Error as fault:
        raise FormatError(f"{path.name} line {reader.line_num}: {fault}.", remedy="correct the quoting.") from fault


def _check_cells(path: Path, *, line: int, cells: Sequence[str], width: int) -> None:
    if len(cells) != width:
        raise FormatError(f"{path.name} line {line}: {len(cells)} cells, not {width}.", remedy="add or drop cells.")
    if max(map(len, cells)) > _CELL_LIMIT:
        raise FormatError(f"{path.name} line {line}: a cell is longer than {_CELL_LIMIT} characters.")
