"""What a change of plan costs those who already work to it, and how that grows as the day comes nearer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from legation.errors import InputError

__all__ = ["DisruptionWeights"]


@dataclass(frozen=True, kw_only=True)
class DisruptionWeights:
    """How much each kind of change disrupts; 1 is a mission dropped on the eve of its start.

    The defaults are a stated convention and no measurement: they order changes as a staff feels them.

    Attributes
    ----------
    dropped
        A mission of the old plan that the new one lacks.
    moved, mode
        A mission that starts in another month or is carried out in another mode; both add up. Its people are asked anew
        in any case, so persons are not counted beside a move.
    person
        Each place of an unmoved mission that is filled by another position.
    new
        A mission that the old plan lacks, at short notice.
    committed
        Factor on changes of missions whose status is committed: invitations are out.
    half_life
        Months of notice after which the part that fades is halved.
    floor
        Share that remains however long the notice; new missions have none of it, because with notice enough they
        disturb nobody.
    """

    dropped: float = 1.0
    moved: float = 0.5
    mode: float = 0.25
    person: float = 0.15
    new: float = 0.3
    committed: float = 2.0
    half_life: float = 3.0
    floor: float = 0.2

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isfinite(value) or value < 0 or (field.name == "half_life" and value <= 0):
                raise InputError(
                    f"The disruption weight {field.name} = {value} cannot be used.",
                    remedy="Give finite numbers of 0 or more, and a half-life above 0.",
                )
        if self.floor > 1:
            raise InputError(
                f"The disruption weight floor = {self.floor} cannot be used.", remedy="Give a share from 0 to 1."
            )

    def fading(self, months: ArrayLike) -> NDArray[np.float64]:
        """Give the share that a change has left with so many months of notice: 1 without any, halved by half-lives."""
        lead = np.maximum(np.asarray(months, float), 0.0)
        out: NDArray[np.float64] = 0.5 ** (lead / self.half_life)
        return out

    def notice(self, months: ArrayLike) -> NDArray[np.float64]:
        """Give the weight of a change of a promised mission that was to start in so many months."""
        out: NDArray[np.float64] = self.floor + (1.0 - self.floor) * self.fading(months)
        return out
