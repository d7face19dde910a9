"""Which negotiations and objectives of a desk concern the actors at a table, by their names."""

from __future__ import annotations

from legation.actors import find
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree, is_below
from legation.errors import InputError
from legation.planning.table.bargaining_types import Negotiation, Negotiator
from legation.planning.table.result import DeskLink

__all__ = ["NEGOTIATIONS", "link"]

NEGOTIATIONS = ("agreement-negotiation", "arms-control-negotiation")
"""The instruments whose missions are talks about an agreement or about arms."""


def link(negotiation: Negotiation, desk: Desk) -> tuple[tuple[DeskLink, ...], tuple[str, ...]]:
    """Give what of a desk concerns each actor at the table, and the actors whom neither name nor description tells.

    Parameters
    ----------
    negotiation
        Its actors are looked up by name, then by description: a code (EST) or a name (Estonia).
    desk
        Missions that negotiate with the actor and are not over, and objectives that affect or need it. The desk's
        observer takes part in all of its own negotiations.
    """
    tree = instrument_tree(desk.instruments)
    talks = [
        mission
        for mission in desk.missions
        if mission.status not in {"done", "cancelled"} and is_below(mission.instrument, NEGOTIATIONS, tree=tree)
    ]
    links, unlinked = [], []
    for one in negotiation.actors:
        who = _known(one)
        if who is None:
            unlinked.append(one.name)
            continue
        own = who == desk.info.observer
        missions = tuple((m.id, m.title) for m in talks if own or who in m.partners)
        objectives = tuple((o.id, o.title) for o in desk.objectives if who in {*o.affects, *o.needs})
        links.append(DeskLink(actor=one.name, desk_actor=who, missions=missions, objectives=objectives))
    return tuple(links), tuple(unlinked)


def _known(one: Negotiator) -> str | None:
    for text in (one.name, one.description):
        try:
            return find(text).id
        except InputError:  # nobody of that name, or no name at all
            continue
    return None
