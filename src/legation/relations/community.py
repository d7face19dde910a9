"""Communities of security: how deep the institutions that two states share are, and how long they have shared them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.actors import memberships
from legation.actors.treaties import load_treaties
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
    "COE": 0.25,  # a common court, but its Statute, art. 1(d), leaves national defence out
    "CPLP": 0.25,
    "ECOWAS": 0.25,
    "OAS": 0.1,
    "PESCO": 0.25,
    "SADC": 0.25,
    "SICA": 0.25,
}
"""Depth of integration, by an organisation's founding acts: an assumption, graded by hand."""

_BILATERAL_DEFENCE: Final = 0.5
"""Depth of a bilateral treaty with a duty to defend: chosen partners, unlike the members of a wide pact."""

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
        Shape (n, n), in [0, 1], symmetric: the depth of the deepest institution of which both are members, or of a
        bilateral duty to defend, times 1 - 0.5 x 0.5 ^ (years / 10), where the years run from the later accession.
        Half of the depth counts at once, the rest as it ages (Deutsch 1957: communities grow). An accession without a
        known day counts as old.
    """
    best = np.zeros((len(actors), len(actors)))
    rows = [_held(actor, on) for actor in actors]
    for organisation, depth in DEPTH.items():
        place = np.array([number for number, held in enumerate(rows) if organisation in held], dtype=np.intp)
        if len(place) < 2:
            continue
        years = np.array([_years(rows[number][organisation].start, on) for number in place])
        weight = depth * _grown(np.minimum(years[:, None], years[None, :]))
        square = np.ix_(place, place)
        best[square] = np.maximum(best[square], weight)
    for one, other, years_bound in _bilateral(actors, on):
        weight = _BILATERAL_DEFENCE * _grown(np.array(years_bound))
        best[one, other] = best[other, one] = max(best[one, other], float(weight))
    np.fill_diagonal(best, 0.0)
    return best


def _years(start: date | None, on: date) -> float:
    """Return the years since a day; one that is not known counts as long ago."""
    return 100.0 if start is None else (on - start).days / 365.25


def _grown(years: Floats) -> Floats:
    """Return how much of an institution's depth counts after so many years."""
    grown: Floats = 1.0 - 0.5 * 0.5 ** (years / _HALF_GROWN)
    return grown


def _bilateral(actors: Sequence[str], on: date) -> Iterator[tuple[int, int, float]]:
    """Yield the places of two actors bound by a bilateral duty to defend, and the years since."""
    place = {actor: number for number, actor in enumerate(actors)}
    for treaty in load_treaties():
        first, second = treaty.parties
        if treaty.obligation == "defence" and first in place and second in place and treaty.covers(on):
            yield place[first], place[second], _years(treaty.in_force or treaty.signed, on)


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
