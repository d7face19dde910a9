"""Records as sentences name them: by title where they have one, else by what they say, with the id in brackets."""

from __future__ import annotations

from collections.abc import Iterable

from legation.desk.constraints import Ban, Exclusion, Sanction
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree
from legation.desk.limits import RiskCap, SpillCap
from legation.planning.actor_words import actor_words

__all__ = [
    "actors_words",
    "ban_words",
    "exclusion_words",
    "instrument_words",
    "language_words",
    "mission_words",
    "position_words",
    "risk_cap_words",
    "sanction_words",
    "spill_cap_words",
]


def actors_words(actors: Iterable[str]) -> str:
    """Name actors one after the other."""
    return ", ".join(actor_words(actor) for actor in actors)


def language_words(tag: str) -> str:
    """Name a language by its English name, with its tag where there is none.

    Examples
    --------
    >>> language_words("pt"), language_words("pt-BR"), language_words("qqq")
    ('Portuguese', 'Portuguese (BR)', 'qqq')
    """
    from babel import Locale

    own, _, rest = tag.partition("-")
    found = Locale("en").languages.get(own.lower())
    return tag if found is None else f"{found} ({rest})" if rest else found


def mission_words(desk: Desk, mission: str) -> str:
    """Name a mission by its title."""
    return repr(next((row.title for row in desk.missions if row.id == mission), mission))


def position_words(desk: Desk, position: str) -> str:
    """Name a position by its title."""
    return repr(next((row.title for row in desk.positions if row.id == position), position))


def instrument_words(desk: Desk, instruments: Iterable[str]) -> str:
    """Name instruments by their titles."""
    tree = instrument_tree(desk.instruments)
    return ", ".join(repr(tree[name].title) if name in tree else repr(name) for name in instruments)


def exclusion_words(desk: Desk, exclusion: Exclusion) -> str:
    """Name an exclusion by the missions of which it allows one.

    Examples
    --------
    "at most one of 'Port call', 'Seminar' (one-ship: there is one ship)"
    """
    names = ", ".join(mission_words(desk, mission) for mission in exclusion.missions)
    return f"at most one of {names} ({_noted(exclusion.id, exclusion.reason)})"


def ban_words(ban: Ban) -> str:
    """Name a ban by its reason: it has no title."""
    return f"a ban ({_noted(ban.id, ban.reason)})"


def sanction_words(sanction: Sanction) -> str:
    """Name a sanction by its target, kind and act."""
    return f"a sanction against {actor_words(sanction.target)} ({sanction.id}: {sanction.kind}, {sanction.reference})"


def risk_cap_words(desk: Desk, cap: RiskCap) -> str:
    """Name a cap on risk by what it covers and who set it.

    Examples
    --------
    "the risk of missions with Latvia, capped by 'Head of policy' (riga: until the talks are over)"
    """
    parts = [
        f"with {actor_words(cap.partner)}" if cap.partner else "",
        f"in {actor_words(cap.place)}" if cap.place else "",
    ]
    parts.append(f"of kind {instrument_words(desk, [cap.instrument])}" if cap.instrument else "")
    which = " ".join(filter(None, ("missions", *parts))) if any(parts) else "all missions"
    return f"the risk of {which}, capped by {position_words(desk, cap.owner)} ({_noted(cap.id, cap.reason)})"


def spill_cap_words(desk: Desk, cap: SpillCap) -> str:
    """Name a cap on spill-over by the relation and who set it."""
    relation = f"adverse spill-over on the relation with {actor_words(cap.actor)}"
    return f"{relation}, capped by {position_words(desk, cap.owner)} ({_noted(cap.id, cap.reason)})"


def _noted(record: str, reason: str) -> str:
    return f"{record}: {reason}" if reason else record
