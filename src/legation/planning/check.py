"""Check a plan against every rule of its desk, record by record.

This is written from the desk's words alone and shares no code with the model, so that the two check each other. Nothing
is repaired: every broken rule is named with the missions concerned.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from legation.actors.memberships import is_member
from legation.actors.organisations import organisations
from legation.cohesion.result import Chosen
from legation.desk.base import clearance_order, language_order, rank_order
from legation.desk.constraints import Ban
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree, is_below, is_humanitarian
from legation.desk.missions import Cost, Instrument, Mission, Mode, StaffNeed
from legation.desk.money import Converter
from legation.desk.months import first_day, last_day, month_number, month_text
from legation.desk.people import Person, Position
from legation.desk.sanctions import forbidden_branches
from legation.planning.result import BrokenRule

__all__ = ["broken_rules"]

_CENT = Decimal("0.01")


def broken_rules(desk: Desk, entries: Sequence[Chosen]) -> tuple[BrokenRule, ...]:
    """List every rule that a plan breaks, in words; empty where it keeps all of them.

    Parameters
    ----------
    desk
        The desk whose rules count.
    entries
        The plan; staff as ``role:position``.
    """
    check = _Check(desk, entries)
    known = list(check.unknown())
    return tuple(known + [fault for rule in _RULES for fault in rule(check)])


@dataclass(frozen=True)
class _Entry:
    """One mission of the plan, running from month `start` to month `end`, both included."""

    mission: Mission
    mode: Mode
    start: int
    staff: tuple[tuple[str, str], ...]

    @property
    def end(self) -> int:
        return self.start + self.mode.months - 1

    @property
    def id(self) -> str:
        return self.mission.id

    def runs(self, months: Sequence[int]) -> bool:
        return any(self.start <= month <= self.end for month in months)


class _Check:
    def __init__(self, desk: Desk, entries: Sequence[Chosen]) -> None:
        self.desk, self.raw = desk, entries
        self.missions = {mission.id: mission for mission in desk.missions}
        self.modes = {(mode.mission, mode.id): mode for mode in desk.modes}
        self.tree: Mapping[str, Instrument] = instrument_tree(desk.instruments)
        self.entries = tuple(
            _Entry(
                self.missions[item.mission],
                self.modes[item.mission, item.mode],
                0 if item.start is None else item.start,
                tuple((text.split(":", 1)[0], text.split(":", 1)[-1]) for text in item.staff),
            )
            for item in entries
            if item.mission in self.missions and (item.mission, item.mode) in self.modes
        )

    @cached_property
    def by_mission(self) -> dict[str, _Entry]:
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def done(self) -> set[str]:
        return {mission.id for mission in self.desk.missions if mission.status == "done"}

    @cached_property
    def starting(self) -> tuple[_Entry, ...]:
        """The entries that rules on starting concern: all but those already under way."""
        return tuple(entry for entry in self.entries if entry.mission.status != "executing")

    def month(self, text: str) -> int:
        return month_number(text, start=self.desk.info.start)

    def text(self, number: int) -> str:
        return month_text(number, start=self.desk.info.start)

    def days(self, entry: _Entry) -> tuple[date, date]:
        return first_day(self.text(entry.start)), last_day(self.text(entry.end))

    def unknown(self) -> Iterator[BrokenRule]:
        seen: set[str] = set()
        for item in self.raw:
            if item.mission not in self.missions:
                yield _broken("unknown", f"The desk has no mission {item.mission!r}.", item.mission)
            elif (item.mission, item.mode) not in self.modes:
                yield _broken("unknown", f"Mission {item.mission!r} has no mode {item.mode!r}.", item.mission)
            elif item.start is None:
                yield _broken("unknown", f"Mission {item.mission!r} has no first month in the plan.", item.mission)
            if item.mission in seen:
                yield _broken("twice", f"Mission {item.mission!r} stands twice in the plan.", item.mission)
            seen.add(item.mission)


def _broken(kind: str, words: str, *missions: str, records: Sequence[str] = ()) -> BrokenRule:
    return BrokenRule(kind=kind, words=words, missions=tuple(missions), records=tuple(records))


def _status(c: _Check) -> Iterator[BrokenRule]:
    for entry in c.entries:
        if entry.mission.status in {"done", "cancelled"}:
            yield _broken("status", f"{entry.mission.title!r} is {entry.mission.status}.", entry.id)
    for mission in c.desk.missions:
        if mission.status not in {"committed", "executing"}:
            continue
        found = c.by_mission.get(mission.id)
        begin = c.month(mission.start) if mission.start else (0 if mission.status == "executing" else None)
        if found is None:
            yield _broken("fixed", f"{mission.title!r} is {mission.status} and is not in the plan.", mission.id)
            continue
        if begin is not None and found.start != begin:
            words = f"{mission.title!r} is {mission.status} from {c.text(begin)}, not from {c.text(found.start)}."
            yield _broken("fixed", words, mission.id)
        if mission.mode is not None and found.mode.id != mission.mode:
            yield _broken("fixed", f"{mission.title!r} is {mission.status} as {mission.mode!r}.", mission.id)


def _horizon(c: _Check) -> Iterator[BrokenRule]:
    for entry in c.entries:
        fixed = entry.mission.status == "executing" or (
            entry.mission.status == "committed" and entry.mission.start is not None
        )
        if not fixed and (entry.start < 0 or entry.end >= c.desk.info.months):
            span = f"{c.text(entry.start)} to {c.text(entry.end)}"
            yield _broken("horizon", f"{entry.mission.title!r} runs {span}, outside the plan's months.", entry.id)


def _wishes(c: _Check) -> Iterator[BrokenRule]:
    for mission in c.desk.missions:
        if mission.must_do and mission.status == "candidate" and mission.id not in c.by_mission:
            yield _broken("must_do", f"{mission.title!r} must be done and is not in the plan.", mission.id)
    for pin in c.desk.pins:
        held = c.by_mission.get(pin.mission)
        status = c.missions[pin.mission].status if pin.mission in c.missions else "cancelled"
        if pin.decision == "out" and held is not None:
            yield _broken("pin", f"{held.mission.title!r} was decided out.", pin.mission)
        if pin.decision == "in" and status in {"candidate", "committed", "executing"}:
            if held is None:
                yield _broken("pin", f"{pin.mission!r} was decided in and is not in the plan.", pin.mission)
                continue
            if pin.mode not in {None, held.mode.id}:
                yield _broken("pin", f"{held.mission.title!r} was decided in as {pin.mode!r}.", pin.mission)
            if pin.start is not None and c.month(pin.start) != held.start:
                yield _broken("pin", f"{held.mission.title!r} was decided to start in {pin.start}.", pin.mission)


def _windows(c: _Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        rows = [row for row in c.desk.windows if row.mission == entry.id and row.mode in {None, entry.mode.id}]
        if rows and not any(c.month(row.start) <= entry.start and entry.end <= c.month(row.end) for row in rows):
            spans = " or ".join(f"{row.start} to {row.end}" for row in rows)
            yield _broken("window", f"{entry.mission.title!r} lies outside its window {spans}.", entry.id)


def _overlaps(c: _Check, entry: _Entry, start: date | None, end: date | None) -> bool:
    """Say whether a stretch shares a day with the mission's months within the plan."""
    plan_end = c.desk.info.months - 1
    if entry.end < 0 or entry.start > plan_end:
        return False
    first, last = first_day(c.text(max(0, entry.start))), last_day(c.text(min(plan_end, entry.end)))
    return (start is None or start <= last) and (end is None or end >= first)


