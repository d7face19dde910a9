"""Structural balance: exact frustration and camps per period, ties out of line, local balance.

What computes is imported when first used, because it needs NumPy, SciPy and Polars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.relations.balance.edges import SignedEdges as SignedEdges
    from legation.relations.balance.edges import signed_edges as signed_edges
    from legation.relations.balance.exact import Frustration as Frustration
    from legation.relations.balance.exact import frustration as frustration
    from legation.relations.balance.measure import BalanceTables as BalanceTables
    from legation.relations.balance.measure import balance as balance
    from legation.relations.balance.networks import SignedNetwork as SignedNetwork
    from legation.relations.balance.networks import SignRule as SignRule
    from legation.relations.balance.networks import signed_network as signed_network
    from legation.relations.balance.out_of_line import Flips as Flips
    from legation.relations.balance.out_of_line import flips as flips
    from legation.relations.balance.triads import local_balance as local_balance

__all__ = [
    "BalanceTables",
    "Flips",
    "Frustration",
    "SignRule",
    "SignedEdges",
    "SignedNetwork",
    "balance",
    "flips",
    "frustration",
    "local_balance",
    "signed_edges",
    "signed_network",
]

_HOMES = {
    "BalanceTables": "measure",
    "Flips": "out_of_line",
    "Frustration": "exact",
    "SignRule": "networks",
    "SignedEdges": "edges",
    "SignedNetwork": "networks",
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
