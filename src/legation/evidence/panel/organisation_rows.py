"""Rows by organisation, and by member of one, from the dated memberships in Legation's own record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from legation.actors.memberships import load_memberships
from legation.actors.organisations import organisation, organisations
from legation.actors.types import Membership, Spell
from legation.errors import InputError
from legation.evidence.panel.clock import Ints, day_number, expand, first_of, last_of, year_of
from legation.evidence.panel.rows import Rows, time_keys
from legation.evidence.panel.systems import CODE
from legation.evidence.panel.types import Period, System

__all__ = ["membership_rows", "organisation_rows", "state_codes"]

_FAR = date(9000, 12, 31)


def _chosen(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(organisation(name).id for name in names) or tuple(found.id for found in organisations())


def _stretches(spells: Sequence[Spell], *, first: int, last: int) -> list[tuple[int, int]]:
    low, high = first_of(first), last_of(last)
    found = []
    for spell in spells or (Spell(),):
        start = max(low, day_number(spell.start)) if spell.start else low
        end = min(high, day_number(spell.end)) if spell.end else high
        if start <= end:
            found.append((start, end))
    return found


def organisation_rows(names: Sequence[str], *, system: System, period: Period, first: int, last: int) -> Rows:
    """Return one row per organisation and period in which it existed; all organisations when none is named."""
    chosen = _chosen(names)
    spells = [
        (name, *stretch) for name in chosen for stretch in _stretches(organisation(name).spells, first=first, last=last)
    ]
    who, held, day = _expanded(spells, period, what=f"organisation from {first} to {last}")
    year = held if period == "year" else year_of(day)
    return Rows(
        unit="organisation",
        period=period,
        system=system,
        directed=False,
        first=first,
        last=last,
        codes=np.array([0], dtype=np.int32),
        first_state=np.full(len(year), -1, dtype=np.int32),
        second_state=None,
        year=year,
        day=None if period == "year" else day,
        keys=pl.DataFrame({"organisation": [name for (name,) in who], **time_keys(period, year, held)}),
    )


def membership_rows(names: Sequence[str], *, system: System, period: Period, first: int, last: int) -> Rows:
    """Return one row per organisation, full member and period in which the membership held on at least one day."""
    chosen = set(_chosen(names))
    spells: list[tuple[tuple[str, str], int, int]] = []
    for row in load_memberships():
        if row.organisation in chosen and row.status == "member":
            spells += [((row.organisation, row.member), low, high) for low, high in _held(row, first=first, last=last)]
    spells.sort(key=lambda spell: (spell[0], spell[1]))
    who, held, day = _expanded([(*spell[0], *spell[1:]) for spell in spells], period, what="membership in that span")
    year = held if period == "year" else year_of(day)
    members = [member for _, member in who]
    code = state_codes(members, year if period == "year" else year_of(day), system)
    codes = np.unique(code[code >= 0]) if (code >= 0).any() else np.array([0], dtype=np.int32)
    return Rows(
        unit="membership",
        period=period,
        system=system,
        directed=False,
        first=first,
        last=last,
        codes=codes,
        first_state=np.where(code >= 0, np.searchsorted(codes, code), -1).astype(np.int32),
        second_state=None,
        year=year,
        day=None if period == "year" else day,
        keys=pl.DataFrame(
            {
                "organisation": [name for name, _ in who],
                "member": members,
                CODE[system]: pl.Series(code, dtype=pl.Int64).replace(-1, None),
                **time_keys(period, year, held),
            }
        ),
    )


def _held(row: Membership, *, first: int, last: int) -> list[tuple[int, int]]:
    """Return the stretches of a membership within the organisation's life, and the member's if no start is known."""
    from legation.actors import actor

    stretches = []
    own = _stretches((Spell(start=row.start, end=row.end),), first=first, last=last)
    lives = [_stretches(organisation(row.organisation).spells, first=first, last=last)]
    if row.start is None:
        lives.append(_stretches(actor(row.member).spells, first=first, last=last))
    stretches = own
    for life in lives:
        stretches = [(max(a, c), min(b, d)) for a, b in stretches for c, d in life if max(a, c) <= min(b, d)]
    return stretches


def _expanded(
    spells: Sequence[tuple[object, ...]], period: Period, *, what: str
) -> tuple[list[tuple[str, ...]], Ints, Ints]:
    if not spells:
        raise InputError(f"There is no {what}.", remedy="Name another span or other organisations.")
    start = np.array([spell[-2] for spell in spells], dtype=np.int32)
    end = np.array([spell[-1] for spell in spells], dtype=np.int32)
    which, held, day = expand(start, end, period)
    who = [tuple(str(part) for part in spells[place][:-2]) for place in which.tolist()]
    once = np.array(
        [place == 0 or who[place] != who[place - 1] or held[place] != held[place - 1] for place in range(len(who))]
    )
    return [name for name, kept in zip(who, once.tolist(), strict=True) if kept], held[once], day[once]


def state_codes(members: Sequence[str], year: Ints, system: System) -> Ints:
    """Return each member's number in a system in a year, -1 where it has none; the one held last in the year counts."""
    from legation.actors import actor

    cache: dict[tuple[str, int], int] = {}
    for key in set(zip(members, year.tolist(), strict=True)):
        name, at = key
        held = [
            code
            for code in actor(name).codes
            if code.system == system
            and (code.start or date.min) <= date(at, 12, 31)
            and (code.end or _FAR) >= date(at, 1, 1)
        ]
        cache[key] = int(max(held, key=lambda code: code.end or _FAR).code) if held else -1
    return np.array([cache[key] for key in zip(members, year.tolist(), strict=True)], dtype=np.int32)
