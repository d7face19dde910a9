"""Who may spend what: authorities, ring-fenced money, budgets that expire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from legation.desk.instruments import is_below, is_humanitarian
from legation.desk.missions import Cost
from legation.desk.money import Converter
from legation.desk.resources import Authority
from legation.planning.check.plan import Check, Entry, broken
from legation.planning.result import BrokenRule

__all__ = ["MONEY"]

_CENT = Decimal("0.01")


def _authorities(c: Check) -> Iterator[BrokenRule]:
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
            ceiling = _in_own_money(c, row, row.ceiling)
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
            yield broken("authority", words, entry.id, records=[row.id])


def _ceilings(c: Check) -> Iterator[BrokenRule]:
    """Add up what each authority's missions spend in each fiscal year."""
    first = int(c.desk.info.start[:4]) * 12 + int(c.desk.info.start[5:]) - c.desk.info.settings.fiscal_month
    for row in c.desk.authorities:
        if row.ceiling_year is None:
            continue
        ceiling = _in_own_money(c, row, row.ceiling_year)
        spent: defaultdict[int, Decimal] = defaultdict(Decimal)
        payers: defaultdict[int, list[str]] = defaultdict(list)
        for entry in c.entries:
            if (entry.mode.authority or entry.mission.authority) == row.id:
                for (_, month), money in _payments(c, entry):
                    spent[(first + month) // 12] += money
                    payers[(first + month) // 12].append(entry.id)
        for year, total in sorted(spent.items()):
            if total > ceiling + _CENT:
                begin = c.text(max(0, year * 12 - first))
                words = f"Authority {row.title!r} covers {ceiling:,.2f} a year, and {total:,.2f} from {begin} on."
                yield broken("ceiling", words, *sorted(set(payers[year])), records=[row.id])


def _in_own_money(c: Check, row: Authority, amount: Decimal) -> Decimal:
    currency, year = row.currency or c.desk.info.currency, row.price_year or c.desk.info.price_year
    return Converter.of(c.desk).convert(amount, currency=currency, price_year=year)


def _costs(c: Check, entry: Entry) -> list[Cost]:
    return [cost for cost in c.desk.costs if (cost.mission, cost.mode) == (entry.id, entry.mode.id)]


def _payments(c: Check, entry: Entry, *, whole: bool = False) -> Iterator[tuple[tuple[str, int], Decimal]]:
    converter = Converter.of(c.desk)
    for cost in c.desk.costs:
        if (cost.mission, cost.mode) != (entry.id, entry.mode.id):
            continue
        money = converter.convert(cost.amount, currency=cost.currency, price_year=cost.price_year)
        if cost.covers == "whole":
            money *= 1 - sum(
                (Decimal(repr(lead.share)) for lead in c.desk.leads if lead.mission == entry.id), Decimal(0)
            )
        months = [entry.start] if cost.recurrence == "once" else range(entry.start, entry.end + 1)
        for month in months:
            if whole or 0 <= month < c.desk.info.months:
                yield (cost.budget, month), money


def _money(c: Check) -> Iterator[BrokenRule]:
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
                title = next(row.title for row in c.desk.budgets if row.id == budget)
                words = f"{entry.mission.title!r} draws on budget {title!r}, ring-fenced for humanitarian missions."
                yield broken("ring_fence", words, entry.id, records=[budget])
    for budget, months in spent.items():
        words = _overspent(c, budget, months)
        if words:
            yield broken("budget", words, *sorted(set(payers[budget])), records=[budget])


def _overspent(c: Check, budget: str, months: Mapping[int, Decimal]) -> str:
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


MONEY = (_authorities, _ceilings, _money)
"""The rules, in the order in which they are reported."""
