"""Generated desks: realistic in size, structure and tightness, for benchmarks, tests and trying things out.

The desks are invented; no record describes a real plan. Everything that a plan can be bound by occurs: modes, windows,
bans, sanctions, gates, prerequisites, exclusions, synergies, authorities, absences, holders, ring-fenced money,
commitments, pins, absorption, safety limits and both ways in which goals combine; on request also needs by the day,
journeys, leads that share the cost, caps on risk and spill-over, yearly ceilings and AND / OR below goals.
"""

from __future__ import annotations

from legation.planning.generate.desk import generate_desk
from legation.planning.generate.shape import DeskShape
from legation.planning.generate.ties import generate_relations

__all__ = ["DeskShape", "generate_desk", "generate_relations"]
