"""What every record of a desk shares: strictness, a kind, a key, and the scalar types of its fields."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

__all__ = [
    "ActorRef",
    "Clearance",
    "Currency",
    "Id",
    "LanguageLevel",
    "LanguageSkill",
    "Month",
    "Probability",
    "Rank",
    "Record",
    "Text",
    "Title",
    "Year",
    "clearance_order",
    "language_order",
    "rank_order",
]

# `$` alone also matches before a final newline; the look-ahead forbids that and is valid in JSON Schema too.
_END = r"$(?!\n)"

Id = Annotated[
    str,
    Meta(
        pattern=rf"^[a-z0-9][a-z0-9._-]{{0,79}}{_END}",
        description="Small letters, digits, dot, underscore and hyphen; at most 80 characters.",
    ),
]
ActorRef = Annotated[
    str,
    Meta(
        pattern=rf"^[A-Z0-9][A-Z0-9-]{{0,39}}{_END}",
        description="An actor's identifier: ISO 3166 alpha-3 for states (EST), the short name for others (NATO).",
    ),
]
Month = Annotated[str, Meta(pattern=rf"^[12]\d{{3}}-(0[1-9]|1[0-2]){_END}", description="A month as YYYY-MM.")]
Year = Annotated[int, Meta(ge=1800, le=2200)]
Currency = Annotated[str, Meta(pattern=rf"^[A-Z]{{3}}{_END}", description="ISO 4217 code.")]
Title = Annotated[str, Meta(min_length=1, max_length=300)]
Text = Annotated[str, Meta(max_length=20_000)]
Probability = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=1, le=1_000)]
LanguageSkill = Annotated[
    str,
    Meta(
        pattern=rf"^[a-zA-Z]{{2,8}}(-[a-zA-Z0-9]{{1,8}})*:(A1|A2|B1|B2|C1|C2|N){_END}",
        description="A BCP 47 tag, a colon and a level of the European framework, N for a native speaker: fr:B2.",
    ),
]
LanguageLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2", "N"]
Rank = Literal[
    "OR-1", "OR-2", "OR-3", "OR-4", "OR-5", "OR-6", "OR-7", "OR-8", "OR-9",
    "OF-1", "OF-2", "OF-3", "OF-4", "OF-5", "OF-6", "OF-7", "OF-8", "OF-9", "OF-10",
]  # fmt: skip
Clearance = Literal["none", "restricted", "confidential", "secret", "top_secret"]

_RANKS = {rank: order for order, rank in enumerate(get_args(Rank))}
_CLEARANCES = {level: order for order, level in enumerate(get_args(Clearance))}
_LEVELS = {level: order for order, level in enumerate(get_args(LanguageLevel))}


def rank_order(rank: str) -> int:
    """Give the place of a NATO rank code in the order from OR-1 to OF-10.

    >>> rank_order("OF-4") > rank_order("OR-9")
    True
    """
    return _RANKS[rank]


def clearance_order(clearance: str) -> int:
    """Give the place of a clearance in the order from none to top_secret."""
    return _CLEARANCES[clearance]


def language_order(level: str) -> int:
    """Give the place of a language level in the order A1 to C2, then N."""
    return _LEVELS[level]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One row of a desk: frozen, keyword-only, unknown fields refused.

    Every field is a scalar or a short list of strings, so that one record is one row of a spreadsheet, one TOML
    table and one row of a store.
    """

    KIND: ClassVar[str] = ""
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    @property
    def key(self) -> str:
        """The text that identifies the record among its kind; missing parts are empty."""
        parts = (getattr(self, name) for name in self.KEY)
        return "|".join("" if part is None else str(part) for part in parts)
