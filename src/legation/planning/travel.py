"""Journeys: how many working days a position needs to get to a mission's place and back."""

from __future__ import annotations

from legation.desk.desk import Desk
from legation.desk.people import Position

__all__ = ["Travel"]


class Travel:
    """A desk's journeys.

    Attributes
    ----------
    working_days
        Working days that somebody has in a month.
    """

    def __init__(self, desk: Desk) -> None:
        settings = desk.info.settings
        self.home, self.working_days, self.usual = desk.info.observer, settings.working_days, settings.travel_days
        self._days = {frozenset((row.station, row.place)): row.days for row in desk.travel_times}

    def days(self, position: Position, place: str | None) -> int:
        """Give the working days there and back, 0 at the position's station or without a place."""
        station = position.station or self.home
        if place is None or place == station:
            return 0
        return self._days.get(frozenset((station, place)), self.usual)

    def may_go(self, position: Position, place: str | None) -> bool:
        """Say whether a position serves at a place at all."""
        return position.travels or place in {None, position.station or self.home}
