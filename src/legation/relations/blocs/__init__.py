"""Blocs: groups of actors with friendly ties inside and hostile ties between, and how stable they are.

What computes is imported when first used, because it needs NumPy, SciPy and Polars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.relations.blocs.leiden import Division as Division
    from legation.relations.blocs.leiden import best_division as best_division
    from legation.relations.blocs.measure import BlocTables as BlocTables
    from legation.relations.blocs.measure import find_blocs as find_blocs
    from legation.relations.blocs.network import SignedNetworkMatrix as SignedNetworkMatrix

__all__ = ["BlocTables", "Division", "SignedNetworkMatrix", "best_division", "find_blocs"]

_HOMES = {
    "BlocTables": "measure",
    "Division": "leiden",
    "SignedNetworkMatrix": "network",
    "best_division": "leiden",
    "find_blocs": "measure",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.relations.blocs.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
