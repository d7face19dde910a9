"""What a user would do instead: rank the missions and take them one by one, fairly and under the same rules.

Both rankings first place what must be in the plan, then go on as long as something fits. Each mission is tried in
every mode; a mode takes its earliest feasible month and staff.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.roster import Roster
from legation.planning.staff import match_month
from legation.planning.staffing import StaffClass
from legation.planning.value import value_of, values_beside

__all__ = ["Tally", "rank_adaptively", "rank_by_ratio", "with_duties"]


class Tally:
    """A plan that grows one mission at a time and never breaks a rule."""

    def __init__(self, data: PlanData) -> None:
        self.data = data
        self.slots: list[int] = []
        self.staff: dict[int, dict[int, list[int]]] = {}
        self.by_mission: dict[int, int] = {}
        self.spent = np.zeros((len(data.funds.budgets), data.horizon))
        self.roster = Roster(data)
        self.risk = 0.0
        self.capped = np.zeros(len(data.caps))
        self.in_year = np.zeros(len(data.ceilings))
        self.short: defaultdict[int, list[int]] = defaultdict(list)
        self.sequels: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in data.sequels:
            self.sequels[row.mission].append((row.requires, row.lag))
        self.exclusions: defaultdict[int, list[set[int]]] = defaultdict(list)
        for _, _, missions in data.exclusions:
            for mission in missions:
                self.exclusions[mission].append(set(missions))
        self.limits: defaultdict[int, list[int]] = defaultdict(list)
        self.visits: list[list[int]] = [[] for _ in data.absorption]
        for number, limit in enumerate(data.absorption):
            for option in limit.options:
                self.limits[int(option)].append(number)

    @classmethod
    def of(cls, data: PlanData, slots: Sequence[int], places: Mapping[int, list[int]]) -> Tally:
        """Make the tally of a whole plan from the positions that fill each demand row."""
        tally = cls(data)
        for slot in slots:
            rows = data.demands(int(slot)).tolist()
            long = {
                row: places[row]
                for row in rows
                if row in places and not data.demand.classes[data.demand.staff_class[row]].flexible
            }
            tally.add(int(slot), long)
        return tally

    def hindrance(self, slot: int) -> tuple[str, float, str]:
        """Say what keeps an open slot out with the rest of the plan kept: kind, size, and the record.

        The kinds are exclusion, order, visits, cap, ceiling, risk, money, staff and none; only money has a size.
        """
        data = self.data
        mission, option = int(data.slot_mission[slot]), int(data.slots.option[slot])
        for group in self.exclusions[mission]:
            other = sorted(self.by_mission.keys() & (group - {mission}))
            if other:
                return "exclusion", 0.0, data.missions[other[0]].id
        start = int(data.slots.start[slot])
        for needed, lag in self.sequels[mission]:
            before = self.by_mission.get(needed)
            if before is None or self._end(before) + lag > start:
                return "order", 0.0, data.missions[needed].id
        for number in self.limits[option]:
            if not self._absorbed(number, start):
                return "visits", 0.0, data.absorption[number].partner
        for number, cap in enumerate(data.caps):
            if not self._capped(number, option):
                return "cap", 0.0, cap.record
        for number, ceiling in enumerate(data.ceilings):
            if not self._under_ceiling(number, slot):
                return "ceiling", 0.0, ceiling.record
        if not self._allowed(mission, option, slot):
            return "risk", 0.0, ""
        spent = self.spent + data.spending(np.array([slot]))
        lacks = [_lack(data, number, row) if row.any() else 0.0 for number, row in enumerate(spent)]
        if max(lacks, default=0.0) > 1e-6:
            worst = int(np.argmax(lacks))
            return "money", lacks[worst], data.funds.budgets[worst]
        return ("none", 0.0, "") if self._staffed(slot) is not None else ("staff", 0.0, "")

    def fits(self, slot: int) -> dict[int, list[int]] | None:
        """Give the staff of its longer needs when a slot can be added, else None; one-month staff is matched anew."""
        data = self.data
        mission, option = int(data.slot_mission[slot]), int(data.slots.option[slot])
        if not data.open[slot] or mission in self.by_mission or not self._allowed(mission, option, slot):
            return None
        spent = self.spent + data.spending(np.array([slot]))
        if not self._affordable(spent):
            return None
        return self._staffed(slot)

    def add(self, slot: int, staff: dict[int, list[int]]) -> None:
        """Add a slot with the staff that `fits` gave."""
        data = self.data
        self.slots.append(slot)
        self.by_mission[int(data.slot_mission[slot])] = slot
        self.spent += data.spending(np.array([slot]))
        option = int(data.slots.option[slot])
        self.risk += float(data.options.risk[option])
        self.capped += [cap.amount[option] for cap in data.caps]
        self.in_year += [self._in_year(number, slot) for number in range(len(data.ceilings))]
        for number in self.limits[int(data.slots.option[slot])]:
            self.visits[number].append(int(data.slots.start[slot]))
        for row, positions in staff.items():
            for position in positions:
                self.roster.take(row, position)
        for row in data.demands(slot).tolist():
            item = data.demand.classes[data.demand.staff_class[row]]
            if item.flexible:
                self.short[item.first].append(row)
        self.staff[slot] = staff

    def earliest(self, option: int) -> tuple[int, dict[int, list[int]]] | None:
        """Give an option's first slot that fits, with its staff."""
        for slot in self.data.slots.of(option).tolist():
            staff = self.fits(slot)
            if staff is not None:
                return slot, staff
        return None

    def people(self) -> dict[int, tuple[tuple[str, str], ...]]:
        """Give ``(role, position)`` for every place."""
        rows = {row: own for staff in self.staff.values() for row, own in staff.items()}
        for month, short in self.short.items():
            rows |= match_month(self.data, short, month=month, free=self.roster.free[:, month]) or {}
        return {
            slot: tuple(
                (self.data.demand.needs[self.data.demand.need[row]].role, self.data.crew.positions[position].id)
                for row in self.data.demands(slot).tolist()
                for position in rows.get(row, [])
            )
            for slot in self.slots
        }

    def _allowed(self, mission: int, option: int, slot: int) -> bool:
        data, start = self.data, int(self.data.slots.start[slot])
        if any(not self.by_mission.keys().isdisjoint(group) for group in self.exclusions[mission]):
            return False
        if data.missions[mission].status != "executing":
            for needed, lag in self.sequels[mission]:
                before = self.by_mission.get(needed)
                if before is None or self._end(before) + lag > start:
                    return False
        limit = data.desk.info.settings.risk_limit
        if limit is not None and self.risk + data.options.risk[option] > limit + 1e-9:
            return False
        if not all(self._capped(number, option) for number in range(len(data.caps))):
            return False
        if not all(self._under_ceiling(number, slot) for number in range(len(data.ceilings))):
            return False
        return all(self._absorbed(number, start) for number in self.limits[option])

    def _capped(self, number: int, option: int) -> bool:
        cap = self.data.caps[number]
        return bool(self.capped[number] + cap.amount[option] <= cap.limit + 1e-9) or cap.amount[option] <= 0

    def _in_year(self, number: int, slot: int) -> float:
        data, ceiling = self.data, self.data.ceilings[number]
        if data.slots.option[slot] not in ceiling.options:
            return 0.0
        own = np.array([slot], np.int64)
        return float(data.funds.within(data.slots, own, first=ceiling.first, last=ceiling.last)[0])

    def _under_ceiling(self, number: int, slot: int) -> bool:
        more = self._in_year(number, slot)
        return more == 0.0 or self.in_year[number] + more <= self.data.ceilings[number].limit + 1e-6

    def _end(self, slot: int) -> int:
        return int(self.data.slots.start[slot] + self.data.options.months[self.data.slots.option[slot]])

    def _absorbed(self, number: int, start: int) -> bool:
        limit = self.data.absorption[number]
        starts = [*self.visits[number], start]
        windows = range(start - limit.window + 1, start + 1)
        return all(sum(first <= s < first + limit.window for s in starts) <= limit.limit for first in windows)

    def _affordable(self, spent: NDArray[np.float64]) -> bool:
        return all(_lack(self.data, number, row) <= 1e-6 for number, row in enumerate(spent) if row.any())

    def _staffed(self, slot: int) -> dict[int, list[int]] | None:
        data = self.data
        long: dict[int, list[int]] = {}
        roster = self.roster.apart()
        short: defaultdict[int, list[int]] = defaultdict(list)
        touched: set[int] = set()
        # whole months first: days find room beside other days
        rows = sorted(
            data.demands(slot).tolist(), key=lambda row: data.demand.classes[data.demand.staff_class[row]].by_days
        )
        for row in rows:
            item = data.demand.classes[data.demand.staff_class[row]]
            touched.update(range(item.first, item.last + 1))
            if item.flexible:
                short[item.first].append(row)
                continue
            for _ in range(int(data.demand.count[row])):
                position = self._position(row, item, roster)
                if position is None:
                    return None
                long.setdefault(row, []).append(position)
                roster.take(row, position)
        for month in touched:
            rows = self.short[month] + short[month]
            if match_month(data, rows, month=month, free=roster.free[:, month]) is None:
                return None
        return long

    def _position(self, row: int, item: StaffClass, roster: Roster) -> int | None:
        """Take the position that leaves the one-month missions already chosen their people."""
        months = range(item.first, item.last + 1)
        able = [position for position in item.positions if roster.takes(row, position)]
        for position in sorted(able, key=lambda position: item.by_days and not roster.serving(position, months)):
            after = roster.apart()
            after.take(row, position)
            if all(
                match_month(self.data, self.short[month], month=month, free=after.free[:, month]) is not None
                for month in months
                if self.short.get(month)
            ):
                return position
        return None


