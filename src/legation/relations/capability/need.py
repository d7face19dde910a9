"""Humanitarian need and socio-economic pressure, with the parts of the index."""

from __future__ import annotations

from datetime import date
from math import log10
from typing import TYPE_CHECKING, Final

import polars as pl

from legation.relations.capability.coded import OLDEST, coded_years, latest_of, number
from legation.relations.types import Figure

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["PRESSURE_SCALE", "add_need", "add_pressure", "pressure"]

Figures = dict[str, list[Figure]]

PRESSURE_SCALE: Final[dict[str, float]] = {
    "fall of GDP per head": 0.20,
    "growth of population": 0.20,
    "humanitarian requirements per head": 3.0,
}
"""What counts as full pressure: a fifth of product per head lost in five years, a fifth more people in five years, and
1,000 USD of requirements per head (its decimal logarithm)."""

_SPAN: Final = 5
_NEED, _PER_HEAD = "humanitarian requirements", "humanitarian requirements per head"


def add_need(world: World, figures: Figures, as_of: date) -> None:
    """Add what the United Nations' plans require for a country in the year, how much came, and the sum per head.

    Population is the last known before the date, named by its year.
    """
    if not world.holds("ocha_requirements"):
        return
    source = world.citation("ocha_requirements")
    rows = world.filter(
        "ocha_requirements",
        pl.col("actor").is_in(list(figures)),
        pl.col("requirements") > 0,
        pl.col("year").is_between(as_of.year - 1, as_of.year),
    )
    yearly = rows.group_by("actor", "year").agg(pl.col("requirements").sum(), pl.col("funding").sum())
    people = _population(world, figures, as_of)
    for actor, year, required, funded in (
        yearly.sort("actor", "year").group_by("actor", maintain_order=True).last().iter_rows()
    ):
        share = number(funded / required)
        parts = [
            (_NEED, number(required, 4), "USD", str(year)),
            ("humanitarian funding, share", share, "share of requirements", str(year)),
        ]
        if actor in people:
            counted, when = people[actor]
            parts.append((_PER_HEAD, number(required / counted), "USD per head", f"{year}, population of {when}"))
        figures[actor] += [
            Figure(name=name, value=value, unit=unit, dated=dated, source=source, carried=year < as_of.year)
            for name, value, unit, dated in parts
        ]


def add_pressure(world: World, figures: Figures, as_of: date) -> None:
    """Add the changes of product per head and population over five years, and the index of pressure made of them.

    Product per head is the model-averaged estimate, whose standard deviation gives the range of the change.
    """
    if not world.holds("gdp_pop_cow_year"):
        return
    rows, source = coded_years(world, "gdp_pop_cow_year", figures, as_of=as_of), world.citation("gdp_pop_cow_year")
    for actor in figures:
        own = rows.filter(pl.col("actor") == actor).sort("year")
        parts: dict[str, float] = {}
        for column, name, sign in (("mrgdppc", "GDP per head", -1), ("pwtpop", "population", 1)):
            change = _change(own, column)
            if change is None:
                continue
            year, share = change
            figures[actor].append(
                Figure(
                    name=f"{name}, change in five years",
                    value=number(100 * share),
                    unit="%",
                    dated=f"{year - _SPAN} to {year}",
                    source=source,
                    carried=year < as_of.year,
                )
            )
            parts["fall of GDP per head" if sign < 0 else "growth of population"] = sign * share
        need = next((figure.value for figure in figures[actor] if figure.name == _PER_HEAD), None)
        if need is not None:
            parts["humanitarian requirements per head"] = log10(1 + need)
        if parts:
            figures[actor].append(_index(parts, own, source, as_of))


def _index(parts: dict[str, float], own: pl.DataFrame, source: str, as_of: date) -> Figure:
    year = own.get_column("year").max() if not own.is_empty() else as_of.year
    return Figure(
        name=f"socio-economic pressure (mean of {', '.join(parts)})",
        value=number(pressure(parts)),
        unit="0 none, 1 highest",
        dated=str(year),
        source=source,
        carried=bool(year != as_of.year),
    )


def pressure(parts: dict[str, float]) -> float:
    """Return the index of pressure: the mean of the parts, each over its scale and kept in [0, 1].

    Parameters
    ----------
    parts
        By the names of `PRESSURE_SCALE`: shares of change over five years, and the logarithm of requirements per head.
    """
    scaled = [min(1.0, max(0.0, value / PRESSURE_SCALE[name])) for name, value in parts.items()]
    return sum(scaled) / len(scaled)


def _change(own: pl.DataFrame, column: str) -> tuple[int, float] | None:
    """Return the last year with a value and the change to it from five years before, or None where one is missing."""
    values: dict[int, float] = dict(own.filter(pl.col(column) > 0).select("year", column).iter_rows())
    if not values:
        return None
    last = max(values)
    return None if last - _SPAN not in values else (last, values[last] / values[last - _SPAN] - 1)


def _population(world: World, figures: Figures, as_of: date) -> dict[str, tuple[float, int]]:
    """Return the last known population of each actor, at most ten years old, with its year."""
    for table, column, scale in (("gdp_pop_cow_year", "pwtpop", 1e6), ("cow_nmc", "tpop", 1e3)):
        if world.holds(table):
            rows = latest_of(coded_years(world, table, figures, as_of=as_of), column)
            return {
                actor: (value * scale, year)
                for actor, value, year in rows.select("actor", column, "year").iter_rows()
                if year >= as_of.year - OLDEST and value > 0
            }
    return {}
