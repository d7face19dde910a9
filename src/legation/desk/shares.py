"""What the observer itself pays of a mission that others lead with it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from legation.desk.desk import Desk
from legation.desk.missions import Cost

__all__ = ["OwnShares"]


class OwnShares:
    """The observer's share of each mission's whole cost: what the leads' shares leave of it, exactly."""

    def __init__(self, desk: Desk) -> None:
        borne: defaultdict[str, Decimal] = defaultdict(Decimal)
        for lead in desk.leads:
            borne[lead.mission] += Decimal(repr(lead.share))
        self._borne = dict(borne)

    def of(self, cost: Cost) -> Decimal:
        """Give the observer's part of a cost in the cost's own currency and prices."""
        if cost.covers == "own":
            return cost.amount
        return cost.amount * max(Decimal(0), 1 - self._borne.get(cost.mission, Decimal(0)))
