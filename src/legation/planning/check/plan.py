"""A plan beside its desk, as the checks read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree
from legation.desk.missions import Instrument, Mission, Mode
from legation.desk.months import first_day, last_day, month_number, month_text
from legation.planning.result import BrokenRule
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["Check", "Entry", "broken", "capital", "overlaps"]


@dataclass(frozen=True)
class Entry:
    """One mission of the plan, running from month `start` to month `end`, both included."""

    mission: Mission
    mode: Mode
    start: int
    staff: tuple[tuple[str, str], ...]

    @property
    def end(self) -> int:
        """Its last month."""
        return self.start + self.mode.months - 1

    @property
    def id(self) -> str:
        """The mission's id."""
        return self.mission.id

    def runs(self, months: Sequence[int]) -> bool:
        """Say whether it runs in one of these months."""
        return any(self.start <= month <= self.end for month in months)


class Check:
    """The desk and the plan with what the rules look up."""

    def __init__(self, desk: Desk, entries: Sequence[Chosen], relations: RelationsSnapshot | None = None) -> None:
        self.desk, self.raw, self.relations = desk, entries, relations
        self.missions = {mission.id: mission for mission in desk.missions}
        self.modes = {(mode.mission, mode.id): mode for mode in desk.modes}
        self.tree: Mapping[str, Instrument] = instrument_tree(desk.instruments)
        self.entries = tuple(
            Entry(
                self.missions[item.mission],
                self.modes[item.mission, item.mode],
                0 if item.start is None else item.start,
                tuple((text.split(":", 1)[0], text.split(":", 1)[-1]) for text in item.staff),
            )
            for item in entries
            if item.mission in self.missions and (item.mission, item.mode) in self.modes
        )

    @cached_property
    def by_mission(self) -> dict[str, Entry]:
        """Entries by mission."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def done(self) -> set[str]:
        """Missions that were done before."""
        return {mission.id for mission in self.desk.missions if mission.status == "done"}

    @cached_property
    def starting(self) -> tuple[Entry, ...]:
        """The entries that rules on starting concern: all but those already under way."""
        return tuple(entry for entry in self.entries if entry.mission.status != "executing")

    def month(self, text: str) -> int:
        """Count months from the desk's first."""
        return month_number(text, start=self.desk.info.start)

    def text(self, number: int) -> str:
        """Give a month's text."""
        return month_text(number, start=self.desk.info.start)

    def unknown(self) -> Iterator[BrokenRule]:
        """Name what the desk does not know, and what stands twice."""
        seen: set[str] = set()
        for item in self.raw:
            title = repr(self.missions[item.mission].title) if item.mission in self.missions else ""
            if item.mission not in self.missions:
                yield broken("unknown", f"The desk has no mission {item.mission!r}.", item.mission)
            elif (item.mission, item.mode) not in self.modes:
                yield broken("unknown", f"Mission {title} has no mode {item.mode!r}.", item.mission)
            elif item.start is None:
                yield broken("unknown", f"Mission {title} has no first month in the plan.", item.mission)
            if item.mission in seen:
                yield broken("twice", f"Mission {title} stands twice in the plan.", item.mission)
            seen.add(item.mission)


def broken(kind: str, words: str, *missions: str, records: Sequence[str] = ()) -> BrokenRule:
    """Make a broken rule."""
    return BrokenRule(kind=kind, words=words, missions=tuple(missions), records=tuple(records))


def capital(words: str) -> str:
    """Begin a sentence with these words."""
    return words[:1].upper() + words[1:]


def overlaps(c: Check, entry: Entry, start: date | None, end: date | None) -> bool:
    """Say whether a stretch shares a day with the mission's months within the plan."""
    plan_end = c.desk.info.months - 1
    if entry.end < 0 or entry.start > plan_end:
        return False
    first, last = first_day(c.text(max(0, entry.start))), last_day(c.text(min(plan_end, entry.end)))
    return (start is None or start <= last) and (end is None or end >= first)
