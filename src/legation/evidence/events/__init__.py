"""Event data: read a publisher's files, clean them by named rules, count them by directed dyad and month."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.evidence.events.codes import code_table as code_table
    from legation.evidence.events.formats import EVENT_COLUMNS as EVENT_COLUMNS
    from legation.evidence.events.formats import FORMATS as FORMATS
    from legation.evidence.events.generate import generate_export as generate_export
    from legation.evidence.events.months import DyadMonths as DyadMonths
    from legation.evidence.events.months import dyad_months as dyad_months
    from legation.evidence.events.options import ReadOptions as ReadOptions
    from legation.evidence.events.read import EventFrame as EventFrame
    from legation.evidence.events.read import read_events as read_events
    from legation.evidence.events.rules import RULES as RULES
    from legation.evidence.events.rules import CleanUp as CleanUp

__all__ = [
    "EVENT_COLUMNS",
    "FORMATS",
    "RULES",
    "CleanUp",
    "DyadMonths",
    "EventFrame",
    "ReadOptions",
    "code_table",
    "dyad_months",
    "generate_export",
    "read_events",
]

_HOMES = {
    "EVENT_COLUMNS": "formats",
    "FORMATS": "formats",
    "RULES": "rules",
    "CleanUp": "rules",
    "DyadMonths": "months",
    "EventFrame": "read",
    "ReadOptions": "options",
    "code_table": "codes",
    "dyad_months": "months",
    "generate_export": "generate",
    "read_events": "read",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then: frames and engines are heavy."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.evidence.events.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
