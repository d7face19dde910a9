"""The worded anchors of the effect scale."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["EFFECT_ANCHORS", "EFFECT_MAX", "EFFECT_MIN"]

EFFECT_MIN, EFFECT_MAX = -3.0, 3.0

EFFECT_ANCHORS = MappingProxyType(
    {
        -3: "decisive harm: on its own it puts the objective out of reach for the period",
        -2: "clear harm that others must make good",
        -1: "slight harm, noticed by those who follow the matter",
        0: "no effect either way",
        1: "slight help, noticed by those who follow the matter",
        2: "clear help: a step that would be missed",
        3: "decisive help: on its own it can bring the objective to its target",
    }
)
"""What the whole numbers of the scale mean; judges may use values in between."""
