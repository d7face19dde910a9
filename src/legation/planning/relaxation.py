"""The cheapest ways out of a desk that no plan can satisfy: which rule to change, by how much, at least cost.

Every rule that a desk may change gets a column that says by how much it is changed, in the unit in which people would
grant it; the least sum of these, priced, is found with whole missions. What is a principle, a law or a fact is not
offered: ring-fenced money, sanctions, safety limits, the plan's end. Each way is solved again with its changes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from math import ceil, isfinite

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import InputError
from legation.planning.actor_words import actor_words
from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.model.build import MONEY_UNIT, Model
from legation.planning.model.extend import Extension
from legation.planning.model.names import RowName
from legation.planning.model.rows import group_of
from legation.planning.record_words import exclusion_words, risk_cap_words, spill_cap_words

__all__ = ["Relaxation", "RelaxationPrices", "RuleChange", "WaysOut", "ways_out"]


@dataclass(frozen=True, kw_only=True)
class RelaxationPrices:
    """What it costs to change a rule; a stated convention that a desk may set otherwise.

    Attributes
    ----------
    money
        One per cent of everything a budget holds in the plan.
    person_month
        One month of one more person in a position.
    visit
        One more mission that a partner takes in a window.
    delay
        One month more for a commitment.
    order, exclusion
        Leaving a prerequisite or an exclusion aside.
    waive
        Leaving a ban, a window, a gate, an authority, an activity or a month decided on aside, for each mission.
    risk
        A tenth of a unit of risk beyond a limit, or a tenth of a cap.
    pin, must_do, commitment, fixed
        Leaving a decision, a must-do, one mission of a commitment, or a mission committed to or under way, aside.
    """

    money: float = 1.0
    person_month: float = 1.0
    visit: float = 1.0
    delay: float = 1.0
    order: float = 5.0
    exclusion: float = 5.0
    waive: float = 5.0
    risk: float = 1.0
    pin: float = 4.0
    must_do: float = 6.0
    commitment: float = 8.0
    fixed: float = 12.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isfinite(value) or value <= 0:
                raise InputError(f"The price {field.name} = {value} cannot be used.", remedy="Give numbers above 0.")


@dataclass(frozen=True)
class RuleChange:
    """One rule changed: its kind and record, by how much in which unit, and the sentence."""

    kind: str
    record: str
    amount: float
    unit: str
    words: str


@dataclass(frozen=True)
class Relaxation:
    """Changes that together make a plan possible.

    Attributes
    ----------
    changes
        The rules changed.
    cost
        Their price in sum.
    cheapest
        Whether no cheaper way is left, by proof; others are the cheapest that do without one change of the first.
    words
        The whole as a sentence.
    """

    changes: tuple[RuleChange, ...]
    cost: float
    cheapest: bool
    words: str


_LAWS = frozenset({"sanction", "safety", "ring_fence", "horizon", "staff", "fixed"})
"""Bars that nobody may waive for a mission: law, an owner's limit, a principle, time, and what is a fact."""
_DELAYS = 12
"""Months by which a commitment may be late at most."""
_TINY = 1e-6


@dataclass(frozen=True)
class WaysOut:
    """Ways out of a desk that no plan can satisfy.

    Attributes
    ----------
    ways
        The cheapest first.
    decided
        Whether the first is proven the cheapest, or that there is none because only what nobody may change stands in
        the way; without it the time ended the search.
    """

    ways: tuple[Relaxation, ...]
    decided: bool


def ways_out(
    data: PlanData,
    engine: Engine,
    *,
    prices: RelaxationPrices | None = None,
    most: int = 3,
    seconds: float = 10.0,
    halt: Halt | None = None,
) -> WaysOut:
    """Find the cheapest ways to make a plan possible, each verified by solving with the rules so changed.

    Parameters
    ----------
    data
        A desk for which no plan keeps all rules.
    engine
        Solver to ask.
    prices
        What each change costs.
    most
        How many ways to give: after the cheapest, those that do without one of its changes.
    seconds
        Limit for each question.
    halt
        Ends the questions.
    """
    from legation.planning.conflict import concerned_model

    limits = Request(seconds=seconds, halt=halt or Halt())
    elastic = _Elastic(data, concerned_model(data), prices or RelaxationPrices())
    first = elastic.solve(engine, frozenset(), limits=limits, cheapest=True)
    if first is None:
        return WaysOut((), not elastic.undecided)
    out = [first]
    for change in first.changes:
        if len(out) >= most:
            break
        other = elastic.solve(engine, frozenset({(change.kind, change.record)}), limits=limits, cheapest=False)
        if other is not None and other.changes not in [way.changes for way in out]:
            out.append(other)
    return WaysOut((out[0], *sorted(out[1:], key=lambda way: way.cost)), first.cheapest)


