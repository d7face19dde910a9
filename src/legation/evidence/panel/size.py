"""How many rows a panel has at most, before any of them is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from legation.evidence.panel.clock import day_number, first_of, last_of
from legation.evidence.panel.rows import count_dyads
from legation.evidence.panel.systems import state_spells
from legation.evidence.panel.tables import Reader
from legation.evidence.panel.types import Period

if TYPE_CHECKING:
    from legation.evidence.panel.design import PanelDesign

__all__ = ["most_rows"]

_DAYS: dict[Period, int] = {"year": 365, "month": 28, "day": 1}
_PERIODS: dict[Period, int] = {"year": 1, "month": 12, "day": 366}
# Archigos has about 190 leaders in office on a day since 1990, fewer before: at most this many pairs in a year.
_LEADERS_IN_A_YEAR = 220


def most_rows(design: PanelDesign, reader: Reader) -> int:
    """Return a number of rows that the panel does not exceed, from the spells alone."""
    if design.unit == "dyad":
        spells = state_spells(design.system, reader, first=design.first, last=design.last)
        return int(count_dyads(spells, directed=design.directed, period=design.period).sum())
    if design.unit == "state":
        spells = state_spells(design.system, reader, first=design.first, last=design.last)
        return int(((spells.end - spells.start + 1) // _DAYS[design.period] + 2).sum())
    years = design.last - design.first + 1
    if design.unit == "leader":
        return years * _LEADERS_IN_A_YEAR * _PERIODS[design.period]
    if design.unit == "leader_dyad":
        pairs = _LEADERS_IN_A_YEAR**2 if design.directed else _LEADERS_IN_A_YEAR**2 // 2
        return years * pairs * _PERIODS[design.period]
    return _membership_days(design) // _DAYS[design.period] + years


def _membership_days(design: PanelDesign) -> int:
    from legation.actors.memberships import load_memberships

    low, high = first_of(design.first), last_of(design.last)
    days = 0
    for row in load_memberships():
        if row.status == "member" and (not design.organisations or row.organisation in design.organisations):
            start = max(low, day_number(row.start)) if row.start else low
            end = min(high, day_number(row.end)) if row.end else high
            days += max(0, end - start + 1)
    return days
