"""How a third nation may react to a mission, and what the partner then does: random utilities in closed form.

Adversarial risk analysis (Rios Insua, Rios, Banks 2009; for two offers to one nation Caballero et al. 2023): the third
nation does what is best for it, but its preferences are known to us only as distributions. Each draw of its
preferences gives the probabilities of its choices by a logit; the draws give their ranges.

The partner of mission m accepts with probability p while nobody reacts. With odds o = p / (1 - p) on our offer against
none, an offer by the third nation with odds a against none leaves us ``o / (1 + o + a)`` and takes ``a / (1 + o + a)``.
A competing activity divides our odds by e^x, support multiplies them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError

__all__ = ["CHOICES", "Assumed", "Choice", "Draws", "Preferences", "Stakes", "after_choices", "choice_chances", "draw"]

Array = NDArray[np.float64]
Choice = Literal["stay_out", "small_counter_offer", "large_counter_offer", "competing_activity", "support"]
CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)

Interval = tuple[float, float]


class Assumed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is assumed about a third nation; every interval is a uniform distribution of what we do not know.

    The nation's gains and costs are on one scale: 1 is what it is worth to a sworn rival to see our most valuable
    mission fail.

    Attributes
    ----------
    spread
        How far its alignment with us and with the partner may be from what the relations say; where they say nothing,
        anything from -1 to 1.
    offer
        Log odds, against no offer at all, of the partner taking its offer of size 1, the relations being equal.
    pull
        How many log odds a unit of alignment with the partner is worth.
    sizes
        Of a small and of a large offer; odds and cost go with the size.
    gain
        What it gains if a partner close to it takes its offer.
    offer_cost, activity_cost, support_cost
        What an offer of size 1, a competing activity and support cost it.
    activity, support
        By how many log odds they lower or raise our offer's chance.
    noise
        Scale of what else moves it (logit).
    """

    spread: float = 0.25
    offer: Interval = (-1.5, 0.5)
    pull: float = 1.0
    sizes: Interval = (0.5, 1.5)
    gain: Interval = (0.0, 0.4)
    offer_cost: Interval = (0.1, 0.4)
    activity_cost: Interval = (0.1, 0.5)
    support_cost: Interval = (0.05, 0.3)
    activity: Interval = (0.0, 1.0)
    support: Interval = (0.0, 1.0)
    noise: float = 0.1
    draws: int = 1_000
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("offer", "sizes", "gain", "offer_cost", "activity_cost", "support_cost", "activity", "support"):
            low, high = getattr(self, name)
            if not (isfinite(low) and isfinite(high) and low <= high and abs(low) <= 50 and abs(high) <= 50):
                raise InputError(f"{name} is {low} to {high}.", remedy="Give a low and a high number from -50 to 50.")
            if name != "offer" and low < 0:
                raise InputError(f"{name} is {low} to {high}.", remedy="Give numbers that are not negative.")
        if not (0 <= self.spread <= 2 and 0 <= self.pull <= 20 and 1e-6 <= self.noise <= 100):
            raise InputError(
                f"spread {self.spread}, pull {self.pull} and noise {self.noise} cannot be used.",
                remedy="Give spread from 0 to 2, pull from 0 to 20, noise from 0.000001 to 100.",
            )
        if not 1 <= self.draws <= 1_000_000 or not 0 <= self.seed < 2**63:
            raise InputError(
                f"{self.draws} draws with seed {self.seed} cannot be made.",
                remedy="Give 1 to 1000000 draws and a seed from 0.",
            )


