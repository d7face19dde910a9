"""Commands on desks: new, check, convert, sync, history, import, schema."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from msgspec import structs

from legation.cli.output import WHOLE, Json, Place, print_json, print_text
from legation.errors import InputError

if TYPE_CHECKING:
    from legation.service.commands import Outcome

__all__ = ["check", "convert", "history", "import_file", "new", "schema", "sync"]

Who = Annotated[
    str | None, Parameter(name="--who", help="Who does it, for the history; the system's user if left out.")
]


def new(
    path: Annotated[Path, Parameter(help="A folder that does not exist yet or is empty.")],
    /,
    *,
    observer: Annotated[str, Parameter(help="The desk's own state: its ISO alpha-3 code.")] = "EST",
    title: Annotated[str, Parameter(help="What the desk is called.")] = "A new desk",
    start: Annotated[str | None, Parameter(help="First month of the plan: YYYY-MM; next January if left out.")] = None,
    months: Annotated[int, WHOLE, Parameter(help="Length of the plan in months.")] = 24,
    currency: Annotated[str, Parameter(help="The desk's currency: its ISO 4217 code.")] = "EUR",
    json: Json = False,
) -> None:
    """Make a commented desk folder to start from."""
    from legation.store.folder.new import new_folder

    first = start or f"{date.today().year + 1}-01"  # noqa: DTZ011 - the user's own calendar says what next year is
    names = new_folder(path, observer=observer, title=title, start=first, months=months, currency=currency)
    if json:
        print_json({"folder": str(path), "files": names})
        return
    print_text(f"Made {path} with {len(names)} files. Next: edit them, then legation desk check {path}")


def check(place: Place, /, *, json: Json = False) -> int:
    """Report every fault of a desk at once, with file, line, rule and remedy.

    The exit code is 2 with any error, 0 with warnings alone.
    """
    from legation.service.questions import check_desk

    faults = check_desk(place)
    errors = sum(fault.severity == "error" for fault in faults)
    if json:
        print_json({"place": place, "errors": errors, "warnings": len(faults) - errors, "faults": faults})
    else:
        for fault in faults:
            print_text(str(fault))
        print_text(f"{place}: {_counted(errors, 'error')}, {_counted(len(faults) - errors, 'warning')}.")
    return 2 if errors else 0


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def convert(
    source: Place,
    target: Annotated[str, Parameter(help="Where the copy goes, named likewise; nothing is overwritten.")],
    /,
    *,
    who: Who = None,
    why: Annotated[str, Parameter(help="Why, for the history.")] = "convert the desk",
    json: Json = False,
) -> None:
    """Copy a desk between a folder, XLSX, SQLite and PostgreSQL, without loss.

    From store to store the history goes along; folders and workbooks keep none.
    """
    from legation.service.tables import convert_desk

    _print_outcome(convert_desk(source, target, who=who, why=why), done="Wrote", json=json)


def sync(
    folder: Annotated[Path, Parameter(help="A folder that was made from the store, or that the store was made from.")],
    store: Annotated[str, Parameter(help="The store: name.db or postgresql://user@host/name.")],
    /,
    *,
    who: Who = None,
    why: Annotated[str, Parameter(help="Why, for the history.")] = "edit of the folder",
    json: Json = False,
) -> None:
    """Bring the edits of a folder into the store it was made from, all or nothing.

    What others changed in the store meanwhile stays. A record that both changed is refused with the difference, and the
    exit code is then 3.
    """
    from legation.service import os_user, sync_folder
    from legation.store import open_store

    with open_store(store) as opened:
        outcome = sync_folder(opened, folder, who=who or os_user(), why=why)
    _print_outcome(outcome, done="Updated", json=json)


def _print_outcome(outcome: Outcome, *, done: str, json: bool) -> None:
    if json:
        print_json(outcome)
        return
    for fault in outcome.warnings:
        print_text(str(fault))
    for notice in outcome.notices:
        print_text(notice)
    counts = [f"{number} {what}" for what in ("added", "changed", "removed") if (number := getattr(outcome, what))]
    history_end = "" if outcome.head is None else f"; its history ends at entry {outcome.head.seq}"
    print_text(f"{done} {outcome.place}: {', '.join(counts) or 'nothing to change'}{history_end}.")


def history(
    place: Annotated[str, Parameter(help="A store: name.db or postgresql://user@host/name.")],
    /,
    *,
    kind: Annotated[str | None, Parameter(help="Only records of this kind, for example missions.")] = None,
    key: Annotated[str | None, Parameter(help="Only the record with this key.")] = None,
    since: Annotated[date | None, Parameter(help="From this day on.")] = None,
    until: Annotated[date | None, Parameter(help="Up to the end of this day, UTC.")] = None,
    json: Json = False,
) -> None:
    """Show who changed what in a store, when and why.

    A folder has no history of its own; its edits enter the history when they are brought into a store.
    """
    from legation.desk.labels import label_notice
    from legation.service.questions import is_folder, is_workbook
    from legation.store import open_store

    if is_folder(place) or is_workbook(place):
        raise InputError(
            f"{place} is no store, and only stores keep history.",
            remedy=f"Keep the folder in git, or bring it into a store: legation desk convert {place} desk.db",
        )
    with open_store(place) as store:
        label = label_notice(store.load())
        entries = store.history(kind, key, since=since, until=until)
        if json:
            listed = [{**structs.asdict(entry), "difference": str(entry)} for entry in entries]
            print_json({"entries": listed, "label_notice": label})
            return
        count = 0
        for count, entry in enumerate(entries, start=1):  # noqa: B007 - the number of the last is the count
            print_text(str(entry))
        print_text(f"{count or 'No'} entr{'y' if count == 1 else 'ies'}   [{label}]")


def import_file(
    file: Annotated[Path, Parameter(help="The table to read: CSV or XLSX; it is not changed.")],
    folder: Annotated[Path, Parameter(help="The desk folder that receives the records.")],
    /,
    *,
    mapping: Annotated[str, Parameter(help="Name of a saved mapping in the folder's mappings/, or a path to one.")],
    json: Json = False,
) -> int:
    """Bring a CSV or XLSX file into a desk folder through a saved column mapping.

    The records go into a file of their own, <kind>/<file>.csv. Nothing is written when the desk would have an error,
    and the exit code is then 2.
    """
    from legation.service.tables import import_table_into

    result = import_table_into(folder, file, mapping=mapping)
    if json:
        counts = {"kind": result.kind, "records": len(result.records), "added": len(result.added)}
        print_json({**counts, "faults": result.faults, "written": result.written})
    else:
        for fault in result.faults:
            print_text(str(fault))
        end = "nothing was written" if result.written is None else f"{len(result.added)} new in {result.written}"
        print_text(f"Read {len(result.records)} {result.kind} from {file}: {end}.")
    return 0 if result.is_sound else 2


def schema() -> None:
    """Print the JSON Schema of a desk."""
    from legation.store.folder.schema import schema as desk_schema

    print_json(desk_schema())