def _lack(data: PlanData, budget: int, spent: NDArray[np.float64]) -> float:
    """Give the money a budget lacks when it pays month by month, from the allotments that expire first."""
    funds = data.funds
    own = [a for a in np.argsort(funds.allotment_last, kind="stable") if funds.allotment_budget[a] == budget]
    left = {a: float(funds.allotment_amount[a]) for a in own}
    lack = 0.0
    for month in np.flatnonzero(spent):
        due = float(spent[month])
        for a in own:
            if funds.allotment_first[a] <= month <= funds.allotment_last[a]:
                paid = min(due, left[a])
                left[a] -= paid
                due -= paid
        lack += due
    return lack


def rank_by_ratio(data: PlanData) -> Tally:
    """Take missions by their own value per cost, each in its best mode that fits."""
    tally = with_duties(data)
    ratios = []
    for option in range(len(data.modes)):
        own = data.slots.of(option)
        own = own[data.open[own]]
        if len(own):
            worth = value_of(data, [int(own[0])])
            cost = float(data.cost(int(own[0])).sum())
            if worth > 0:
                ratios.append((-(worth / cost if cost > 0 else np.inf), -worth, option))
    for _, _, option in sorted(ratios):
        _take_option(tally, option)
    # what needed another mission first may fit now
    for _, _, option in sorted(ratios):
        _take_option(tally, option)
    return tally


