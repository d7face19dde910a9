"""Shocks as they are typed: REFUSE `LVA/visit-1`, LOSE `attache-tunis@2027-06`, CUT `main:20%`, BAN `MDA:2027-06..`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from legation.errors import InputError
from legation.planning.replan.shocks import Ban, Cut, Effect, Lose, Refuse, Shift, Shock

__all__ = ["KINDS", "parse_shocks"]

_MONTH = r"[12]\d{3}-(?:0[1-9]|1[0-2])"
_ID = r"[a-z0-9][a-z0-9._-]{0,79}"
_ACTOR = r"[A-Z0-9][A-Z0-9-]{0,39}"
_NUMBER = r"-?\d{1,9}(?:\.\d{1,9})?"
KINDS: Mapping[str, tuple[str, str]] = {
    "refuse": (rf"(?P<partner>{_ACTOR})(?:/(?P<mission>{_ID}))?", "PARTNER or PARTNER/MISSION, like LVA/visit-1"),
    "lose": (rf"(?P<who>{_ID})(?:@(?P<start>{_MONTH}))?", "POSITION or PERSON, with @MONTH, like attache@2027-06"),
    "cut": (rf"(?P<budget>{_ID}):(?P<share>{_NUMBER})%", "BUDGET:SHARE%, like main:20%"),
    "ban": (
        rf"(?P<actor>{_ACTOR})(?::(?P<start>{_MONTH})?\.\.(?P<end>{_MONTH})?)?",
        "ACTOR or ACTOR:FROM..TO, like MDA:2027-06..2027-12",
    ),
    "shift": (
        rf"(?P<actor>{_ACTOR})(?:/(?P<other>{_ACTOR}))?:(?P<level>[a-z_-]{{1,40}})",
        "ACTOR:LEVEL or ACTOR/OTHER:LEVEL, like SRB/BIH:lesser_rivalry",
    ),
    "effect": (
        rf"(?P<mission>{_ID})/(?P<objective>{_ID}):(?P<points>{_NUMBER})",
        "MISSION/OBJECTIVE:POINTS, like visit-1/access:0.5",
    ),
}
"""How each kind of shock is typed: a pattern, and the form with an example."""


def parse_shocks(given: Mapping[str, Sequence[str]]) -> tuple[Shock, ...]:
    """Read shocks, kind by kind.

    Parameters
    ----------
    given
        The texts of each kind, by the keys of `KINDS`.

    Raises
    ------
    InputError
        When a text has not the form of its kind.

    Examples
    --------
    >>> parse_shocks({"cut": ["main:20%"]})
    (Cut(budget='main', share=0.2),)
    """
    return tuple(_parse(kind, text) for kind, texts in given.items() for text in texts)


def _parse(kind: str, text: str) -> Shock:
    pattern, form = KINDS[kind]
    found = re.fullmatch(pattern, text)
    if found is None:
        raise InputError(f"{text!r} is no --{kind}.", remedy=f"Write {form}.")
    part = found.groupdict()
    if kind == "refuse":
        return Refuse(partner=part["partner"], mission=part["mission"])
    if kind == "lose":
        return Lose(who=part["who"], start=part["start"])
    if kind == "cut":
        return Cut(budget=part["budget"], share=float(part["share"]) / 100)
    if kind == "ban":
        return Ban(actor=part["actor"], start=part["start"], end=part["end"])
    if kind == "shift":
        return Shift(actor=part["actor"], other=part["other"], level=part["level"].replace("-", "_"))
    return Effect(mission=part["mission"], objective=part["objective"], points=float(part["points"]))
