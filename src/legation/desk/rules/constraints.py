"""Prerequisites, exclusions, bans, sanctions and willingness can be kept as they are written."""

from __future__ import annotations

from collections import defaultdict
from typing import get_args

from legation.desk.constraints import Absorption, Ban, Prerequisite, Willingness
from legation.desk.missions import Purpose
from legation.desk.rules.cycles import loop_text, loops
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, quoted, rule

_PURPOSES = frozenset(get_args(Purpose))


@rule("prerequisite-self", "No mission requires itself.", remedy="Remove the row, or name the other mission.")
def prerequisite_self(facts: Facts) -> Findings:
    """It would have to end before it starts."""
    for row in facts.desk.prerequisites:
        if row.mission == row.requires:
            yield Finding(row, f"Mission {row.mission} requires itself.", field="requires")


@rule(
    "prerequisite-cycle",
    "Missions do not require one another in a loop.",
    remedy="Remove the prerequisite that does not hold.",
)
def prerequisite_cycle(facts: Facts) -> Findings:
    """Each would have to wait for the other, so none could ever start."""
    edges: dict[str, set[str]] = defaultdict(set)
    held: dict[tuple[str, str], Prerequisite] = {}
    for row in facts.desk.prerequisites:
        edges[row.mission].add(row.requires)
        held[row.mission, row.requires] = row
    for loop in loops(edges):
        yield Finding(held[loop[0], loop[1]], f"Missions require one another: {loop_text(loop)}.", field="requires")


@rule(
    "prerequisite-cancelled",
    "No mission requires one that is cancelled.",
    remedy="Remove the prerequisite, cancel the mission that has it, or revive the other.",
)
def prerequisite_cancelled(facts: Facts) -> Findings:
    """What is cancelled never ends, so what waits for it never starts."""
    for row in facts.desk.prerequisites:
        mission, required = facts.missions.get(row.mission), facts.missions.get(row.requires)
        if mission is None or required is None or mission.status == "cancelled":
            continue
        if required.status == "cancelled":
            yield Finding(row, f"{row.mission} requires {row.requires}, which is cancelled.", field="requires")


@rule(
    "exclusion-missions",
    "An exclusion names at least two different missions, each once.",
    remedy="Name the missions that exclude one another.",
)
def exclusion_missions(facts: Facts) -> Findings:
    """At most one of one mission is always true."""
    for row in facts.desk.exclusions:
        if len(set(row.missions)) < max(2, len(row.missions)):
            yield Finding(row, "Fewer than two missions, or one of them twice.", field="missions")


@rule(
    "exclusion-fixed",
    "Of missions that exclude one another at most one is sure to be in the plan.",
    remedy="Release or cancel all but one of them, or remove the exclusion.",
)
def exclusion_fixed(facts: Facts) -> Findings:
    """Every plan would break the exclusion or leave out what it must hold."""
    for row in facts.desk.exclusions:
        fixed = sorted({name for name in row.missions if name in facts.fixed})
        if len(fixed) > 1:
            yield Finding(row, f"{', '.join(fixed[:5])} are committed, pinned or must be done.", field="missions")


@rule("gate-missions", "A gate names the missions that must pass it.", remedy="Name the missions, or remove the gate.")
def gate_missions(facts: Facts) -> Findings:
    """A gate that nobody passes checks nothing, which is seldom what was meant."""
    for gate in facts.desk.gates:
        if not gate.missions:
            yield Finding(gate, f"Gate {gate.id} names no mission.", field="missions")


@rule(
    "ban-purpose",
    "A ban names purposes that missions can have.",
    remedy=f"Use one of: {', '.join(sorted(_PURPOSES))}.",
)
def ban_purpose(facts: Facts) -> Findings:
    """A purpose that no mission can have would make the ban match nothing."""
    for ban in facts.desk.bans:
        for purpose in ban.purposes:
            if purpose not in _PURPOSES:
                yield Finding(ban, f"{quoted(purpose)} is no purpose of missions.", field="purposes")


@rule(
    "ban-selectors",
    "A ban that names no selector has a start and an end.",
    remedy="Say which places, partners, instruments or purposes, or from when to when.",
    severity="warning",
)
def ban_selectors(facts: Facts) -> Findings:
    """Empty selectors match every mission, so such a ban stops the whole desk for good."""
    for ban in facts.desk.bans:
        if not _selects(ban) and (ban.start is None or ban.end is None):
            yield Finding(ban, "The ban matches every mission and has no end on one side.")


def _selects(ban: Ban) -> bool:
    return bool(ban.places or ban.partners or ban.instruments or ban.purposes)


@rule(
    "sanction-target",
    "A sanction's target is not the observer.",
    remedy="Name the actor that the sanction is aimed at.",
)
def sanction_target(facts: Facts) -> Findings:
    """The row says what the observer may not do with the target."""
    observer = facts.desk.info.observer
    for sanction in facts.desk.sanctions:
        if sanction.target == observer:
            yield Finding(sanction, f"The target is the observer {observer}.", field="target")


@rule(
    "willingness-scope",
    "Willingness is for one mission, for one instrument's branch, or for anything.",
    remedy="Give `mission` or `instrument`, not both.",
)
def willingness_scope(facts: Facts) -> Findings:
    """The closest row holds: a mission's, else an instrument's; one that is both could be read either way."""
    for row in facts.desk.willingness:
        if row.mission is not None and row.instrument is not None:
            yield Finding(row, f"Both mission {row.mission} and instrument {row.instrument}.", field="instrument")


@rule(
    "willingness-partner",
    "Willingness for a mission is that of one of its partners.",
    remedy="Name one of the mission's partners.",
)
def willingness_partner(facts: Facts) -> Findings:
    """Whoever takes no part does not have to accept, so the row would have no effect."""
    for row in facts.desk.willingness:
        mission = None if row.mission is None else facts.missions.get(row.mission)
        if mission is not None and row.partner not in mission.partners:
            yield Finding(row, f"{row.partner} is no partner of {row.mission}.", field="partner")


@rule(
    "partner-observer",
    "Willingness and absorption are those of others, not of the observer.",
    remedy="Name the partner.",
)
def partner_observer(facts: Facts) -> Findings:
    """The observer's own limits are its people, money and settings."""
    observer = facts.desk.info.observer
    rows: tuple[Willingness | Absorption, ...] = (*facts.desk.willingness, *facts.desk.absorption)
    for row in rows:
        if row.partner == observer:
            yield Finding(row, f"The partner is the observer {observer}.", field="partner")
