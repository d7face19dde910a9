"""Shared membership in organisations of at most 33 members, from acts of accession and withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import polars as pl

from legation.actors import members, organisations
from legation.relations.ties_table.origin import FACTS
from legation.relations.ties_table.rows import Built, Reader, finished

__all__ = ["LARGEST", "organisation_facts"]

LARGEST: Final = 33
"""Members at the organisation's largest; in larger ones two members need not have to do with each other."""


def organisation_facts(_: Reader) -> Iterator[Built]:
    """Yield from when to when two were members of the same organisation, which never had more than 33.

    The strength is that of the first day; memberships whose day is not known count as the record counts them: from the
    day on which both the organisation and the member exist.
    """
    rows = [row for organisation in organisations() for row in _spells(str(organisation.id))]
    columns = {"actor_a": pl.String, "actor_b": pl.String, "label": pl.String, "start": pl.Date, "end": pl.Date}
    frame = pl.DataFrame(rows, schema={**columns, "amount": pl.Float64}, orient="row").with_columns(
        precision=pl.lit("day"), strength=1 / pl.col("amount").sqrt(), known=pl.col("start")
    )
    yield Built(frame=finished(frame, kind="organisation", origin=FACTS), origin=FACTS)


def _spells(organisation: str) -> Iterator[tuple[str, str, str, date, date | None, float]]:
    """Yield the stretches of two members, read off the days on which the circle of members changes."""
    open_since: dict[tuple[str, str], tuple[date, float]] = {}
    circles = [(day, [str(member) for member in members(organisation, on=day)]) for day in _turning_days(organisation)]
    if max((len(circle) for _, circle in circles), default=0) > LARGEST:
        return  # one that shrinks begins no ties by shrinking
    for day, circle in circles:
        pairs = {(a, b) for place, a in enumerate(circle) for b in circle[place + 1 :]}
        for pair in sorted(open_since.keys() - pairs):
            start, size = open_since.pop(pair)
            yield (*pair, organisation, start, day - timedelta(days=1), size)
        for pair in pairs - open_since.keys():
            open_since[pair] = (day, float(len(circle)))
    for pair, (start, size) in sorted(open_since.items()):
        yield (*pair, organisation, start, None, size)


def _turning_days(organisation: str) -> list[date]:
    """Return the days on which the circle of members can change: joining, leaving, and the members' own existence."""
    from legation.actors import actor
    from legation.actors.memberships import load_memberships

    rows = [row for row in load_memberships() if str(row.organisation) == organisation]
    exist = [*actor(organisation).spells, *(spell for row in rows for spell in actor(row.member).spells)]
    starts = [row.start for row in rows] + [spell.start for spell in exist]
    ends = [row.end for row in rows] + [spell.end for spell in exist]
    after = {end + timedelta(days=1) for end in ends if end is not None}
    return sorted({start for start in starts if start is not None} | after)
