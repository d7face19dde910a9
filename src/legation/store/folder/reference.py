"""The reference page of the desk folder, made from the record types, so that it cannot fall behind them."""

# ruff: noqa: E501 - the documentation keeps one sentence on one line
from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from legation.desk.desk import KINDS, DeskInfo, Settings
from legation.store.folder.cells import MAX_CELL
from legation.store.folder.descriptions import describe
from legation.store.folder.limits import MAX_CSV_BYTES, MAX_FAULTS, MAX_LINE, MAX_ROWS, MAX_TOML_BYTES
from legation.store.folder.render import CSV_KINDS
from legation.store.folder.schema import FieldSpec, fields_of, schema
from legation.store.folder.tomlfile import toml_value

__all__ = ["reference_page", "schema_text"]

_NOTATION = rf"""
## Files lie in one folder, one kind each

`desk.toml` is required and describes the desk itself.
The records of a kind stand in `<kind>.toml` as an array of tables headed `[[<kind>]]`, in `<kind>.csv` with the field names in its first row, or in both.
A kind may also be split over the `.toml` and `.csv` files of a folder named after it, for example `missions/baltic.csv` and `missions/africa.csv`.
Any other `.toml` or `.csv` file, and any other folder, is an error; other files are a warning.
`README*`, names that begin with `.git`, and the folder `mappings/` are left alone.
Symbolic links, pipes, deeper folders, and names that differ in capitals only are errors.

## A CSV cell says what it says

| written | meaning |
|---|---|
| nothing | the field is left out: its default, no value, or an empty list |
| `true`, `false` | truth values; `TRUE` and `FALSE` are accepted |
| `12500`, `12.50`, `1.5E-7` | numbers: a dot before decimals, no grouping; money keeps its digits exactly |
| `2027-03-31`, `2027-03` | days and months |
| `EST;LVA` | a list; spaces around items do not count |
| `["a;b", " c"]` | a list as JSON, for items that hold a semicolon, stand between spaces or are empty |
| `\` and more | a text that begins after the backslash: `\=A1` is the text `=A1`, and `\` alone is the empty text |
| `\"..."` | a text as JSON after the backslash, for characters that files and spreadsheets do not keep |

A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line end, spaces before it not counted) is written with a backslash before it, which a spreadsheet shows as text.
A leading apostrophe would serve the spreadsheet as well, but could not be told from an apostrophe of the text.
Legation never evaluates a formula.
Spaces at the ends of a text belong to it; around every other value they do not count.
A byte-order mark is accepted, and so are CRLF line ends; a carriage return inside a text is kept by the JSON form.
Rows whose cells are all empty do not count.

## TOML values have their own types

Numbers with a fraction are read digit by digit, so `amount = 12.50` and `amount = "12.50"` are the same exact amount.
Days are written bare (`start = 2027-03-31`) or in quotes; months always in quotes (`start = "2027-03"`).

## Limits refuse what no desk needs

| what | limit |
|---|---|
| a CSV file | {MAX_CSV_BYTES:,} bytes and {MAX_ROWS:,} rows |
| a line | {MAX_LINE:,} bytes |
| a cell | {MAX_CELL:,} characters |
| a TOML file | {MAX_TOML_BYTES:,} bytes |
| exact numbers | 60 digits, exponents from -60 to 60 |
| faults reported per file | {MAX_FAULTS:,} |

Not-a-number, infinities and lone surrogates are refused in reading and in writing.

## Writing is whole or not at all

Records are written in the order of their keys, fields in the order below, so the same desk gives the same bytes.
A new folder is written beside its place and renamed.
Into an existing folder the files are written to a journal `.legation-write` first; while it is there, readers take the desk's files from it, and the next write finishes it.
Overwriting keeps notes, `.git` and mappings; it does not keep comments in the desk's own files, nor their split over folders.
"""


def reference_page() -> str:
    """Give the page as Markdown."""
    lines = [
        "# The desk folder",
        "",
        "This page lists every file, kind and field of a desk folder, the notation of its cells, and the limits that readers keep.",
        _NOTATION.rstrip(),
        "",
        "## desk.toml",
        "",
        *_section("desk", DeskInfo),
        "",
        "The table `[settings]` holds numbers for cohesion and plans; each may be left out.",
        "",
        *_table("settings", Settings),
    ]
    for kind, record in KINDS.items():
        lines += ["", f"## {kind}", "", *_section(kind, record)]
    return "\n".join(lines) + "\n"


def _section(kind: str, record: type[msgspec.Struct]) -> Iterator[str]:
    for paragraph in (record.__doc__ or "").strip().split("\n\n"):
        yield " ".join(line.strip() for line in paragraph.splitlines()).replace(". ", ".\n")
    if kind in KINDS:
        where = "CSV" if kind in CSV_KINDS else "TOML"
        yield f"Key: {', '.join(KINDS[kind].KEY)}.\nNew desks keep this kind in {where}."
    yield ""
    yield from _table(kind, record)


def _table(kind: str, record: type[msgspec.Struct]) -> Iterator[str]:
    yield "| field | meaning | value | left out |"
    yield "|---|---|---|---|"
    for spec in fields_of(record).values():
        rule = spec.rule.replace("|", "\\|")
        yield f"| {spec.name} | {describe(kind, spec.name)} | {rule} | {_left_out(spec)} |"


def _left_out(spec: FieldSpec) -> str:
    if spec.required:
        return "not allowed"
    if spec.base == "table":
        return "all defaults"
    if spec.default is None:
        return "no value"
    return "empty" if spec.default in ("", ()) else f"`{toml_value(spec.default)}`"


def schema_text() -> str:
    """Give the JSON Schema as text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
