"""Frustration of the mission-objective-actor graph: the solver of `legation.relations.balance`."""

from __future__ import annotations

from legation.relations.balance.exact import Frustration, Tie, frustration

__all__ = ["Frustration", "Tie", "frustration"]
