"""The page on errors: the tree, exit codes, what each error carries, and the codes of faults in files."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from legation import errors
from legation.errors import LegationError

__all__ = ["errors_page"]

HEAD = """# Errors

This page lists every error of Legation with its exit code and what it carries, and the faults that files can have.

The page is written by `scripts/make_docs.py` from `legation.errors`.
Every error has a `message`, which names the value and the rule, and a `remedy`, which says what to do about it.
What is not found and what may not be seen are told in the same words.

## Errors form one tree, by what the reader can do

"""

FILE_RULES = {
    "actor-known": "a name or code in a foreign table is no actor",
    "column-count": "a row has more cells than the header, or fewer",
    "column-known": "a column is no field of the kind",
    "column-mapped": "a column of a foreign table is neither mapped nor ignored",
    "column-once": "a column stands twice, or has no name",
    "column-required": "a column that every record needs is missing",
    "csv-delimiter": "a table is separated by another sign than the one expected",
    "csv-header": "a table has no header row",
    "csv-syntax": "a quote is not closed, or stands where none may",
    "date-format": "a mapping's date format is none that Python's `strptime` reads",
    "desk-file": "the folder has no `desk.toml`, the workbook no sheet `desk`",
    "distinct-names": "two file names differ in capitals or accents' writing alone",
    "field-known": "a field is none of the kind",
    "field-once": "a field is given twice",
    "field-required": "a field that every record needs is missing",
    "field-value": "a value is not of its field's type or range",
    "file-encoding": "a file is not in the encoding that is expected, UTF-8 without a mapping",
    "file-pattern": "a foreign table's name does not fit its mapping; a warning",
    "file-readable": "a file is too large or cannot be read",
    "hidden-sheet": "a sheet is hidden; a warning",
    "known-file": "a file or folder is no part of a desk folder",
    "known-kind": "a mapping is for a kind that does not exist",
    "known-sheet": "a sheet is named after no kind",
    "line-length": "a line is longer than the limit",
    "no-formulas": "a cell holds a formula; it is not evaluated",
    "no-links": "a file or folder is a symbolic link; it is not followed",
    "no-macros": "a workbook holds macros; they are not run; a warning",
    "no-merged-cells": "cells are merged, so that all but one have no value",
    "no-nul": "a file holds the character NUL",
    "plain-file-name": "a mapping's file pattern holds a folder",
    "regular-file": "a pipe, device or deeper folder stands where a file belongs",
    "row-count": "a table has more rows than the limit",
    "sheet-size": "a sheet has more rows or columns than the limit",
    "table-array": "a kind is written in single brackets",
    "table-known": "a TOML file holds a table of another kind",
    "toml-syntax": "a file is no TOML",
    "too-many-faults": "the file has more faults than are reported",
    "value-mapped": "a mapping does not say what a value means",
}


def errors_page() -> str:
    """Give the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield HEAD.rstrip("\n") + "\n"
    tree = inspect.cleandoc(errors.__doc__ or "").partition("::\n\n")[2].split("\n\n")[0]
    yield "```text\n" + inspect.cleandoc(tree) + "\n```\n"
    yield "## Each error has an exit code and a default message\n"
    yield "| error | exit code | default message | carries |"
    yield "|---|---|---|---|"
    for kind in _kinds(LegationError):
        message = (kind.__doc__ or "").split("\n", maxsplit=1)[0].replace("|", "\\|")
        yield f"| `{kind.__name__}` | {kind.exit_code} | {message} | {_carries(kind)} |"
    yield "\n## Faults of a desk have rules of their own\n"
    yield "`DeskError` carries every fault, each with the keys of a [Fault](json.md#fault)."
    yield "The rules of a desk are on [their own page](rules.md); those below are about files.\n"
    yield "| rule | broken when |"
    yield "|---|---|"
    for code, meaning in FILE_RULES.items():
        yield f"| `{code}` | {meaning} |"
    yield ""


def _kinds(kind: type[LegationError]) -> Iterator[type[LegationError]]:
    yield kind
    for below in sorted(kind.__subclasses__(), key=lambda one: list(vars(errors)).index(one.__name__)):
        yield from _kinds(below)


def _carries(kind: type[LegationError]) -> str:
    known = {"self", "message", "remedy"}
    names = [name for name in inspect.signature(kind.__init__).parameters if name not in known]
    return ", ".join(f"`{name}`" for name in ("message", "remedy", *names))
