"""Keep diplomatic missions and military objectives in step.

Everything promised to users of the library is listed in ``__all__``. Names are imported when they are first used, so
that ``import legation`` itself costs next to nothing.
"""

from __future__ import annotations

# Type checkers take the name for true, as they do typing's own, whose import would cost more than all the rest here.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from legation import errors as errors
    from legation.actors import Actor as Actor
    from legation.actors import actor as actor
    from legation.actors import find as find
    from legation.actors import members as members
    from legation.briefs.gather import brief_for as brief_for
    from legation.briefs.model import Brief as Brief
    from legation.briefs.write import write_brief as write_brief
    from legation.cohesion import assess as assess
    from legation.cohesion.result import Chosen as Chosen
    from legation.cohesion.result import CohesionReport as CohesionReport
    from legation.desk import Desk as Desk
    from legation.desk import Fault as Fault
    from legation.evidence import World as World
    from legation.evidence import build_world as build_world
    from legation.evidence import open_world as open_world
    from legation.planning.planner import plan as plan
    from legation.planning.result import Comparison as Comparison
    from legation.planning.result import PlanComparison as PlanComparison
    from legation.planning.result import PlanResult as PlanResult
    from legation.planning.result import PlanScore as PlanScore
    from legation.planning.scoring import compare as compare
    from legation.planning.scoring import score as score
    from legation.relations import Landscape as Landscape
    from legation.relations import Relation as Relation
    from legation.relations import RelationsSnapshot as RelationsSnapshot
    from legation.relations import landscape as landscape
    from legation.relations import relation as relation
    from legation.service.commands import Outcome as Outcome
    from legation.service.plans import save_plan as save_plan
    from legation.service.questions import Setting as Setting
    from legation.service.questions import check_desk as check_desk
    from legation.service.questions import open_desk as open_desk
    from legation.service.questions import read_desk as read_desk
    from legation.service.tables import convert_desk as convert_desk
    from legation.store import Store as Store
    from legation.store import open_store as open_store

__version__ = "0.1.0"

_HOMES = {
    "actors": ("Actor", "actor", "find", "members"),
    "briefs.gather": ("brief_for",),
    "briefs.model": ("Brief",),
    "briefs.write": ("write_brief",),
    "cohesion": ("assess",),
    "cohesion.result": ("Chosen", "CohesionReport"),
    "desk": ("Desk", "Fault"),
    "evidence": ("World", "build_world", "open_world"),
    "planning.result": ("Comparison", "PlanComparison", "PlanResult", "PlanScore"),
    "planning.planner": ("plan",),
    "planning.scoring": ("compare", "score"),
    "relations": ("Landscape", "Relation", "RelationsSnapshot", "landscape", "relation"),
    "service.commands": ("Outcome",),
    "service.plans": ("save_plan",),
    "service.questions": ("Setting", "check_desk", "open_desk", "read_desk"),
    "service.tables": ("convert_desk",),
    "store": ("Store", "open_store"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Actor",
    "Brief",
    "Chosen",
    "CohesionReport",
    "Comparison",
    "Desk",
    "Fault",
    "Landscape",
    "Outcome",
    "PlanComparison",
    "PlanResult",
    "PlanScore",
    "Relation",
    "RelationsSnapshot",
    "Setting",
    "Store",
    "World",
    "__version__",
    "actor",
    "assess",
    "brief_for",
    "build_world",
    "check_desk",
    "compare",
    "convert_desk",
    "errors",
    "find",
    "landscape",
    "members",
    "open_desk",
    "open_store",
    "open_world",
    "plan",
    "read_desk",
    "relation",
    "save_plan",
    "score",
    "write_brief",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for."""
    from importlib import import_module

    if name == "errors":
        return import_module("legation.errors")
    if name not in _HOME:
        raise AttributeError(f"module 'legation' has no attribute {name!r}")
    found: object = getattr(import_module(f"legation.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List what is promised."""
    return sorted(__all__)
