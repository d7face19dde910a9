"""What a record names exists: records, modes of missions, instruments."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from legation.desk.base import Record
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, quoted, rule

__all__ = ["MODE_FIELDS", "REFERENCES"]

REFERENCES: dict[tuple[str, str], tuple[str, ...]] = {
    ("desk", "label"): ("labels",),
    ("goals", "owner"): ("positions",),
    ("goals", "label"): ("labels",),
    ("objectives", "parent"): ("goals", "objectives"),
    ("objectives", "owner"): ("positions",),
    ("objectives", "label"): ("labels",),
    ("links", "source"): ("objectives",),
    ("links", "target"): ("objectives",),
    ("indicators", "objective"): ("objectives",),
    ("indicators", "label"): ("labels",),
    ("instruments", "parent"): ("instruments",),
    ("activities", "label"): ("labels",),
    ("missions", "instrument"): ("instruments",),
    ("missions", "owner"): ("positions",),
    ("missions", "risk_owner"): ("positions",),
    ("missions", "authority"): ("authorities",),
    ("missions", "meant_during"): ("activities",),
    ("missions", "label"): ("labels",),
    ("leads", "mission"): ("missions",),
    ("modes", "mission"): ("missions",),
    ("modes", "authority"): ("authorities",),
    ("costs", "mission"): ("missions",),
    ("costs", "budget"): ("budgets",),
    ("staff_needs", "mission"): ("missions",),
    ("staff_needs", "position"): ("positions",),
    ("effects", "mission"): ("missions",),
    ("effects", "activity"): ("activities",),
    ("effects", "objective"): ("objectives",),
    ("effects", "indicator"): ("indicators",),
    ("windows", "mission"): ("missions",),
    ("positions", "reports_to"): ("positions",),
    ("positions", "label"): ("labels",),
    ("persons", "label"): ("labels",),
    ("holders", "position"): ("positions",),
    ("holders", "person"): ("persons",),
    ("absences", "position"): ("positions",),
    ("budgets", "owner"): ("positions",),
    ("budgets", "label"): ("labels",),
    ("allotments", "budget"): ("budgets",),
    ("authorities", "instruments"): ("instruments",),
    ("authorities", "budgets"): ("budgets",),
    ("authorities", "holder"): ("positions",),
    ("prerequisites", "mission"): ("missions",),
    ("prerequisites", "requires"): ("missions",),
    ("exclusions", "missions"): ("missions",),
    ("synergies", "missions"): ("missions",),
    ("synergies", "objective"): ("objectives",),
    ("bans", "instruments"): ("instruments",),
    ("sanctions", "forbids"): ("instruments",),
    ("gates", "missions"): ("missions",),
    ("gates", "owner"): ("positions",),
    ("willingness", "mission"): ("missions",),
    ("willingness", "instrument"): ("instruments",),
    ("absorption", "instruments"): ("instruments",),
    ("safety_limits", "owner"): ("positions",),
    ("risk_caps", "owner"): ("positions",),
    ("risk_caps", "instrument"): ("instruments",),
    ("spill_caps", "owner"): ("positions",),
    ("pins", "mission"): ("missions",),
    ("commitments", "missions"): ("missions",),
    ("commitments", "agreement"): ("agreements",),
    ("commitments", "label"): ("labels",),
    ("agreements", "label"): ("labels",),
    ("duties", "activity"): ("activities",),
    ("duties", "mission"): ("missions",),
    ("duties", "agreement"): ("agreements",),
    ("duties", "owner"): ("positions",),
    ("duties", "label"): ("labels",),
    ("reports", "author"): ("positions",),
    ("reports", "mission"): ("missions",),
    ("reports", "label"): ("labels",),
    ("judgements", "label"): ("labels",),
    ("plans", "label"): ("labels",),
    ("plan_entries", "plan"): ("plans",),
    ("plan_entries", "mission"): ("missions",),
}
"""For each field that names a record, the kinds it may be of."""

MODE_FIELDS = ("costs", "staff_needs", "effects", "windows", "pins", "plan_entries")
"""Kinds whose `mode` belongs to their `mission`."""

_COMPARISONS = 200_000
"""Names compared for all suggestions of one check; a desk with thousands of wrong names must not take minutes."""


@rule(
    "reference-exists",
    "What a field names is a record of the desk.",
    remedy="Add the record, or correct the name.",
)
def reference_exists(facts: Facts) -> Findings:
    """A reference to nothing would drop silently out of every sum: a cost without a budget would be free."""
    hints = _Hints()
    for (kind, field), targets in REFERENCES.items():
        known = frozenset[str]().union(*(facts.known(target) for target in targets))
        for record, name in _missing(facts, kind, field, known):
            remedy = hints.remedy(name, known=known, kinds=targets)
            yield Finding(record, f"{field} {quoted(name)} is not in {_either(targets)}.", field, remedy)


def _missing(facts: Facts, kind: str, field: str, known: frozenset[str]) -> Iterator[tuple[Record, str]]:
    for record in (facts.desk.info,) if kind == "desk" else facts.desk.records(kind):
        value = getattr(record, field)
        if value is None:
            continue
        for name in value if isinstance(value, tuple) else (value,):
            if name not in known:
                yield record, name


def _either(kinds: Iterable[str]) -> str:
    return " or ".join(kinds)


@rule(
    "mode-of-mission",
    "A mode that a record names is a mode of the mission that it names.",
    remedy="Add the mode to the mission, or name one that it has.",
)
def mode_of_mission(facts: Facts) -> Findings:
    """Modes are named within their mission; the same name may be another mode of another mission."""
    pairs, missions = facts.mode_pairs, facts.known("missions")
    for kind in MODE_FIELDS:
        for record in facts.desk.records(kind):
            mode = record.mode
            if mode is not None and (record.mission, mode) not in pairs and record.mission in missions:
                yield _no_mode(facts, record, mission=record.mission, mode=mode)
    for mission in facts.desk.missions:
        if mission.mode is not None and (mission.id, mission.mode) not in pairs:
            yield _no_mode(facts, mission, mission=mission.id, mode=mission.mode)


def _no_mode(facts: Facts, record: Record, *, mission: str, mode: str) -> Finding:
    held = ", ".join(sorted(found.id for found in facts.modes_of.get(mission, ()))[:10])
    remedy = f"Name one of its modes: {held}." if held else None
    return Finding(record, f"Mission {mission} has no mode {quoted(mode)}.", "mode", remedy)


class _Hints:
    """Names that look like a missing one, until the number of comparisons for one check is used up."""

    def __init__(self) -> None:
        self._left = _COMPARISONS
        self._found: dict[tuple[str, tuple[str, ...]], str | None] = {}

    def remedy(self, name: str, *, known: frozenset[str], kinds: tuple[str, ...]) -> str | None:
        key = (name, kinds)
        if key not in self._found:
            self._found[key] = self._close(name, known)
        return self._found[key]

    def _close(self, name: str, known: frozenset[str]) -> str | None:
        if len(known) > self._left:
            return None
        self._left -= len(known)
        close = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.7)
        return f"Write {' or '.join(close)}, or add {name}." if close else None
