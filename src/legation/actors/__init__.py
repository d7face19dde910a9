"""Who acts: dated states and codes, organisations and memberships, non-state actors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from legation.actors.memberships import members, memberships
from legation.actors.organisations import organisations
from legation.actors.types import (
    Actor,
    ActorId,
    ActorKind,
    CodeSystem,
    DatedCode,
    DefenceTreaty,
    Membership,
    Spell,
    Status,
)

if TYPE_CHECKING:
    from legation.actors.lookup import (
        actor,
        administrator,
        all_actors,
        code,
        crosswalk,
        find,
        from_code,
        name,
        share_a_day,
        states,
        suggest,
    )
    from legation.actors.treaties import treaties_between, treaty_status

__all__ = [
    "Actor",
    "ActorId",
    "ActorKind",
    "CodeSystem",
    "DatedCode",
    "DefenceTreaty",
    "Membership",
    "Spell",
    "Status",
    "actor",
    "administrator",
    "all_actors",
    "code",
    "crosswalk",
    "find",
    "from_code",
    "members",
    "memberships",
    "name",
    "organisations",
    "share_a_day",
    "states",
    "suggest",
    "treaties_between",
    "treaty_status",
]

# These are fetched when first used, so that the command line starts quickly. `memberships` and `organisations` are not
# among them: modules have the same names, and a module imported later would take the function's place.
_LAZY = {
    **dict.fromkeys(
        [
            "actor",
            "administrator",
            "all_actors",
            "code",
            "crosswalk",
            "find",
            "from_code",
            "name",
            "share_a_day",
            "states",
            "suggest",
        ],
        "lookup",
    ),
    "treaties_between": "treaties",
    "treaty_status": "treaties",
}

if not TYPE_CHECKING:  # a type checker sees the imports above, and so the names that are missing

    def __getattr__(name: str) -> object:
        """Fetch a function from its module and keep it."""
        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