def rank_adaptively(data: PlanData, *, enough: Callable[[], bool] | None = None) -> Tally | None:
    """Take again and again the mission that adds most to what is chosen: tried by value and by value per cost.

    The better of the two stands, so that the comparison is with the stronger habit.

    Parameters
    ----------
    data
        The desk.
    enough
        Asked before every choice; the ranking is given up, and None returned, once it says so.
    """
    tried = [_adaptive(data, per_cost=flag, enough=enough or (lambda: False)) for flag in (False, True)]
    whole = [tally for tally in tried if tally is not None]
    return max(whole, key=lambda tally: value_of(data, tally.slots)) if len(whole) == len(tried) else None


def _adaptive(data: PlanData, *, per_cost: bool, enough: Callable[[], bool]) -> Tally | None:
    tally = with_duties(data)
    waiting, aside = set(range(len(data.modes))), set[int]()
    first = np.full(len(data.modes), -1, np.int64)
    allowed = np.flatnonzero(data.open)
    # slots stand by option and month: the first open one of each
    options_open, begins = np.unique(data.slots.option[allowed], return_index=True)
    first[options_open] = allowed[begins]
    cost = np.array([float(data.cost(int(data.slots.of(o)[0])).sum()) for o in range(len(data.modes))])
    while waiting or aside:
        if enough():
            return None
        now = value_of(data, tally.slots)
        waiting = {
            option for option in waiting if first[option] >= 0 and int(data.mission_of[option]) not in tally.by_mission
        }
        options = np.array(sorted(waiting), np.int64)
        gain = values_beside(data, tally.slots, first[options]) - now
        if per_cost:
            gain = np.where(cost[options] > 0, gain / np.where(cost[options] > 0, cost[options], 1.0), gain)
        for option in options[np.argsort(-gain, kind="stable")].tolist():
            placed = tally.earliest(option)
            if placed is not None and value_of(data, [*tally.slots, placed[0]]) > now + 1e-12:
                tally.add(*placed)
                break
            if placed is None and not tally.sequels.get(int(data.mission_of[option])):
                # room rarely comes back, so it is looked for again only when nothing else can be taken; what needs
                # another mission first may fit after it
                waiting.discard(option)
                aside.add(option)
        else:
            placed = _from_aside(data, tally, aside, now=now)
            if placed is None:
                break
            tally.add(*placed)
            waiting, aside = waiting | aside, set()
    return tally


