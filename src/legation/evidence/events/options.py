"""How events are read: the choices that change a figure, each with its default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

__all__ = ["GoldsteinSource", "QuadSource", "ReadOptions"]

GoldsteinSource: TypeAlias = Literal["published", "cameo", "gdelt"]
QuadSource: TypeAlias = Literal["roots", "published"]


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """Choices of reading.

    Parameters
    ----------
    goldstein
        ``published`` takes the file's own column; ``cameo`` and ``gdelt`` take one of the two lists, which differ on
        016 and 022. A file without such a column is read with ``cameo``.
    quads
        ``roots`` takes the class of the root (01-05, 06-08, 09-13, 14-20), the same in every source. ``published``
        takes the file's own column; GDELT's puts investigations (09) with material cooperation and protests (14) with
        verbal conflict. POLECAT's own class is always taken.
    repair_century
        Read a day exactly a century before it was added to GDELT as meant: early 2020 was once dated 1920.
    country_in_name
        In a table of one's own, take the country that stands behind a name: ``Police (Australia)`` is Australia. Actors
        of benchmark extracts of ICEWS are written so.
    until
        The last day an event may have; today when left out.
    """

    goldstein: GoldsteinSource = "published"
    quads: QuadSource = "roots"
    repair_century: bool = True
    country_in_name: bool = False
    until: date | None = None

    @property
    def last_day(self) -> date:
        """The last day an event may have."""
        return self.until or date.today()  # noqa: DTZ011 - the user's own calendar decides what is in the future
