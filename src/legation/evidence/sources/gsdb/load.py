"""Sanctions: the cases as published, and one row for each sender and target, bodies resolved into their members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from legation.actors.lookup import actor as actor_by_id
from legation.actors.memberships import load_memberships
from legation.actors.types import ActorKind
from legation.evidence.description import SourceDescription
from legation.evidence.naming import UNREAD, actor_named, days_of, unread_rows
from legation.evidence.reading import SourceFiles

__all__ = ["Party", "load", "names_in", "parties"]

_KINDS = ("trade", "arms", "military", "financial", "travel", "other")
Gap = tuple[str, str, int, int]
"""A name that means no actor, the reason, and the first and last year of it."""


@dataclass(frozen=True)
class Party:
    """An actor on one side of a case, with the years in which it was; `body` is the body it was a member of."""

    actor: str
    first: int
    last: int
    body: str | None = None


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the cases, their senders and targets as actors, and the names that gave none."""
    cases = files.declared("gsdb")
    gaps: list[tuple[str, Gap]] = []
    rows = [row for case in cases.iter_rows(named=True) for row in _pairs(case, files.description, gaps)]
    schema: dict[str, pl.DataType] = {
        "case_id": pl.Int64(),
        "sender": pl.String(),
        "target": pl.String(),
        "begin": pl.Int16(),
        "end": pl.Int16(),
        "sender_body": pl.String(),
        "target_body": pl.String(),
        **dict.fromkeys(_KINDS, pl.Int8()),
        "ongoing": pl.Boolean(),
    }
    dyads = pl.DataFrame(rows, schema=schema, orient="row")
    return {"gsdb": cases, "gsdb_dyads": dyads, "gsdb_unread": _listed(gaps)}


def _pairs(
    case: dict[str, object], description: SourceDescription, gaps: list[tuple[str, Gap]]
) -> Iterator[tuple[object, ...]]:
    """Yield each sender and target of a case with the years in which both belonged to it."""
    begin, end = int(str(case["begin"])), int(str(case["end"]))
    sides: list[dict[str, Party]] = []
    for column in ("sanctioning_state", "sanctioned_state"):
        found, strange = parties(str(case[column]), begin, end, description=description)
        sides.append(found)
        gaps.extend((column, gap) for gap in strange)
    ongoing = "ongoing" in str(case["success"] or "")
    for sender in sides[0].values():
        for target in sides[1].values():
            first, last = max(sender.first, target.first), min(sender.last, target.last)
            if sender.actor != target.actor and first <= last:
                names = (sender.actor, target.actor, first, last, sender.body, target.body)
                yield (case["case_id"], *names, *(case[kind] for kind in _KINDS), ongoing)


def names_in(text: str, names: Mapping[str, str]) -> list[str]:
    """Split a list at its commas, but not inside a name that the description knows to hold one.

    Parameters
    ----------
    text
        Names separated by commas, such as ``Jordan, Yemen, North, Niger``.
    names
        The names that the description lists.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found: list[str] = []
    while parts:
        pair = ", ".join(parts[:2])
        taken = 2 if len(parts) > 1 and pair in names else 1
        found.append(pair if taken == 2 else parts[0])
        parts = parts[taken:]
    return found


def parties(
    text: str, begin: int, end: int, *, description: SourceDescription
) -> tuple[dict[str, Party], tuple[Gap, ...]]:
    """Return the actors that one side's text names, by id, and the names that mean none in some years.

    Each name is read in every year of the case. A body stands for itself and for each state in the years in which it
    was a member; an actor that is also named itself is a party in its own right.

    Parameters
    ----------
    text
        Names separated by commas.
    begin, end
        First and last year of the case.
    description
        The source's description, with its own table of names.
    """
    named: dict[str, Party] = {}
    gaps: list[Gap] = []
    for name in names_in(text, description.lookups.get("names", {})):
        years: dict[str, list[int]] = {}
        missing: dict[str, list[int]] = {}
        for year in range(begin, end + 1):
            actor, reason = actor_named(name, days=days_of(year), description=description)
            (missing if actor is None else years).setdefault(actor or reason, []).append(year)
        for actor, span in years.items():
            named[actor] = Party(actor, min(span), max(span))
        gaps.extend((name, reason, min(span), max(span)) for reason, span in missing.items())
    bodies = [one for one in named.values() if actor_by_id(one.actor).kind is ActorKind.ORGANISATION]
    return _members(bodies) | named, tuple(gaps)


def _members(bodies: Sequence[Party]) -> dict[str, Party]:
    """Return the members that bodies had in their years; of two bodies of a state the later one is named."""
    found: dict[str, Party] = {}
    for body in sorted(bodies, key=lambda one: one.first):
        for row in load_memberships():
            if row.organisation != body.actor or row.status not in {"member", "suspended"}:
                continue
            first = max(body.first, (row.start or date.min).year)
            last = min(body.last, (row.end or date.max).year)
            if first <= last:
                before = found.get(row.member, Party(row.member, first, last))
                span = min(before.first, first), max(before.last, last)
                found[row.member] = Party(row.member, *span, body.actor)
    return found


def _listed(gaps: Sequence[tuple[str, Gap]]) -> pl.DataFrame:
    """Return the names that gave no actor, one row for each reason, with the number of cases."""
    schema = {"column": pl.String, "value": pl.String, "reason": pl.String, "first": pl.Int16, "last": pl.Int16}
    rows = pl.DataFrame([(column, *gap) for column, gap in gaps], schema=schema, orient="row")
    counted = rows.group_by("column", "value", "reason").agg(
        pl.len().cast(pl.Int32).alias("rows"), pl.col("first").min(), pl.col("last").max()
    )
    return unread_rows(counted.with_columns(pl.lit("gsdb").alias("table")).select(*UNREAD))
