"""Territories with an ISO 3166 code that are no states: who administers them, and the codes they have today.

They are actors of kind ``other``. Naming the administering state takes no side in a dispute over sovereignty.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from legation.actors._facts import DATA, read_facts
from legation.actors.types import Actor, ActorId, ActorKind, CodeSystem, DatedCode
from legation.errors import FormatError

__all__ = ["administrators", "load_territories", "read_territories", "with_codes"]


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    alpha2: str
    alpha3: str
    numeric: str
    name: str
    aliases: tuple[str, ...] = ()
    administered_by: str = ""


@cache
def load_territories() -> tuple[Actor, ...]:
    """Return every territory, in the order of their ids; read once and kept."""
    return read_territories(DATA / "territories.csv")


@cache
def administrators() -> dict[ActorId, ActorId]:
    """Return the state that administers each territory and conducts its foreign relations; Antarctica has none."""
    rows = _rows(DATA / "territories.csv")
    return {ActorId(row.alpha3): ActorId(row.administered_by) for row in rows if row.administered_by}


def read_territories(path: Path) -> tuple[Actor, ...]:
    """Read a table of territories.

    Parameters
    ----------
    path
        CSV with the columns alpha2, alpha3, numeric, name, aliases (separated by semicolons) and administered_by.

    Raises
    ------
    FormatError
        If the table is malformed or an id occurs twice.
    """
    rows = _rows(path)
    if len({row.alpha3 for row in rows}) < len(rows):
        raise FormatError(f"{path.name}: an alpha-3 code occurs twice.", remedy="keep one row.")
    return tuple(sorted((_to_actor(row) for row in rows), key=lambda actor: actor.id))


def with_codes(actor: Actor) -> Actor:
    """Give an actor that is recorded elsewhere (for its memberships) the codes of the territory of the same id."""
    codes = {territory.id: territory.codes for territory in load_territories()}.get(actor.id, ())
    return msgspec.structs.replace(actor, codes=codes) if codes and not actor.codes else actor


def _rows(path: Path) -> tuple[_Row, ...]:
    return read_facts(path, _Row, lists=("aliases",))


def _to_actor(row: _Row) -> Actor:
    values: tuple[tuple[CodeSystem, str], ...] = (("iso2", row.alpha2), ("iso3", row.alpha3), ("ison", row.numeric))
    return Actor(
        id=ActorId(row.alpha3),
        kind=ActorKind.OTHER,
        name=row.name,
        aliases=row.aliases,
        codes=tuple(DatedCode(system=system, code=value) for system, value in values),
    )
