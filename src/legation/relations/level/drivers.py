"""Tension and alignment of dyads from evidence at hand, each with named drivers that add up to it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.relations.types import Driver

__all__ = [
    "ALIGNMENT_WEIGHTS",
    "TENSION_WEIGHTS",
    "DyadEvidence",
    "Parts",
    "alignment_parts",
    "directed_threat",
    "drivers_of",
    "fade",
    "tension_parts",
]

Floats = NDArray[np.float64]

TENSION_WEIGHTS: Final[Mapping[str, Mapping[str, float]]] = {
    "divergent_agendas": {"ideal_point_gap": 0.15, "votes_apart": 0.15},
    "posturing": {"exercises_against": 0.05, "material_conflict": 0.15, "arms_race": 0.10},
    "grievances_and_claims": {"rivalry": 0.30, "disputes": 0.35, "war": 0.35, "territorial_threat": 0.10},
    "hostile_messages": {"verbal_conflict": 0.15},
    "sanctions": {"sanctions": 0.20},
}
"""Drivers of tension, each of its items with the most that the item can raise tension by when nothing else does."""

ALIGNMENT_WEIGHTS: Final[Mapping[str, float]] = {
    "votes": 0.25,
    "treaty": 0.25,
    "agreements": 0.10,
    "exercises": 0.10,
    "training": 0.05,
    "troops": 0.05,
    "missions": 0.05,
    "aid": 0.05,
    "organisations": 0.10,
}
"""Parts of alignment with their weights; they sum to 1. Weights of what is not held are shared among the rest."""

WORDS: Final[Mapping[str, str]] = {
    "ideal_point_gap": "ideal points in the UN General Assembly far apart",
    "votes_apart": "votes in the UN General Assembly further apart than usual for the two",
    "exercises_against": "large exercises of one near the other",
    "material_conflict": "material conflict in events between the two",
    "arms_race": "an arms race",
    "rivalry": "a strategic rivalry",
    "disputes": "militarised disputes",
    "war": "a war",
    "territorial_threat": "threat to territory",
    "verbal_conflict": "hostile messages in events between the two",
    "sanctions": "sanctions of one against the other",
    "votes": "votes in the UN General Assembly against what is usual for the two",
    "treaty": "defence treaties and agreements in force",
    "agreements": "defence cooperation agreements",
    "exercises": "exercises together",
    "training": "training of one's forces by the other",
    "troops": "troops of one hosted by the other",
    "missions": "embassies and diplomatic missions",
    "aid": "aid from one to the other",
    "organisations": "organisations in common",
}
"""Each item in words."""

_SD: Final = 0.15  # the weights are judgement: one standard deviation of a part, as a share of its weight
_CARRIED_SD: Final = 0.05  # per root year that an item was carried
_NOT_HELD_SD: Final = 0.25  # an item that is not held could be anything up to its weight
_Z90: Final = 1.645
_BESIDE: Final = frozenset({"carried", "years", "sources"})
_NEARNESS_KM: Final = 5000.0
_UNKNOWN_NEARNESS: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class DyadEvidence:
    """What is known of k dyads at a date; every array has shape (k,), nan where a dyad has no figure.

    None says that no source of the item is held: the item is named as such and never counts as zero. All values but
    `votes` lie in [0, 1]; `votes` lies in [-1, 1], agreement centred on what is usual for the two.

    Tension: `ideal_point_gap` (distance of ideal points over four standard deviations), `exercises_against` (large
    exercises of one near the other), `material_conflict` and `verbal_conflict` (shares of events between the two),
    `arms_race`, `rivalry`, `disputes`, `war` (each faded with the years since), `territorial_threat`, `sanctions`.
    Alignment: `treaty` (1 defence pact, 1/2 agreement), `agreements`, `exercises`, `training`, `troops`, `missions`,
    `aid`, `organisations`. By item, `carried` gives the years for which its figure was carried forward and `years` the
    year it speaks of, shape (k,); `sources` the citation of its source.
    """

    votes: Floats | None = None
    ideal_point_gap: Floats | None = None
    exercises_against: Floats | None = None
    material_conflict: Floats | None = None
    verbal_conflict: Floats | None = None
    arms_race: Floats | None = None
    rivalry: Floats | None = None
    disputes: Floats | None = None
    war: Floats | None = None
    territorial_threat: Floats | None = None
    sanctions: Floats | None = None
    treaty: Floats | None = None
    agreements: Floats | None = None
    exercises: Floats | None = None
    training: Floats | None = None
    troops: Floats | None = None
    missions: Floats | None = None
    aid: Floats | None = None
    organisations: Floats | None = None
    carried: Mapping[str, Floats] | None = None
    years: Mapping[str, Floats] | None = None
    sources: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        """Hold every item to its range and length.

        Raises
        ------
        InputError
            When an item is out of its range, or not as long as the others.
        """
        held = self.items()
        if not held:
            raise InputError("No item of evidence is held.", remedy="Give at least one item.")
        beside = (*(self.carried or {}).values(), *(self.years or {}).values())
        lengths = {len(values) for values in (*held.values(), *beside)}
        if len(lengths) > 1:
            raise InputError(f"Items are of different lengths: {sorted(lengths)}.", remedy="Give one value a dyad.")
        for name, values in held.items():
            low = -1.0 if name == "votes" else 0.0
            wrong = (values < low) | (values > 1.0) | np.isinf(values)
            if wrong.any():
                raise InputError(
                    f"{values[np.flatnonzero(wrong)[0]]!r} is no value of {name}.",
                    remedy=f"Scale it to [{low:g}, 1]; leave it out (nan) where it is not known.",
                )
        told = {*(self.carried or {}), *(self.years or {}), *(self.sources or {})}
        strange = sorted(told - set(held))
        if strange:
            raise InputError(f"{', '.join(strange)} has a date or source but no figure.", remedy="Name items held.")

    def items(self) -> dict[str, Floats]:
        """Return the items that are held."""
        named = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _BESIDE}
        return {name: np.asarray(values, dtype=np.float64) for name, values in named.items() if values is not None}


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A figure of k dyads with its parts, arrays of shape (k,).

    `parts` sum to `value` exactly, dyad by dyad; `items` are the parts of the parts, and sum to it as well. `low` and
    `high` are the ends of a 90 % interval that assumes the weights. `not_held` names items without a source; `unknown`
    says, by item that is held, for which dyads it has no figure. `value` is nan where nothing at all is known.
    """

    value: Floats
    low: Floats
    high: Floats
    parts: Mapping[str, Floats]
    items: Mapping[str, Floats]
    not_held: tuple[str, ...]
    unknown: Mapping[str, NDArray[np.bool_]]