@dataclass(frozen=True, eq=False)
class Stakes:
    """What the third nation looks at, for each of m missions.

    Attributes
    ----------
    ours
        Our alignment with it, nan where unknown.
    theirs, with_partner
        Its and our alignment with the partner it would approach, shape (m,), nan where unknown.
    accept
        The partner's probability of accepting, shape (m,).
    stake
        What the mission is worth to us as a share of the most valuable one, shape (m,).
    """

    ours: float
    theirs: Array
    with_partner: Array
    accept: Array
    stake: Array


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of what we do not know: D of them; `against`, `theirs` and `ours` are still between -1 and 1.

    Attributes
    ----------
    against
        About our alignment with the nation, shape (D,).
    theirs, ours
        About its and our alignment with each partner, shape (D, partners).
    offer, gain, offer_cost, activity_cost, support_cost, activity, support
        As `Assumed` has them, shape (D,).
    """

    against: Array
    theirs: Array
    ours: Array
    offer: Array
    gain: Array
    offer_cost: Array
    activity_cost: Array
    support_cost: Array
    activity: Array
    support: Array


@dataclass(frozen=True, eq=False)
class Preferences:
    """What the draws say of the nation for m missions: against us (D,), close to and pulled by partners (D, m)."""

    drawn: Draws
    against: Array
    close: Array
    pulled: Array

    @classmethod
    def of(cls, assumed: Assumed, stakes: Stakes, drawn: Draws, *, partner: NDArray[np.int64]) -> Preferences:
        """Set the draws around what is known; `partner` numbers the partner of each mission, shape (m,)."""
        against = -_around(np.array([stakes.ours]), assumed.spread, drawn.against[:, None])[:, 0]
        close = _around(stakes.theirs, assumed.spread, drawn.theirs[:, partner])
        ours = _around(stakes.with_partner, assumed.spread, drawn.ours[:, partner])
        return cls(drawn, against, close, assumed.pull * (close - ours))


def draw(assumed: Assumed, *, partners: int) -> Draws:
    """Draw what we do not know about a nation and so many partners."""
    rng = np.random.default_rng(assumed.seed)
    count = assumed.draws

    def uniform(interval: Interval) -> Array:
        return rng.uniform(*interval, count)

    return Draws(
        offer=uniform(assumed.offer),
        gain=uniform(assumed.gain),
        offer_cost=uniform(assumed.offer_cost),
        activity_cost=uniform(assumed.activity_cost),
        support_cost=uniform(assumed.support_cost),
        activity=uniform(assumed.activity),
        support=uniform(assumed.support),
        against=rng.uniform(-1, 1, count),
        theirs=rng.uniform(-1, 1, (count, partners)),
        ours=rng.uniform(-1, 1, (count, partners)),
    )


def _around(known: Array, spread: float, unit: Array) -> Array:
    """Give values about what is known, and anything where nothing is, within [-1, 1], shape (D, m)."""
    unknown = np.isnan(known)
    return np.clip(np.where(unknown, unit, np.where(unknown, 0.0, known) + spread * unit), -1.0, 1.0)


def after_choices(assumed: Assumed, stakes: Stakes, preferences: Preferences) -> tuple[Array, Array]:
    """Give the partner's probability of accepting ours and of taking theirs after each choice, shapes (D, m, 5)."""
    p, drawn = stakes.accept[None, :], preferences.drawn
    ours = np.empty((*preferences.close.shape, len(CHOICES)))
    theirs = np.zeros_like(ours)
    ours[..., 0] = p
    for place, size in ((1, assumed.sizes[0]), (2, assumed.sizes[1])):
        odds = size * np.exp(drawn.offer[:, None] + preferences.pulled)
        # o / (1 + o + a) and a / (1 + o + a) with o = p / (1 - p), written so that p = 1 needs no division by 0
        ours[..., place] = p / (1.0 + (1.0 - p) * odds)
        theirs[..., place] = (1.0 - p) * odds / (1.0 + (1.0 - p) * odds)
    for place, change in ((3, -drawn.activity), (4, drawn.support)):
        factor = np.exp(change)[:, None]
        ours[..., place] = p / (p + (1.0 - p) / factor)
    return ours, theirs


def choice_chances(assumed: Assumed, stakes: Stakes, preferences: Preferences, *, ours: Array, theirs: Array) -> Array:
    """Give the probabilities of the third nation's choices for each draw and mission, shape (D, m, 5).

    Its utility of a choice is: how much it is against us, times the stake, times the share of our chance that the
    choice takes away; plus its gain if a partner close to it takes its offer; less the cost. Staying out is worth 0.
    """
    drawn = preferences.drawn
    worth = preferences.against[:, None] * stakes.stake[None, :]
    p = stakes.accept[None, :, None]
    spoiled = 1.0 - np.divide(ours, p, out=np.ones_like(ours), where=p > 0)
    value = worth[..., None] * spoiled
    interest = drawn.gain[:, None] * (1.0 + preferences.close) / 2.0
    value += interest[..., None] * theirs
    value[..., 1] -= (drawn.offer_cost * assumed.sizes[0])[:, None]
    value[..., 2] -= (drawn.offer_cost * assumed.sizes[1])[:, None]
    value[..., 3] -= drawn.activity_cost[:, None]
    value[..., 4] -= drawn.support_cost[:, None]
    scaled = value / assumed.noise
    scaled -= scaled.max(axis=-1, keepdims=True)
    odds = np.exp(scaled)
    result: Array = odds / odds.sum(axis=-1, keepdims=True)
    return result
