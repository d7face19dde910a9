"""What an owner will bear: caps on risk and on adverse spill-over."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from legation.desk.base import ActorRef, Id, Record, Text

__all__ = ["RiskCap", "SpillCap"]


class RiskCap(Record, frozen=True, kw_only=True):
    """The most risk, summed over chosen missions that meet every selector given, that the owner bears.

    An instrument stands for the whole branch below it; a cap without selectors holds for all missions together.
    """

    KIND: ClassVar[str] = "risk_caps"

    id: Id
    limit: Annotated[float, Meta(ge=0)]
    owner: Id
    partner: ActorRef | None = None
    place: ActorRef | None = None
    instrument: Id | None = None
    reason: Text = ""


class SpillCap(Record, frozen=True, kw_only=True):
    """The most that a plan may worsen the observer's relation with a third party, by spill-over alone.

    The limit is in units of alignment, the net over all chosen missions: what others mend offsets what one harms.
    """

    KIND: ClassVar[str] = "spill_caps"

    id: Id
    actor: ActorRef
    limit: Annotated[float, Meta(ge=0)]
    owner: Id
    reason: Text = ""
