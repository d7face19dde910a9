"""How actors stand to each other: level, alignment, tension, ties."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.relations.answer import relation as relation
    from legation.relations.levels import Level as Level
    from legation.relations.snapshot import RelationsSnapshot as RelationsSnapshot
    from legation.relations.surroundings import landscape as landscape
    from legation.relations.types import ActorState as ActorState
    from legation.relations.types import Landscape as Landscape
    from legation.relations.types import Relation as Relation

__all__ = ["ActorState", "Landscape", "Level", "Relation", "RelationsSnapshot", "landscape", "relation"]

# The functions of the modules snapshot and actor_state bear their modules' names and are imported from there.
_HOMES = {
    "ActorState": "types",
    "Landscape": "types",
    "Level": "levels",
    "Relation": "types",
    "RelationsSnapshot": "snapshot",
    "landscape": "surroundings",
    "relation": "answer",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then: scores bring in heavy libraries."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.relations.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
