"""Weights of goals as intervals: which plans can be best, and which missions stand in them."""

from __future__ import annotations

from typing import Any

__all__ = ["weigh"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute can be anything
    """Load the public function when it is first used: it needs NumPy and SciPy."""
    if name == "weigh":
        from legation.planning.weights.robust import weigh

        return weigh
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
