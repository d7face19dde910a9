"""Everything that planning needs of a desk and a relations snapshot, as checked arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import Options, options_of
from legation.desk.desk import Desk
from legation.desk.missions import Mission, Mode, StaffNeed
from legation.desk.months import month_number, month_text
from legation.errors import InputError
from legation.planning.funds import Funds, funds_of
from legation.planning.goals import Node, goal_trees
from legation.planning.limits import AbsorptionLimit, Cap, Ceiling, absorption_of, caps_of, ceilings_of
from legation.planning.slots import Bar, Slots, find_bars, fixed_start, make_slots
from legation.planning.spill import Spill, spill_of
from legation.planning.staffing import Crew, Demand, crew_of, demand_of
from legation.planning.travel import Travel
from legation.relations.snapshot import RelationsSnapshot

__all__ = [
    "AbsorptionLimit",
    "Bonus",
    "Cap",
    "Ceiling",
    "Funds",
    "PlanData",
    "Promise",
    "Requirement",
    "Sequel",
    "plan_data",
]


@dataclass(frozen=True)
class Requirement:
    """A mission that must be in the plan: why, as a clause."""

    mission: int
    kind: str
    words: str


@dataclass(frozen=True)
class Sequel:
    """A mission that needs another one first; `requires` is an index among the open missions."""

    mission: int
    requires: int
    lag: int
    key: str


@dataclass(frozen=True)
class Bonus:
    """A synergy in units of value, negative where missions disturb each other."""

    record: str
    missions: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class Promise:
    """A commitment: at least `count` of these missions end by month `due` (from 0)."""

    record: str
    title: str
    missions: tuple[int, ...]
    due: int
    count: int


@dataclass(frozen=True, eq=False)
class PlanData:
    """A desk as planning sees it.

    Attributes
    ----------
    missions
        Open missions (M); `options`, `slots`, ... refer to them by number through `mission_of`, shape (n,).
    modes
        The mode of each option.
    bars
        Rules that forbid slots; `open` says which slots none forbids, shape (S,).
    contributions
        Likely contribution of each slot to each objective, shape (S, K), in units of the target.
    risk_limit
        Most risk a plan may take in sum, or None.
    """

    desk: Desk
    options: Options
    missions: tuple[Mission, ...]
    mission_of: NDArray[np.int64]
    modes: tuple[Mode, ...]
    slots: Slots
    bars: tuple[Bar, ...]
    open: NDArray[np.bool_]
    contributions: NDArray[np.float64]
    crew: Crew
    demand: Demand
    funds: Funds
    spill: Spill
    relations: RelationsSnapshot | None
    requirements: tuple[Requirement, ...]
    sequels: tuple[Sequel, ...]
    exclusions: tuple[tuple[str, str, tuple[int, ...]], ...]
    bonuses: tuple[Bonus, ...]
    promises: tuple[Promise, ...]
    absorption: tuple[AbsorptionLimit, ...]
    caps: tuple[Cap, ...]
    ceilings: tuple[Ceiling, ...]

    @property
    def horizon(self) -> int:
        """Months of the plan."""
        return self.options.horizon

    @cached_property
    def goals(self) -> tuple[Node, ...]:
        """The tree of every goal that holds a share, under the options' weights."""
        return goal_trees(self.desk, self.options)

    @cached_property
    def slot_mission(self) -> NDArray[np.int64]:
        """The mission of each slot, shape (S,)."""
        return self.mission_of[self.slots.option]

    @cached_property
    def bonus_members(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """First place of each synergy, the missions of all synergies in a line, and their values, shape (h,)."""
        sizes = [len(bonus.missions) for bonus in self.bonuses]
        missions = [mission for bonus in self.bonuses for mission in bonus.missions]
        begins = np.cumsum([0, *sizes], dtype=np.int64)[:-1]
        return begins, np.array(missions, np.int64), np.array([bonus.value for bonus in self.bonuses], float)

    @cached_property
    def options_by_mission(self) -> tuple[NDArray[np.int64], ...]:
        """The options of each mission."""
        return tuple(np.flatnonzero(self.mission_of == number) for number in range(len(self.missions)))

    @cached_property
    def slots_by_mission(self) -> tuple[NDArray[np.int64], ...]:
        """The slots of each mission."""
        empty = np.empty(0, np.int64)
        return tuple(
            np.concatenate([self.slots.of(int(option)) for option in own]) if len(own) else empty
            for own in self.options_by_mission
        )

    @cached_property
    def demand_of_slot(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Offsets and order that give the demand rows of a slot."""
        order = np.argsort(self.demand.slot, kind="stable")
        offsets = np.searchsorted(self.demand.slot[order], np.arange(len(self.slots.option) + 1))
        return offsets, order

    def demands(self, slot: int) -> NDArray[np.int64]:
        """Give the demand rows of one slot."""
        offsets, order = self.demand_of_slot
        return order[offsets[slot] : offsets[slot + 1]]

    @cached_property
    def duties(self) -> frozenset[int]:
        """Missions that must be in, that a promise may ask for, or that one of these needs first."""
        promised = {mission for promise in self.promises for mission in promise.missions}
        return frozenset(self.with_predecessors({row.mission for row in self.requirements} | promised))

    def with_predecessors(self, missions: Iterable[int]) -> set[int]:
        """Give missions with those that they need first, and what these need, to the end."""
        found = set(missions)
        more = found
        while more:
            more = {row.requires for row in self.sequels if row.mission in more} - found
            found |= more
        return found

    def slot_at(self, mission: str, mode: str, *, start: int) -> int | None:
        """Give the slot of an open mission in a mode from a month (from 0), None where there is none."""
        option = self.options.index.get((mission, mode))
        return None if option is None else self.slots.index.get((option, start))

    def spending(self, slots: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give what slots spend in sum, by budget and month, shape (B, T)."""
        out = np.zeros((len(self.funds.budgets), self.horizon))
        for slot in slots:
            option, start = self.slots.option[slot], self.slots.start[slot]
            first, last = self.slots.first[slot], self.slots.last[slot]
            if 0 <= start < self.horizon:
                out[:, start] += self.funds.once[option]
            out[:, first : last + 1] += self.funds.monthly[option][:, None]
        return out

    def cost(self, slot: int) -> NDArray[np.float64]:
        """Give what one slot takes from each budget within the plan, shape (B,)."""
        total: NDArray[np.float64] = self.spending(np.array([slot])).sum(axis=1)
        return total

    def month(self, number: int) -> str:
        """Give a month's text."""
        return month_text(number, start=self.desk.info.start)


def plan_data(desk: Desk, *, relations: RelationsSnapshot | None = None) -> PlanData:
    """Check a desk and turn it into arrays.

    Raises
    ------
    InputError
        When objectives carry no weight, the value's breakpoints are not concave, or a cap on spill-over cannot be
        judged.
    MissingRateError
        When money cannot be brought to the desk's currency and price year.
    """
    _check_breakpoints(desk.info.settings.value_breakpoints)
    options = options_of(desk)
    open_missions = tuple(m for m in desk.missions if m.status in {"candidate", "committed", "executing"})
    number = {mission.id: index for index, mission in enumerate(open_missions)}
    mission_of = np.array([number[name] for name in options.missions], np.int64)
    per_option = [open_missions[index] for index in mission_of]
    modes_by_key = {(mode.mission, mode.id): mode for mode in desk.modes}
    modes = tuple(modes_by_key[pair] for pair in zip(options.missions, options.modes, strict=True))
    slots = make_slots(options, per_option, start=desk.info.start)
    crew = crew_of(desk)
    needs = _needs(desk, options)
    demand = demand_of(
        crew,
        needs,
        missions=mission_of,
        places=[mission.place for mission in per_option],
        travel=Travel(desk),
        slot_option=slots.option,
        first=slots.first,
        last=slots.last,
    )
    bars = (
        *find_bars(desk, options, slots, missions=per_option, modes=modes),
        *_staff_bars(demand, slots, per_option),
    )
    spill = spill_of(desk, options, missions=per_option, relations=relations)
    allowed = np.ones(len(slots.option), bool)
    for bar in bars:
        allowed[bar.slots] = False
    return PlanData(
        desk=desk,
        options=options,
        missions=open_missions,
        mission_of=mission_of,
        modes=modes,
        slots=slots,
        bars=bars,
        open=allowed,
        contributions=options.contributions(slots.option),
        crew=crew,
        demand=demand,
        funds=funds_of(desk, options),
        spill=spill,
        relations=relations,
        requirements=tuple(_requirements(desk, open_missions)),
        sequels=_sequels(desk, number),
        exclusions=_exclusions(desk, number),
        bonuses=_bonuses(desk, options, number, mission_of),
        promises=_promises(desk, number),
        absorption=absorption_of(desk, per_option),
        caps=caps_of(desk, options, spill, missions=per_option, relations=relations),
        ceilings=ceilings_of(desk, missions=per_option, modes=modes),
    )


def _check_breakpoints(breakpoints: Sequence[tuple[float, float]]) -> None:
    ends = [0.0, *(end for end, _ in breakpoints)]
    slopes = [slope for _, slope in breakpoints]
    rising = all(a < b for a, b in pairwise(ends))
    falling = all(a >= b for a, b in pairwise(slopes)) and all(slope >= 0 for slope in slopes)
    if not breakpoints or not rising or not falling:
        raise InputError(
            f"The value's breakpoints {tuple(breakpoints)} are not concave.",
            remedy="Give rising ends and slopes that do not rise and are not negative, like [[1.0, 1.0], [1.5, 0.2]].",
        )


def _needs(desk: Desk, options: Options) -> list[list[StaffNeed]]:
    out: list[list[StaffNeed]] = [[] for _ in options.missions]
    for need in desk.staff_needs:
        option = options.index.get((need.mission, need.mode))
        if option is not None:
            out[option].append(need)
    return out


def _staff_bars(demand: Demand, slots: Slots, missions: Sequence[Mission]) -> list[Bar]:
    rows: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for slot, index in demand.short:
        need = demand.needs[index]
        rows[missions[slots.option[slot]].id, need.mode, need.role].append(slot)
    return [
        Bar(
            "staff",
            f"{mission}|{mode}|{role}",
            f"too few positions can fill the role {role!r} then",
            np.unique(np.array(found, np.int64)),
        )
        for (mission, mode, role), found in rows.items()
    ]


def _requirements(desk: Desk, missions: Sequence[Mission]) -> list[Requirement]:
    pinned = {pin.mission: pin for pin in desk.pins if pin.decision == "in"}
    out = []
    for number, mission in enumerate(missions):
        begin = fixed_start(mission, start=desk.info.start)
        if mission.status != "candidate":
            when = f" from {mission.start}" if mission.start and begin is not None else ""
            words = f"Mission {mission.title!r} is {mission.status}{when} and stays in the plan."
            out.append(Requirement(number, "fixed", words))
        if mission.must_do:
            out.append(Requirement(number, "must_do", f"Mission {mission.title!r} must be done."))
        if mission.id in pinned:
            pin = pinned[mission.id]
            reason = f": {pin.reason.rstrip('.')}" if pin.reason else ""
            out.append(Requirement(number, "pin", f"Mission {mission.title!r} was decided in{reason}."))
    return out


def _sequels(desk: Desk, number: dict[str, int]) -> tuple[Sequel, ...]:
    done = {mission.id for mission in desk.missions if mission.status == "done"}
    return tuple(
        Sequel(number[row.mission], number[row.requires], row.lag_months, row.key)
        for row in desk.prerequisites
        if row.mission in number and row.requires in number and row.requires not in done
    )


def _exclusions(desk: Desk, number: dict[str, int]) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    rows = (
        (row.id, row.reason, tuple(sorted({number[name] for name in row.missions if name in number})))
        for row in desk.exclusions
    )
    return tuple(row for row in rows if len(row[2]) > 1)


def _bonuses(desk: Desk, options: Options, number: dict[str, int], mission_of: NDArray[np.int64]) -> tuple[Bonus, ...]:
    column = {name: index for index, name in enumerate(options.objectives)}
    done = {mission.id for mission in desk.missions if mission.status == "done"}
    chance = {int(mission): float(options.accept[1, option]) for option, mission in enumerate(mission_of)}
    out = []
    for row in desk.synergies:
        names = set(row.missions) - done
        if row.objective not in column or not names <= number.keys():
            continue
        k = column[row.objective]
        own = tuple(sorted(number[name] for name in names))
        points = row.likely * float(np.prod([chance.get(mission, 0.0) for mission in own]))
        out.append(Bonus(row.id, own, points * float(options.weights[k] / options.targets[k])))
    return tuple(bonus for bonus in out if bonus.value and bonus.missions)


def _promises(desk: Desk, number: dict[str, int]) -> tuple[Promise, ...]:
    done = {mission.id for mission in desk.missions if mission.status == "done"}
    out = []
    for row in desk.commitments:
        due = month_number(row.due, start=desk.info.start)
        count = row.count - len(done & set(row.missions))
        if row.status == "open" and row.missions and count > 0 and due < desk.info.months:
            own = tuple(sorted({number[name] for name in row.missions if name in number}))
            out.append(Promise(row.id, row.title, own, due, count))
    return tuple(out)
