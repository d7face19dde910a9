"""What one more unit of money, of somebody's month, or one more linguist buys, by solving again with it."""

from __future__ import annotations

from collections import defaultdict

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.desk.base import clearance_order, language_order, rank_order
from legation.desk.months import first_day, last_day, month_text
from legation.desk.people import Absence, Position
from legation.planning.data import PlanData, plan_data
from legation.planning.engines.base import Request, safe_bound
from legation.planning.explain.core import Core
from legation.planning.explain.missions import named, with_money
from legation.planning.explain.result import Bought
from legation.planning.model.build import Model, build_model
from legation.planning.points import points
from legation.planning.record_words import language_words

__all__ = ["what_more_buys"]

_TINY = 1e-9
_MONTHS = 5
_LANGUAGES = 8


def what_more_buys(
    core: Core, *, model: Model, prices: NDArray[np.float64], money: float | None = None
) -> tuple[Bought, ...]:
    """Say what one more unit of each scarce thing buys, the best first.

    Parameters
    ----------
    core
        The plan's neighbourhood.
    model, prices
        The whole model and the row duals of its relaxation.
    money
        How much more money in each budget; one per cent of what it holds when left out.
    """
    out = [*_money(core, model, prices, money), *_months(core, model, prices), *_linguists(core)]
    return tuple(sorted(out, key=lambda row: (-row.gain, row.kind, row.record)))


def _bought(core: Core, data: PlanData, **fields: object) -> Bought | None:
    if core.halt.is_set():
        return None
    found = core.solve(data=data)
    if found is None:
        return None
    before, after = core.base.missions(core.data), found.missions(core.data)
    gain = max(found.value - core.base.value, 0.0)
    comes, goes = named(core.data, after - before), named(core.data, before - after)
    what = str(fields.pop("what"))
    at_most = fields["at_most"]
    come = ", ".join(repr(row.title) for row in comes) or "nothing new"
    amount = f"{points(gain)} at least" if points(gain) != points(0.0) else "nothing that was found"
    limit = f" and {points(at_most)} at most" if isinstance(at_most, float) else ""
    if isinstance(at_most, float) and points(at_most) == points(0.0):
        amount, limit = "nothing", ""
    buys = f"{what} buys {amount}"
    brings = f": it brings in {come}" if gain > _TINY else ": nothing that pays comes in"
    left = f" in place of {', '.join(repr(row.title) for row in goes)}" if goes and gain > _TINY else ""
    return Bought(gain=gain, comes=comes, goes=goes, words=f"{buys}{limit}{brings}{left}.", **fields)  # type: ignore[arg-type]


def _money(core: Core, model: Model, prices: NDArray[np.float64], money: float | None) -> list[Bought]:
    data, funds = core.data, core.data.funds
    out = []
    for number, budget in enumerate(funds.budgets):
        own = funds.allotment_budget == number
        whole = float(funds.allotment_amount[own].sum())
        amount = money if money is not None else float(np.ceil(whole / 100))
        if not own.any() or amount <= 0:
            continue
        changed = with_money(data, number, amount)
        row = _bought(
            core,
            changed,
            kind="money",
            record=budget,
            title=funds.titles[number],
            amount=amount,
            unit=data.desk.info.currency,
            # the model has the same rows, so its prices prove a bound with more money as well
            at_most=_above(core, safe_bound(build_model(changed, slots=model.slots).problem, prices)),
            what=f"{amount:,.0f} {data.desk.info.currency} more in budget {funds.titles[number]!r}",
        )
        out += [row] if row is not None else []
    return out


def _above(core: Core, bound: float) -> float:
    """Give how far a bound lies above the plan's value."""
    return max(0.0, bound - core.base.value)


def _relaxed_above(core: Core, data: PlanData) -> float | None:
    """Give how far a changed desk's relaxation lies above the plan's value; None where its time ran out."""
    problem = build_model(data).problem
    answer = core.engine.solve(problem, Request(relaxed=True, seconds=core.seconds, halt=core.halt))
    return None if answer.duals is None else _above(core, safe_bound(problem, answer.duals))


def _months(core: Core, model: Model, prices: NDArray[np.float64]) -> list[Bought]:
    """One month of one more person, where the relaxation pays most for it."""
    data = core.data
    dearest = [
        (float(prices[row]), row)
        for row in np.flatnonzero(model.rows.of_kinds({"position", "days"})).tolist()
        if prices[row] > _TINY
    ]
    out: list[Bought] = []
    seen: set[str] = set()
    for _, number in sorted(dearest, key=lambda pair: (-pair[0], pair[1])):
        name = model.rows[number]
        if name.record in seen or name.month is None or len(seen) >= _MONTHS:
            continue
        seen.add(name.record)
        position = next(row for row in data.desk.positions if row.id == name.record)
        month = data.month(name.month)
        more = msgspec.structs.replace(position, id="one-more-month", headcount=1, reports_to=None)
        changed = _with_position(data, more, only=name.month)
        row = _bought(
            core,
            changed,
            kind="person_month",
            record=position.id,
            title=position.title,
            amount=1.0,
            unit=month,
            at_most=_relaxed_above(core, changed) if core.whole else None,
            what=f"One more person like {position.title!r} in {month}",
        )
        out += [row] if row is not None else []
    return out


def _linguists(core: Core) -> list[Bought]:
    """One more person for the whole plan, for each language that missions ask for."""
    data = core.data
    asked: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for need in data.desk.staff_needs:
        for skill in need.languages:
            tag, _, level = skill.partition(":")
            asked[tag].append((level, rank_order(need.rank_min or "OF-1"), clearance_order(need.clearance)))
    spoken = sorted(asked, key=lambda tag: (-len(asked[tag]), tag))
    out = []
    for tag in spoken[:_LANGUAGES]:
        level = max((row[0] for row in asked[tag]), key=language_order)
        rank = next(n.rank_min or "OF-1" for n in data.desk.staff_needs
                    if rank_order(n.rank_min or "OF-1") == max(row[1] for row in asked[tag]))  # fmt: skip
        clearance = max((n.clearance for n in data.desk.staff_needs), key=clearance_order)
        more = Position(
            id="one-more-linguist", title="One more linguist", rank=rank, languages=(f"{tag}:{level}",),
            clearance=clearance,
        )  # fmt: skip
        speaks = f"One more person who speaks {language_words(tag)} at {level}"
        row = _bought(
            core,
            _with_position(data, more, only=None),
            kind="linguist",
            record=tag,
            title=f"{tag}:{level}, {rank}",
            amount=1.0,
            unit="person",
            at_most=None,
            what=f"{speaks}, of rank {rank} and cleared to {clearance},",
        )
        out += [row] if row is not None else []
    return out


def _with_position(data: PlanData, position: Position, *, only: int | None) -> PlanData:
    """Give the desk with one more position, present in one month alone or in all."""
    start, months = data.desk.info.start, data.horizon
    away = []
    if only is not None and only > 0:
        away.append((0, only - 1))
    if only is not None and only < months - 1:
        away.append((only + 1, months - 1))
    absences = tuple(
        Absence(
            position=position.id,
            start=first_day(month_text(first, start=start)),
            end=last_day(month_text(last, start=start)),
        )
        for first, last in away
    )
    desk = msgspec.structs.replace(
        data.desk,
        positions=(*data.desk.positions, position),
        absences=(*data.desk.absences, *absences),
    )
    return plan_data(desk, relations=data.relations)
