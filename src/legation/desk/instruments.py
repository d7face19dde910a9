"""The built-in instrument tree and how a desk's own instruments extend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from legation.desk.missions import Instrument

__all__ = ["BUILT_IN", "TALKS", "branch", "instrument_tree", "is_below", "is_humanitarian"]

_TREE: tuple[tuple[str, str, str | None], ...] = (
    ("presence", "Presence at the partner's", None),
    ("attache-position", "Attaché position", "presence"),
    ("liaison-officer", "Liaison officer", "presence"),
    ("exchange-officer", "Exchange officer", "presence"),
    ("talks", "Talks", None),
    ("visit", "Visit", "talks"),
    ("leader-visit", "Visit of a minister or chief of defence", "visit"),
    ("unit-visit", "Visit of a unit or delegation", "visit"),
    ("staff-talks", "Staff talks", "talks"),
    ("conference", "Conference", "talks"),
    ("negotiation", "Negotiation", "talks"),
    ("agreement-negotiation", "Negotiation of a defence agreement", "negotiation"),
    ("arms-control-negotiation", "Negotiation of arms control", "negotiation"),
    ("mediation", "Mediation", "talks"),
    ("cyber-dialogue", "Cyber dialogue", "talks"),
    ("emerging-technology", "Emerging-technology cooperation", "talks"),
    ("confidence", "Confidence and verification", None),
    ("ceasefire-monitoring", "Ceasefire monitoring", "confidence"),
    ("verification-inspection", "Verification and inspection", "confidence"),
    ("confidence-building", "Confidence-building measure", "confidence"),
    ("hotline", "Hotline", "confidence"),
    ("exercises", "Exercises and port calls", None),
    ("joint-exercise", "Joint exercise", "exercises"),
    ("port-call", "Port call", "exercises"),
    ("capacity", "Capacity building", None),
    ("training", "Training", "capacity"),
    ("staff-college", "Staff-college education", "capacity"),
    ("institution-building", "Institution building and security-sector reform", "capacity"),
    ("equipment-transfer", "Equipment transfer", "capacity"),
    ("information-sharing", "Information sharing", None),
    ("peace-operations", "Peace operations", None),
    ("peacekeeping", "Peacekeeping", "peace-operations"),
    ("humanitarian", "Humanitarian relief", None),
    ("medical-aid", "Medical aid", "humanitarian"),
    ("food-distribution", "Food distribution", "humanitarian"),
    ("disaster-relief", "Disaster relief", "humanitarian"),
    ("reconstruction", "Reconstruction", "humanitarian"),
    ("demining", "Demining", "humanitarian"),
    ("evacuation", "Evacuation of civilians", "humanitarian"),
)

BUILT_IN: Mapping[str, Instrument] = MappingProxyType(
    {
        name: Instrument(
            id=name, title=title, parent=parent, humanitarian=parent == "humanitarian" or name == "humanitarian"
        )
        for name, title, parent in _TREE
    }
)
"""Every built-in instrument by id."""

TALKS = "talks"


def instrument_tree(own: Iterable[Instrument] = ()) -> dict[str, Instrument]:
    """Give the built-in instruments with a desk's own added; an own one with a built-in's id replaces it."""
    return {**BUILT_IN, **{instrument.id: instrument for instrument in own}}


def branch(instrument: str, *, tree: Mapping[str, Instrument]) -> tuple[str, ...]:
    """Give the instrument and all above it, up to the root; a loop or an unknown parent ends the walk."""
    path: dict[str, None] = {}  # ordered, and quick to search: a hostile tree may be a chain of thousands
    current: str | None = instrument
    while current is not None and current not in path:
        path[current] = None
        current = tree[current].parent if current in tree else None
    return tuple(path)


def is_below(instrument: str, roots: Iterable[str], *, tree: Mapping[str, Instrument]) -> bool:
    """Say whether the instrument is one of the roots or lies in the branch below one."""
    return not set(roots).isdisjoint(branch(instrument, tree=tree))


def is_humanitarian(instrument: str, *, tree: Mapping[str, Instrument]) -> bool:
    """Say whether the instrument or one above it is humanitarian."""
    return any(tree[name].humanitarian for name in branch(instrument, tree=tree) if name in tree)
