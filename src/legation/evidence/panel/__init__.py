"""Panels: states, dyads, leaders and organisations by year, month or day, with what is known of them.

A panel is described first and made then::

    from legation.evidence import panel

    design = panel.dyads(system="cow", first=1946, last=2010).add("gml_mids", "nmc", "democracy").relevant()
    made = design.build(sources=Path("sources"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.evidence.panel.design import PanelDesign as PanelDesign
    from legation.evidence.panel.design import Step as Step
    from legation.evidence.panel.design import verb as verb
    from legation.evidence.panel.designs import dyads as dyads
    from legation.evidence.panel.designs import leader_dyads as leader_dyads
    from legation.evidence.panel.designs import leaders as leaders
    from legation.evidence.panel.designs import members as members
    from legation.evidence.panel.designs import organisations as organisations
    from legation.evidence.panel.designs import states as states
    from legation.evidence.panel.registry import all_verbs as all_verbs
    from legation.evidence.panel.types import Panel as Panel
    from legation.evidence.panel.types import PanelColumn as PanelColumn
    from legation.evidence.panel.write import write_batches as write_batches
    from legation.evidence.panel.write import write_panel as write_panel

_HOMES = {
    "Panel": "types",
    "PanelColumn": "types",
    "PanelDesign": "design",
    "Step": "design",
    "dyads": "designs",
    "leader_dyads": "designs",
    "leaders": "designs",
    "members": "designs",
    "organisations": "designs",
    "states": "designs",
    "verb": "design",
    "all_verbs": "registry",
    "write_batches": "write",
    "write_panel": "write",
}

__all__ = [
    "Panel",
    "PanelColumn",
    "PanelDesign",
    "Step",
    "all_verbs",
    "dyads",
    "leader_dyads",
    "leaders",
    "members",
    "organisations",
    "states",
    "verb",
    "write_batches",
    "write_panel",
]

if not TYPE_CHECKING:  # a type checker sees the imports above, and so the names that are missing

    def __getattr__(name: str) -> object:
        """Fetch what is asked for only then: panels bring in heavy libraries."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
