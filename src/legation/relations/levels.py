"""The levels of a relation, in order from enmity to community, with negligible contact beside them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

__all__ = ["LEVELS", "Class", "Level", "TreatyWord", "level_from_code"]


class Level(StrEnum):
    """A relation's level on the peace scale; its place in the enumeration is its code in arrays."""

    SEVERE_RIVALRY = "severe_rivalry"
    LESSER_RIVALRY = "lesser_rivalry"
    NEGATIVE_PEACE = "negative_peace"
    WARM_PEACE = "warm_peace"
    SECURITY_COMMUNITY = "security_community"
    NEGLIGIBLE_CONTACT = "negligible_contact"

    @property
    def words(self) -> str:
        """The level as people write it."""
        return self.value.replace("_", " ")

    @property
    def code(self) -> int:
        """The level's number in arrays, 0 to 5."""
        return LEVELS.index(self)


LEVELS: tuple[Level, ...] = tuple(Level)

Class = Literal["ally", "partner", "neutral", "rival", "adversary"]
TreatyWord = Literal["ally", "partner", "none"]


def level_from_code(code: int) -> Level | None:
    """Return the level with a number, or None for -1, which means not known."""
    return LEVELS[code] if code >= 0 else None
