"""Money can be counted and brought to the desk's currency and prices."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from legation.desk.base import Record
from legation.desk.missions import Cost
from legation.desk.money import Converter
from legation.desk.resources import Allotment, Authority
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule
from legation.errors import MissingRateError

_HIGHEST = Decimal(10) ** 15
"""More than the yearly product of the world in any currency in use; beyond it a figure is a slip of the units."""
_FINEST = Decimal(10) ** -12
"""No two currencies in use and no price level lie further apart."""


def _sums(facts: Facts) -> Iterator[tuple[Record, str, Decimal]]:
    for cost in facts.desk.costs:
        yield cost, "amount", cost.amount
    for allotment in facts.desk.allotments:
        yield allotment, "amount", allotment.amount
    for authority in facts.desk.authorities:
        for field in ("ceiling", "ceiling_year"):
            amount = getattr(authority, field)
            if amount is not None:
                yield authority, field, amount


@rule(
    "money-amount",
    "Amounts are not negative, and at most 10 to the power of 15.",
    remedy="Write the amount in full units of its currency; income is an allotment of the budget.",
)
def money_amount(facts: Facts) -> Findings:
    """A negative cost would pay for other missions."""
    for record, field, amount in _sums(facts):
        if amount.is_finite() and not 0 <= amount <= _HIGHEST:
            yield Finding(record, f"{field} {amount} is not between 0 and {_HIGHEST:.0E}.", field=field)


@rule(
    "money-convertible",
    "Every amount can be brought to the desk's currency and price year.",
    remedy="Add the exchange rate or the price index.",
)
def money_convertible(facts: Facts) -> Findings:
    """A missing rate is an error, never a guess of one to one."""
    converter = _converter(facts)
    problems: dict[tuple[str, int], MissingRateError | None] = {}
    priced: tuple[Cost | Allotment | Authority, ...] = (
        *facts.desk.costs,
        *facts.desk.allotments,
        *(held for held in facts.desk.authorities if held.currency is not None and held.price_year is not None),
    )
    for record in priced:
        money = (record.currency or "", record.price_year or 0)
        if money not in problems:
            problems[money] = _problem(converter, money)
        error = problems[money]
        if error is not None:
            yield Finding(record, error.message, "currency", error.remedy)


def _problem(converter: Converter, money: tuple[str, int]) -> MissingRateError | None:
    try:
        converter.convert(Decimal(1), currency=money[0], price_year=money[1])
    except MissingRateError as error:
        return error
    return None


def _converter(facts: Facts) -> Converter:
    """Make the desk's converter, with 1 for rates that are themselves faulty: their own rule reports them."""
    rates = [
        rate if _usable(rate.rate) else msgspec.structs.replace(rate, rate=Decimal(1))
        for rate in facts.desk.exchange_rates
    ]
    indices = [
        index if _usable(index.index) else msgspec.structs.replace(index, index=Decimal(1))
        for index in facts.desk.price_indices
    ]
    return Converter.of(msgspec.structs.replace(facts.desk, exchange_rates=tuple(rates), price_indices=tuple(indices)))


def _usable(value: Decimal) -> bool:
    return value.is_finite() and _FINEST <= value <= 1 / _FINEST


@rule(
    "exchange-rate-positive",
    "Exchange rates lie above zero, between 10 to the power of -12 and of 12.",
    remedy="Write how many units of `quote` one unit of `base` bought.",
)
def exchange_rate_positive(facts: Facts) -> Findings:
    """A rate of zero would make everything in that currency free, and its inverse does not exist."""
    for rate in facts.desk.exchange_rates:
        if rate.rate.is_finite() and not _usable(rate.rate):
            yield Finding(rate, f"The rate from {rate.base} to {rate.quote} is {rate.rate:.6g}.", field="rate")


@rule(
    "exchange-rate-pair",
    "An exchange rate joins two different currencies.",
    remedy="Correct base or quote, or remove the row.",
)
def exchange_rate_pair(facts: Facts) -> Findings:
    """A currency is worth one of itself."""
    for rate in facts.desk.exchange_rates:
        if rate.base == rate.quote:
            yield Finding(rate, f"base and quote are both {rate.base}.", field="quote")


@rule(
    "price-index-positive",
    "Price indices lie above zero, between 10 to the power of -12 and of 12.",
    remedy="Write the price level, for example 112.4 where the base year has 100.",
)
def price_index_positive(facts: Facts) -> Findings:
    """Prices are moved from year to year by dividing one index by another."""
    for index in facts.desk.price_indices:
        if index.index.is_finite() and not _usable(index.index):
            yield Finding(index, f"The index of {index.currency} in {index.year} is {index.index:.6g}.", field="index")


@rule(
    "allotment-in-time",
    "An allotment is usable in one of the desk's months.",
    remedy="Correct the months, or keep the row as a record of earlier money.",
    severity="warning",
)
def allotment_in_time(facts: Facts) -> Findings:
    """Money that expired before the desk's start, or comes after its end, pays for nothing in the plan."""
    start, last = facts.desk.info.start, facts.last_month
    for allotment in facts.desk.allotments:
        if allotment.start <= allotment.expires and (allotment.expires < start or allotment.start > last):
            yield Finding(
                allotment,
                f"Money usable from {allotment.start} to {allotment.expires} lies outside {start} to {last}.",
                field="expires",
            )


@rule(
    "budget-allotted",
    "A budget that missions draw on has an allotment.",
    remedy="Add a row to allotments: budget, start, expires, amount, currency, price_year.",
    severity="warning",
)
def budget_allotted(facts: Facts) -> Findings:
    """Without money in it no mission that costs anything can be paid from the budget."""
    drawn = {cost.budget for cost in facts.desk.costs if cost.amount.is_finite() and cost.amount > 0}
    filled = {allotment.budget for allotment in facts.desk.allotments}
    for name in drawn - filled:
        if name in facts.budgets:
            yield Finding(facts.budgets[name], f"Missions draw on {name}, which has no allotment.")