@dataclass(frozen=True, kw_only=True)
class _Slack:
    """A column that changes a rule: what it changes, by how much for each unit of the column, and its price."""

    kind: str
    record: str
    price: float
    unit: str
    effect: float = 1.0
    column: int = -1
    rows: tuple[int, ...] = ()
    month: int | None = None
    mission: int | None = None


class _Elastic:
    """The model with a priced column wherever a rule may be changed."""

    def __init__(self, data: PlanData, model: Model, prices: RelaxationPrices) -> None:
        self.data, self.base, self.prices = data, model, prices
        self.extension = Extension(model)
        self.lines = model.problem.matrix.tocsr()
        self.slacks: list[_Slack] = []
        self.undecided = False
        self.entries: list[tuple[int, int, float]] = []
        self._rules()
        extended = self.extension.model()
        # new columns reach into the model's own rows
        table = np.array(self.entries, float).reshape(-1, 3)
        place = (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64))
        more = sparse.csc_matrix((table[:, 2], place), shape=extended.problem.matrix.shape)
        matrix = (extended.problem.matrix + more).tocsc()
        self.model = replace(extended, problem=replace(extended.problem, matrix=matrix))

    def _add(self, price: float, *, upper: float, integer: bool) -> int:
        return int(self.extension.add_columns(1, cost=-price, upper=upper, integer=integer)[0])

    def _ease(self, rows: list[int], slack: _Slack, *, upper: float, integer: bool) -> _Slack:
        """Add a column that eases rows by the slack's effect for each of its units."""
        column = self._add(slack.price, upper=upper, integer=integer)
        placed = replace(slack, column=column, rows=tuple(rows))
        self.slacks.append(placed)
        for row in rows:
            sign = 1.0 if np.isfinite(self.base.problem.row_lower[row]) else -1.0
            self.entries.append((row, column, sign * slack.effect))
        return placed

    def _rules(self) -> None:
        by_group: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number in np.flatnonzero(self.base.rows.of_kinds(_HANDLED)).tolist():
            row = self.base.rows[number]
            if row.kind in {"position", "days"}:
                self._person(number, row)
            elif row.kind == "bar":
                self._bar(number, row)
            else:
                by_group[group_of(row)].append(number)
        for (kind, record), rows in by_group.items():
            if kind == "budget":
                self._money(record, rows)
            elif kind == "commitment":
                self._promise(record, rows)
            else:
                self._rule(kind, record, rows)

    def _rule(self, kind: str, record: str, rows: list[int]) -> None:
        """Let a rule be raised by whole units, or be left aside."""
        p = self.prices
        if kind in {"risk_limit", "risk_cap", "spill_cap", "ceiling"}:
            step = max(abs(float(self.base.problem.row_upper[rows[0]])) / 10, 0.1)
            slack = _Slack(kind=kind, record=record, effect=step, price=p.risk, unit="tenths")
            self._ease(rows, slack, upper=1e4, integer=True)
            return
        if any(mission.id == record and mission.status == "executing" for mission in self.data.missions):
            return
        price, unit, upper = {
            "absorption": (p.visit, "visits", 100.0),
            "exclusion": (p.exclusion, "missions", 100.0),
            "prerequisite": (p.order, "", 1.0),
            "pin": (p.pin, "", 1.0),
            "must_do": (p.must_do, "", 1.0),
            "fixed": (p.fixed, "", 1.0),
        }[kind]
        self._ease(rows, _Slack(kind=kind, record=record, price=price, unit=unit), upper=upper, integer=True)

    def _person(self, number: int, row: RowName) -> None:
        slack = _Slack(
            kind="position",
            record=row.record,
            effect=1.0 if row.kind == "position" else float(self.data.desk.info.settings.working_days),
            price=self.prices.person_month,
            unit="months of one more person",
            month=row.month,
        )
        self._ease([number], slack, upper=50.0, integer=True)

    def _money(self, budget: str, rows: list[int]) -> None:
        """Let a period of a budget be paid from money that it does not hold."""
        funds = self.data.funds
        own = funds.allotment_budget == funds.budgets.index(budget)
        whole = max(float(funds.allotment_amount[own].sum()), MONEY_UNIT)
        price = self.prices.money * 100 * MONEY_UNIT / whole
        for number in rows:
            row = self.base.rows[number]
            if row.kind == "budget":
                slack = _Slack(
                    kind="budget", record=budget, price=price, unit=self.data.desk.info.currency, month=row.month
                )
                self._ease([number], slack, upper=1e7, integer=False)

    def _bar(self, number: int, row: RowName) -> None:
        """Let a rule be waived for one mission after the other."""
        bar = self.data.bars[row.index]
        if bar.kind in _LAWS:
            return
        columns = self.lines.indices[self.lines.indptr[number] : self.lines.indptr[number + 1]]
        missions = self.data.slot_mission[self.base.slots[columns]]
        # the row stands for all missions: it gets one column for each, and each mission's slots stay below its own
        for mission in np.unique(missions).tolist():
            own = columns[missions == mission].tolist()
            slack = _Slack(kind="bar", record=f"{row.index}", price=self.prices.waive, unit="", mission=mission)
            waived = self._ease([number], slack, upper=1.0, integer=True).column
            self.extension.add_row(RowName("change", "waived"), [*own, waived], [*([1.0] * len(own)), -1.0], upper=0.0)

    def _promise(self, record: str, rows: list[int]) -> None:
        """Let a promise be kept later, or with fewer missions."""
        data, slots = self.data, self.base.slots
        promise = next(item for item in data.promises if item.record == record)
        fewer = _Slack(kind="commitment", record=record, price=self.prices.commitment, unit="missions")
        self._ease(rows, fewer, upper=float(promise.count), integer=True)
        own = np.isin(data.slot_mission[slots], promise.missions)
        end = data.slots.start[slots] + data.options.months[data.slots.option[slots]] - 1
        before: int | None = None
        for month in range(promise.due + 1, min(promise.due + _DELAYS, data.horizon - 1) + 1):
            flag = self._add(self.prices.delay, upper=1.0, integer=True)
            self.slacks.append(
                _Slack(kind="delay", record=record, price=self.prices.delay, unit="months", column=flag, effect=0.0)
            )
            if before is not None:
                self.extension.add_row(RowName("change", "delay"), [flag, before], [1.0, -1.0], upper=0.0)
            before = flag
            self._late(rows, np.flatnonzero(own & (end == month)), flag)

    def _late(self, rows: list[int], columns: NDArray[np.int64], flag: int) -> None:
        """Let missions that end in a month after the due one count, if that month is granted."""
        if not len(columns):
            return
        most = float(len(columns))
        counted = self._add(0.0, upper=most, integer=False)
        self.entries += [(row, counted, 1.0) for row in rows]
        ended = [1.0, *([-1.0] * len(columns))]
        self.extension.add_row(RowName("change", "late"), [counted, *columns.tolist()], ended, upper=0.0)
        self.extension.add_row(RowName("change", "late"), [counted, flag], [1.0, -most], upper=0.0)

    # -- solving

    def solve(
        self, engine: Engine, without: frozenset[tuple[str, str]], *, limits: Request, cheapest: bool
    ) -> Relaxation | None:
        """Find the cheapest way that does without some changes, verified; `undecided` says why there is none."""
        problem = self.model.problem
        upper = problem.upper.copy()
        for slack in self.slacks:
            if (slack.kind, self._record(slack)) in without:
                upper[slack.column] = 0.0
        answer = engine.solve(problem, replace(limits, upper=upper, gap=1e-6))
        self.undecided = answer.status != "infeasible"
        if answer.x is None:
            return None
        used = [(slack, float(answer.x[slack.column])) for slack in self.slacks if answer.x[slack.column] > _TINY]
        if not self._verified(answer.x, engine, limits):
            return None
        changes = self._changes(used)
        cost = sum(slack.price * amount for slack, amount in used)
        words = " and ".join(change.words for change in changes)
        words = f"{words[:1].upper()}{words[1:]}."
        return Relaxation(changes, cost, cheapest and answer.status == "optimal", words)

    def _verified(self, x: NDArray[np.float64], engine: Engine, limits: Request) -> bool:
        """Solve again with the rules changed by as much, and nothing else allowed to give."""
        problem = self.model.problem
        lower, upper = problem.lower.copy(), problem.upper.copy()
        for slack in self.slacks:
            value = x[slack.column]
            granted = float(value) + _TINY if slack.kind == "budget" else float(np.rint(value))
            lower[slack.column] = upper[slack.column] = granted
        free = replace(problem, cost=np.zeros(len(problem.cost)), lower=lower, upper=upper)
        return engine.solve(free, limits).x is not None

    def _record(self, slack: _Slack) -> str:
        if slack.kind == "bar" and slack.mission is not None:
            bar = self.data.bars[int(slack.record)]
            return f"{bar.kind} {bar.record}|{self.data.missions[slack.mission].id}"
        return slack.record

    def _changes(self, used: list[tuple[_Slack, float]]) -> tuple[RuleChange, ...]:
        joined: dict[tuple[str, str], list[tuple[_Slack, float]]] = {}
        for slack, amount in used:
            joined.setdefault((slack.kind, self._record(slack)), []).append((slack, amount))
        return tuple(self._change(kind, record, own) for (kind, record), own in joined.items())

    def _change(self, kind: str, record: str, own: list[tuple[_Slack, float]]) -> RuleChange:
        data = self.data
        slack = own[0][0]
        total = sum(amount for _, amount in own)
        title = _titles(data).get((kind, record), record)
        when = [data.month(row.month) for row, _ in own if row.month is not None]
        if kind == "budget":
            money = ceil(total * MONEY_UNIT - 1e-6)
            words = f"{money:,} {slack.unit} more in budget {title!r}, usable from {min(when)}"
            return RuleChange(kind, record, float(money), slack.unit, words)
        if kind == "position":
            months = round(total)
            months_of = f"{months} month{'s' * (months != 1)} of one more person"
            words = f"{months_of} like {title!r} ({', '.join(sorted(set(when)))})"
            return RuleChange(kind, record, float(months), slack.unit, words)
        if kind == "bar" and slack.mission is not None:
            bar = data.bars[int(slack.record)]
            mission = data.missions[slack.mission].title
            return RuleChange(kind, record, 1.0, "", f"waiving for {mission!r} that {bar.words}")
        count = round(total)
        words = _WORDS[kind].format(title=title, count=count, s="s" * (count != 1))
        return RuleChange(kind, record, float(count), slack.unit, words)


