"""What a sanction forbids where the desk's row does not say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from legation.desk.constraints import Sanction

__all__ = ["SANCTION_FORBIDS", "forbidden_branches"]

_ARMS = ("equipment-transfer", "training", "joint-exercise")

SANCTION_FORBIDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"arms": _ARMS, "military": _ARMS, "travel": (), "financial": (), "trade": (), "other": ()}
)
"""Roots of the instrument branches that a sanction forbids by its kind: arms embargoes cover training and exercises."""


def forbidden_branches(sanction: Sanction) -> tuple[str, ...]:
    """Give the roots of the branches that the sanction forbids: its own list, else what its kind forbids."""
    return sanction.forbids or SANCTION_FORBIDS[sanction.kind]
