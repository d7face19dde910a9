"""Communities of security: how deep the institutions that two states share are, and how long they have shared them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.actors import memberships
from legation.actors.types import Membership

__all__ = ["DEPTH", "community", "shared_small_groups"]

Floats = NDArray[np.float64]

DEPTH: Final[dict[str, float]] = {
    # common law above the members' own, common institutions that decide by majority, open borders
    "EU": 1.0,
    "EEC": 1.0,
    # a duty to defend each other with a standing common command or staff
    "NATO": 0.75,
    "WARSAW-PACT": 0.75,
    "WESTERN-UNION": 0.75,
    "WEU": 0.75,
    # a common court, market or standing defence cooperation, without a common command
    "ANZUS": 0.5,
    "CARICOM": 0.5,
    "COE": 0.5,
    "CSTO": 0.5,
    "FIVE-EYES": 0.5,
    "GCC": 0.5,
    "MERCOSUR": 0.5,
    "NORDEFCO": 0.5,
    "OECS": 0.5,
    "RSS": 0.5,
    # regular consultation on security with a peacekeeping or dispute mechanism of its own
    "ASEAN": 0.25,
    "AU": 0.1,
    "CIS": 0.25,
    "CPLP": 0.25,
    "ECOWAS": 0.25,
    "OAS": 0.1,
    "PESCO": 0.25,
    "SADC": 0.25,
    "SICA": 0.25,
}
"""Depth of integration, by an organisation's founding acts: an assumption, graded by hand."""

_HALF_GROWN: Final = 10.0  # years in which the second half of an institution's weight is half reached
_SMALL: Final = 33  # members; in larger ones two members need not have to do with each other


@lru_cache(maxsize=4096)
def _held(actor: str, on: date) -> dict[str, Membership]:
    return {str(row.organisation): row for row in memberships(actor, on=on) if row.status == "member"}


def community(actors: Sequence[str], *, on: date) -> Floats:
    """Return how deep a security community each pair of actors forms on a day.

    Returns
    -------
    Floats
        Shape (n, n), in [0, 1], symmetric: the depth of the deepest institution of which both are members times
        1 - 0.5 x 0.5 ^ (years / 10), where the years run from the later accession. Half of an institution's depth
        counts at once, the rest as it ages (Deutsch 1957: communities grow). An accession without a known day counts
        as old.
    """
    best = np.zeros((len(actors), len(actors)))
    rows = [_held(actor, on) for actor in actors]
    for organisation, depth in DEPTH.items():
        place = np.array([number for number, held in enumerate(rows) if organisation in held], dtype=np.intp)
        if len(place) < 2:
            continue
        starts = [rows[number][organisation].start for number in place]
        years = np.array([100.0 if start is None else (on - start).days / 365.25 for start in starts])
        shared = np.minimum(years[:, None], years[None, :])
        weight = depth * (1.0 - 0.5 * 0.5 ** (shared / _HALF_GROWN))
        square = np.ix_(place, place)
        best[square] = np.maximum(best[square], weight)
    np.fill_diagonal(best, 0.0)
    return best


def shared_small_groups(actors: Sequence[str], *, on: date) -> NDArray[np.bool_]:
    """Return which pairs of actors, shape (n, n), are together in an organisation of at most 33 members on a day."""
    from legation.actors import members

    rows = [_held(actor, on) for actor in actors]
    together = np.zeros((len(actors), len(actors)), dtype=bool)
    for organisation in sorted({name for held in rows for name in held}):
        if len(members(organisation, on=on)) > _SMALL:
            continue
        place = np.array([number for number, held in enumerate(rows) if organisation in held], dtype=np.intp)
        together[np.ix_(place, place)] = True
    return together
