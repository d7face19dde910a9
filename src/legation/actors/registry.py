"""All actors in one place: states, organisations, territories and the rest, read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from legation.actors.nonstate import load_nonstate
from legation.actors.organisations import load_organisations
from legation.actors.statehood import load_states
from legation.actors.territories import load_territories, with_codes
from legation.actors.types import Actor, ActorId, CodeSystem, DatedCode
from legation.errors import FormatError

__all__ = ["by_code", "collect", "load_all"]


@cache
def load_all() -> Mapping[ActorId, Actor]:
    """Return every actor by id: states first, then organisations, then the others.

    A territory that is recorded among the others, as a member of organisations, is kept once, with its codes.
    """
    others = tuple(with_codes(actor) for actor in load_nonstate())
    known = {actor.id for actor in others}
    territories = tuple(actor for actor in load_territories() if actor.id not in known)
    return collect((*load_states(), *load_organisations(), *others, *territories))


def collect(actors: Iterable[Actor]) -> Mapping[ActorId, Actor]:
    """Bring actors together, and refuse an id that occurs twice or a successor that is not there.

    Raises
    ------
    FormatError
        If two actors share an id, or an actor names a predecessor or successor that is none of them.
    """
    found: dict[ActorId, Actor] = {}
    for actor in actors:
        if actor.id in found:
            raise FormatError(f"The actor id {actor.id!r} occurs twice.", remedy="rename one of the two.")
        found[actor.id] = actor
    for actor in found.values():
        for other in (*actor.predecessors, *actor.successors):
            if other not in found:
                message = f"{actor.id} names {other!r} as predecessor or successor, which is no actor."
                raise FormatError(message, remedy="add the actor or correct the id.")
    return MappingProxyType(found)


@cache
def by_code() -> Mapping[tuple[CodeSystem, str], tuple[tuple[DatedCode, Actor], ...]]:
    """Return who holds or held each code of each system, in the order of the actors."""
    found: dict[tuple[CodeSystem, str], list[tuple[DatedCode, Actor]]] = defaultdict(list)
    for actor in load_all().values():
        for code in actor.codes:
            found[code.system, code.code].append((code, actor))
    return MappingProxyType({key: tuple(value) for key, value in found.items()})
