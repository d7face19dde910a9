"""Leaders: since when the present one is in office, and how many lost it irregularly in five years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from legation.actors.lookup import actor as actor_by_id
from legation.actors.lookup import code
from legation.relations.types import Figure

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["add_leaders"]

_YEARS: Final = 5
_OLDEST_DAYS: Final = 10 * 365.25
_IRREGULAR: Final = ("Irregular", "Foreign")


def add_leaders(world: World, figures: dict[str, list[Figure]], as_of: date) -> None:
    """Add the tenure of the leader in office and the irregular exits of the five years before the date.

    After the last day of the source the five years end there, and the figure is marked as carried; ten years after it
    nothing is said. An exit by force from within or from abroad is irregular.
    """
    if not world.holds("archigos"):
        return
    info, source = world.info("archigos"), world.citation("archigos")
    end, carried = min(as_of, info.last), as_of > info.last
    if (as_of - end).days > _OLDEST_DAYS or end < info.first:
        return
    codes = {actor: code(actor_by_id(actor), system="gw", on=end) for actor in figures}
    held = {int(found): actor for actor, found in codes.items() if found is not None}
    rows = world.filter("archigos", pl.col("gwcode").is_in(list(held))).with_columns(
        pl.col("startdate", "enddate").cast(pl.Date)
    )
    leap = (end.month, end.day) == (2, 29)  # five years before, there is no such day
    since = end.replace(year=end.year - _YEARS, day=28 if leap else end.day)
    for number, actor in held.items():
        own = rows.filter(pl.col("gwcode") == number, pl.col("startdate") <= end).sort("startdate")
        if own.is_empty():
            continue
        left = own.filter(pl.col("enddate").is_between(since, end), pl.col("exit").is_in(_IRREGULAR))
        figures[actor].append(
            Figure(
                name="irregular exits of leaders, five years",
                value=float(len(left)),
                unit="exits",
                dated=f"{since.isoformat()} to {end.isoformat()}",
                source=source,
                carried=carried,
            )
        )
        last = own.row(-1, named=True)
        left_office = last["enddate"]  # missing where the end was not known on the day of reading
        if left_office is not None and left_office < end and not (carried and left_office >= info.last):
            continue
        how = str(last["entry"]).lower()
        figures[actor].append(
            Figure(
                name=f"leader in office ({last['leader']}, {how} entry)",
                value=round((end - last["startdate"]).days / 365.25, 1),
                unit="years",
                dated=end.isoformat(),
                source=source,
                carried=carried,
            )
        )
