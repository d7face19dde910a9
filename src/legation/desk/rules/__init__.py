"""Every rule of a desk, and the check that reports all breaches at once."""

from __future__ import annotations

from collections.abc import Iterable

from legation.actors.types import Actor
from legation.desk.desk import KINDS, Desk
from legation.desk.faults import Fault
from legation.desk.rules import (
    aims,
    authorities,
    caps,
    constraints,
    context,
    dates,
    decisions,
    effects,
    humanitarian,
    languages,
    leads,
    missions,
    money,
    parties,
    people,
    plans,
    references,
    settings,
    staffing,
    structure,
    texts,
    travel,
    windows,
)
from legation.desk.rules.facts import ActorLookup, Facts
from legation.desk.rules.registry import RULES, Finding, Rule

__all__ = ["RULES", "TOPICS", "ActorLookup", "Rule", "check_desk"]

TOPICS = (
    structure, texts, references, parties, languages, dates, settings, aims, effects, missions, leads, windows,
    staffing, travel, people, money, authorities, constraints, caps, decisions, humanitarian, context, plans,
)  # fmt: skip
"""The modules that hold the rules, by topic; each one's first docstring line says what its rules keep."""

_PLACES = {kind: place for place, kind in enumerate(("desk", *KINDS))}


def check_desk(desk: Desk, *, actor_lookup: ActorLookup | None = None) -> tuple[Fault, ...]:
    """Find every fault of a desk; nothing is raised and nothing is changed.

    Parameters
    ----------
    desk
        The desk, from a folder, a store or made in Python; its fields may hold anything.
    actor_lookup
        Gives the actor with an identifier or raises `UnknownActorError`; `legation.actors.actor` by default.

    Returns
    -------
    tuple of Fault
        In the order of kinds, keys and rules, whatever the order of rows. Those with severity ``error`` keep the desk
        from being used; a desk whose own description cannot be read has no other faults reported.

    Examples
    --------
    >>> from legation.desk import Desk, DeskInfo, Goal
    >>> info = DeskInfo(id="tallinn", title="Estonia", observer="EST", start="2027-01", months=24, currency="EUR",
    ...                 price_year=2027)
    >>> for fault in check_desk(Desk(info=info, goals=(Goal(id="baltic", title="Baltic security", weight=0),))):
    ...     print(fault.rule, fault.message)
    goal-weights The weights of all goals are zero.
    """
    problem = structure.info_problem(desk)
    if problem is not None:
        finding = Finding(desk.info, problem)
        return (_fault(RULES["record-structure"], finding),)
    parts = structure.split(desk)
    facts = Facts(parts.desk, unsound=parts.unsound, suspects=parts.suspects, actor_lookup=actor_lookup or _known_actor)
    found = (_fault(rule, finding) for rule in RULES.values() for finding in rule.check(facts))
    return _in_order(found)


def _fault(rule: Rule, finding: Finding) -> Fault:
    return Fault(
        kind=finding.record.KIND,
        key=finding.record.key,
        rule=rule.code,
        message=finding.message,
        remedy=finding.remedy or rule.remedy,
        field=finding.field,
        severity=finding.severity or rule.severity,
    )


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Sort by kind, key and rule; rows that are equal give one fault."""
    return tuple(sorted(set(faults), key=lambda f: (_PLACES[f.kind], f.key, f.rule, f.field or "", f.message)))


def _known_actor(identifier: str) -> Actor:
    from legation.actors import actor

    return actor(identifier)
