"""Missions have the partners their format asks for, modes, and a status that fits their dates."""

from __future__ import annotations

from collections import Counter

from legation.actors.types import ActorKind
from legation.desk.missions import Mission
from legation.desk.rules.cycles import loop_text, loops
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule

_DATED = frozenset({"committed", "executing", "done"})


@rule(
    "instrument-cycle",
    "No instrument lies below itself.",
    remedy="Give one instrument of the loop a built-in parent, or none.",
)
def instrument_cycle(facts: Facts) -> Findings:
    """A rule for a branch holds for all below it; in a loop there is no above and below."""
    own = {instrument.id: instrument for instrument in facts.desk.instruments}
    for loop in loops({name: () if found.parent is None else (found.parent,) for name, found in facts.tree.items()}):
        yield Finding(
            next(own[name] for name in loop if name in own),
            f"Instruments lie below one another: {loop_text(loop)}.",
            field="parent",
        )
    for instrument in facts.desk.instruments:
        if instrument.parent == instrument.id:
            yield Finding(instrument, f"Instrument {instrument.id} is its own parent.", field="parent")


@rule(
    "mission-bilateral",
    "A bilateral mission has exactly one partner.",
    remedy="Name one partner, or call the format multilateral.",
)
def mission_bilateral(facts: Facts) -> Findings:
    """The format is what the sides call it; two partners and the observer make three parties."""
    for mission in facts.desk.missions:
        if mission.format == "bilateral" and len(mission.partners) != 1:
            yield Finding(mission, f"A bilateral mission has {len(mission.partners)} partners.", field="partners")


@rule(
    "mission-multilateral",
    "A multilateral mission has at least two partners, or an organisation as its partner.",
    remedy="Name the other partners or the organisation, or call the format bilateral.",
)
def mission_multilateral(facts: Facts) -> Findings:
    """Multilateral means three or more parties with the observer; an organisation stands for its members."""
    for mission in facts.desk.missions:
        if mission.format == "multilateral" and len(mission.partners) < 2 and not _has_organisation(mission, facts):
            yield Finding(mission, f"A multilateral mission has {len(mission.partners)} partners.", field="partners")


def _has_organisation(mission: Mission, facts: Facts) -> bool:
    """Say whether a partner is an organisation; an unknown partner is another rule's fault, and may be one."""
    found = [facts.actor(name) for name in mission.partners]
    return any(actor is None or actor.kind is ActorKind.ORGANISATION for actor in found)


@rule(
    "mission-observer",
    "The observer is not its own partner.",
    remedy="Remove the observer from the partners; it takes part in every mission.",
)
def mission_observer(facts: Facts) -> Findings:
    """The observer's relation with itself does not exist, and it would count as a party twice."""
    observer = facts.desk.info.observer
    for mission in facts.desk.missions:
        if observer in mission.partners:
            yield Finding(mission, f"The observer {observer} is among the partners.", field="partners")


@rule(
    "mission-partners-once",
    "Each partner of a mission stands once.",
    remedy="Remove the repeated partner.",
)
def mission_partners_once(facts: Facts) -> Findings:
    """A partner that stands twice would accept twice and make two parties of one."""
    for mission in facts.desk.missions:
        if len(set(mission.partners)) != len(mission.partners):
            twice = sorted(name for name, count in Counter(mission.partners).items() if count > 1)
            yield Finding(mission, f"Named more than once: {', '.join(twice[:5])}.", field="partners")


@rule(
    "mission-quorum",
    "A mission's quorum is at most the number of its partners that do not lead it.",
    remedy="Lower the quorum, or leave it out where all must accept.",
)
def mission_quorum(facts: Facts) -> Findings:
    """More partners than there are cannot accept; whoever leads the mission has to accept in any case."""
    leads = {(lead.mission, lead.actor) for lead in facts.desk.leads}
    for mission in facts.desk.missions:
        others = sum((mission.id, partner) not in leads for partner in mission.partners)
        if mission.quorum is not None and mission.quorum > others:
            kind = "partners" if others == len(mission.partners) else "partners that do not lead it"
            yield Finding(mission, f"Quorum {mission.quorum} is more than {others} {kind}.", field="quorum")


@rule(
    "mission-dated",
    "A committed, executing or done mission has a start and a mode.",
    remedy="Give `start` and `mode`, or call the mission a candidate.",
)
def mission_dated(facts: Facts) -> Findings:
    """What is no longer open takes its money and people at a known time."""
    for mission in facts.desk.missions:
        if mission.status in _DATED and (mission.start is None or mission.mode is None):
            missing = [name for name in ("start", "mode") if getattr(mission, name) is None]
            yield Finding(mission, f"A {mission.status} mission has no {' and no '.join(missing)}.", field=missing[0])


@rule(
    "mission-in-time",
    "A committed mission starts, and an executing one runs, within the desk's months.",
    remedy="Correct the start, or call the mission done, cancelled or a candidate.",
)
def mission_in_time(facts: Facts) -> Findings:
    """A plan holds every mission that is committed or under way in the desk's months.

    A commitment that begins after the desk's end is a warning: no plan of this desk shows it.
    """
    months = facts.desk.info.months
    for mission in facts.desk.missions:
        if mission.start is None or mission.status not in {"committed", "executing"}:
            continue
        start = facts.month(mission.start)
        mode = facts.modes.get((mission.id, mission.mode or ""))
        first = 0 if mission.status == "committed" or mode is None else 1 - mode.months
        span = f"{facts.desk.info.start} to {facts.last_month}"
        text = f"A {mission.status} mission starts in {mission.start}, outside {span}."
        if start < first:
            yield Finding(mission, text, "start")
        elif start >= months:
            yield Finding(mission, text, "start", severity="warning")


@rule(
    "mission-modes",
    "A mission has at least one mode.",
    remedy="Add a row to modes: mission, id, months.",
)
def mission_modes(facts: Facts) -> Findings:
    """The mode carries length, risk, money and people; without one a mission cannot be planned."""
    modes_of, pairs = facts.modes_of, {mission for mission, _ in facts.mode_pairs}
    for mission in facts.desk.missions:
        if mission.status != "cancelled" and mission.id not in modes_of and mission.id not in pairs:
            yield Finding(mission, f"Mission {mission.id} has no mode.")


@rule(
    "mission-must-do",
    "A mission that must be done is not cancelled.",
    remedy="Remove must_do, or change the status.",
)
def mission_must_do(facts: Facts) -> Findings:
    """No plan could hold it and leave it out."""
    for mission in facts.desk.missions:
        if mission.must_do and mission.status == "cancelled":
            yield Finding(mission, "A mission that must be done is cancelled.", field="must_do")


@rule(
    "mode-length",
    "A mode is no longer than the desk's months.",
    remedy="Shorten the mode, or lengthen the desk.",
    severity="warning",
)
def mode_length(facts: Facts) -> Findings:
    """Missions lie in the plan as a whole, so a longer mode can never be chosen."""
    months = facts.desk.info.months
    for mode in facts.desk.modes:
        mission = facts.missions.get(mode.mission)
        if mode.months > months and (mission is None or mission.status in {"candidate", "committed"}):
            yield Finding(mode, f"{mode.months} months are more than the desk's {months}.", field="months")
