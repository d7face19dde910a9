"""All ties that a set of tables gives, in one table, with what could not be read and what is not held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from legation.errors import InputError
from legation.relations.ties_table import (
    agreements,
    aid,
    arms,
    disputes,
    exercises,
    organisations,
    peacekeeping,
    posts,
    presence,
    rivalries,
    sanctions,
    treaties,
    visits,
)
from legation.relations.ties_table.kinds import KINDS
from legation.relations.ties_table.origin import FACTS, Origin, declared_origin, origin_in
from legation.relations.ties_table.rows import UNREAD_SCHEMA, Built, Reader, no_ties

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["BUILDERS", "Builder", "NotHeld", "TiesResult", "build_ties", "build_world_ties"]


@dataclass(frozen=True, kw_only=True)
class Builder:
    """One function that makes ties of some kinds from some tables.

    `instead_of` names tables: where they are held the builder does not run, since they say the same.
    """

    kinds: tuple[str, ...]
    tables: tuple[str, ...]
    build: Callable[[Reader], Iterator[Built]]
    instead_of: tuple[str, ...] = ()


BUILDERS: Final = (
    Builder(kinds=("defence_treaty", "pact"), tables=(), build=treaties.treaty_facts),
    Builder(kinds=("organisation",), tables=(), build=organisations.organisation_facts),
    Builder(kinds=("claim",), tables=(), build=rivalries.claim_facts),
    Builder(kinds=("embassy", "consulate"), tables=("embassies",), build=posts.post_ties),
    Builder(kinds=("troops",), tables=("us_troops",), build=presence.us_troop_ties),
    Builder(kinds=("training",), tables=("us_training",), build=presence.us_training_ties),
    Builder(kinds=("war", "opposition", "support"), tables=("conflict_dyads",), build=disputes.conflict_ties),
    Builder(kinds=("defence_treaty", "pact"), tables=("atop_ddy",), build=treaties.atop_ties),
    Builder(kinds=("agreement",), tables=("dcad",), build=agreements.agreement_ties),
    Builder(kinds=("exercise",), tables=("mme", "mme_participants"), build=exercises.mme_ties),
    Builder(
        kinds=("exercise",),
        tables=("jme", "jme_participants"),
        build=exercises.jme_ties,
        instead_of=("mme_participants",),
    ),
    Builder(kinds=("visit",), tables=("us_defence_visits",), build=visits.defence_visits),
    Builder(kinds=("visit",), tables=("signals",), build=visits.leader_visits),
    Builder(kinds=("visit",), tables=("china_leader_travel",), build=visits.china_leader_visits),
    Builder(kinds=("visit",), tables=("china_public_diplomacy",), build=visits.china_military_visits),
    Builder(kinds=("troops",), tables=("signals",), build=presence.other_troops),
    Builder(kinds=("base",), tables=("us_bases",), build=presence.us_base_ties),
    Builder(kinds=("arms",), tables=("sipri_dyad_year",), build=arms.arms_ties),
    Builder(kinds=("sanction",), tables=("gsdb_dyads",), build=sanctions.sanction_ties),
    Builder(kinds=("dispute",), tables=("cow_mid_ddydisps",), build=disputes.cow_disputes),
    Builder(
        kinds=("dispute",), tables=("gml_mid_ddydisps",), build=disputes.gml_disputes, instead_of=("cow_mid_ddydisps",)
    ),
    Builder(kinds=("war",), tables=("cow_war_inter",), build=disputes.cow_wars),
    Builder(kinds=("rivalry",), tables=("tss_rivalries",), build=rivalries.tss_ties),
    Builder(kinds=("rivalry",), tables=("td_rivalries",), build=rivalries.td_ties, instead_of=("tss_rivalries",)),
    Builder(kinds=("aid_humanitarian", "aid_military", "aid_other"), tables=("kiel",), build=aid.kiel_aid),
    Builder(kinds=("aid_other",), tables=("signals",), build=aid.economic_aid),
    Builder(kinds=("peacekeeping",), tables=("geopko_contributors",), build=peacekeeping.geopko_ties),
    Builder(
        kinds=("peacekeeping",),
        tables=("un_peacekeeping_by_mission",),
        build=peacekeeping.mission_month_ties,
        instead_of=("geopko_contributors",),
    ),
)
"""Every builder; the table of ties holds what those give whose tables are held."""


@dataclass(frozen=True, kw_only=True)
class NotHeld:
    """A kind of tie with tables that would give it and are not held."""

    kind: str
    tables: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TiesResult:
    """The ties of a set of tables.

    Parameters
    ----------
    frame
        One row a tie, in the columns of `rows.SCHEMA`, sorted by the actors, kind, start and label.
    unread
        What could not be read: source table, column, value, reason and number of rows.
    sources
        The origins of the tables that were read, the record of acts first.
    not_held
        Kinds and tables that are missing, by builder.
    """

    frame: pl.DataFrame
    unread: pl.DataFrame
    sources: tuple[Origin, ...]
    not_held: tuple[NotHeld, ...]

    def __str__(self) -> str:
        kinds = self.frame.group_by("kind").len().sort("kind")
        counts = ", ".join(f"{kind} {rows:,}" for kind, rows in kinds.iter_rows())
        missing = [kind for kind in KINDS if kind not in set(kinds.get_column("kind"))]
        return f"{len(self.frame):,} ties: {counts}; none of: {', '.join(missing) or 'no kind'}"


def build_ties(
    tables: Callable[[str], pl.DataFrame],
    *,
    holds: Callable[[str], bool] | None = None,
    origin: Callable[[str], Origin] = declared_origin,
) -> TiesResult:
    """Make the table of ties from the tables at hand.

    Parameters
    ----------
    tables
        Gives a table by its name in a world.
    holds
        Says whether a table is there. Left out, a table is not held where `tables` raises InputError, KeyError or
        FileNotFoundError; damage (any other error) is raised.
    origin
        Gives the provenance of a table; the descriptions that come with Legation when left out.
    """
    held = _cached_holds(holds or _tries(tables))
    reader = Reader(tables=tables, origin=origin, holds=held)
    built, missing = [], []
    for builder in BUILDERS:
        if any(held(table) for table in builder.instead_of):
            continue
        absent = tuple(table for table in builder.tables if not held(table))
        if absent:
            missing += [NotHeld(kind=kind, tables=absent) for kind in builder.kinds]
            continue
        built += [each for each in builder.build(reader) if not each.frame.is_empty()]
    frame = pl.concat([each.frame for each in built]) if built else no_ties()
    order = ["actor_a", "actor_b", "kind", "start", "label", "source_table", "end", "strength"]
    unread = pl.concat(reader.unread) if reader.unread else pl.DataFrame(schema=UNREAD_SCHEMA)
    return TiesResult(
        frame=frame.sort(order, nulls_last=True),
        unread=unread.group_by("source_table", "column", "value", "reason")
        .agg(pl.col("rows").sum())
        .sort("source_table", "column", "value", "reason"),
        sources=tuple({each.origin.table: each.origin for each in built}.values()) or (FACTS,),
        not_held=tuple(missing),
    )


def build_world_ties(world: World) -> TiesResult:
    """Make the table of ties from all tables that a world holds."""
    return build_ties(world.table, holds=world.holds, origin=origin_in(world))


def _tries(tables: Callable[[str], pl.DataFrame]) -> Callable[[str], bool]:
    def holds(name: str) -> bool:
        try:
            tables(name)
        except (InputError, KeyError, FileNotFoundError):
            return False
        return True

    return holds


def _cached_holds(holds: Callable[[str], bool]) -> Callable[[str], bool]:
    known: dict[str, bool] = {}

    def held(name: str) -> bool:
        if name not in known:
            known[name] = holds(name)
        return known[name]

    return held
