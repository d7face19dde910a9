"""The operations: the only code that changes a desk; each is one transaction with its entries in the history."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legation.service.check import refuse_faults
    from legation.service.commands import (
        AcceptPlan,
        Command,
        ConvertDesk,
        CreateDesk,
        DeleteRecords,
        ExportFolder,
        ImportFolder,
        Outcome,
        PutRecords,
        SyncFolder,
        os_user,
    )
    from legation.service.folders import convert, export_folder, import_folder, sync_folder
    from legation.service.records import (
        accept_plan,
        as_known_on,
        create_desk,
        delete_records,
        history,
        put_records,
    )

_HOMES = {
    "check": ("refuse_faults",),
    "commands": (
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
    ),
    "folders": ("convert", "export_folder", "import_folder", "sync_folder"),
    "records": ("accept_plan", "as_known_on", "create_desk", "delete_records", "history", "put_records"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

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
    "accept_plan",
    "as_known_on",
    "convert",
    "create_desk",
    "delete_records",
    "export_folder",
    "history",
    "import_folder",
    "os_user",
    "put_records",
    "refuse_faults",
    "sync_folder",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type depends on the name
    """Import an operation when it is asked for, so that the package itself costs nothing."""
    if name in _HOME:
        return getattr(import_module(f"legation.service.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
