"""The days that a world can answer for, carried forward or not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from legation.errors import InputError

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["FIRST_DAY", "YEARS_AHEAD", "refuse_far_day"]

FIRST_DAY: Final = date(1816, 1, 1)
"""The record of states begins here, as the COW and Gleditsch-Ward systems do."""

YEARS_AHEAD: Final = 10
"""Years after a world's last evidence in which it is carried forward, by name and with wider intervals."""


def refuse_far_day(day: date, *, world: World) -> None:
    """Refuse a day that the evidence cannot answer for, not even carried forward.

    Raises
    ------
    InputError
        When the day lies before 1816, or more than ten years after the world's last evidence.
    """
    last = max(table.last for table in world.catalogue.tables).year + YEARS_AHEAD
    if day < FIRST_DAY or day.year > last:
        raise InputError(
            f"There is no evidence for {day}: the record of states begins on {FIRST_DAY}, and this world is "
            f"carried forward to {last} at most.",
            remedy="Give a day between the two with --as-of.",
        )
