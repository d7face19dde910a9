"""What must be in, and when a mission may run: months, windows, bans, sanctions, activities, gates, dangers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from legation.actors.memberships import is_member
from legation.actors.organisations import organisations
from legation.desk.constraints import Ban
from legation.desk.instruments import is_below
from legation.desk.missions import Mission
from legation.desk.months import first_day
from legation.desk.sanctions import forbidden_branches
from legation.planning.actor_words import actor_words
from legation.planning.check.plan import Check, broken, overlaps
from legation.planning.record_words import ban_words, mission_words, position_words, sanction_words
from legation.planning.result import BrokenRule

__all__ = ["TIMING"]


def _status(c: Check) -> Iterator[BrokenRule]:
    for entry in c.entries:
        if entry.mission.status in {"done", "cancelled"}:
            yield broken("status", f"{entry.mission.title!r} is {entry.mission.status}.", entry.id)
    for mission in c.desk.missions:
        if mission.status not in {"committed", "executing"}:
            continue
        found = c.by_mission.get(mission.id)
        begin = c.month(mission.start) if mission.start else (0 if mission.status == "executing" else None)
        if found is None:
            yield broken("fixed", f"{mission.title!r} is {mission.status} and is not in the plan.", mission.id)
            continue
        if begin is not None and found.start != begin:
            words = f"{mission.title!r} is {mission.status} from {c.text(begin)}, not from {c.text(found.start)}."
            yield broken("fixed", words, mission.id)
        if mission.mode is not None and found.mode.id != mission.mode:
            yield broken(
                "fixed", f"{mission.title!r} is {mission.status} as {_mode(c, mission.id, mission.mode)}.", mission.id
            )


def _mode(c: Check, mission: str, mode: str | None) -> str:
    row = c.modes.get((mission, mode or ""))
    return repr(mode if row is None else row.title)


def _horizon(c: Check) -> Iterator[BrokenRule]:
    for entry in c.entries:
        fixed = entry.mission.status == "executing" or (
            entry.mission.status == "committed" and entry.mission.start is not None
        )
        if not fixed and (entry.start < 0 or entry.end >= c.desk.info.months):
            span = f"{c.text(entry.start)} to {c.text(entry.end)}"
            yield broken("horizon", f"{entry.mission.title!r} runs {span}, outside the plan's months.", entry.id)


def _wishes(c: Check) -> Iterator[BrokenRule]:
    for mission in c.desk.missions:
        if mission.must_do and mission.status == "candidate" and mission.id not in c.by_mission:
            yield broken("must_do", f"{mission.title!r} must be done and is not in the plan.", mission.id)
    for pin in c.desk.pins:
        held = c.by_mission.get(pin.mission)
        status = c.missions[pin.mission].status if pin.mission in c.missions else "cancelled"
        if pin.decision == "out" and held is not None:
            yield broken("pin", f"{held.mission.title!r} was decided out.", pin.mission)
        if pin.decision == "in" and status in {"candidate", "committed", "executing"}:
            if held is None:
                yield broken(
                    "pin", f"{mission_words(c.desk, pin.mission)} was decided in and is not in the plan.", pin.mission
                )
                continue
            if pin.mode not in {None, held.mode.id}:
                yield broken(
                    "pin", f"{held.mission.title!r} was decided in as {_mode(c, pin.mission, pin.mode)}.", pin.mission
                )
            if pin.start is not None and c.month(pin.start) != held.start:
                yield broken("pin", f"{held.mission.title!r} was decided to start in {pin.start}.", pin.mission)


def _windows(c: Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        rows = [row for row in c.desk.windows if row.mission == entry.id and row.mode in {None, entry.mode.id}]
        if rows and not any(c.month(row.start) <= entry.start and entry.end <= c.month(row.end) for row in rows):
            spans = " or ".join(f"{row.start} to {row.end}" for row in rows)
            yield broken("window", f"{entry.mission.title!r} lies outside its window {spans}.", entry.id)


def _bans(c: Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for ban in c.desk.bans:
            if overlaps(c, entry, ban.start, ban.end) and _ban_meets(c, ban, entry.mission):
                words = f"{entry.mission.title!r} falls under {ban_words(ban)}."
                yield broken("ban", words, entry.id, records=[ban.id])


def _ban_meets(c: Check, ban: Ban, mission: Mission) -> bool:
    known = {actor.id for actor in organisations()}
    on = first_day(c.desk.info.start)

    def within(actor: str, names: Sequence[str]) -> bool:
        if actor in names:
            return True
        return ban.inherit and any(name in known and is_member(actor, name, on=on) for name in names)

    instrument = (
        is_below(mission.instrument, ban.instruments, tree=c.tree)
        if ban.inherit
        else mission.instrument in ban.instruments
    )
    selectors = (
        not ban.places or (mission.place is not None and within(mission.place, ban.places)),
        not ban.partners or any(within(partner, ban.partners) for partner in mission.partners),
        not ban.instruments or instrument,
        not ban.purposes or mission.purpose in ban.purposes,
    )
    return all(selectors)


def _sanctions(c: Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for row in c.desk.sanctions:
            if (
                row.target in entry.mission.partners
                and is_below(entry.mission.instrument, forbidden_branches(row), tree=c.tree)
                and overlaps(c, entry, row.start, row.end)
            ):
                words = f"{entry.mission.title!r} is forbidden by {sanction_words(row)}."
                yield broken("sanction", words, entry.id, records=[row.id])


def _activities(c: Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for row in c.desk.activities:
            if row.kind == "exercise":
                hosts = {row.actor, *row.places}
            elif row.kind == "operation":
                hosts = {row.actor}
            else:
                continue
            hosts.discard(c.desk.info.observer)
            if (
                row.id not in entry.mission.meant_during
                and hosts & set(entry.mission.partners)
                and is_below(entry.mission.instrument, ("talks",), tree=c.tree)
                and overlaps(c, entry, row.start, row.end)
            ):
                words = f"{entry.mission.title!r} meets a host busy with {row.title!r}."
                yield broken("activity", words, entry.id, records=[row.id])


def _gates(c: Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for gate in c.desk.gates:
            if entry.id not in gate.missions:
                continue
            if gate.status == "failed":
                yield broken("gate", f"{entry.mission.title!r} failed gate {gate.title!r}.", entry.id)
                continue
            if gate.status == "pending" and entry.start < gate.lead_months:
                words = f"{entry.mission.title!r} starts before gate {gate.title!r} can be passed."
                yield broken("gate", words, entry.id, records=[gate.id])
            if gate.expires is not None and entry.end > c.month(gate.expires):
                words = f"{entry.mission.title!r} outlasts gate {gate.title!r}, which holds until {gate.expires}."
                yield broken("gate", words, entry.id, records=[gate.id])


def _safety(c: Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for limit in c.desk.safety_limits:
            for row in c.desk.place_risks:
                last = c.desk.info.months - 1 if row.end is None else c.month(row.end)
                inside = range(max(0, c.month(row.start)), min(last, c.desk.info.months - 1) + 1)
                if (
                    row.place == entry.mission.place
                    and limit.place in {None, row.place}
                    and row.risk > limit.threshold
                    and entry.runs(inside)
                ):
                    words = f"{entry.mission.title!r} goes to {actor_words(row.place)} at danger {row.risk:g}"
                    words = f"{words}, and {position_words(c.desk, limit.owner)} allows {limit.threshold:g}."
                    yield broken("safety", words, entry.id, records=[limit.id])
                    break


TIMING = (_status, _horizon, _wishes, _windows, _bans, _sanctions, _activities, _gates, _safety)
"""The rules, in the order in which they are reported."""
