"""Which mission could run how and when: every option and first month, and every rule that bars it.

A *slot* is an option (mission and mode) with a first month. Nothing is dropped silently: each rule that forbids slots
is kept as a `Bar` with its sentence, so that an explanation can say why a mission could not run in a month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from legation.actors.memberships import members
from legation.actors.organisations import organisations
from legation.cohesion.options import Options
from legation.desk.constraints import Ban, Sanction
from legation.desk.context import Activity
from legation.desk.desk import Desk
from legation.desk.instruments import TALKS, instrument_tree, is_below, is_humanitarian
from legation.desk.missions import Cost, Instrument, Mission, Mode
from legation.desk.money import Converter
from legation.desk.months import first_day, month_number, months_overlapping
from legation.desk.resources import Authority
from legation.desk.sanctions import forbidden_branches
from legation.desk.shares import OwnShares
from legation.planning.actor_words import actor_words
from legation.planning.record_words import ban_words, instrument_words, position_words, sanction_words

__all__ = ["Bar", "BarKind", "Slots", "expand_actors", "find_bars", "make_slots"]

BarKind = Literal[
    "horizon", "fixed", "pin", "window", "ban", "sanction", "activity", "gate", "authority", "safety", "ring_fence",
    "staff", "prerequisite",
]  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A rule that forbids some slots.

    Attributes
    ----------
    kind, record
        The rule's kind and the key of its record; together they name it.
    words
        The rule as a clause that fits after "because".
    slots
        Sorted slot numbers.
    """

    kind: BarKind
    record: str
    words: str
    slots: NDArray[np.int64]


@dataclass(frozen=True)
class Slots:
    """All slots (S), sorted by option and start.

    Attributes
    ----------
    option, start
        Option number and first month, shape (S,); a start may be negative for a mission already under way.
    first, last
        The plan's months in which the slot uses people and money, shape (S,); empty where last < first.
    offsets
        Slots of option ``o`` are ``offsets[o]:offsets[o + 1]``.
    """

    option: NDArray[np.int64]
    start: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    offsets: NDArray[np.int64]
    index: Mapping[tuple[int, int], int] = field(repr=False)

    def of(self, option: int) -> NDArray[np.int64]:
        """Give the slots of an option."""
        return np.arange(self.offsets[option], self.offsets[option + 1])


def make_slots(options: Options, missions: Sequence[Mission], *, start: str) -> Slots:
    """Lay out every option in every month of the plan, and fixed missions in their own month wherever it lies.

    `missions` gives the mission of each option.
    """
    starts: list[NDArray[np.int64]] = []
    for mission in missions:
        months = np.arange(options.horizon)
        fixed = fixed_start(mission, start=start)
        if fixed is not None and not 0 <= fixed < options.horizon:
            months = np.sort(np.append(months, fixed))
        starts.append(months)
    offsets = np.concatenate(([0], np.cumsum([len(months) for months in starts]))).astype(np.int64)
    option = np.repeat(np.arange(len(missions)), np.diff(offsets))
    begin = np.concatenate(starts) if starts else np.empty(0, np.int64)
    return Slots(
        option=option,
        start=begin,
        first=np.maximum(begin, 0),
        last=np.minimum(begin + options.months[option] - 1, options.horizon - 1),
        offsets=offsets,
        index={pair: number for number, pair in enumerate(zip(option.tolist(), begin.tolist(), strict=True))},
    )


def fixed_start(mission: Mission, *, start: str) -> int | None:
    """Give the month in which a committed or executing mission starts; one under way without a month starts now."""
    if mission.status not in {"committed", "executing"}:
        return None
    if mission.start is not None:
        return month_number(mission.start, start=start)
    return 0 if mission.status == "executing" else None


def expand_actors(names: Iterable[str], *, on: date, inherit: bool = True) -> frozenset[str]:
    """Give the actors with the members of each organisation among them."""
    found = set(names)
    if inherit:
        known = {actor.id for actor in organisations()}
        for name in tuple(found):
            if name in known:
                found.update(members(name, on=on))
    return frozenset(found)


