"""The clean-up rules in their order: what each removes and why, each to be switched off by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from legation.errors import InputError

__all__ = ["RULES", "CleanUp", "Rule", "RuleName"]

RuleName: TypeAlias = Literal[
    "missing_actors", "domestic", "places_elsewhere", "root_events", "sources", "syndicated", "one_a_day"
]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One step of the clean-up: its name, whether it is on unless told otherwise, what it removes and why."""

    name: RuleName
    default: bool
    removes: str
    reason: str


RULES: tuple[Rule, ...] = (
    Rule(
        name="missing_actors",
        default=True,
        removes="events without an actor on one side",
        reason="a dyad has two actors; regions, and codes that name nobody, are no actors",
    ),
    Rule(
        name="domestic",
        default=True,
        removes="events within one actor",
        reason="relations are between actors; domestic events outnumber them and say nothing of them",
    ),
    Rule(
        name="places_elsewhere",
        default=False,
        removes="events placed in the country of neither actor",
        reason="such places are often read wrongly; visits to third countries and summits are lost as well",
    ),
    Rule(
        name="root_events",
        default=False,
        removes="events known not to stand in the lead of their report",
        reason="GDELT's IsRootEvent; keeps most of what matters, but also most of what is misread",
    ),
    Rule(
        name="sources",
        default=False,
        removes="events known to have fewer sources than asked for",
        reason="GDELT's NumSources counts the first 15 minutes only, so two sources are rare and late news is lost",
    ),
    Rule(
        name="syndicated",
        default=True,
        removes="copies: the same story, day, actors and type",
        reason="one agency report printed by many papers is one event",
    ),
    Rule(
        name="one_a_day",
        default=True,
        removes="all but one event a day of the same source, target and type",
        reason="many reports of one act are not many acts (Schrodt's one-a-day filter)",
    ),
)
"""The rules in the order they are applied."""


@dataclass(frozen=True, kw_only=True)
class CleanUp:
    """Which rules are on.

    Parameters
    ----------
    missing_actors, domestic, places_elsewhere, root_events, syndicated, one_a_day
        Whether the rule of this name is applied.
    sources
        The least number of sources an event must have; 1 applies no rule.
    """

    missing_actors: bool = True
    domestic: bool = True
    places_elsewhere: bool = False
    root_events: bool = False
    sources: int = 1
    syndicated: bool = True
    one_a_day: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.sources, bool) or not isinstance(self.sources, int) or not 1 <= self.sources <= 1000:
            raise InputError(f"{self.sources!r} is no number of sources.", remedy="Write 1 to 1000; 1 applies no rule.")

    def is_on(self, name: RuleName) -> bool:
        """Say whether a rule is applied."""
        return self.sources > 1 if name == "sources" else bool(getattr(self, name))

    @classmethod
    def with_changes(cls, on: Sequence[str] = (), off: Sequence[str] = (), *, sources: int = 1) -> CleanUp:
        """Return the default rules with some switched on or off by name.

        Raises
        ------
        InputError
            When no rule has such a name, or one is switched both ways.
        """
        names = [rule.name for rule in RULES if rule.name != "sources"]
        for name in (*on, *off):
            if name not in names:
                raise InputError(f"{name!r} is no clean-up rule.", remedy=f"Choose from {', '.join(names)}.")
        both = sorted(set(on) & set(off))
        if both:
            raise InputError(f"The rule {both[0]!r} is switched on and off.", remedy="Name it once.")
        return cls(**{**dict.fromkeys(on, True), **dict.fromkeys(off, False)}, sources=sources)
