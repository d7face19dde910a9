"""How large and how tight a generated desk is, and which shapes cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

from legation.errors import InputError

__all__ = ["MOST_COUNTRIES", "MOST_PROGRAMMES", "DeskShape"]

MOST_COUNTRIES = 48
MOST_PROGRAMMES = 6


@dataclass(frozen=True, kw_only=True)
class DeskShape:
    """How large and how tight a generated desk is.

    Attributes
    ----------
    missions, months, positions, objectives
        Numbers of records: 1 to 100,000 missions, 6 to 120 months, 1 to 5,000 positions, 3 to 200 objectives.
    money
        Money allotted as a share of what all missions would cost in their standard mode, above 0 and at most 2.
    money_per_year
        The same for each year, instead of `money`, above 0 and at most 2.
    long_share
        Share of missions that keep their instrument's full length, 0 to 1; others take one month.
    rules
        How often rules occur, 0 to 3: 1 is a usual desk, 0 none but money and staff.
    countries
        Partner countries, 3 to 48; a third of the missions and at most 40 when left out.
    programmes
        Budgets, 2 to 6, one of them ring-fenced for humanitarian missions.
    prerequisites, exclusions, synergies
        Numbers of pairs of missions, each pair at most once; when left out, 12, 6 and 8 of a hundred missions times
        `rules`. Humanitarian missions are in none of them.
    tightness
        How scarce money and time are, 0.1 to 10: the money is divided by it, and so is the slack of windows.
    details
        How often finer rules occur, 0 to 3: needs by the day, posts that do not travel, journeys, leads that share the
        cost, caps on risk, yearly ceilings, and further objectives that combine others as AND or OR. All else stays
        as it is without them.
    spill_caps
        Partners that caps on spill-over spare, 0 to 48; a desk that has any is planned with relations only.

    Raises
    ------
    InputError
        When a number is out of its range, or pairs are asked for that so few missions do not have.
    """

    missions: int = 100
    months: int = 24
    positions: int = 25
    objectives: int = 14
    money: float = 0.35
    money_per_year: float | None = None
    long_share: float = 0.4
    rules: float = 1.0
    countries: int | None = None
    programmes: int = 3
    prerequisites: int | None = None
    exclusions: int | None = None
    synergies: int | None = None
    tightness: float = 1.0
    details: float = 0.0
    spill_caps: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        for name, low, high in _RANGES:
            value = getattr(self, name)
            # written so that a NaN is refused too
            if value is not None and not low <= value <= high:
                raise InputError(
                    f"A generated desk cannot have {name} = {value}.",
                    remedy=f"Give {name} a number from {low:g} to {high:g}.",
                )
        for name in _PAIRS:
            wanted = getattr(self, name)
            if wanted is not None and wanted > comb(self.missions, 2):
                raise InputError(
                    f"{self.missions} missions do not have {wanted} pairs for {name}.",
                    remedy=f"Ask for at most {comb(self.missions, 2)}.",
                )

    @property
    def partners(self) -> int:
        """How many partner countries it has."""
        return max(3, min(40, self.missions // 3)) if self.countries is None else self.countries

    @property
    def share(self) -> float:
        """Money over all months as a share of what all missions would cost."""
        whole = self.money if self.money_per_year is None else self.money_per_year * self.months / 12
        return whole / self.tightness


_PAIRS = ("prerequisites", "exclusions", "synergies")
_RANGES: tuple[tuple[str, float, float], ...] = (
    ("missions", 1, 100_000), ("months", 6, 120), ("positions", 1, 5_000), ("objectives", 3, 200),
    ("money", 1e-6, 2), ("money_per_year", 1e-6, 2), ("long_share", 0, 1), ("rules", 0, 3),
    ("countries", 3, MOST_COUNTRIES), ("programmes", 2, MOST_PROGRAMMES), ("tightness", 0.1, 10),
    ("prerequisites", 0, 1_000_000), ("exclusions", 0, 1_000_000), ("synergies", 0, 1_000_000),
    ("details", 0, 3), ("spill_caps", 0, MOST_COUNTRIES),
)  # fmt: skip