@dataclass
class _Context:
    desk: Desk
    options: Options
    slots: Slots
    missions: Sequence[Mission]
    modes: Sequence[Mode]
    tree: Mapping[str, Instrument]
    converter: Converter

    def __post_init__(self) -> None:
        self.on = first_day(self.desk.info.start)
        self.shares = OwnShares(self.desk)
        # a mission under way is a fact: rules on starting do not touch it
        self.free = np.array([mission.status != "executing" for mission in self.missions], bool)
        self.by_mission: defaultdict[str, list[int]] = defaultdict(list)
        for number, mission in enumerate(self.missions):
            self.by_mission[mission.id].append(number)
        self.costs: defaultdict[tuple[str, str], list[Cost]] = defaultdict(list)
        for cost in self.desk.costs:
            self.costs[cost.mission, cost.mode].append(cost)

    def month(self, text: str) -> int:
        return month_number(text, start=self.desk.info.start)

    def options_where(self, test: Callable[[Mission], bool]) -> NDArray[np.int64]:
        answers = {mission.id: test(mission) for mission in self.missions}
        return np.array([n for n, m in enumerate(self.missions) if self.free[n] and answers[m.id]], np.int64)

    def slots_of(self, options: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        parts = [self.slots.of(int(option)) for option in options]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def running(self, options: NDArray[np.int64], months: range) -> NDArray[np.int64]:
        """Give the slots of options that run in one of these months."""
        found = self.slots_of(options)
        if not months:
            return found[:0]
        keep = (self.slots.first[found] <= months[-1]) & (self.slots.last[found] >= months[0])
        return found[keep]


def find_bars(
    desk: Desk, options: Options, slots: Slots, *, missions: Sequence[Mission], modes: Sequence[Mode]
) -> tuple[Bar, ...]:
    """Find every rule that forbids slots by itself; rules that depend on other missions belong to the model.

    Parameters
    ----------
    desk, options, slots
        What is planned.
    missions, modes
        The mission and the mode of each option.

    Raises
    ------
    MissingRateError
        When a ceiling or a cost cannot be brought to the desk's money.
    """
    context = _Context(
        desk=desk,
        options=options,
        slots=slots,
        missions=missions,
        modes=modes,
        tree=instrument_tree(desk.instruments),
        converter=Converter.of(desk),
    )
    finders = (
        _horizon, _fixed, _pins, _windows, _bans, _sanctions, _activities, _gates, _authorities, _safety, _ring_fence,
        _cancelled_prerequisites,
    )  # fmt: skip
    return tuple(bar for find in finders for bar in find(context) if len(bar.slots))


def _horizon(c: _Context) -> Iterator[Bar]:
    fixed = np.array([fixed_start(mission, start=c.desk.info.start) is not None for mission in c.missions], bool)
    late = c.slots.start + c.options.months[c.slots.option] > c.options.horizon
    hit = np.flatnonzero(late & ~fixed[c.slots.option]) if len(fixed) else np.empty(0, np.int64)
    yield Bar("horizon", "", f"it would end after the plan's {c.options.horizon} months", hit)


def _fixed(c: _Context) -> Iterator[Bar]:
    for name, numbers in c.by_mission.items():
        mission = c.missions[numbers[0]]
        if mission.status not in {"committed", "executing"}:
            continue
        begin = fixed_start(mission, start=c.desk.info.start)
        found = c.slots_of(numbers)
        keep = np.ones(len(found), bool) if begin is None else c.slots.start[found] == begin
        if mission.mode is not None:
            keep &= np.array([c.modes[o].id == mission.mode for o in c.slots.option[found]], bool)
        where = f" in {mission.start}" if mission.start else ""
        how = f" as {mission.mode!r}" if mission.mode else ""
        yield Bar("fixed", name, f"{mission.title!r} is {mission.status}{how}{where}", found[~keep])


def _pins(c: _Context) -> Iterator[Bar]:
    for pin in c.desk.pins:
        found = c.slots_of(c.by_mission.get(pin.mission, []))
        if not len(found):
            continue
        title = c.missions[c.by_mission[pin.mission][0]].title
        reason = f" ({pin.reason})" if pin.reason else ""
        if pin.decision == "out":
            yield Bar("pin", pin.mission, f"{title!r} was decided out{reason}", found)
            continue
        keep = np.ones(len(found), bool)
        if pin.start is not None:
            keep &= c.slots.start[found] == c.month(pin.start)
        if pin.mode is not None:
            keep &= np.array([c.modes[o].id == pin.mode for o in c.slots.option[found]], bool)
        what = " ".join(filter(None, (pin.mode and f"as {pin.mode!r}", pin.start and f"in {pin.start}")))
        yield Bar("pin", pin.mission, f"{title!r} was decided in {what}{reason}".rstrip(), found[~keep])


def _windows(c: _Context) -> Iterator[Bar]:
    rows = defaultdict(list)
    for window in c.desk.windows:
        rows[window.mission].append(window)
    for name, windows in rows.items():
        hits = []
        for option in c.by_mission.get(name, []):
            own = [window for window in windows if window.mode in {None, c.modes[option].id}]
            if not own or not c.free[option]:
                continue
            found = c.slots.of(option)
            begin, end = c.slots.start[found], c.slots.start[found] + c.options.months[option] - 1
            inside = np.zeros(len(found), bool)
            for window in own:
                inside |= (begin >= c.month(window.start)) & (end <= c.month(window.end))
            hits.append(found[~inside])
        spans = " or ".join(sorted({f"{window.start} to {window.end}" for window in windows}))
        yield Bar("window", name, f"its window is {spans}", _joined(hits))


def _bans(c: _Context) -> Iterator[Bar]:
    for ban in c.desk.bans:
        months = months_overlapping(ban.start, ban.end, start=c.desk.info.start, months=c.options.horizon)
        chosen = c.options_where(_ban_test(ban, c))
        yield Bar("ban", ban.id, f"{ban_words(ban)} forbids it", c.running(chosen, months))


def _ban_test(ban: Ban, c: _Context) -> Callable[[Mission], bool]:
    places = expand_actors(ban.places, on=c.on, inherit=ban.inherit)
    partners = expand_actors(ban.partners, on=c.on, inherit=ban.inherit)

    def hit(mission: Mission) -> bool:
        branch_hit = (
            is_below(mission.instrument, ban.instruments, tree=c.tree)
            if ban.inherit
            else mission.instrument in ban.instruments
        )
        return (
            (not ban.places or mission.place in places)
            and (not ban.partners or not partners.isdisjoint(mission.partners))
            and (not ban.instruments or branch_hit)
            and (not ban.purposes or mission.purpose in ban.purposes)
        )

    return hit


def _sanctions(c: _Context) -> Iterator[Bar]:
    for sanction in c.desk.sanctions:
        months = months_overlapping(sanction.start, sanction.end, start=c.desk.info.start, months=c.options.horizon)
        chosen = c.options_where(_sanction_test(sanction, c))
        yield Bar("sanction", sanction.id, f"{sanction_words(sanction)} forbids it", c.running(chosen, months))


def _sanction_test(sanction: Sanction, c: _Context) -> Callable[[Mission], bool]:
    roots = forbidden_branches(sanction)
    return lambda mission: sanction.target in mission.partners and is_below(mission.instrument, roots, tree=c.tree)


def _activities(c: _Context) -> Iterator[Bar]:
    for activity in c.desk.activities:
        if activity.kind not in {"exercise", "operation"}:
            continue
        months = months_overlapping(activity.start, activity.end, start=c.desk.info.start, months=c.options.horizon)
        chosen = c.options_where(_activity_test(activity, c))
        words = (
            f"the host is busy with {activity.kind} {activity.title!r} and the talks are not meant to share its time"
        )
        yield Bar("activity", activity.id, words, c.running(chosen, months))


def _activity_test(activity: Activity, c: _Context) -> Callable[[Mission], bool]:
    hosts = {activity.actor, *(activity.places if activity.kind == "exercise" else ())} - {c.desk.info.observer}

    def hit(mission: Mission) -> bool:
        return (
            activity.id not in mission.meant_during
            and not hosts.isdisjoint(mission.partners)
            and is_below(mission.instrument, (TALKS,), tree=c.tree)
        )

    return hit


def _gates(c: _Context) -> Iterator[Bar]:
    for gate in c.desk.gates:
        found = c.slots_of([o for name in gate.missions for o in c.by_mission.get(name, []) if c.free[o]])
        if gate.status == "failed":
            yield Bar("gate", gate.id, f"gate {gate.title!r} was not passed", found)
            continue
        hit = np.zeros(len(found), bool)
        words = []
        if gate.status == "pending" and gate.lead_months:
            hit |= c.slots.start[found] < gate.lead_months
            words.append(f"takes {gate.lead_months} months from the plan's start")
        if gate.expires is not None:
            hit |= c.slots.start[found] + c.options.months[c.slots.option[found]] - 1 > c.month(gate.expires)
            words.append(f"holds until {gate.expires}")
        yield Bar("gate", gate.id, f"gate {gate.title!r} {' and '.join(words)}", found[hit])


def _authorities(c: _Context) -> Iterator[Bar]:
    for authority in c.desk.authorities:
        hits = [
            _authority_hits(c, authority, option)
            for option, mission in enumerate(c.missions)
            if c.free[option] and authority.id == (c.modes[option].authority or mission.authority)
        ]
        reasons = sorted({words for words, _ in hits if words})
        words = f"authority {authority.title!r} does not cover it" + (f": {'; '.join(reasons)}" if reasons else "")
        yield Bar("authority", authority.id, words, _joined([slots for _, slots in hits]))


def _authority_hits(c: _Context, authority: Authority, option: int) -> tuple[str, NDArray[np.int64]]:
    """Give why and where an authority does not cover an option."""
    mission, mode, found = c.missions[option], c.modes[option], c.slots.of(option)
    costs = c.costs[mission.id, mode.id]
    if authority.instruments and not is_below(mission.instrument, authority.instruments, tree=c.tree):
        return f"not for missions of kind {instrument_words(c.desk, [mission.instrument])}", found
    foreign = sorted({cost.budget for cost in costs} - set(authority.budgets)) if authority.budgets else []
    if foreign:
        titles = {budget.id: budget.title for budget in c.desk.budgets}
        return f"not for money of {', '.join(repr(titles.get(name, name)) for name in foreign)}", found
    if authority.ceiling is not None:
        ceiling = c.converter.convert(
            authority.ceiling,
            currency=authority.currency or c.desk.info.currency,
            price_year=authority.price_year or c.desk.info.price_year,
        )
        total = sum(
            (
                c.converter.convert(c.shares.of(cost), currency=cost.currency, price_year=cost.price_year)
                * (mode.months if cost.recurrence == "monthly" else 1)
                for cost in costs
            ),
            Decimal(0),
        )
        if total > ceiling:
            return f"up to {float(ceiling):,.0f} {c.desk.info.currency} a mission", found
    begin = c.slots.start[found]
    hit = begin < authority.lead_months
    if authority.start is not None:
        hit |= begin < c.month(authority.start)
    if authority.end is not None:
        hit |= begin + mode.months - 1 > c.month(authority.end)
    span = f"valid {authority.start or 'now'} to {authority.end or 'open'}, lead {authority.lead_months} months"
    return (span if hit.any() else ""), found[hit]


def _safety(c: _Context) -> Iterator[Bar]:
    for limit in c.desk.safety_limits:
        hits = []
        for row in c.desk.place_risks:
            if row.risk <= limit.threshold or limit.place not in {None, row.place}:
                continue
            end = c.options.horizon - 1 if row.end is None else min(c.options.horizon - 1, c.month(row.end))
            place = row.place
            at_place = c.options_where(lambda mission, place=place: mission.place == place)  # type: ignore[misc]
            hits.append(c.running(at_place, range(max(0, c.month(row.start)), end + 1)))
        where = "any place" if limit.place is None else actor_words(limit.place)
        owner = position_words(c.desk, limit.owner)
        words = f"the danger there is above the limit of {limit.threshold:g} that {owner} set for {where}"
        yield Bar("safety", limit.id, words, _joined(hits))


def _ring_fence(c: _Context) -> Iterator[Bar]:
    fenced = {budget.id: budget.title for budget in c.desk.budgets if budget.humanitarian}
    hits: defaultdict[str, set[int]] = defaultdict(set)
    for cost in c.desk.costs:
        for option in c.by_mission.get(cost.mission, []):
            mission = c.missions[option]
            aid = mission.purpose == "humanitarian" or is_humanitarian(mission.instrument, tree=c.tree)
            if cost.budget in fenced and c.modes[option].id == cost.mode and not aid:
                hits[cost.budget].add(option)
    for budget, found in hits.items():
        words = f"budget {fenced[budget]!r} is ring-fenced for humanitarian missions"
        yield Bar("ring_fence", budget, words, c.slots_of(sorted(found)))


def _cancelled_prerequisites(c: _Context) -> Iterator[Bar]:
    status = {mission.id: mission for mission in c.desk.missions}
    for row in c.desk.prerequisites:
        needed = status.get(row.requires)
        if needed is None or needed.status == "cancelled":
            title = row.requires if needed is None else needed.title
            found = [option for option in c.by_mission.get(row.mission, []) if c.free[option]]
            yield Bar("prerequisite", row.key, f"it needs {title!r} first, which is cancelled", c.slots_of(found))


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.unique(np.concatenate(parts)).astype(np.int64) if parts else np.empty(0, np.int64)
