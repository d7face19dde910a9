"""What to do next: data, model, engines, solve, result, explain."""

from __future__ import annotations

from typing import Any

__all__ = ["compare", "plan", "score"]

_HOMES = {"plan": "planner", "score": "scoring", "compare": "scoring"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute can be anything
    """Load the public functions when they are first used: they need NumPy and SciPy."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"legation.planning.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
