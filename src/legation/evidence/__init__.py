"""What is known of the world: one folder per source, a catalogue, the baseline."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.evidence.build import build_world as build_world
    from legation.evidence.catalogue import Catalogue as Catalogue
    from legation.evidence.catalogue import TableInfo as TableInfo
    from legation.evidence.maps import borders as borders
    from legation.evidence.maps import points as points
    from legation.evidence.world import World as World
    from legation.evidence.world import baseline_path as baseline_path
    from legation.evidence.world import open_world as open_world

__all__ = ["Catalogue", "TableInfo", "World", "baseline_path", "borders", "build_world", "open_world", "points"]

_HOMES = {
    "Catalogue": "catalogue",
    "TableInfo": "catalogue",
    "World": "world",
    "baseline_path": "world",
    "borders": "maps",
    "build_world": "build",
    "open_world": "world",
    "points": "maps",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then: reading a world brings in heavy libraries."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.evidence.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