_HANDLED = frozenset(
    {"position", "days", "bar", "budget", "allotment", "absorption", "prerequisite", "exclusion", "risk_limit",
     "risk_cap", "spill_cap", "ceiling", "commitment", "pin", "must_do", "fixed"}
)  # fmt: skip
_WORDS = {
    "absorption": "{count} more mission{s} that {title} takes at a time",
    "prerequisite": "leaving the order of {title} aside",
    "exclusion": "{count} more than {title}",
    "risk_limit": "a risk limit higher by {count} tenth{s}",
    "risk_cap": "{count} tenth{s} more than is allowed of {title}",
    "spill_cap": "{count} tenth{s} more than is allowed of {title}",
    "ceiling": "{count} tenth{s} more than authority {title!r} covers a year",
    "commitment": "{count} mission{s} fewer for commitment {title!r}",
    "delay": "{count} month{s} more for commitment {title!r}",
    "pin": "leaving aside that {title!r} was decided in",
    "must_do": "leaving aside that {title!r} must be done",
    "fixed": "cancelling {title!r}, which is committed",
}


def _titles(data: PlanData) -> dict[tuple[str, str], str]:
    desk = data.desk
    out = {(kind, row.id): row.title for kind in ("pin", "must_do", "fixed") for row in desk.missions}
    out |= {("budget", row.id): row.title for row in desk.budgets}
    out |= {("position", row.id): row.title for row in desk.positions}
    out |= {(kind, row.id): row.title for kind in ("commitment", "delay") for row in desk.commitments}
    out |= {("absorption", row.id): actor_words(row.partner) for row in desk.absorption}
    out |= {("exclusion", row.id): exclusion_words(desk, row) for row in desk.exclusions}
    out |= {("risk_cap", row.id): risk_cap_words(desk, row) for row in desk.risk_caps}
    out |= {("spill_cap", row.id): spill_cap_words(desk, row) for row in desk.spill_caps}
    out |= {("ceiling", row.id): row.title for row in desk.authorities}
    titles = {row.id: row.title for row in desk.missions}
    out |= {
        ("prerequisite", row.key): f"{titles.get(row.requires, row.requires)!r} before {titles[row.mission]!r}"
        for row in desk.prerequisites
        if row.mission in titles
    }
    return out
