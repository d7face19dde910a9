"""What changes for whom between two plans, in sentences: by mission, by position, by partner."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from legation.actors.lookup import actor
from legation.cohesion.result import Chosen
from legation.desk.people import Person
from legation.planning.replan.disruption import Disruption
from legation.planning.replan.result import (
    ChangeKind,
    DisruptionParts,
    MissionChange,
    PartnerChange,
    PositionChange,
)
from legation.planning.result import Named, PlannedMission

__all__ = ["mission_changes", "partner_changes", "parts_of_disruption", "position_changes"]


def parts_of_disruption(disruption: Disruption, slots: Sequence[int], *, saved: float) -> DisruptionParts:
    """Split the disruption of chosen slots by kind of change."""
    standing = disruption.standing
    rows = list(slots)
    lost = sum(
        disruption.weights.dropped * float(disruption.weights.notice((standing.old[name].start or 0) - standing.now))
        for name in standing.lost
    )
    return DisruptionParts(
        dropped=_clean(disruption.constant - lost + float(disruption.dropped[rows].sum())),
        moved=float(disruption.moved[rows].sum()),
        mode=float(disruption.mode[rows].sum()),
        people=_clean(float(disruption.places[rows].sum()) - saved),
        added=float(disruption.new[rows].sum()),
        unavoidable=lost,
    )


def _clean(size: float) -> float:
    return size if size > 1e-12 else 0.0


def mission_changes(
    disruption: Disruption, slots: Sequence[int], planned: Sequence[PlannedMission]
) -> tuple[MissionChange, ...]:
    """Give every mission that changes, the most disturbing first."""
    standing = disruption.standing
    data, old = standing.data, standing.old
    slot_of = {data.missions[data.slot_mission[slot]].id: int(slot) for slot in slots}
    new = {mission.mission: mission for mission in planned}
    out = []
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        kinds, size = _kinds(disruption, name, before, after, slot_of.get(name))
        if not kinds:
            continue
        starts = [] if before is None or before.start is None else [before.start]
        starts += [] if after is None else [after.start_index]
        notice = max(0, min(starts) - standing.now)
        title = _title(disruption, name)
        was = "" if before is None else _old_words(disruption, before)
        will = "" if after is None or "ended" in kinds else _new_words(after)
        out.append(
            MissionChange(
                mission=name,
                title=title,
                kinds=kinds,
                before=was,
                after=will,
                notice_months=notice,
                disruption=size,
                words=_sentence(disruption, name, kinds, was=was, will=will, notice=notice),
            )
        )
    out.sort(key=lambda row: (-row.disruption, row.notice_months, row.mission))
    return tuple(out)


def _kinds(
    disruption: Disruption, name: str, before: Chosen | None, after: PlannedMission | None, slot: int | None
) -> tuple[tuple[ChangeKind, ...], float]:
    standing, weights = disruption.standing, disruption.weights
    if name in standing.ended:
        status = next((row.status for row in standing.given.missions if row.id == name), "cancelled")
        return (() if status == "done" else ("ended",)), 0.0
    if before is None:
        size = 0.0 if slot is None else float(disruption.new[slot])
        under_way = after is not None and after.start_index < standing.now
        return (() if under_way else ("added",)), size
    if after is None or slot is None:
        if name in standing.lost:
            return ("dropped",), weights.dropped * float(weights.notice((before.start or 0) - standing.now))
        if name not in {mission.id for mission in standing.data.missions}:
            return (), 0.0
        number = next(n for n, mission in enumerate(standing.data.missions) if mission.id == name)
        saved = disruption.dropped[standing.data.slots_by_mission[number]]
        return ("dropped",), float(-saved.min()) if len(saved) else 0.0
    kinds: list[ChangeKind] = []
    size = float(disruption.moved[slot] + disruption.mode[slot])
    if before.start != after.start_index:
        kinds.append("moved")
    if before.mode != after.mode:
        kinds.append("mode")
    changed = _hands_changed(before, after)
    if before.staff and changed:
        kinds.append("people")
    if not kinds or kinds == ["people"]:
        per_place = max((item.weight for item in disruption.kept if item.slot == slot), default=None)
        rows = float(disruption.places[slot])
        places = sum(int(standing.data.demand.count[row]) for row in standing.data.demands(slot) if rows)
        unit = per_place if per_place is not None else (rows / places if places else 0.0)
        size += unit * changed
    return tuple(kinds), size


def _hands_changed(before: Chosen, after: PlannedMission) -> int:
    """Count the places of roles that were staffed before and are filled by another position now."""
    roles = {text.partition(":")[0] for text in before.staff}
    was = Counter(before.staff)
    will = Counter(f"{person.role}:{person.position}" for person in after.people if person.role in roles)
    return sum((will - was).values())


def _title(disruption: Disruption, name: str) -> str:
    return next((row.title for row in disruption.standing.given.missions if row.id == name), name)


def _old_words(disruption: Disruption, entry: Chosen) -> str:
    data = disruption.standing.data
    titles = {position.id: position.title for position in data.crew.positions}
    people = ", ".join(
        f"{role} {titles.get(position, position)}"
        for role, _, position in (text.partition(":") for text in entry.staff)
    )
    when = data.month(entry.start or 0)
    return f"{entry.mode} from {when}" + (f" with {people}" if people else "")


def _new_words(mission: PlannedMission) -> str:
    people = ", ".join(f"{person.role} {person.title}" for person in mission.people)
    return f"{mission.mode} from {mission.start}" + (f" with {people}" if people else "")


def _sentence(
    disruption: Disruption, name: str, kinds: Sequence[ChangeKind], *, was: str, will: str, notice: int
) -> str:
    title = _title(disruption, name)
    left = "this month" if notice == 0 else f"in {notice} month{'s' * (notice != 1)}"
    if "ended" in kinds:
        return f"{title!r}, under way ({was}), ends now."
    if "dropped" in kinds:
        return f"{title!r} is dropped (it was {was}, {left}): {_why_dropped(disruption, name)}."
    if "added" in kinds:
        return f"{title!r} comes in: {will}, {left}."
    what = {"moved": "starts in another month", "mode": "changes its mode", "people": "changes hands"}
    done = " and ".join(what[kind] for kind in kinds if kind in what)
    return f"{title!r} {done}: {will} instead of {was}."


def _why_dropped(disruption: Disruption, name: str) -> str:
    standing = disruption.standing
    data = standing.data
    if name in standing.lost:
        return "the desk no longer holds it open"
    number = next(n for n, mission in enumerate(data.missions) if mission.id == name)
    slots = data.slots_by_mission[number]
    if not data.open[slots].any():
        slot = standing.slots.get(number)
        asked = slots if slot is None else [slot]
        words = [bar.words for bar in data.bars if bar.kind != "horizon" and set(bar.slots.tolist()) & set(asked)]
        return words[0] if words else "no month is open to it any more"
    return "what it takes serves the plan better elsewhere, or no longer suffices"


def position_changes(disruption: Disruption, planned: Sequence[PlannedMission]) -> tuple[PositionChange, ...]:
    """Give the positions whose people leave or take on missions."""
    standing = disruption.standing
    titles = {position.id: position.title for position in standing.given.positions}
    leaves: defaultdict[str, list[str]] = defaultdict(list)
    takes: defaultdict[str, list[str]] = defaultdict(list)
    new = {mission.mission: mission for mission in planned if mission.mission not in standing.ended}
    for name, entry in standing.old.items():
        if not entry.staff:
            continue
        was = Counter(text.partition(":")[2] for text in entry.staff)
        will = Counter(person.position for person in new[name].people) if name in new else Counter()
        if name in new and not new[name].people:
            continue
        for position in was - will:
            leaves[position].append(name)
        for position in will - was:
            takes[position].append(name)
    for name, mission in new.items():
        if name not in standing.old:
            for position in {person.position for person in mission.people}:
                takes[position].append(name)
    return tuple(_position(disruption, position, titles, leaves[position], takes[position])
                 for position in sorted({*leaves, *takes}))  # fmt: skip


def _position(
    disruption: Disruption, position: str, titles: Mapping[str, str], leaves: list[str], takes: list[str]
) -> PositionChange:
    gone = tuple(Named(id=name, title=_title(disruption, name)) for name in leaves)
    come = tuple(Named(id=name, title=_title(disruption, name)) for name in takes)
    parts = []
    if gone:
        parts.append("leaves " + ", ".join(repr(row.title) for row in gone))
    if come:
        parts.append("takes on " + ", ".join(repr(row.title) for row in come))
    title = titles.get(position, position)
    person = _holder(disruption, position)
    called = title if person is None else f"{title} ({person})"
    return PositionChange(
        position=position,
        title=title,
        person=person,
        leaves=gone,
        takes=come,
        words=f"{called} {' and '.join(parts)}.",
    )


def _holder(disruption: Disruption, position: str) -> str | None:
    """Give who holds a position in the month it is; None where nobody does, or more than one person."""
    standing = disruption.standing
    crew = standing.data.crew
    number = next((n for n, row in enumerate(crew.positions) if row.id == position), None)
    if number is None:
        return None
    names = [who.name for who in crew.occupants[number][standing.now] if isinstance(who, Person)]
    return names[0] if len(names) == 1 else None


def partner_changes(disruption: Disruption, changes: Sequence[MissionChange]) -> tuple[PartnerChange, ...]:
    """Give the partners whose missions change, with what each must be told."""
    partners = {mission.id: mission.partners for mission in disruption.standing.given.missions}
    told: defaultdict[str, list[MissionChange]] = defaultdict(list)
    for change in changes:
        if set(change.kinds) == {"people"}:
            continue
        for partner in partners.get(change.mission, ()):
            told[partner].append(change)
    out = []
    for partner, rows in sorted(told.items()):
        name = actor(partner).name
        words = " ".join(_told(row) for row in rows)
        missions = tuple(Named(id=row.mission, title=row.title) for row in rows)
        out.append(PartnerChange(partner=partner, name=name, missions=missions, words=f"{name}: {words}"))
    return tuple(out)


def _told(change: MissionChange) -> str:
    month = change.after.partition(" from ")[2][:7]
    if "ended" in change.kinds:
        return f"{change.title!r} ends now."
    if "dropped" in change.kinds:
        return f"{change.title!r} is called off."
    if "added" in change.kinds:
        return f"{change.title!r} is offered for {month}."
    if "moved" in change.kinds:
        return f"{change.title!r} is asked to move to {month}."
    return f"{change.title!r} is carried out in another way ({change.after.partition(' from ')[0]})."
