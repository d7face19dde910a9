"""Where desks are kept: folders, SQLite and PostgreSQL behind one interface, with their history.

Importing this package costs next to nothing: what needs a database library is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legation.store.interface import Entry, Store, UnitOfWork, Verification, Versioned, open_store

__all__ = ["Entry", "Store", "UnitOfWork", "Verification", "Versioned", "open_store"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type depends on the name
    """Import the interface when one of its names is asked for."""
    if name in __all__:
        from legation.store import interface

        return getattr(interface, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