def _bans(c: _Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for ban in c.desk.bans:
            if _overlaps(c, entry, ban.start, ban.end) and _ban_meets(c, ban, entry.mission):
                words = f"{entry.mission.title!r} falls under ban {ban.id!r}: {ban.reason}."
                yield _broken("ban", words, entry.id, records=[ban.id])


def _ban_meets(c: _Check, ban: Ban, mission: Mission) -> bool:
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


def _sanctions(c: _Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for row in c.desk.sanctions:
            if (
                row.target in entry.mission.partners
                and is_below(entry.mission.instrument, forbidden_branches(row), tree=c.tree)
                and _overlaps(c, entry, row.start, row.end)
            ):
                words = f"{entry.mission.title!r} is forbidden by sanction {row.id!r} against {row.target}."
                yield _broken("sanction", words, entry.id, records=[row.id])


def _activities(c: _Check) -> Iterator[BrokenRule]:
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
                and _overlaps(c, entry, row.start, row.end)
            ):
                words = f"{entry.mission.title!r} meets a host busy with {row.title!r}."
                yield _broken("activity", words, entry.id, records=[row.id])


def _gates(c: _Check) -> Iterator[BrokenRule]:
    for entry in c.starting:
        for gate in c.desk.gates:
            if entry.id not in gate.missions:
                continue
            if gate.status == "failed":
                yield _broken("gate", f"{entry.mission.title!r} failed gate {gate.title!r}.", entry.id)
                continue
            if gate.status == "pending" and entry.start < gate.lead_months:
                words = f"{entry.mission.title!r} starts before gate {gate.title!r} can be passed."
                yield _broken("gate", words, entry.id, records=[gate.id])
            if gate.expires is not None and entry.end > c.month(gate.expires):
                words = f"{entry.mission.title!r} outlasts gate {gate.title!r}, which holds until {gate.expires}."
                yield _broken("gate", words, entry.id, records=[gate.id])


def _authorities(c: _Check) -> Iterator[BrokenRule]:
    rows = {row.id: row for row in c.desk.authorities}
    for entry in c.starting:
        row = rows.get(entry.mode.authority or entry.mission.authority or "")
        if row is None:
            continue
        why = []
        budgets = {cost.budget for cost in _costs(c, entry)}
        if row.instruments and not is_below(entry.mission.instrument, row.instruments, tree=c.tree):
            why.append("not for this instrument")
        if row.budgets and budgets - set(row.budgets):
            why.append("not for this budget")
        if row.ceiling is not None:
            ceiling = Converter.of(c.desk).convert(
                row.ceiling,
                currency=row.currency or c.desk.info.currency,
                price_year=row.price_year or c.desk.info.price_year,
            )
            total = sum((money for _, money in _payments(c, entry, whole=True)), Decimal(0))
            if total > ceiling:
                why.append("above its ceiling")
        if entry.start < row.lead_months:
            why.append(f"before its lead time of {row.lead_months} months")
        if row.start is not None and entry.start < c.month(row.start):
            why.append(f"before {row.start}")
        if row.end is not None and entry.end > c.month(row.end):
            why.append(f"after {row.end}")
        if why:
            words = f"Authority {row.title!r} does not cover {entry.mission.title!r}: {', '.join(why)}."
            yield _broken("authority", words, entry.id, records=[row.id])


def _safety(c: _Check) -> Iterator[BrokenRule]:
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
                    words = f"{entry.mission.title!r} goes to {row.place} at danger {row.risk:g} > {limit.threshold:g}."
                    yield _broken("safety", words, entry.id, records=[limit.id])
                    break


def _costs(c: _Check, entry: _Entry) -> list[Cost]:
    return [cost for cost in c.desk.costs if (cost.mission, cost.mode) == (entry.id, entry.mode.id)]


def _payments(c: _Check, entry: _Entry, *, whole: bool = False) -> Iterator[tuple[tuple[str, int], Decimal]]:
    converter = Converter.of(c.desk)
    for cost in c.desk.costs:
        if (cost.mission, cost.mode) != (entry.id, entry.mode.id):
            continue
        money = converter.convert(cost.amount, currency=cost.currency, price_year=cost.price_year)
        months = [entry.start] if cost.recurrence == "once" else range(entry.start, entry.end + 1)
        for month in months:
            if whole or 0 <= month < c.desk.info.months:
                yield (cost.budget, month), money


def _money(c: _Check) -> Iterator[BrokenRule]:
    spent: defaultdict[str, defaultdict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    payers: defaultdict[str, list[str]] = defaultdict(list)
    fenced = {budget.id for budget in c.desk.budgets if budget.humanitarian}
    for entry in c.entries:
        for (budget, month), money in _payments(c, entry):
            spent[budget][month] += money
            payers[budget].append(entry.id)
    for entry in c.starting:
        aid = entry.mission.purpose == "humanitarian" or is_humanitarian(entry.mission.instrument, tree=c.tree)
        for budget in sorted({cost.budget for cost in _costs(c, entry)} & fenced):
            if not aid:
                words = f"{entry.mission.title!r} draws on ring-fenced budget {budget!r}."
                yield _broken("ring_fence", words, entry.id, records=[budget])
    for budget, months in spent.items():
        words = _overspent(c, budget, months)
        if words:
            yield _broken("budget", words, *sorted(set(payers[budget])), records=[budget])


def _overspent(c: _Check, budget: str, months: Mapping[int, Decimal]) -> str:
    """Pay month by month from the money that expires first; say where it does not reach."""
    converter = Converter.of(c.desk)
    purses = sorted((row for row in c.desk.allotments if row.budget == budget), key=lambda row: c.month(row.expires))
    left = [converter.convert(row.amount, currency=row.currency, price_year=row.price_year) for row in purses]
    for month in sorted(months):
        due = months[month]
        for number, purse in enumerate(purses):
            if c.month(purse.start) <= month <= c.month(purse.expires):
                paid = min(due, left[number])
                left[number] -= paid
                due -= paid
        if due > _CENT:
            title = next(row.title for row in c.desk.budgets if row.id == budget)
            return f"Budget {title!r} lacks {due:,.2f} {c.desk.info.currency} in {c.text(month)}."
    return ""


def _needs(c: _Check, entry: _Entry) -> list[StaffNeed]:
    return [need for need in c.desk.staff_needs if (need.mission, need.mode) == (entry.id, entry.mode.id)]


def _staff(c: _Check) -> Iterator[BrokenRule]:
    positions = {position.id: position for position in c.desk.positions}
    used: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for entry in c.entries:
        months = [month for month in range(entry.start, entry.end + 1) if 0 <= month < c.desk.info.months]
        if not months:
            continue
        given = Counter(role for role, _ in entry.staff)
        for need in _needs(c, entry):
            if given[need.role] != need.count:
                words = f"{entry.mission.title!r} needs {need.count} as {need.role!r} and has {given[need.role]}."
                yield _broken("staff", words, entry.id)
            for role, name in entry.staff:
                if role == need.role and name in positions:
                    yield from _unfit(c, entry, need, positions[name], months)
        for role, name in entry.staff:
            if name not in positions:
                yield _broken("staff", f"{entry.mission.title!r} has unknown position {name!r} as {role!r}.", entry.id)
                continue
            for month in months:
                used[name, month].append(entry.id)
    yield from _double_booked(c, positions, used)


def _unfit(
    c: _Check, entry: _Entry, need: StaffNeed, position: Position, months: Sequence[int]
) -> Iterator[BrokenRule]:
    if need.position not in {None, position.id} or need.station not in {None, position.station}:
        words = f"{position.title!r} is not the post that {entry.mission.title!r} asks for as {need.role!r}."
        yield _broken("staff", words, entry.id, records=[position.id])
    for month in months:
        for who in _in_post(c, position, month):
            if not _qualified(who, need, last_day(c.text(month))):
                words = f"{position.title!r} does not meet the role {need.role!r} of {entry.mission.title!r}"
                yield _broken("staff", f"{words} in {c.text(month)}.", entry.id, records=[position.id])
                return


def _in_post(c: _Check, position: Position, month: int) -> list[Person | Position]:
    persons = {person.id: person for person in c.desk.persons}
    first, last = first_day(c.text(month)), last_day(c.text(month))
    spells = [
        (max(first, row.start), min(last, row.end or last), persons[row.person])
        for row in c.desk.holders
        if row.position == position.id and row.start <= last and (row.end is None or row.end >= first)
    ]
    held = sum((end - start).days + 1 for start, end, _ in spells)
    people: list[Person | Position] = [person for _, _, person in spells]
    return people if held > (last - first).days else [*people, position]


def _qualified(who: Person | Position, need: StaffNeed, on: date) -> bool:
    if need.rank_min and rank_order(who.rank) < rank_order(need.rank_min):
        return False
    if need.rank_max and rank_order(who.rank) > rank_order(need.rank_max):
        return False
    lapsed = isinstance(who, Person) and who.clearance_until is not None and who.clearance_until < on
    if clearance_order("none" if lapsed else who.clearance) < clearance_order(need.clearance):
        return False
    spoken = [skill.lower().split(":") for skill in who.languages]
    for wanted in need.languages:
        tag, level = wanted.lower().split(":")
        if not any(
            (own == tag or own.startswith(tag + "-")) and language_order(has.upper()) >= language_order(level.upper())
            for own, has in spoken
        ):
            return False
    return True


def _double_booked(
    c: _Check, positions: Mapping[str, Position], used: Mapping[tuple[str, int], Sequence[str]]
) -> Iterator[BrokenRule]:
    by_person: defaultdict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for (name, month), missions in sorted(used.items()):
        position = positions[name]
        first, last = first_day(c.text(month)), last_day(c.text(month))
        away = any(row.position == name and row.start <= last and row.end >= first for row in c.desk.absences)
        heads = 0 if away else position.headcount
        if len(missions) > heads:
            words = f"{position.title!r} has {heads} for {len(missions)} missions in {c.text(month)}."
            yield _broken("position", words, *sorted(set(missions)), records=[name])
        for who in _in_post(c, position, month):
            if isinstance(who, Person):
                by_person[who.id, month].extend((name, mission) for mission in missions)
    for (person, month), pairs in by_person.items():
        posts = {name for name, _ in pairs}
        if len(posts) > 1:
            words = f"{person!r} would be in {len(pairs)} missions at once in {c.text(month)}."
            yield _broken("position", words, *sorted({mission for _, mission in pairs}), records=sorted(posts))


def _absorption(c: _Check) -> Iterator[BrokenRule]:
    for row in c.desk.absorption:
        own = [
            entry
            for entry in c.entries
            if row.partner in entry.mission.partners
            and (not row.instruments or is_below(entry.mission.instrument, row.instruments, tree=c.tree))
        ]
        for first in sorted({entry.start for entry in own}):
            inside = [entry.id for entry in own if first <= entry.start < first + row.window_months]
            if len(inside) > row.missions:
                span = f"{row.window_months} months from {c.text(first)}"
                words = f"{row.partner} takes {row.missions} missions in {span}, not {len(inside)}."
                yield _broken("absorption", words, *inside, records=[row.id])
                break


def _order(c: _Check) -> Iterator[BrokenRule]:
    for row in c.desk.prerequisites:
        later = c.by_mission.get(row.mission)
        if later is None or later.mission.status == "executing" or row.requires in c.done:
            continue
        before = c.by_mission.get(row.requires)
        if before is None:
            words = f"{later.mission.title!r} needs {row.requires!r} first, which is not in the plan."
            yield _broken("prerequisite", words, row.mission, records=[row.key])
        elif before.end + row.lag_months >= later.start:
            lag = f"has ended for {row.lag_months} full months"
            words = f"{later.mission.title!r} starts before {before.mission.title!r} {lag}."
            yield _broken("prerequisite", words, row.mission, row.requires, records=[row.key])


def _exclusions(c: _Check) -> Iterator[BrokenRule]:
    for row in c.desk.exclusions:
        own = sorted(set(row.missions) & c.by_mission.keys())
        if len(own) > 1:
            yield _broken("exclusion", f"Exclusion {row.id!r} allows one of {', '.join(own)}.", *own, records=[row.id])


def _promises(c: _Check) -> Iterator[BrokenRule]:
    for row in c.desk.commitments:
        due = c.month(row.due)
        if row.status != "open" or not row.missions or due >= c.desk.info.months:
            continue
        ended = {name for name in set(row.missions) & c.by_mission.keys() if c.by_mission[name].end <= due}
        kept = len(ended | (set(row.missions) & c.done))
        if kept < row.count:
            words = f"Commitment {row.title!r} asks for {row.count} missions by {row.due}; the plan has {kept}."
            yield _broken("commitment", words, *row.missions, records=[row.id])


def _risk(c: _Check) -> Iterator[BrokenRule]:
    limit = c.desk.info.settings.risk_limit
    total = sum(entry.mode.risk for entry in c.entries)
    if limit is not None and total > limit + 1e-6:
        yield _broken("risk_limit", f"The plan's risk of {total:.3f} is above the limit of {limit:g}.")


_RULES: tuple[Callable[[_Check], Iterator[BrokenRule]], ...] = (
    _status, _horizon, _wishes, _windows, _bans, _sanctions, _activities, _gates, _authorities, _safety, _money,
    _staff, _absorption, _order, _exclusions, _promises, _risk,
)  # fmt: skip
