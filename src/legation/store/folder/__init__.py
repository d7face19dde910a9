"""Desk folders: TOML for structure, CSV for long lists, XLSX and foreign tables in and out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.store.folder.importing import ImportResult, import_table
    from legation.store.folder.mapping import TableMapping, load_mapping
    from legation.store.folder.new import new_folder
    from legation.store.folder.reading import ReadResult, check_folder, read_folder
    from legation.store.folder.writing import write_folder
    from legation.store.folder.xlsxdesk import desk_from_xlsx, desk_to_xlsx
    from legation.store.folder.xlsxwrite import plan_to_xlsx

__all__ = [
    "ImportResult",
    "ReadResult",
    "TableMapping",
    "check_folder",
    "desk_from_xlsx",
    "desk_to_xlsx",
    "import_table",
    "load_mapping",
    "new_folder",
    "plan_to_xlsx",
    "read_folder",
    "write_folder",
]

_HOMES = {
    "ImportResult": "importing",
    "ReadResult": "reading",
    "TableMapping": "mapping",
    "check_folder": "reading",
    "desk_from_xlsx": "xlsxdesk",
    "desk_to_xlsx": "xlsxdesk",
    "import_table": "importing",
    "load_mapping": "mapping",
    "new_folder": "new",
    "plan_to_xlsx": "xlsxwrite",
    "read_folder": "reading",
    "write_folder": "writing",
}


def __getattr__(name: str) -> object:
    """Load a function's module when it is asked for: a command that reads no folder imports none of them."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
