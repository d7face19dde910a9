"""A desk as the files of a desk folder: the same desk gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Literal

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo, Settings
from legation.store.folder.cells import encode
from legation.store.folder.layout import DESK_FILE
from legation.store.folder.schema import FieldSpec, fields_of
from legation.store.folder.tomlfile import record_lines

__all__ = ["CSV_KINDS", "GITATTRIBUTES", "Style", "columns_of", "render", "render_csv", "render_info"]

Style = Literal["csv", "toml", "mixed"]

CSV_KINDS = frozenset(
    {
        "indicators", "missions", "leads", "modes", "costs", "staff_needs", "effects", "windows", "positions",
        "persons", "holders", "absences", "travel_times", "allotments", "exchange_rates", "price_indices",
        "prerequisites", "willingness", "place_risks", "pins", "embassies", "plan_entries",
    }
)  # fmt: skip
"""The kinds that the mixed style keeps in CSV: long lists whose rows people fill in beside each other."""

_LONG = 500
"""Above this many records the mixed style keeps any kind in CSV: nobody edits longer files table by table."""

GITATTRIBUTES = "*.csv text eol=lf\n*.toml text eol=lf\n"
"""Keeps line ends as they are written, so that a checkout on another system changes no byte."""


def render(desk: Desk, *, style: Style = "mixed") -> dict[str, bytes]:
    """Give the files of a desk by name; kinds without records have none.

    Raises
    ------
    FormatError
        When a value cannot be written without loss.
    """
    ordered = desk.in_key_order()
    files = {DESK_FILE: render_info(desk.info).encode()}
    for kind in KINDS:
        records = ordered.records(kind)
        if records and _is_csv(kind, len(records), style):
            files[f"{kind}.csv"] = render_csv(kind, records)
        elif records:
            files[f"{kind}.toml"] = _render_toml(kind, records)
    return files


def _is_csv(kind: str, count: int, style: Style) -> bool:
    return style == "csv" or (style == "mixed" and (kind in CSV_KINDS or count > _LONG))


def render_info(info: DeskInfo) -> str:
    """Give the text of desk.toml."""
    lines = list(record_lines(info, header=""))
    settings = list(record_lines(info.settings, header="[settings]")) if info.settings != Settings() else []
    return "\n".join([*lines, *([""] if settings else []), *settings]) + "\n"


def _render_toml(kind: str, records: Sequence[Record]) -> bytes:
    tables = ("\n".join(record_lines(record, header=f"[[{kind}]]")) for record in records)
    return ("\n\n".join(tables) + "\n").encode()


def columns_of(kind: str, records: Sequence[Record]) -> list[FieldSpec]:
    """Give the fields worth a column: the required ones, and those that any record sets."""
    return [
        spec
        for spec in fields_of(KINDS[kind]).values()
        if spec.required or any(getattr(record, spec.name) != spec.default for record in records)
    ]


def render_csv(kind: str, records: Sequence[Record]) -> bytes:
    """Give the bytes of a kind's CSV file."""
    columns = columns_of(kind, records)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(spec.name for spec in columns)
    writer.writerows([encode(spec, getattr(record, spec.name)) for spec in columns] for record in records)
    return text.getvalue().encode()
