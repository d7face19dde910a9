"""Check a plan against every rule of its desk, record by record.

This is written from the desk's words alone and shares no code with the model, so that the two check each other. Nothing
is repaired: every broken rule is named with the missions concerned.
"""

from __future__ import annotations

from collections.abc import Sequence

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.planning.check.between import BETWEEN
from legation.planning.check.money import MONEY
from legation.planning.check.people import PEOPLE
from legation.planning.check.plan import Check
from legation.planning.check.timing import TIMING
from legation.planning.result import BrokenRule
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["broken_rules"]


def broken_rules(
    desk: Desk, entries: Sequence[Chosen], *, relations: RelationsSnapshot | None = None
) -> tuple[BrokenRule, ...]:
    """List every rule that a plan breaks, in words; empty where it keeps all of them.

    Parameters
    ----------
    desk
        The desk whose rules count.
    entries
        The plan; staff as ``role:position``.
    relations
        How actors stand; only caps on spill-over need them.

    Raises
    ------
    InputError
        When the desk caps spill-over and the relations are missing or do not hold the actor.
    """
    check = Check(desk, entries, relations)
    known = list(check.unknown())
    return tuple(known + [fault for rule in (*TIMING, *MONEY, *PEOPLE, *BETWEEN) for fault in rule(check)])
