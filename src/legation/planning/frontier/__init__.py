"""Frontiers: the plans that no other plan beats in all aims at once."""

from __future__ import annotations

from typing import Any

__all__ = ["frontier"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute can be anything
    """Load the public function when it is first used: it needs NumPy and SciPy."""
    if name == "frontier":
        from legation.planning.frontier.choose import frontier

        return frontier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
