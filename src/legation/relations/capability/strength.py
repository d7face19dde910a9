"""Strength beyond the baseline: military personnel, expenditure and composite capability."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from legation.relations.capability.coded import OLDEST, coded_years, latest_of, number
from legation.relations.types import Figure

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["add_composite", "add_material", "add_spending"]

Figures = dict[str, list[Figure]]


def add_material(world: World, figures: Figures, as_of: date) -> None:
    """Add personnel, expenditure and the composite index of national capability (COW NMC), by the last year known."""
    if not world.holds("cow_nmc"):
        return
    rows, source = coded_years(world, "cow_nmc", figures, as_of=as_of), world.citation("cow_nmc")
    for column, name, unit, scale in (
        ("milper", "military personnel", "people", 1e3),
        ("milex", "military expenditure in money", "USD", 1e3),
        ("cinc", "composite capability (CINC)", "share of all states", 1.0),
    ):
        for actor, year, value in latest_of(rows, column).select("actor", "year", column).iter_rows():
            figures[actor].append(
                Figure(
                    name=name,
                    value=number(value * scale, 4),
                    unit=unit,
                    dated=str(year),
                    source=source,
                    carried=year < as_of.year,
                )
            )


def add_spending(world: World, figures: Figures, as_of: date) -> None:
    """Add military expenditure in money and as a share of product, as SIPRI estimates it."""
    if not world.holds("sipri_spending"):
        return
    source = world.citation("sipri_spending")
    rows = world.filter(
        "sipri_spending",
        pl.col("actor").is_in(list(figures)),
        pl.col("Year").is_between(as_of.year - OLDEST, as_of.year),
    ).rename({"Year": "year"})
    for column, name, unit in (
        ("military_expenditure", "military expenditure (SIPRI)", "USD"),
        ("military_expenditure_share_gdp", "military expenditure, share (SIPRI)", "% of GDP"),
    ):
        for actor, year, value in latest_of(rows, column).select("actor", "year", column).iter_rows():
            figures[actor].append(
                Figure(
                    name=name,
                    value=number(value, 4),
                    unit=unit,
                    dated=str(year),
                    source=source,
                    carried=year < as_of.year,
                )
            )


def add_composite(world: World, figures: Figures, as_of: date) -> None:
    """Add a composite where CINC is not held: the actor's share of all active personnel, in the snapshot's own year.

    The Factbook's forces are one snapshot; at another date the composite is shown as seen then, like the forces.
    """
    if world.holds("cow_nmc") or not world.holds("forces"):
        return
    info = world.info("forces")
    rows = world.table("forces").select("actor", strength=(pl.col("active_low") + pl.col("active_high")) / 2)
    total = float(rows.get_column("strength").sum())
    for actor, strength in rows.filter(pl.col("actor").is_in(list(figures))).iter_rows():
        figures[actor].append(
            Figure(
                name="composite: share of all active personnel",
                value=number(strength / total),
                unit="share of all states",
                dated=info.snapshot,
                source=world.citation("forces"),
                seen=as_of.isoformat() != info.snapshot,
            )
        )