def fade(years: Floats, *, half_life: float) -> Floats:
    """Return the weight of what ended so many years ago: 1 now, one half after the half-life."""
    weight: Floats = 0.5 ** (np.maximum(years, 0.0) / half_life)
    return weight


def tension_parts(evidence: DyadEvidence) -> Parts:
    """Return tension in [0, 1] and what drives it.

    Each item i raises tension by at most its weight: x_i = weight_i value_i. They combine as 1 - prod(1 - x_i), so that
    tension stays below 1 and a second grievance adds less than the first. The gap between that and the sum is shared
    out in proportion to -log(1 - x_i): the shares add up to tension exactly, keep the order of the items, and do not
    depend on the order in which they are taken.

    Returns
    -------
    Parts
        Five drivers: divergent agendas, posturing, grievances and claims, hostile messages, sanctions.
    """
    weights = {name: weight for group in TENSION_WEIGHTS.values() for name, weight in group.items()}
    held = evidence.items()
    given = {
        name: _apart(held["votes"]) if name == "votes_apart" and "votes" in held else held.get(name) for name in weights
    }
    present = {name: values for name, values in given.items() if values is not None}
    shape = len(next(iter(held.values())))
    logs = {name: -np.log1p(-weights[name] * np.nan_to_num(values, nan=0.0)) for name, values in present.items()}
    total = np.sum(list(logs.values()), axis=0) if logs else np.zeros(shape)
    tension = -np.expm1(-total)
    scale = np.divide(tension, total, out=np.zeros(shape), where=total > 0)
    items = {name: scale * values for name, values in logs.items()}
    parts = {
        driver: np.sum([items[name] for name in group if name in items], axis=0)
        for driver, group in TENSION_WEIGHTS.items()
        if any(name in items for name in group)
    }
    variance = _variance(weights, present, evidence, shape, slope=1.0 - tension)
    return _parts(tension, variance, parts=parts, items=items, present=present, weights=weights, low=0.0)


def alignment_parts(evidence: DyadEvidence) -> Parts:
    """Return alignment in [-1, 1] and its parts.

    A weighted mean of what is known of the dyad: weights of items that are not held, or not known of the dyad, are
    shared among the rest. Each part is weight x value over the sum of the weights known, so parts add up exactly.
    """
    weights = dict(ALIGNMENT_WEIGHTS)
    held = evidence.items()
    present = {name: held[name] for name in weights if name in held}
    shape = len(next(iter(held.values())))
    known = np.zeros(shape)
    for name, values in present.items():
        known = known + weights[name] * ~np.isnan(values)
    items = {
        name: np.divide(weights[name] * np.nan_to_num(values, nan=0.0), known, out=np.zeros(shape), where=known > 0)
        for name, values in present.items()
    }
    alignment = np.sum(list(items.values()), axis=0) if items else np.zeros(shape)
    variance = _variance(weights, present, evidence, shape, slope=np.ones(shape))
    return _parts(alignment, variance, parts=items, items=items, present=present, weights=weights, low=-1.0)


