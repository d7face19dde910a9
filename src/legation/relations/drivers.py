"""The named parts of a figure, with the words, source and year of the evidence that each rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from legation.relations.gather import Gathered, session_at
from legation.relations.types import Driver

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["ACTS", "drivers_of", "rounded"]

ACTS = "acts of accession and treaties, written by hand with their references"
_DECIMALS = 4
_TIE_KINDS = {
    "grievances_and_claims": ("rivalry", "claim"),
    "claims": (),
    "posturing": ("dispute",),
    "sanctions": ("sanction",),
}
_DRIVER_WORDS = {
    "interstate_conflict": "armed conflict between the two",
    "votes_apart": "votes in the UN General Assembly further apart than usual for the two",
    "opposing_troops": "troops of one supported the opponents of the other",
    "conflict_with_ally": "one fights a party that the other is bound to by treaty",
    "violence_next_door": "deadly violence on one side of the common border",
    "votes": "votes in the UN General Assembly against what is usual for the two",
    "treaty": "defence treaties and agreements in force",
    "organisations": "organisations in common, small ones weighing more",
    "side_by_side": "troops on the same side in armed conflict",
    "hostility": "armed conflict between the two, troops with the other's opponents, or claims",
    "divergent_agendas": "ideal points in the UN General Assembly further apart than usual",
    "grievances_and_claims": "claims, ruptures or rivalry between the two",
    "posturing": "threats, shows or uses of force against each other",
    "sanctions": "sanctions of one on the other",
    "hostile_messages": "hostile messages between the two",
    "community": "security institutions that both are members of, and for how long",
    "neighbours": "neighbours without a deep community",
    "claims": "claims or ruptures on record",
    "enmity": "fighting each other or the other's opponents, remembered for decades",
    "tension": "the tension above, twice, and what votes add to it once",
}


def rounded(value: float) -> float:
    """Return a figure with four decimals, and no negative zero."""
    return round(float(value), _DECIMALS) + 0.0


def drivers_of(
    parts: Mapping[str, np.ndarray],
    gathered: Gathered,
    world: World,
    as_of: date,
) -> tuple[Driver, ...]:
    """Return the parts of a figure that are not zero, the largest first."""
    values = {name: float(part[0]) for name, part in parts.items()}
    total = sum(abs(value) for value in values.values())
    ordered = sorted((name for name, value in values.items() if value != 0), key=lambda name: -abs(values[name]))
    shown = _adding_up([values[name] for name in ordered])
    return tuple(
        _driver(name, value, abs(values[name]) / total, gathered, world, as_of)
        for name, value in zip(ordered, shown, strict=True)
    )


def _adding_up(values: Sequence[float]) -> list[float]:
    """Round figures to four decimals so that they add up to their rounded sum: those next to a half give way."""
    exact = [value * 10**_DECIMALS for value in values]
    units = [round(value) for value in exact]
    missing = round(sum(exact)) - sum(units)
    step = 1 if missing > 0 else -1
    nearest = sorted(range(len(units)), key=lambda place: step * (units[place] - exact[place]))
    for place in nearest[: abs(missing)]:
        units[place] += step
    return [unit / 10**_DECIMALS for unit in units]


def _driver(name: str, value: float, share: float, gathered: Gathered, world: World, as_of: date) -> Driver:  # noqa: PLR0917
    evidence = _evidence_of(name, gathered, world, as_of)
    return Driver(
        name=name,
        value=rounded(value),
        share=rounded(share),
        text=_DRIVER_WORDS[name] + evidence.more,
        source=world.citation(evidence.table) if evidence.table else evidence.source,
        year=None if np.isnan(evidence.year) else int(evidence.year),
        carried=evidence.carried,
    )


@dataclass(frozen=True)
class _Evidence:
    """Where a part of a figure comes from: a table of the world or a source of its own, and the year it speaks of."""

    table: str
    year: float
    carried: bool
    more: str = ""
    source: str = ""


def _evidence_of(name: str, gathered: Gathered, world: World, as_of: date) -> _Evidence:
    until = gathered.conflict_until
    if name in {"votes", "votes_apart"}:
        year = float(gathered.vote_year[0])
        said = f" (agreement {gathered.agreement[0]:.2f} over {gathered.common_votes[0]:.0f} roll calls)"
        return _Evidence("un_agreement", year, carried=bool(year < session_at(as_of)), more=said)
    if name == "divergent_agendas":
        year = float(gathered.agendas_year[0])
        return _Evidence("ideal_points", year, carried=bool(year < session_at(as_of)))
    if name in {"treaty", "organisations", "community"}:
        return _Evidence("", float(as_of.year), carried=False, source=ACTS)
    if name == "hostile_messages":
        return _Evidence(gathered.quarrels.events, float(as_of.year), carried=False)
    if name in {"grievances_and_claims", "claims", "posturing", "sanctions"}:
        return _quarrel(name, gathered, as_of)
    if name == "neighbours":
        return _Evidence("distance", float(world.info("distance").last.year), carried=False)
    if name == "tension":
        return _Evidence("", float(as_of.year), carried=False, source="its drivers")
    if name == "violence_next_door":
        last = world.info("conflict_deaths").last
        return _Evidence("conflict_deaths", float(min(as_of.year, last.year)), carried=as_of > last)
    if name == "conflict_with_ally":
        more = f" ({gathered.through[0]})"
        return _Evidence("conflict_dyads", float(min(as_of.year, until)), carried=as_of.year > until, more=more)
    year = {
        "side_by_side": gathered.together_year[0],
        "opposing_troops": gathered.opposed_year[0],
        "interstate_conflict": gathered.fought_year[0],
    }.get(name, np.fmax(gathered.fought_year[0], gathered.opposed_year[0]))
    if name == "hostility" and np.isnan(year):
        return _quarrel("claims", gathered, as_of)
    return _Evidence("conflict_dyads", float(year), carried=as_of.year > until)


def _quarrel(name: str, gathered: Gathered, as_of: date) -> _Evidence:
    """Return where a standing quarrel comes from: the record of claims, or the world's ties."""
    between = gathered.quarrels
    standing = between.standing[0]
    if name in {"grievances_and_claims", "claims"} and standing:
        source = "; ".join(dict.fromkeys(claim.reference for claim in standing))
        about = f" ({', '.join(claim.about for claim in standing)})"
        return _Evidence("", float(as_of.year), carried=False, more=about, source=source)
    years = {"posturing": between.posturing_year, "sanctions": between.sanctions_year}
    year = float(years.get(name, between.grievances_year)[0])
    cited = [between.cited[kind, 0] for kind in _TIE_KINDS[name] if (kind, 0) in between.cited]
    return _Evidence("", year, carried=year < as_of.year, source="; ".join(dict.fromkeys(cited)))
