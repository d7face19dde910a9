"""Money brought to one currency and one price year; a missing rate or index is an error, never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from legation.desk.desk import Desk
from legation.desk.resources import ExchangeRate, PriceIndex
from legation.errors import MissingRateError

__all__ = ["Converter"]


class Converter:
    """Convert amounts to a desk's currency and price year.

    Prices are first moved within their own currency from `price_year` to the desk's price year with the price
    indices, then exchanged at the newest rate not later than the desk's start (the direct rate, else the inverse).

    Parameters
    ----------
    currency, price_year
        What to convert to.
    on
        Rates dated later than this day are not used.
    rates, indices
        The desk's records.
    """

    def __init__(
        self,
        *,
        currency: str,
        price_year: int,
        on: date,
        rates: Iterable[ExchangeRate] = (),
        indices: Iterable[PriceIndex] = (),
    ) -> None:
        self.currency = currency
        self.price_year = price_year
        self.on = on
        newest: dict[tuple[str, str], ExchangeRate] = {}
        for rate in rates:
            pair = (rate.base, rate.quote)
            if rate.date <= on and (pair not in newest or newest[pair].date < rate.date):
                newest[pair] = rate
        self._rates = newest
        self._indices = {(index.currency, index.year): index.index for index in indices}

    @classmethod
    def of(cls, desk: Desk) -> Converter:
        """Make the converter of a desk: its currency, its price year, rates up to its first day."""
        return cls(
            currency=desk.info.currency,
            price_year=desk.info.price_year,
            on=date(int(desk.info.start[:4]), int(desk.info.start[5:7]), 1),
            rates=desk.exchange_rates,
            indices=desk.price_indices,
        )

    def convert(self, amount: Decimal, *, currency: str, price_year: int) -> Decimal:
        """Give the amount in the target currency at the target price year.

        Raises
        ------
        MissingRateError
            When no exchange rate or price index is held for it.
        """
        return amount * self._price_factor(currency, price_year) * self._rate(currency)

    def _price_factor(self, currency: str, price_year: int) -> Decimal:
        if price_year == self.price_year:
            return Decimal(1)
        missing = [year for year in (price_year, self.price_year) if (currency, year) not in self._indices]
        if missing:
            years = " and ".join(str(year) for year in missing)
            raise MissingRateError(
                f"No price index of {currency} for {years}; {currency} at {price_year} prices cannot be brought to "
                f"{self.price_year}.",
                remedy=f"Add price_indices rows for {currency} in {years}.",
            )
        return self._indices[currency, self.price_year] / self._indices[currency, price_year]

    def _rate(self, currency: str) -> Decimal:
        if currency == self.currency:
            return Decimal(1)
        direct = self._rates.get((currency, self.currency))
        if direct is not None:
            return direct.rate
        inverse = self._rates.get((self.currency, currency))
        if inverse is not None:
            return 1 / inverse.rate
        raise MissingRateError(
            f"No exchange rate from {currency} to {self.currency} dated {self.on} or earlier.",
            remedy=f"Add an exchange_rates row with base {currency}, quote {self.currency} and such a date.",
        )