def _from_aside(
    data: PlanData, tally: Tally, aside: set[int], *, now: float
) -> tuple[int, dict[int, list[int]]] | None:
    """Find the option that had no room before, has some now, and adds most."""
    best, most = None, now + 1e-12
    for option in sorted(aside):
        placed = tally.earliest(option) if int(data.mission_of[option]) not in tally.by_mission else None
        if placed is not None and (value := value_of(data, [*tally.slots, placed[0]])) > most:
            best, most = placed, value
    return best


def with_duties(data: PlanData) -> Tally:
    """Place what must be in: prerequisites before what needs them, then as many as commitments ask for."""
    tally = Tally(data)
    needed = data.with_predecessors(row.mission for row in data.requirements)
    fixed = [m for m in sorted(needed) if data.missions[m].status != "candidate"]
    _place_all(tally, fixed)
    _place_all(tally, sorted(needed - set(fixed)))
    for promise in sorted(data.promises, key=lambda item: item.due):
        worth = sorted(promise.missions, key=lambda m: -_alone(data, m))
        for mission in worth:
            done = [m for m in promise.missions if m in tally.by_mission and _in_time(data, tally, m, promise.due)]
            if len(done) >= promise.count:
                break
            _place_all(tally, [mission])
    return tally


def _alone(data: PlanData, mission: int) -> float:
    own = data.slots_by_mission[mission]
    own = own[data.open[own]]
    return value_of(data, [int(own[0])]) if len(own) else -np.inf


def _in_time(data: PlanData, tally: Tally, mission: int, due: int) -> bool:
    slot = tally.by_mission[mission]
    return int(data.slots.start[slot] + data.options.months[data.slots.option[slot]]) - 1 <= due


def _place_all(tally: Tally, missions: Iterable[int]) -> None:
    waiting = list(missions)
    placed = True
    while waiting and placed:
        placed = False
        for mission in list(waiting):
            options = tally.data.options_by_mission[mission].tolist()
            if mission in tally.by_mission or any(_take_option(tally, option) for option in options):
                waiting.remove(mission)
                placed = True


def _take_option(tally: Tally, option: int) -> bool:
    if int(tally.data.mission_of[option]) in tally.by_mission:
        return False
    found = tally.earliest(option)
    if found is not None:
        tally.add(*found)
    return found is not None
