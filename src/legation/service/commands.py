"""What each operation is asked to do, as a value that can be kept, shown or sent; and what it did."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import datetime

import msgspec

from legation.desk.base import Record
from legation.desk.desk import Desk
from legation.desk.faults import Fault
from legation.desk.plans import Plan, PlanEntry
from legation.errors import InputError
from legation.store.interface import Head, Summary

__all__ = [
    "AcceptPlan",
    "Command",
    "ConvertDesk",
    "CreateDesk",
    "DeleteRecords",
    "ExportFolder",
    "ImportFolder",
    "Outcome",
    "PutRecords",
    "SyncFolder",
    "os_user",
]


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What every operation needs: who asks, and why."""

    who: str
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse a command without a name."""
        if not self.who.strip():
            raise InputError("Nobody is named as the writer.", remedy="Give who changes the desk.")


class CreateDesk(Command, frozen=True, kw_only=True):
    """Make a store and put a whole desk into it."""

    place: str
    desk: Desk


class ImportFolder(Command, frozen=True, kw_only=True):
    """Make a store from a desk folder."""

    folder: str
    place: str


class ExportFolder(Command, frozen=True, kw_only=True):
    """Write the desk of a store as a folder."""

    place: str
    folder: str
    overwrite: bool = False


class SyncFolder(Command, frozen=True, kw_only=True):
    """Bring what was edited in a folder into the store it came from; `base` is the entry the folder was made at."""

    folder: str
    base: int | None = None


class ConvertDesk(Command, frozen=True, kw_only=True):
    """Copy a desk from a folder or store to a new folder or store."""

    source: str
    target: str


class PutRecords(Command, frozen=True, kw_only=True):
    """Add or change records; a record without an expected version is new."""

    records: tuple[Record, ...]
    expected_versions: Mapping[tuple[str, str], int] = {}


class DeleteRecords(Command, frozen=True, kw_only=True):
    """Remove records, by kind and key, each at the version last read."""

    expected_versions: Mapping[tuple[str, str], int]


class AcceptPlan(Command, frozen=True, kw_only=True):
    """Keep a plan with its entries; `expected_version` above 0 replaces the kept plan of that id."""

    plan: Plan
    entries: tuple[PlanEntry, ...]
    expected_version: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an operation did.

    `head` is the end of the history afterwards, None when a folder was written; the operation's own entries are
    those from `first` to `head.seq`, none where `first` is None.
    """

    place: str
    head: Head | None = None
    first: int | None = None
    at: datetime | None = None
    added: int = 0
    changed: int = 0
    removed: int = 0
    warnings: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, summary: Summary, *, place: str, warnings: tuple[Fault, ...] = (), notices: tuple[str, ...] = ()
    ) -> Outcome:
        """Make an outcome of what a unit of work did."""
        return cls(
            place=place,
            head=summary.head,
            first=summary.first,
            at=summary.at,
            added=summary.added,
            changed=summary.changed,
            removed=summary.removed,
            warnings=warnings,
            notices=notices,
        )


def os_user() -> str:
    """Give the name of the operating system's user, for doors that act for whoever sits at the machine.

    Raises
    ------
    InputError
        When the system does not say.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError) as error:
        raise InputError("The system does not name its user.", remedy="Give who changes the desk.") from error
