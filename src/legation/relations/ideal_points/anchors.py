"""Which actors fix the sign of the scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from legation.errors import InputError

__all__ = ["Anchors"]

# The United States, Canada, the United Kingdom and Israel; the Soviet Union or Russia and East Germany: as Correlates
# of War codes and as ids. Bailey, Strezhnev and Voeten (2017) start their sampler from the same six.
_POSITIVE = ("2", "20", "200", "666", "USA", "CAN", "GBR", "ISR")
_NEGATIVE = ("365", "265", "RUS", "SUN", "DDR")


@dataclass(frozen=True, kw_only=True)
class Anchors:
    """Actors known to stand on either side; they choose the sign of the scale and nothing else.

    Parameters
    ----------
    positive, negative
        Actors as the table of votes names them.
    """

    positive: tuple[str, ...] = _POSITIVE
    negative: tuple[str, ...] = _NEGATIVE

    def sides(self, actors: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return 1, -1 or 0 for each actor.

        Raises
        ------
        InputError
            When none of the anchors is there, or one is on both sides.
        """
        both = sorted(set(self.positive) & set(self.negative))
        if both:
            raise InputError(f"Anchor {both[0]} is on both sides.", remedy="Name it as positive or as negative.")
        sides = np.array([(name in self.positive) - (name in self.negative) for name in actors], dtype=np.float64)
        if not sides.any():
            raise InputError(
                f"None of the anchors {', '.join((*self.positive, *self.negative))} votes in this table, so the sign "
                "of the scale is open.",
                remedy="Name an actor of the positive side with --sign, as the table names it.",
            )
        return sides
