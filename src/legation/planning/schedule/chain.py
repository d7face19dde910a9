"""Why a schedule does not end sooner: the chain of missions and rules that leads to its last month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from legation.planning.actor_words import actor_words
from legation.planning.data import PlanData
from legation.planning.rank import Tally
from legation.planning.schedule.mission_result import ChainLink

__all__ = ["chain_of"]

_WORDS = {
    "exclusion": "an exclusion keeps it out beside {record!r}",
    "visits": "{record} takes no more missions then",
    "cap": "the cap {record!r} would be passed",
    "ceiling": "the authority {record!r} would pass its yearly ceiling",
    "risk": "the plan's risk would pass its limit",
    "money": "budget {record!r} lacks the money",
    "staff": "the people it needs are with other missions",
    "none": "it could, yet the finish would stay the same or others would have to move",
}


def chain_of(
    data: PlanData, slots: Sequence[int], places: Mapping[int, list[int]], own: Sequence[int]
) -> tuple[ChainLink, ...]:
    """Follow the reasons from the last mission back to one that nothing before it holds up.

    What people, money and partners hold is asked with the rest of the schedule kept, so it is true of this schedule;
    another order might free them and take others.
    """
    by_mission = {int(data.slot_mission[slot]): int(slot) for slot in slots}
    last = [by_mission[number] for number in own if number in by_mission]
    links: list[ChainLink] = []
    slot = max(last, key=lambda one: int(data.slots.last[one]), default=None)
    seen: set[int] = set()
    while slot is not None and slot not in seen:
        seen.add(slot)
        link, slot = _link(data, by_mission, places, slot)
        links.append(link)
    return tuple(reversed(links))


def _link(
    data: PlanData, by_mission: Mapping[int, int], places: Mapping[int, list[int]], slot: int
) -> tuple[ChainLink, int | None]:
    number, start = int(data.slot_mission[slot]), int(data.slots.start[slot])
    mission = data.missions[number]

    def link(kind: str, words: str, after: int | None = None) -> tuple[ChainLink, int | None]:
        name = None if after is None else data.missions[after].id
        row = ChainLink(mission=mission.id, kind=kind, after=name, words=words)
        return row, None if after is None else by_mission.get(after)

    if start <= 0:
        return link("start", f"{mission.title!r} starts in the plan's first month.")
    for row in data.sequels:
        before = by_mission.get(row.requires)
        if row.mission == number and before is not None and _end(data, before) + row.lag == start:
            first = data.missions[row.requires].title
            lag = f", with {row.lag} full {'month' if row.lag == 1 else 'months'} between" if row.lag else ""
            words = f"{mission.title!r} needs {first!r} first (until {data.month(start - row.lag - 1)}{lag})."
            return link("order", words, row.requires)
    earlier = data.slots.index.get((int(data.slots.option[slot]), start - 1))
    month = data.month(start - 1)
    if earlier is None or not data.open[earlier]:
        why = next(
            (bar.words for bar in data.bars if earlier is not None and earlier in bar.slots), "it is not planned for"
        )
        return link("bar", f"{mission.title!r} cannot start in {month}: {why}.")
    rest = [one for one in by_mission.values() if one != slot]
    kind, size, record = Tally.of(data, rest, places).hindrance(earlier)
    reason = _WORDS.get(kind, kind).format(record=_title(data, kind, record))
    short = f" ({size:,.0f} {data.desk.info.currency} short)" if kind == "money" else ""
    after = _holder(data, by_mission, slot, start) if kind in {"staff", "visits"} else None
    return link(kind, f"{mission.title!r} does not start in {month}: {reason}{short}.", after)


def _title(data: PlanData, kind: str, record: str) -> str:
    """Give what a record of the desk is called: its title, an actor's name, else its id."""
    if kind == "visits":
        return actor_words(record)
    titles = {row.id: row.title for row in (data.desk.budgets if kind == "money" else data.desk.authorities)}
    titles |= {row.id: row.title for row in data.missions} if kind in {"exclusion", "order"} else {}
    return titles.get(record, record)


def _end(data: PlanData, slot: int) -> int:
    return int(data.slots.start[slot]) + int(data.options.months[data.slots.option[slot]])


def _holder(data: PlanData, by_mission: Mapping[int, int], slot: int, start: int) -> int | None:
    """Give a mission that ends right before and draws on the same people."""
    positions = {p for row in data.demands(slot) for p in data.demand.classes[data.demand.staff_class[row]].positions}
    for number, other in sorted(by_mission.items()):
        if other != slot and _end(data, other) == start:
            theirs = {
                p for row in data.demands(other) for p in data.demand.classes[data.demand.staff_class[row]].positions
            }
            if positions & theirs:
                return number
    return None
