"""Structural balance: exact frustration and camps per period, ties out of line, local balance.

What computes is imported when first used, because it needs NumPy, SciPy and Polars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.relations.balance.exact import Frustration as Frustration
    from legation.relations.balance.exact import frustration as frustration

__all__ = [
    "BalanceTables",
    "Flip",
    "Frustration",
    "SignRule",
    "SignedEdges",
    "balance",
    "flips",
    "frustration",
    "local_balance",
    "signed_edges",
    "signed_network",
]

_HOMES = {
    "BalanceTables": "measure",
    "Flip": "out_of_line",
    "Frustration": "exact",
    "SignRule": "networks",
    "SignedEdges": "edges",
    "balance": "measure",
    "flips": "out_of_line",
    "frustration": "exact",
    "local_balance": "triads",
    "signed_edges": "edges",
    "signed_network": "networks",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.relations.balance.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
