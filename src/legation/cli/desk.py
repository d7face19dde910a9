"""Commands on desks: new, check, convert, history, import, schema."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import Json, print_json, print_text
from legation.errors import InputError

__all__ = ["check", "convert", "history", "import_file", "new", "schema"]

Who = Annotated[
    str | None, Parameter(name="--who", help="Who does it, for the history; the system's user if left out.")
]


def new(
    path: Path,
    *,
    observer: Annotated[str, Parameter(help="The desk's own state: its ISO alpha-3 code.")] = "EST",
    title: Annotated[str, Parameter(help="What the desk is called.")] = "A new desk",
    start: Annotated[str | None, Parameter(help="First month of the plan: YYYY-MM; next January if left out.")] = None,
    months: Annotated[int, Parameter(help="Length of the plan in months.")] = 24,
    currency: Annotated[str, Parameter(help="ISO 4217 code.")] = "EUR",
) -> None:
    """Make a commented desk folder to start from.

    Parameters
    ----------
    path
        A folder that does not exist yet or is empty.
    """
    from legation.store.folder.new import new_folder

    first = start or f"{date.today().year + 1}-01"  # noqa: DTZ011 - the user's own calendar decides what next year is
    names = new_folder(path, observer=observer, title=title, start=first, months=months, currency=currency)
    print_text(f"Made {path} with {len(names)} files. Next: edit them, then legation desk check {path}")


def check(place: str, *, json: Json = False) -> int:
    """Report every fault of a desk at once, with file, line, rule and remedy.

    Parameters
    ----------
    place
        A desk folder, an XLSX workbook or a store.

    Returns
    -------
    int
        0 without errors, 2 with any; warnings alone are no errors.
    """
    from legation.service.questions import check_place

    faults = check_place(place)
    errors = sum(fault.severity == "error" for fault in faults)
    if json:
        print_json({"place": place, "errors": errors, "warnings": len(faults) - errors, "faults": faults})
    else:
        for fault in faults:
            print_text(str(fault))
        print_text(f"{place}: {errors} errors, {len(faults) - errors} warnings.")
    return 2 if errors else 0


def convert(
    source: str,
    target: str,
    *,
    who: Who = None,
    why: Annotated[str, Parameter(help="Why, for the history.")] = "convert the desk",
    json: Json = False,
) -> None:
    """Copy a desk between a folder, SQLite (name.db), PostgreSQL (postgresql://...) and XLSX, without loss.

    Parameters
    ----------
    source, target
        Where the desk is, and where it goes; nothing is overwritten.
    """
    from legation.service import os_user
    from legation.service.questions import convert_place

    outcome = convert_place(source, target, who=who or os_user(), why=why)
    if json:
        print_json(outcome)
        return
    for notice in outcome.notices:
        print_text(notice)
    history_end = "" if outcome.head is None else f"; its history ends at entry {outcome.head.seq}"
    print_text(f"Wrote {outcome.place}{history_end}.")


def history(
    place: str,
    *,
    kind: Annotated[str | None, Parameter(help="Only records of this kind, for example missions.")] = None,
    key: Annotated[str | None, Parameter(help="Only the record with this key.")] = None,
    since: Annotated[date | None, Parameter(help="From this day on.")] = None,
    until: Annotated[date | None, Parameter(help="Up to the end of this day, UTC.")] = None,
    json: Json = False,
) -> None:
    """Show who changed what in a store, when and why.

    Parameters
    ----------
    place
        A store; a folder has no history of its own, its edits enter the history when they are synchronised.
    """
    from legation.store import open_store

    if Path(place).is_dir():
        raise InputError(
            f"{place} is a folder, and folders keep no history.",
            remedy=f"Keep the folder in git, or bring it into a store: legation desk convert {place} desk.db",
        )
    with open_store(place) as store:
        entries = store.history(kind, key, since=since, until=until)
        if json:
            print_json([{**_plain(entry), "difference": str(entry)} for entry in entries])
            return
        for entry in entries:
            print_text(str(entry))


def _plain(entry: object) -> dict[str, object]:
    import msgspec

    plain: dict[str, object] = msgspec.to_builtins(entry)
    return plain


def import_file(
    file: Path,
    folder: Path,
    *,
    mapping: Annotated[str, Parameter(help="Name of a saved mapping in the folder's mappings/, or a path to one.")],
    json: Json = False,
) -> int:
    """Bring a CSV or XLSX file into a desk folder through a saved column mapping.

    Parameters
    ----------
    file
        The table to read; it is not changed.
    folder
        The desk folder that receives the records.

    Returns
    -------
    int
        0 when the records were written, 2 when faults kept everything out.
    """
    from legation.service.questions import import_table_into

    result = import_table_into(folder, file, mapping=mapping)
    if json:
        print_json({"records": len(result.records), "faults": result.faults, "written": result.written})
    else:
        for fault in result.faults:
            print_text(str(fault))
        print_text(
            f"Read {len(result.records)} records from {file}; "
            + (f"wrote them to {folder}." if result.written else "nothing was written.")
        )
    return 0 if result.written else 2


def schema() -> None:
    """Print the JSON Schema of a desk."""
    from legation.store.folder.schema import schema as desk_schema

    print_json(desk_schema())
    sys.stdout.flush()
