"""Rules between missions: visits, order, exclusions, promises, limits on risk and spill-over."""

from __future__ import annotations

from collections.abc import Iterator

from legation.desk.instruments import is_below
from legation.planning.actor_words import actor_words
from legation.planning.check.plan import Check, broken, capital
from legation.planning.check.spill import spilled
from legation.planning.record_words import exclusion_words, mission_words, risk_cap_words, spill_cap_words
from legation.planning.result import BrokenRule

__all__ = ["BETWEEN"]


def _absorption(c: Check) -> Iterator[BrokenRule]:
    for row in c.desk.absorption:
        own = [
            entry
            for entry in c.entries
            if row.partner in entry.mission.partners
            and (not row.instruments or is_below(entry.mission.instrument, row.instruments, tree=c.tree))
        ]
        for first in sorted({entry.start for entry in own}):
            inside = [entry.id for entry in own if first <= entry.start < first + row.window_months]
            if len(inside) > row.missions:
                span = "month" if row.window_months == 1 else f"{row.window_months} months"
                taken = f"{actor_words(row.partner)} takes {row.missions} missions"
                words = f"{capital(taken)} in the {span} from {c.text(first)}, not {len(inside)}."
                yield broken("absorption", words, *inside, records=[row.id])
                break


def _order(c: Check) -> Iterator[BrokenRule]:
    for row in c.desk.prerequisites:
        later = c.by_mission.get(row.mission)
        if later is None or later.mission.status == "executing" or row.requires in c.done:
            continue
        before = c.by_mission.get(row.requires)
        if before is None:
            words = (
                f"{later.mission.title!r} needs {mission_words(c.desk, row.requires)} first, which is not in the plan."
            )
            yield broken("prerequisite", words, row.mission, records=[row.key])
        elif before.end + row.lag_months >= later.start:
            lag = f"has ended for {row.lag_months} full months"
            words = f"{later.mission.title!r} starts before {before.mission.title!r} {lag}."
            yield broken("prerequisite", words, row.mission, row.requires, records=[row.key])


def _exclusions(c: Check) -> Iterator[BrokenRule]:
    for row in c.desk.exclusions:
        own = sorted(set(row.missions) & c.by_mission.keys())
        if len(own) > 1:
            names = ", ".join(mission_words(c.desk, name) for name in own)
            words = f"The plan holds {names}; allowed is {exclusion_words(c.desk, row)}."
            yield broken("exclusion", words, *own, records=[row.id])


def _promises(c: Check) -> Iterator[BrokenRule]:
    for row in c.desk.commitments:
        due = c.month(row.due)
        if row.status != "open" or not row.missions or due >= c.desk.info.months:
            continue
        ended = {name for name in set(row.missions) & c.by_mission.keys() if c.by_mission[name].end <= due}
        kept = len(ended | (set(row.missions) & c.done))
        if kept < row.count:
            words = f"Commitment {row.title!r} asks for {row.count} missions by {row.due}; the plan has {kept}."
            yield broken("commitment", words, *row.missions, records=[row.id])


def _risk(c: Check) -> Iterator[BrokenRule]:
    limit = c.desk.info.settings.risk_limit
    total = sum(entry.mode.risk for entry in c.entries)
    if limit is not None and total > limit + 1e-6:
        yield broken("risk_limit", f"The plan's risk of {total:.3f} is above the limit of {limit:g}.")


def _risk_caps(c: Check) -> Iterator[BrokenRule]:
    for cap in c.desk.risk_caps:
        own = [
            entry
            for entry in c.entries
            if cap.partner in {None, *entry.mission.partners}
            and cap.place in {None, entry.mission.place}
            and (cap.instrument is None or is_below(entry.mission.instrument, [cap.instrument], tree=c.tree))
        ]
        total = sum(entry.mode.risk for entry in own)
        if total > cap.limit + 1e-6:
            words = f"{capital(risk_cap_words(c.desk, cap))}, is {total:.3f} in sum and may be {cap.limit:g}."
            yield broken("risk_cap", words, *(entry.id for entry in own), records=[cap.id])


def _spill_caps(c: Check) -> Iterator[BrokenRule]:
    for cap in c.desk.spill_caps:
        worse = -spilled(c, cap)
        if worse > cap.limit + 1e-6:
            words = f"{capital(spill_cap_words(c.desk, cap))}, is {worse:.4f} and may be {cap.limit:g}."
            yield broken("spill_cap", words, *(entry.id for entry in c.entries), records=[cap.id])


BETWEEN = (_absorption, _order, _exclusions, _promises, _risk, _risk_caps, _spill_caps)
"""The rules, in the order in which they are reported."""
