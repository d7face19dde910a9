"""Pins, commitments and must-do missions do not contradict the rest of the desk."""

from __future__ import annotations

from collections import defaultdict

from legation.desk.constraints import Pin, Sanction
from legation.desk.missions import Mission
from legation.desk.months import first_day, last_day
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule
from legation.desk.sanctions import forbidden_branches


@rule(
    "pin-contradiction",
    "A pin does not contradict the status of its mission.",
    remedy="Remove the pin, or change the mission's status, start or mode.",
)
def pin_contradiction(facts: Facts) -> Findings:
    """Two decisions that cannot both hold leave no plan at all."""
    for pin in facts.desk.pins:
        mission = facts.missions.get(pin.mission)
        problem = None if mission is None else _contradiction(pin, mission)
        if problem is not None:
            yield Finding(pin, problem, field="decision")


def _contradiction(pin: Pin, mission: Mission) -> str | None:
    if pin.decision == "out":
        if mission.status in {"committed", "executing", "done"}:
            return f"{pin.mission} is pinned out, and it is {mission.status}."
        return f"{pin.mission} is pinned out, and it must be done." if mission.must_do else None
    if mission.status in {"cancelled", "done"}:
        return f"{pin.mission} is pinned in, and it is {mission.status}."
    if mission.status in {"committed", "executing"}:
        for name in ("start", "mode"):
            pinned, decided = getattr(pin, name), getattr(mission, name)
            if pinned is not None and decided is not None and pinned != decided:
                return f"{name} is pinned to {pinned}, and the mission is {mission.status} with {decided}."
    return None


@rule(
    "pin-out-detail",
    "A pin that leaves a mission out names no mode and no month.",
    remedy="Remove mode and start; a ban forbids single months.",
)
def pin_out_detail(facts: Facts) -> Findings:
    """It could be read as out of this month alone, which a pin does not mean."""
    for pin in facts.desk.pins:
        if pin.decision == "out" and (pin.mode is not None or pin.start is not None):
            yield Finding(pin, "A pin out names a mode or a month.", field="start" if pin.mode is None else "mode")


@rule("pin-in-time", "A pin's month is one of the desk's.", remedy="Pin the mission to a month of the desk.")
def pin_in_time(facts: Facts) -> Findings:
    """A plan has no other months in which the mission could start; one under way may have started earlier."""
    for pin in facts.desk.pins:
        mission = facts.missions.get(pin.mission)
        if pin.start is None or (mission is not None and mission.status == "executing"):
            continue
        if not 0 <= facts.month(pin.start) < facts.desk.info.months:
            yield Finding(
                pin, f"{pin.start} lies outside {facts.desk.info.start} to {facts.last_month}.", field="start"
            )


@rule(
    "commitment-missions",
    "An open commitment names as many missions as it promises, none of them cancelled.",
    remedy="Name the missions that would keep the promise, or settle its status.",
)
def commitment_missions(facts: Facts) -> Findings:
    """A promise that no mission can keep is broken already, and the desk should say so."""
    for commitment in facts.desk.commitments:
        if commitment.status != "open":
            continue
        found = [facts.missions.get(name) for name in dict.fromkeys(commitment.missions)]
        usable = sum(mission is None or mission.status != "cancelled" for mission in found)
        if usable < commitment.count:
            yield Finding(
                commitment,
                f"{commitment.count} missions are promised, and {usable} of those named can be done.",
                field="missions",
            )


@rule(
    "commitment-due",
    "An open commitment falls due within the desk's months.",
    remedy="Settle an overdue promise as kept, broken or waived; lengthen the desk for a later one.",
)
def commitment_due(facts: Facts) -> Findings:
    """No mission of the plan can end before the desk starts; a promise due after its end is only partly in view."""
    for commitment in facts.desk.commitments:
        if (
            commitment.status == "open"
            and commitment.due < facts.desk.info.start
            and not _kept(commitment.missions, facts)
        ):
            yield Finding(commitment, f"Due {commitment.due}, before the desk's start.", field="due")
        elif commitment.status == "open" and commitment.due > facts.last_month:
            yield Finding(
                commitment, f"Due {commitment.due}, after the desk's end {facts.last_month}.", "due", severity="warning"
            )


def _kept(missions: tuple[str, ...], facts: Facts) -> bool:
    found = [facts.missions.get(name) for name in missions]
    return bool(found) and all(mission is not None and mission.status == "done" for mission in found)


@rule(
    "fixed-mission-sanctioned",
    "No sanction forbids a mission that must be in the plan.",
    remedy="Release the mission, or check whether the sanction or an exemption applies.",
    severity="warning",
)
def fixed_mission_sanctioned(facts: Facts) -> Findings:
    """Must-do, committed and pinned missions leave the plan no way round a sanction in force."""
    against: dict[str, list[Sanction]] = defaultdict(list)
    for sanction in facts.desk.sanctions:
        against[sanction.target].append(sanction)
    for mission in facts.fixed.values():
        for sanction in (found for partner in mission.partners for found in against.get(partner, ())):
            if _forbids(facts, sanction, mission):
                yield Finding(mission, f"Sanction {sanction.id} forbids {mission.instrument} with {sanction.target}.")


def _forbids(facts: Facts, sanction: Sanction, mission: Mission) -> bool:
    """Say whether the sanction is in force in the mission's month, or at any time where it has none, and covers it."""
    first = facts.first if mission.start is None else first_day(mission.start)
    last = facts.last if mission.start is None else last_day(mission.start)
    in_force = sanction.start <= last and (sanction.end is None or sanction.end >= first)
    return in_force and not facts.branch(mission.instrument).isdisjoint(forbidden_branches(sanction))


@rule(
    "fixed-mission-gate",
    "No gate that a mission must pass has failed while the mission must be in the plan.",
    remedy="Release the mission, or have the gate decided again.",
    severity="warning",
)
def fixed_mission_gate(facts: Facts) -> Findings:
    """A failed gate bars its missions, and every plan must hold this one."""
    for gate in facts.desk.gates:
        if gate.status == "failed":
            for name in dict.fromkeys(gate.missions):
                if name in facts.fixed:
                    yield Finding(facts.fixed[name], f"Gate {gate.id} has failed.")
