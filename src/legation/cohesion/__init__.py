"""How missions and objectives fit together.

Result types are imported at once; what computes is imported when first used, because it needs NumPy and SciPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from legation.cohesion.result import Chosen, CohesionReport, Part, Selection

if TYPE_CHECKING:
    from legation.cohesion.balance import Frustration, frustration
    from legation.cohesion.cross_impact import Descriptors, Scenario, consistent_scenarios
    from legation.cohesion.options import Options, options_of
    from legation.cohesion.report import assess
    from legation.cohesion.spill import spill_over

__all__ = [
    "Chosen",
    "CohesionReport",
    "Descriptors",
    "Frustration",
    "Options",
    "Part",
    "Scenario",
    "Selection",
    "assess",
    "consistent_scenarios",
    "frustration",
    "options_of",
    "spill_over",
]

_HOME = {
    "assess": "report",
    "Descriptors": "cross_impact",
    "Scenario": "cross_impact",
    "consistent_scenarios": "cross_impact",
    "Frustration": "balance",
    "frustration": "balance",
    "Options": "options",
    "options_of": "options",
    "spill_over": "spill",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the names above have different types
    if name not in _HOME:
        raise AttributeError(f"module 'legation.cohesion' has no attribute {name!r}")
    value = getattr(import_module(f"legation.cohesion.{_HOME[name]}"), name)
    globals()[name] = value
    return value
