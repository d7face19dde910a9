"""What every part of a generated desk draws from: the random numbers, the partners, the positions."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from legation.desk import people
from legation.desk.base import Rank
from legation.desk.months import month_text
from legation.errors import InputError
from legation.planning.generate.shape import DeskShape

__all__ = ["INSTRUMENTS", "LANGUAGES", "PROGRAMMES", "RANKS", "Maker"]

PARTNERS = (
    "LVA", "LTU", "FIN", "SWE", "NOR", "DNK", "POL", "DEU", "FRA", "GBR", "USA", "CAN", "NLD", "BEL", "CZE", "SVK",
    "ROU", "BGR", "GRC", "TUR", "ITA", "ESP", "PRT", "UKR", "MDA", "GEO", "ARM", "AZE", "KAZ", "JOR", "TUN", "MAR",
    "EGY", "SEN", "GHA", "KEN", "NGA", "JPN", "KOR", "AUS", "IND", "BIH", "SRB", "ALB", "MKD", "MNE", "IRQ", "LBN",
)  # fmt: skip
INSTRUMENTS = (
    ("leader-visit", "cooperation", 1, 18), ("unit-visit", "cooperation", 1, 9), ("staff-talks", "cooperation", 1, 7),
    ("conference", "information", 1, 25), ("agreement-negotiation", "cooperation", 3, 14),
    ("cyber-dialogue", "cooperation", 1, 12), ("joint-exercise", "reassurance", 2, 90),
    ("port-call", "reassurance", 1, 40), ("training", "capacity_building", 3, 60),
    ("staff-college", "capacity_building", 6, 45), ("institution-building", "capacity_building", 4, 70),
    ("confidence-building", "de_escalation", 1, 11), ("verification-inspection", "arms_control", 1, 16),
    ("liaison-officer", "information", 6, 30), ("disaster-relief", "humanitarian", 1, 35),
    ("demining", "humanitarian", 3, 55),
)  # fmt: skip
LANGUAGES = ("fr", "de", "ru", "ar", "es")
PROGRAMMES = (
    ("cooperation", "Defence cooperation", ()),
    ("aid", "Humanitarian assistance", ("humanitarian",)),
    ("capacity", "Capacity building abroad", ("capacity_building",)),
    ("exercises", "Exercises and presence", ("reassurance",)),
    ("information", "Exchange of information", ("information",)),
    ("security", "Arms control and de-escalation", ("arms_control", "de_escalation")),
)
"""Budgets with the purposes they pay for, in the order in which they come; the first pays for the rest."""
RANKS: tuple[Rank, ...] = ("OR-7", "OF-2", "OF-3", "OF-4", "OF-5", "OF-6")


class Maker:
    """Random numbers, calendar, partners and positions of one desk."""

    def __init__(self, shape: DeskShape, seed: int) -> None:
        self.shape, self.rng, self.start = shape, np.random.default_rng(seed), "2027-01"
        # rank by rank, so that people are scarce where missions ask for seniority
        self.partners = [str(name) for name in self.rng.permutation(PARTNERS)[: shape.partners]]
        self.positions = self._positions()

    def month(self, number: int) -> str:
        """Give the text of a month, counted from 0."""
        return month_text(int(number), start=self.start)

    def pick(self, items: Sequence[str]) -> str:
        """Draw one of them."""
        return items[int(self.rng.integers(len(items)))]

    def often(self, chance: float) -> bool:
        """Say yes with this probability."""
        return bool(self.rng.random() < chance)

    def rule(self, chance: float) -> bool:
        """Say yes with this probability times how often the desk has rules."""
        return self.often(chance * self.shape.rules)

    def budget(self, purpose: str) -> str:
        """Give the budget that pays for a purpose."""
        own = PROGRAMMES[: self.shape.programmes]
        return next((name for name, _, purposes in own if purpose in purposes), own[0][0])

    def pairs(self, names: Sequence[str], count: int, *, what: str) -> list[tuple[int, int]]:
        """Draw that many different pairs of names, as sorted numbers.

        Raises
        ------
        InputError
            When the names have fewer pairs.
        """
        if count > comb(len(names), 2):
            raise InputError(
                f"{len(names)} missions that are not humanitarian do not have {count} pairs for {what}.",
                remedy=f"Ask for at most {comb(len(names), 2)}, or for more missions.",
            )
        found: dict[tuple[int, int], None] = {}
        while len(found) < count:
            a, b = sorted(int(index) for index in self.rng.integers(0, len(names), 2))
            if a != b:
                found[a, b] = None
        return list(found)

    def _positions(self) -> tuple[people.Position, ...]:
        out = []
        for number in range(self.shape.positions):
            rank = RANKS[int(self.rng.choice(len(RANKS), p=[0.1, 0.2, 0.25, 0.25, 0.15, 0.05]))]
            own = [str(name) for name in self.rng.permutation(LANGUAGES)[: int(self.rng.integers(0, 3))]]
            languages = tuple(sorted(["en:C1", *(f"{name}:{self.pick(('B1', 'B2', 'C1'))}" for name in own)]))
            out.append(
                people.Position(
                    id=f"position-{number:03d}",
                    title=f"Desk officer {number}" if rank < "OF-4" else f"Head of section {number}",
                    rank=rank,
                    languages=languages,
                    clearance=self.pick(("restricted", "confidential", "secret", "secret")),  # type: ignore[arg-type]
                    headcount=2 if self.often(0.1) else 1,
                    station=self.pick(self.partners) if self.often(0.3) else None,
                )
            )
        return tuple(out)
