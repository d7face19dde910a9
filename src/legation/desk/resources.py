"""What it costs: budgets, allotments with expiry, exchange rates, price indices, authorities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from msgspec import Meta

from legation.desk.base import Currency, Id, Month, Record, Text, Title, Year

__all__ = ["Allotment", "Authority", "Budget", "ExchangeRate", "PriceIndex"]


class Budget(Record, frozen=True, kw_only=True):
    """A source of money; a ring-fenced humanitarian budget pays for humanitarian missions and nothing else."""

    KIND: ClassVar[str] = "budgets"

    id: Id
    title: Title
    source: Text = ""
    humanitarian: bool = False
    owner: Id | None = None
    label: Id | None = None


class Allotment(Record, frozen=True, kw_only=True):
    """Money that a budget receives: usable from one month to the month it expires, both included."""

    KIND: ClassVar[str] = "allotments"
    KEY: ClassVar[tuple[str, ...]] = ("budget", "start", "expires")

    budget: Id
    start: Month
    expires: Month
    amount: Decimal
    currency: Currency
    price_year: Year


class ExchangeRate(Record, frozen=True, kw_only=True):
    """One unit of `base` bought `rate` units of `quote` on the day."""

    KIND: ClassVar[str] = "exchange_rates"
    KEY: ClassVar[tuple[str, ...]] = ("base", "quote", "date")

    base: Currency
    quote: Currency
    date: date
    rate: Decimal
    source: Text = ""


class PriceIndex(Record, frozen=True, kw_only=True):
    """Price level of a currency in a year, any base; used to bring money to the desk's price year."""

    KIND: ClassVar[str] = "price_indices"
    KEY: ClassVar[tuple[str, ...]] = ("currency", "year")

    currency: Currency
    year: Year
    index: Decimal
    source: Text = ""


class Authority(Record, frozen=True, kw_only=True):
    """The legal power to carry out some instruments with some budgets, up to a ceiling and for a time.

    `ceiling` holds for what one mission costs the observer, `ceiling_year` for what all missions under it cost in one
    fiscal year (which begins in the desk's `fiscal_month`).
    """

    KIND: ClassVar[str] = "authorities"

    id: Id
    title: Title
    reference: Text
    instruments: tuple[Id, ...] = ()
    budgets: tuple[Id, ...] = ()
    ceiling: Decimal | None = None
    ceiling_year: Decimal | None = None
    currency: Currency | None = None
    price_year: Year | None = None
    start: Month | None = None
    end: Month | None = None
    lead_months: Annotated[int, Meta(ge=0, le=120)] = 0
    holder: Id | None = None
