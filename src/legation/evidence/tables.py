"""The tables of a world: their columns, keys, and what a missing row means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import polars as pl

from legation.errors import EngineError
from legation.evidence.description import DeclaredTable, describe_source, source_names
from legation.evidence.forms import type_of
from legation.evidence.reading import ColumnType

__all__ = ["TABLES", "Column", "TableSpec", "all_tables", "table_spec"]


@dataclass(frozen=True)
class Column:
    """A documented column of a world table; a derived one is computed when the table is read."""

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    nullable: bool = False
    derived: Callable[[], pl.Expr] | None = None


@dataclass(frozen=True, kw_only=True)
class TableSpec:
    """What a table holds. `complete` says that an absent row inside the time domain means zero."""

    name: str
    title: str
    source: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    complete: bool = False
    kind: Literal["series", "snapshot", "static"] | None = None
    first: date | None = None
    last: date | None = None
    is_json: bool = False
    ship: bool = True
    as_published: bool = False
    time: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """For a measure: all the sources it was computed from; `source` is then empty."""
    method: str = ""
    """For a measure: how it was computed, with its settings."""

    @property
    def file(self) -> str:
        """The name of the table's file in a world."""
        return f"{self.name}.{'json' if self.is_json else 'parquet'}"

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns in the file."""
        return tuple(column for column in self.columns if column.derived is None)

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the table sorted by its key, after holding it against this specification.

        Raises
        ------
        EngineError
            When a load function made a table that differs from what is documented here.
        """
        expected = {column.name: column.type for column in self.stored}
        found = dict(frame.schema)
        if self.as_published:
            found = {name: dtype for name, dtype in found.items() if name in expected}
        if found != expected:
            raise EngineError(f"Table {self.name} came out as {dict(frame.schema)}; documented is {expected}.")
        for column in self.stored:
            if not column.nullable and frame.get_column(column.name).null_count():
                raise EngineError(f"Table {self.name} has missing values in {column.name}, which is never missing.")
        if not self.key:
            return frame
        if frame.select(self.key).is_duplicated().any():
            raise EngineError(f"The key {self.key} repeats in table {self.name}.")
        return frame.sort(self.key)


def _share(numerator: pl.Expr) -> pl.Expr:
    return (numerator / pl.col("n")).cast(pl.Float64)


_A = Column("a", pl.String, "first actor of the pair, in alphabetical order")
_B = Column("b", pl.String, "second actor of the pair")
_ACTOR = Column("actor", pl.String, "the actor")
_YEAR = Column("year", pl.Int16, "calendar year")
_WGI = "estimate from about -2.5 (weak) to 2.5 (strong)"


def _indicator(name: str, meaning: str) -> tuple[Column, Column]:
    return (
        Column(name, pl.Float32, f"{meaning}: {_WGI}", nullable=True),
        Column(f"{name}_se", pl.Float32, f"standard error of {name}", nullable=True),
    )


TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="un_agreement",
        title="Agreement in roll calls of the UN General Assembly, per pair and session",
        source="un_votes",
        key=("a", "b", "year"),
        columns=(
            _A,
            _B,
            Column("year", pl.Int16, "year in which the session opened, mostly September to December"),
            Column("n", pl.Int16, "roll calls in which both voted yes, no or abstain; absence is not a vote", "votes"),
            Column("same", pl.Int16, "roll calls with the same vote", "votes"),
            Column("opposite", pl.Int16, "roll calls with yes against no", "votes"),
            Column(
                "agreement",
                pl.Float64,
                "1 - mean(abs(v_a - v_b)) / 2 with yes 1, abstain 2, no 3",
                derived=lambda: _share((pl.col("n") + pl.col("same") - pl.col("opposite")) / 2),
            ),
            Column(
                "identical",
                pl.Float64,
                "share of roll calls with the same vote",
                derived=lambda: _share(pl.col("same")),
            ),
        ),
    ),
    TableSpec(
        name="un_members",
        title="Votes cast in the UN General Assembly and mean agreement with all others, per member and session",
        source="un_votes",
        key=("actor", "year"),
        columns=(
            _ACTOR,
            Column("year", pl.Int16, "year in which the session opened"),
            Column("votes", pl.Int16, "roll calls in which it voted yes, no or abstain", "votes"),
            Column(
                "mean_agreement",
                pl.Float64,
                "agreement with the others, over pairs with ten or more roll calls in common, weighted by their number",
                nullable=True,
            ),
        ),
    ),
    TableSpec(
        name="embassies",
        title="Embassies and consulates in operation, per sending and receiving actor",
        source="wikidata_missions",
        key=("sender", "host"),
        columns=(
            Column("sender", pl.String, "the actor that sends"),
            Column("host", pl.String, "the actor on whose territory the post is"),
            Column("embassies", pl.Int16, "embassies, high commissions, nunciatures and de facto embassies", "posts"),
            Column("consulates", pl.Int16, "consulates and consulates general led by a career officer", "posts"),
            Column("honorary", pl.Int16, "honorary consulates that Wikidata lists, a small part of all", "posts"),
            Column("covered", pl.Int16, "posts elsewhere that are accredited to the host as well", "posts"),
        ),
    ),
    TableSpec(
        name="forces",
        title="Active military personnel, per actor",
        source="cia_factbook",
        key=("actor",),
        columns=(
            _ACTOR,
            Column("active_low", pl.Int32, "lower figure of the first strength that the text names", "people"),
            Column("active_high", pl.Int32, "upper figure; the same where the text gives one figure", "people"),
            Column("figure_year", pl.Int16, "year that the text gives for the figure", nullable=True),
            Column("scope", pl.String, "what the figure counts: active, forces (not said to be active) or authorised"),
        ),
    ),
    TableSpec(
        name="military_spending",
        title="Military expenditure as a share of gross domestic product, per actor and year",
        source="cia_factbook",
        kind="series",
        first=date(2015, 1, 1),
        last=date(2025, 12, 31),
        key=("actor", "year"),
        columns=(
            _ACTOR,
            _YEAR,
            Column("percent_gdp", pl.Float32, "military expenditure", "% of GDP"),
            Column("estimated", pl.Boolean, "the publisher marks the figure as an estimate"),
        ),
    ),
    TableSpec(
        name="us_representation",
        title="Diplomatic posts between the United States and others, as numbers",
        source="cia_factbook",
        key=("actor",),
        columns=(
            _ACTOR,
            Column("embassy_in_us", pl.Boolean, "has a chancery of its own in the United States"),
            Column(
                "consulates_in_us", pl.Int16, "career consulates and consulates general in the United States", "posts"
            ),
            Column("embassy_from_us", pl.Boolean, "the United States has an embassy in operation there"),
            Column("consulates_from_us", pl.Int16, "United States consulates and consulates general there", "posts"),
        ),
    ),
    TableSpec(
        name="conflict_years",
        title="Armed conflict that a state took part in, per actor and year",
        source="ucdp_conflicts",
        complete=True,
        key=("actor", "year"),
        columns=(
            _ACTOR,
            _YEAR,
            Column("intensity", pl.Int8, "highest intensity as a main party: 1 minor (25-999 deaths), 2 war, 0 none"),
            Column("interstate", pl.Int16, "conflicts between states as a main party", "conflicts"),
            Column(
                "internal", pl.Int16, "conflicts with an organised group on its own side of the border", "conflicts"
            ),
            Column("extrasystemic", pl.Int16, "conflicts with a group outside its own territory", "conflicts"),
            Column("supporting", pl.Int16, "conflicts in which its troops supported another party", "conflicts"),
        ),
    ),
    TableSpec(
        name="conflict_dyads",
        title="Armed conflict between two states, or side by side, per pair and year",
        source="ucdp_conflicts",
        complete=True,
        key=("a", "b", "year"),
        columns=(
            _A,
            _B,
            _YEAR,
            Column("interstate", pl.Int8, "intensity of interstate conflict as main parties: 0 none, 1 minor, 2 war"),
            Column(
                "opposed",
                pl.Int8,
                "intensity where troops of one supported the opponents of the other, a main party: 0, 1 or 2",
            ),
            Column(
                "together",
                pl.Int16,
                "conflicts in which the troops of one supported the other, a main party",
                "conflicts",
            ),
            Column(
                "fought_since", pl.Date, "first day of the interstate fighting that the row belongs to", nullable=True
            ),
            Column("support_since", pl.Date, "first day of the conflict that was supported", nullable=True),
        ),
    ),
    TableSpec(
        name="conflict_deaths",
        title="Deaths in organised violence, per actor and month",
        source="ucdp_deaths",
        complete=True,
        key=("actor", "year", "month"),
        columns=(
            _ACTOR,
            _YEAR,
            Column("month", pl.Int8, "month, 1 to 12"),
            Column("deaths", pl.Int32, "best estimate, all kinds of organised violence on the territory", "people"),
        ),
    ),
    TableSpec(
        name="governance",
        title="Quality of government, per actor and year",
        source="wgi",
        key=("actor", "year"),
        columns=(
            _ACTOR,
            _YEAR,
            *_indicator("stability", "political stability and absence of violence"),
            *_indicator("effectiveness", "government effectiveness"),
            *_indicator("rule_of_law", "rule of law"),
            *_indicator("corruption_control", "control of corruption"),
            *_indicator("regulation", "regulatory quality"),
            *_indicator("voice", "voice and accountability"),
        ),
    ),
    TableSpec(
        name="us_troops",
        title="United States military personnel stationed in a host, per host and year",
        source="us_troops",
        key=("actor", "year"),
        columns=(
            Column("actor", pl.String, "the host"),
            _YEAR,
            Column("active", pl.Int32, "active-duty personnel at the date of the report", "people"),
            Column(
                "basis",
                pl.String,
                "report: the Pentagon's own September or June table; compiled: Kane's series of them",
            ),
        ),
    ),
    TableSpec(
        name="us_training",
        title="Military training that the United States gave, per receiving actor and fiscal year",
        source="us_training",
        key=("actor", "year"),
        columns=(
            _ACTOR,
            Column("year", pl.Int16, "fiscal year that began on 1 October of the year before", "fiscal year"),
            Column("activities", pl.Int32, "training activities reported", "rows"),
            Column("trainees", pl.Int32, "people trained, where the report gives a number", "people"),
            Column("cost_usd", pl.Float64, "cost, current dollars, where the report gives one", "USD"),
            Column(
                "education", pl.Int32, "activities under IMET, the regional centres and the service academies", "rows"
            ),
        ),
    ),
    TableSpec(
        name="distance",
        title="Distance and contiguity, per pair",
        source="cepii_distance",
        key=("a", "b"),
        columns=(
            _A,
            _B,
            Column("between_capitals", pl.Int32, "great-circle distance between the capitals or main cities", "km"),
            Column("population_weighted", pl.Int32, "distance between the cities, by population", "km", nullable=True),
            Column("contiguous", pl.Boolean, "share a land border"),
        ),
    ),
    TableSpec(
        name="languages",
        title="Shared language, per pair",
        source="cldr_languages",
        key=("a", "b"),
        columns=(
            _A,
            _B,
            Column(
                "shared",
                pl.Float32,
                "probability that two people, one drawn from each, share a language: 1 - prod(1 - p_a p_b)",
            ),
            Column("official", pl.Boolean, "an official language in common, regional ones left out"),
        ),
    ),
    TableSpec(
        name="points",
        title="A point inside each actor's largest polygon, for labels and lines on maps",
        source="natural_earth",
        key=("actor",),
        columns=(
            _ACTOR,
            Column("longitude", pl.Float32, "degrees east", "degrees"),
            Column("latitude", pl.Float32, "degrees north", "degrees"),
        ),
    ),
    TableSpec(
        name="borders",
        title="Simplified borders for maps, cut at the antimeridian",
        source="natural_earth",
        is_json=True,
        key=("actor",),
        columns=(
            _ACTOR,
            Column("polygons", pl.String, "polygons as rings of [longitude, latitude], as in GeoJSON MultiPolygon"),
        ),
    ),
)


@cache
def all_tables() -> tuple[TableSpec, ...]:
    """Return every table that a world may have: those computed on loading, then those kept as published."""
    declared = [
        _as_spec(description.name, table)
        for description in map(describe_source, source_names())
        for table in description.tables
    ]
    return (*TABLES, *declared)


def _as_spec(source: str, table: DeclaredTable) -> TableSpec:
    return TableSpec(
        name=table.name,
        title=table.title,
        source=source,
        key=table.key,
        columns=tuple(
            Column(c.name, type_of(c), c.meaning, c.unit, nullable=c.nullable or bool(c.missing)) for c in table.columns
        ),
        complete=table.complete,
        kind=table.kind,
        first=table.first,
        last=table.last,
        ship=table.ship,
        as_published=table.as_published,
        time=table.time,
    )


def table_spec(name: str) -> TableSpec | None:
    """Return the specification of a table, or None for one that this version does not know."""
    found = next((spec for spec in TABLES if spec.name == name), None)
    return found or next((spec for spec in all_tables() if spec.name == name), None)
