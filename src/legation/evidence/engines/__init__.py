"""Engines for tables larger than memory: DuckDB on this machine, Spark through Spark Connect elsewhere."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.evidence.engines.duck import DuckEngine as DuckEngine
    from legation.evidence.engines.interface import Engine as Engine
    from legation.evidence.engines.interface import open_engine as open_engine
    from legation.evidence.engines.panels import dyad_year_panel as dyad_year_panel
    from legation.evidence.engines.spark import SparkEngine as SparkEngine

__all__ = ["DuckEngine", "Engine", "SparkEngine", "dyad_year_panel", "open_engine"]

_HOMES = {
    "DuckEngine": "duck",
    "Engine": "interface",
    "SparkEngine": "spark",
    "dyad_year_panel": "panels",
    "open_engine": "interface",
}


def __getattr__(name: str) -> object:
    """Import an engine only when it is asked for."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.evidence.engines.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