def drivers_of(parts: Parts, evidence: DyadEvidence, *, row: int) -> tuple[Driver, ...]:
    """Return the items of one dyad's figure that are not zero, the largest first, each with source, year and age.

    Their values add up to the figure. `name` is `driver.item` for tension, the item for alignment.
    """
    values = {name: float(each[row]) for name, each in parts.items.items() if each[row] != 0}
    total = sum(abs(value) for value in values.values())
    group_of = {name: group for group, names in TENSION_WEIGHTS.items() for name in names}
    found = []
    for name in sorted(values, key=lambda each: (-abs(values[each]), each)):
        item = "votes" if name == "votes_apart" else name
        year = (evidence.years or {}).get(item)
        carried = (evidence.carried or {}).get(item)
        of_tension = name in group_of and name not in ALIGNMENT_WEIGHTS
        found.append(
            Driver(
                name=f"{group_of[name]}.{name}" if of_tension else name,
                value=values[name],
                share=abs(values[name]) / total,
                text=WORDS[name],
                source=(evidence.sources or {}).get(item, ""),
                year=None if year is None or np.isnan(year[row]) else int(year[row]),
                carried=carried is not None and bool(carried[row] > 0),
            )
        )
    return tuple(found)


def directed_threat(
    tension: Floats, *, strength_a: Floats, strength_b: Floats, distance_km: Floats, contiguous: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return the threat of a to b and of b to a, in [0, 1]: tension times relative strength times nearness.

    Parameters
    ----------
    tension
        In [0, 1], shape (k,).
    strength_a, strength_b
        Any figure of both that means the same: composite capability, forces; nan where not known.
    distance_km
        Between the two; nan where not known, which counts as nearness of one half.
    contiguous
        Whether they share a border: then nearness is 1, else exp(-distance / 5,000 km).

    Returns
    -------
    tuple
        Two arrays of shape (k,), nan where a strength or the tension is not known, or both strengths are zero.
    """
    both = strength_a + strength_b
    share = np.divide(strength_a, both, out=np.full(len(tension), np.nan), where=both > 0)
    far = np.where(np.isnan(distance_km), _UNKNOWN_NEARNESS, np.exp(-distance_km / _NEARNESS_KM))
    near = np.where(contiguous, 1.0, far)
    return tension * near * share, tension * near * (1.0 - share)


def _apart(votes: Floats) -> Floats:
    return np.where(np.isnan(votes), np.nan, np.maximum(0.0, -votes))


def _variance(
    weights: Mapping[str, float], present: Mapping[str, Floats], evidence: DyadEvidence, shape: int, *, slope: Floats
) -> Floats:
    """Return the variance of a figure: judged weights, carried figures, and items of which nothing is known."""
    variance = np.zeros(shape)
    carried = evidence.carried or {}
    for name, weight in weights.items():
        values = present.get(name)
        if values is None:
            variance = variance + (weight * _NOT_HELD_SD) ** 2
            continue
        source = "votes" if name == "votes_apart" else name
        years = np.nan_to_num(np.asarray(carried.get(source, np.zeros(shape)), dtype=np.float64), nan=0.0)
        sure = (weight * _SD * np.nan_to_num(values, nan=0.0)) ** 2 + (weight * _CARRIED_SD) ** 2 * years
        variance = variance + np.where(np.isnan(values), (weight * _NOT_HELD_SD) ** 2, sure)
    scaled: Floats = variance * slope**2
    return scaled


def _parts(
    value: Floats,
    variance: Floats,
    *,
    parts: Mapping[str, Floats],
    items: Mapping[str, Floats],
    present: Mapping[str, Floats],
    weights: Mapping[str, float],
    low: float,
) -> Parts:
    unknown = {name: np.isnan(values) for name, values in present.items()}
    nothing = np.all(list(unknown.values()), axis=0) if unknown else np.ones(len(value), dtype=bool)
    spread = _Z90 * np.sqrt(variance)
    return Parts(
        value=np.where(nothing, np.nan, value),
        low=np.where(nothing, np.nan, np.maximum(low, value - spread)),
        high=np.where(nothing, np.nan, np.minimum(1.0, value + spread)),
        parts=parts,
        items=items,
        not_held=tuple(name for name in weights if name not in present),
        unknown={name: rows for name, rows in unknown.items() if rows.any()},
    )
