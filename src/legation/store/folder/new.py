"""Make a new desk folder: every file there, every field explained, a worked example in comments."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo
from legation.errors import ConflictError, DeskError, InputError
from legation.store.folder.atomic import write_new
from legation.store.folder.cells import encode
from legation.store.folder.convert import convert_table
from legation.store.folder.descriptions import describe
from legation.store.folder.example import example_desk
from legation.store.folder.layout import DESK_FILE
from legation.store.folder.problems import slug
from legation.store.folder.render import CSV_KINDS, GITATTRIBUTES
from legation.store.folder.schema import FieldSpec, fields_of
from legation.store.folder.tomlfile import record_lines, toml_value

__all__ = ["new_folder"]

_WIDTH = 110


def new_folder(
    path: str | PathLike[str],
    *,
    observer: str,
    title: str,
    start: str,
    months: int = 24,
    currency: str = "EUR",
    price_year: int | None = None,
    identifier: str | None = None,
    language: str = "en",
    organisation: str = "",
) -> tuple[str, ...]:
    """Make a commented, valid and empty desk folder.

    Parameters
    ----------
    path
        A folder that does not exist yet or is empty.
    observer
        The actor whose desk it is, by identifier (``EST``).
    title
        The desk's name.
    start, months
        The first month as YYYY-MM and the number of months of the planning period.
    currency, price_year
        The money plans are costed in; prices of the first month's year without `price_year`.
    identifier
        The desk's id; without one made from the title, or ``desk`` where its letters are not Latin.
    language, organisation
        The language of its texts (BCP 47) and whose it is.

    Returns
    -------
    tuple of str
        The names of the files made.

    Raises
    ------
    DeskError
        When what was given describes no sound desk; it carries every fault.
    ConflictError
        When something is at the path already.
    StoreFullError, StorageError
        When the disk is full or refuses; nothing is left behind.
    """
    root = Path(path)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ConflictError(f"{root} exists already.", remedy="Give a path where nothing is yet.")
    info = _checked_info(
        {
            "id": (slug(title) or "desk") if identifier is None else identifier,
            "title": title,
            "observer": observer,
            "start": start,
            "months": months,
            "currency": currency,
            "price_year": _year(start) if price_year is None else price_year,
            "language": language,
            "organisation": organisation,
        }
    )
    files = _files(info)
    write_new(root, files)
    return tuple(files)


def _year(start: str) -> int:
    if not (len(start) == 7 and start[:4].isascii() and start[:4].isdigit()):
        raise InputError(f"{start!r:.40} is not a month.", remedy="Write the first month as YYYY-MM.")
    return int(start[:4])


def _checked_info(values: dict[str, Any]) -> DeskInfo:
    from legation.desk.rules import check_desk

    info = convert_table(DeskInfo, values)
    if isinstance(info, list):
        faults = tuple(problem.at(kind="desk", key="", file=None, line=None) for problem in info)
    else:
        faults = tuple(fault for fault in check_desk(Desk(info=info)) if fault.severity == "error")
        if not faults:
            return info
    raise DeskError(f"No desk can be made: {faults[0].message}", faults=faults, remedy=faults[0].remedy)


def _files(info: DeskInfo) -> dict[str, bytes]:
    example = example_desk(info)
    files = {DESK_FILE: _desk_file(info), "README.md": _readme(info, example), ".gitattributes": GITATTRIBUTES}
    for kind in KINDS:
        if kind in CSV_KINDS:
            files[f"{kind}.csv"] = ",".join(fields_of(KINDS[kind])) + "\n"
        else:
            files[f"{kind}.toml"] = "\n".join(_toml_file(kind, example.records(kind))) + "\n"
    return {name: text.encode() for name, text in files.items()}


def _desk_file(info: DeskInfo) -> str:
    lines = ["## What desk this is. A line that begins with # is a comment.", ""]
    for spec in fields_of(DeskInfo).values():
        if spec.name == "settings":
            continue
        lines += _comments(describe("desk", spec.name), _facts(spec))
        value = getattr(info, spec.name)
        given = spec.required or value != spec.default
        lines += [f"{'' if given else '# '}{spec.name} = {toml_value(_sample(spec) if value is None else value)}", ""]
    lines += ["## Numbers for this desk's cohesion and plans; remove the # before those you change.", "[settings]", ""]
    for spec in fields_of(type(info.settings)).values():
        lines += _comments(describe("settings", spec.name), _facts(spec))
        lines += [f"# {spec.name} = {toml_value(_sample(spec) if spec.default is None else spec.default)}", ""]
    return "\n".join(lines)


def _sample(spec: FieldSpec) -> object:
    return 1.0 if spec.base == "number" else f"my-{spec.name}"


def _facts(spec: FieldSpec) -> str:
    need = "Required" if spec.required else "May be left out"
    if not spec.required and spec.base not in {"pairs", "table"} and spec.default not in {None, "", ()}:
        need = f"{toml_value(spec.default)} when left out"
    return need if spec.base in {"pairs", "table"} else f"{need}; {spec.rule}"


def _comments(*sentences: str) -> Iterator[str]:
    for sentence in sentences:
        text = sentence if sentence.endswith(".") else f"{sentence}."
        yield from textwrap.wrap(text, _WIDTH, initial_indent="## ", subsequent_indent="## ")


def _toml_file(kind: str, records: Sequence[Record]) -> Iterator[str]:
    yield from _comments(f"{kind}: {_summary(kind)}", f"Each record begins with [[{kind}]]. Its fields")
    for spec in fields_of(KINDS[kind]).values():
        text = f"{spec.name}: {describe(kind, spec.name)} {_facts(spec)}."
        yield from textwrap.wrap(text, _WIDTH, initial_indent="##   ", subsequent_indent="##     ")
    if records:
        yield "##"
        yield "## An example; remove the # before its lines to use it."
    for record in records:
        yield ""
        for line in record_lines(record, header=f"[[{kind}]]"):
            yield from (f"# {part}" for part in line.split("\n"))


def _summary(kind: str) -> str:
    return (KINDS[kind].__doc__ or "").strip().split("\n", maxsplit=1)[0]


def _readme(info: DeskInfo, example: Desk) -> str:
    lines = [
        f"# {info.title}",
        "",
        "This folder is a desk of Legation.",
        "`desk.toml` says whose desk it is; every other file holds the records of one kind, as its name says.",
        "A kind may be in a TOML file, in a CSV file, or in both; long lists may be split in a folder named after it.",
        "`legation desk check` lists every fault with its file and line.",
        "",
        "In CSV files an empty cell means that the field is left out, and the items of a list are separated by `;`.",
        "Months are written as YYYY-MM and days as YYYY-MM-DD; format those columns as text in a spreadsheet.",
        "Save as CSV in UTF-8 with commas.",
    ]
    for kind in KINDS:
        if kind in CSV_KINDS:
            lines += ["", f"## {kind}.csv", "", *_csv_section(kind, example.records(kind))]
    return "\n".join(lines) + "\n"


def _csv_section(kind: str, records: Sequence[Record]) -> Iterator[str]:
    yield _summary(kind)
    yield ""
    yield "| column | meaning | rule |"
    yield "|---|---|---|"
    for spec in fields_of(KINDS[kind]).values():
        yield f"| {spec.name} | {describe(kind, spec.name)} | {_facts(spec).replace('|', chr(92) + '|')} |"
    if records:
        yield from ("", "Example rows:", "", "```csv", *_example_rows(kind, records), "```")


def _example_rows(kind: str, records: Sequence[Record]) -> list[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for record in records:
        writer.writerow([encode(spec, getattr(record, name)) for name, spec in fields_of(KINDS[kind]).items()])
    return text.getvalue().splitlines()
