"""Where the rows of a source table come from: source, version, licence use, and when its statements become known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["FACTS", "Origin", "declared_origin", "origin_in"]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The provenance of a table.

    `lag_days` is the usual time from the end of what a row speaks of to its publication; `released` the day a snapshot
    came out, None for a series.
    """

    table: str
    source: str
    version: str
    use: str
    lag_days: int
    released: date | None
    first: date
    last: date
    ship: bool


FACTS: Final = Origin(
    table="facts",
    source="acts of accession, treaties and notes, written by hand with their references",
    version="with Legation",
    use="any",
    lag_days=0,
    released=None,
    first=date(1816, 1, 1),
    last=date.max,
    ship=True,
)
"""The provenance of treaties, memberships and claims: each row names its act in `label` or by its organisation."""


def origin_in(world: World) -> Callable[[str], Origin]:
    """Return a function that gives the origin of a world's tables."""
    sources = {source.name: source for source in world.catalogue.sources}

    def origin(table: str) -> Origin:
        info = world.info(table)
        held = [sources[name] for name in info.sources]
        return Origin(
            table=table,
            source="; ".join(source.title for source in held),
            version="; ".join(source.version for source in held),
            use="; ".join(dict.fromkeys(source.licence.use for source in held)),
            lag_days=max((source.lag_days for source in held), default=0),
            released=max((s.released or info.last for s in held), default=None) if info.kind == "snapshot" else None,
            first=info.first,
            last=info.last,
            ship=info.ship,
        )

    return origin


@cache
def declared_origin(table: str) -> Origin:
    """Return the origin of a table by the descriptions that come with Legation, without a world.

    Raises
    ------
    InputError
        When no source declares the table.
    """
    from legation.errors import InputError
    from legation.evidence.description import describe_source
    from legation.evidence.tables import table_spec

    spec = table_spec(table)
    if spec is None:
        raise InputError(f"No source declares a table {table!r}.", remedy="Name a table of docs/reference/sources.md.")
    source = describe_source(spec.source)
    kind = spec.kind or source.time_domain.kind
    last = spec.last or source.time_domain.last
    return Origin(
        table=table,
        source=source.title,
        version=source.version,
        use=source.licence.use,
        lag_days=source.lag_days,
        released=(source.released or last) if kind == "snapshot" else None,
        first=spec.first or source.time_domain.first,
        last=last,
        ship=spec.ship,
    )
