"""The panels one can ask for: by state, dyad, leader, pair of leaders, organisation, and member of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from legation.errors import InputError
from legation.evidence.panel.design import PanelDesign
from legation.evidence.panel.leader_rows import LEADERS_FIRST, LEADERS_LAST
from legation.evidence.panel.systems import FIRST_YEAR
from legation.evidence.panel.types import pick

if TYPE_CHECKING:
    from legation.evidence.panel.leader_rows import Standard
    from legation.evidence.panel.types import Period, System

__all__ = ["LAST_YEAR", "dyads", "leader_dyads", "leaders", "members", "organisations", "states"]

LAST_YEAR = 2025
"""Where a panel ends unless one says otherwise; the publishers' sources do."""


class _Span(TypedDict):
    first: int
    last: int


def _span(first: int | None, last: int | None, *, low: int = FIRST_YEAR, high: int = LAST_YEAR) -> _Span:
    begin, end = low if first is None else first, high if last is None else last
    if begin > end:
        raise InputError(f"The span from {begin} to {end} is reversed.", remedy="Give the earlier year first.")
    return {"first": begin, "last": end}


def _checked(system: str, period: str) -> tuple[System, Period]:
    pick(system, ("cow", "gw"), what="state system")
    pick(period, ("year", "month", "day"), what="period")
    return cast("System", system), cast("Period", period)


def states(
    *, system: str = "cow", period: str = "year", first: int | None = None, last: int | None = None
) -> PanelDesign:
    """Return a design of a panel by state: one row per member of the system and year, month or day.

    Parameters
    ----------
    system
        ``cow`` or ``gw`` (Gleditsch-Ward).
    period
        ``year``, ``month`` or ``day``.
    first, last
        The span, 1816 to 2025 when left out.
    """
    known, span = _checked(system, period), _span(first, last)
    return PanelDesign(unit="state", system=known[0], period=known[1], **span)


def dyads(
    *,
    system: str = "cow",
    period: str = "year",
    first: int | None = None,
    last: int | None = None,
    directed: bool = True,
    overlap: str = "day",
) -> PanelDesign:
    """Return a design of a panel by dyad: one row per pair of members and year, month or day.

    Parameters
    ----------
    directed
        Whether both directions have rows; else the lower number stands first.
    overlap
        ``day`` (states that never share a day make no dyad) or ``year`` (a shared calendar year is enough).
    """
    known, span = _checked(system, period), _span(first, last)
    pick(overlap, ("day", "year"), what="overlap")
    if overlap == "year" and period != "year":
        raise InputError(f"A panel by {period} has no dyads that share only a year.", remedy="Use overlap day.")
    return PanelDesign(
        unit="dyad",
        system=known[0],
        period=known[1],
        directed=directed,
        overlap=overlap,
        **span,
    )


def leaders(
    *, standard: str = "none", period: str = "year", first: int | None = None, last: int | None = None
) -> PanelDesign:
    """Return a design of a panel by leader.

    Parameters
    ----------
    standard
        ``none`` takes all days in office; ``cow`` and ``gw`` those on which the state was a member of the system.
    first, last
        The span, 1870 to 2015 when left out.
    """
    pick(standard, ("none", "cow", "gw"), what="standard for leaders")
    known = _checked("cow" if standard == "cow" else "gw", period)
    span = _span(first, last, low=LEADERS_FIRST, high=LEADERS_LAST)
    return PanelDesign(
        unit="leader",
        system=known[0],
        period=known[1],
        standard=cast("Standard", standard),
        **span,
    )


def leader_dyads(
    *,
    standard: str = "gw",
    period: str = "year",
    first: int | None = None,
    last: int | None = None,
    directed: bool = True,
) -> PanelDesign:
    """Return a design of a panel by pair of leaders of different states who shared a day in office."""
    pick(standard, ("none", "cow", "gw"), what="standard for leaders")
    known = _checked("cow" if standard == "cow" else "gw", period)
    span = _span(first, last, low=LEADERS_FIRST, high=LEADERS_LAST)
    return PanelDesign(
        unit="leader_dyad",
        system=known[0],
        period=known[1],
        standard=cast("Standard", standard),
        directed=directed,
        **span,
    )


def organisations(
    *names: str, system: str = "cow", period: str = "year", first: int | None = None, last: int | None = None
) -> PanelDesign:
    """Return a design of a panel by organisation, with how many members it had; all organisations if none is named."""
    known, span = _checked(system, period), _span(first, last, low=1945)
    return PanelDesign(
        unit="organisation",
        system=known[0],
        period=known[1],
        organisations=names,
        **span,
    )


def members(
    *names: str, system: str = "cow", period: str = "year", first: int | None = None, last: int | None = None
) -> PanelDesign:
    """Return a design of a panel by member of an organisation, with the member's number in a state system."""
    known, span = _checked(system, period), _span(first, last, low=1945)
    return PanelDesign(
        unit="membership",
        system=known[0],
        period=known[1],
        organisations=names,
        **span,
    )
