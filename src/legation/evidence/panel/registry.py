"""Every verb by its name, and by the name under which peace-science software offers it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache

from legation.errors import InputError
from legation.evidence.panel.verbs import conflict, dyads, leaders, own, states, time
from legation.evidence.panel.verbs.base import Option, Verb

__all__ = ["REDUCTIONS", "all_verbs", "find_verb", "set_options"]

REDUCTIONS: Mapping[str, str] = {
    "relevant": "Keep politically relevant dyads: contiguous ones, and those with a major power.",
}

# Names that the peer's documentation uses without its prefix, where ours differ.
_PUBLISHED = {
    "archigos": "leaders",
    "atop_alliance": "alliances",
    "ccode_to_gw": "codes",
    "gwcode_to_cow": "codes",
    "cow_majors": "majors",
    "cow_trade": "trade",
    "cow_wars": "wars",
    "creg_fractionalization": "fractionalisation",
    "fpsim": "similarity",
    "latent_territorial_threat": "territorial_threat",
    "lead": "leader_attributes",
    "lwuf": "force_willingness",
    "rugged_terrain": "ruggedness",
    "sim_gdp_pop": "gdp_population",
    "strategic_rivalries": "rivalries",
    "ucdp_acd": "armed_conflict",
    "ucdp_onsets": "conflict_onsets",
}


@cache
def all_verbs() -> Mapping[str, Verb]:
    """Return every verb by its name, in alphabetical order."""
    found = (*states.VERBS, *dyads.VERBS, *conflict.VERBS, *leaders.VERBS, *time.VERBS, *own.VERBS)
    return {verb.name: verb for verb in sorted(found, key=lambda verb: verb.name)}


def find_verb(name: str) -> Verb:
    """Return a verb by its name, or by the name that peace-science software gives to it (with or without ``add_``).

    Raises
    ------
    InputError
        When there is none of that name; the message suggests some.
    """
    plain = name.removeprefix("add_")
    found = all_verbs().get(_PUBLISHED.get(plain, plain))
    if found is None:
        close = difflib.get_close_matches(plain, [*all_verbs(), *_PUBLISHED], n=3, cutoff=0.4)
        remedy = f"Did you mean {' or '.join(close)}?" if close else f"Use: {', '.join(all_verbs())}."
        raise InputError(f"{name!r} is nothing that can be added to a panel.", remedy=remedy)
    return found


def set_options(verb: Verb, given: Mapping[str, Option]) -> Mapping[str, Option]:
    """Return a verb's options with those that were given in place of the defaults.

    Raises
    ------
    InputError
        When the verb has no option of a name, or it is not of the kind that the option takes.
    """
    for name, value in given.items():
        if name not in verb.options:
            has = f"It takes {', '.join(verb.options)}." if verb.options else "It takes none."
            raise InputError(f"{verb.name} has no option {name!r}.", remedy=has)
        if isinstance(verb.options[name], str) and not isinstance(value, str):
            raise InputError(f"Option {name} of {verb.name} takes a word, not {value!r}.")
    return {**verb.options, **given}
