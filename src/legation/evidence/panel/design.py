"""A panel as one describes it before it is made: unit, system, span, and steps in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.errors import InputError
from legation.evidence.panel.clock import Ints
from legation.evidence.panel.facts import TableFacts
from legation.evidence.panel.leader_rows import Standard, archigos, leader_dyad_rows, leader_rows
from legation.evidence.panel.lookup import Lookup
from legation.evidence.panel.organisation_rows import membership_rows, organisation_rows
from legation.evidence.panel.reduce import relevance
from legation.evidence.panel.registry import REDUCTIONS, find_verb, set_options
from legation.evidence.panel.rows import Rows, count_dyads, dyad_rows, state_rows
from legation.evidence.panel.size import most_rows
from legation.evidence.panel.systems import state_spells
from legation.evidence.panel.tables import Reader, Tables, reader_for
from legation.evidence.panel.types import KEY, Panel, PanelColumn, Period, System, Unit, pick
from legation.evidence.panel.verbs.base import Added, Context, Option, Verb

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = [
    "DEFAULT_MEMORY",
    "PanelDesign",
    "Step",
    "verb",
]

DEFAULT_MEMORY = 4.0
"""Gigabytes that a panel may take unless one says otherwise."""

_BYTES_PER_CELL = 9
_TABLE_COLUMNS = 10
_NOT_SAMPLED = frozenset({"table", "similarity", "peace_years", "spells"})
# A panel of this size is made without asking how much memory its columns would take.
_SMALL = 3_000_000


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to add, or a reduction, with its options."""

    name: str
    options: Mapping[str, Option] = field(default_factory=dict)
    reduction: bool = False


def verb(name: str, /, **options: Option) -> Step:
    """Return a verb with options, to be given to `PanelDesign.add`.

    Parameters
    ----------
    name
        A verb; ``table:NAME`` and ``similarity:NAME`` name the table after the colon.

    Raises
    ------
    InputError
        When there is no such verb, or it has no such option; the message suggests some.
    """
    word, colon, table = name.partition(":")
    found = find_verb(word)
    if colon:
        if "name" not in found.options:
            raise InputError(f"{found.name} takes no table: {name!r}.", remedy="Leave out what follows the colon.")
        options = {"name": table, **options}
    return Step(name=found.name, options=set_options(found, options))


@dataclass(frozen=True, kw_only=True)
class PanelDesign:
    """What a panel is to be; `build` makes it.

    Attributes
    ----------
    overlap
        ``day``: two states make a dyad where they share a day; ``year``: where they share a calendar year.
    steps
        What is added and reduced, in this order.
    carry_forward
        Verbs whose last year stands in all later ones; nothing else is ever carried.
    own
        Tables that come with the design, by name, beside those of the world.
    """

    unit: Unit
    system: System
    period: Period
    first: int
    last: int
    directed: bool = True
    overlap: str = "day"
    standard: Standard = "none"
    organisations: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    carry_forward: tuple[str, ...] = ()
    own: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def add(self, *wanted: str | Step) -> PanelDesign:
        """Return the design with verbs added after its other steps.

        Raises
        ------
        InputError
            When a verb is not known, or is not for panels of this unit.
        """
        steps = tuple(step if isinstance(step, Step) else verb(step) for step in wanted)
        for step in steps:
            found = find_verb(step.name)
            if self.unit not in found.units:
                raise InputError(
                    f"{found.name} is for panels by {_units(found)}, not by {self.unit.replace('_', ' ')}.",
                    remedy=f"Use: {', '.join(_for_unit(self.unit)) or 'no verb; its members can be a panel'}.",
                )
        return replace(self, steps=(*self.steps, *steps))

    def reduce(self, name: str) -> PanelDesign:
        """Return the design with a reduction after its other steps.

        Raises
        ------
        InputError
            When there is no such reduction, or the panel is not by dyad.
        """
        pick(name, tuple(REDUCTIONS), what="reduction")
        if self.unit not in {"dyad", "leader_dyad"}:
            raise InputError(f"{name} reduces dyads; this panel is by {self.unit}.", remedy="Make a panel of dyads.")
        return replace(self, steps=(*self.steps, Step(name=name, reduction=True)))

    def relevant(self) -> PanelDesign:
        """Return the design reduced to politically relevant dyads; adds contiguity and majors where they lack."""
        return self.reduce("relevant")

    def carry(self, *names: str) -> PanelDesign:
        """Return the design with verbs whose last year is carried forward, each with a column that says from when.

        Raises
        ------
        InputError
            When a name is no verb.
        """
        return replace(self, carry_forward=(*self.carry_forward, *(find_verb(name).name for name in names)))

    def similarity(self, table: pl.DataFrame, /, *, name: str = "similarity", **options: Option) -> PanelDesign:
        """Return the design with a table of similarity of dyads added.

        Parameters
        ----------
        table
            ccode1 and ccode2 (or gwcode1 and gwcode2, or a and b), year, and the measures.
        """
        return self.with_table(name, table).add(verb(f"similarity:{name}", **options))

    def with_table(self, name: str, table: pl.DataFrame, /) -> PanelDesign:
        """Return the design with a table of one's own, to be added as ``table:NAME``."""
        return replace(self, own={**self.own, name: table})

    def build(
        self,
        tables: Tables | None = None,
        *,
        world: World | None = None,
        sources: Path | None = None,
        memory: float = DEFAULT_MEMORY,
    ) -> Panel:
        """Make the panel.

        Parameters
        ----------
        tables
            Gives a table by name.
        world
            A world to read from instead; the shipped baseline when nothing is given.
        sources
            A folder of source files to read from instead.
        memory
            Gigabytes that the panel may take.

        Raises
        ------
        MissingEvidenceError
            When a table is not there; the message names its source.
        SourceError
            When a table has other columns than documented, or answers twice for one unit and year.
        InputError
            When the panel would not fit in memory, or a request cannot be met; the message says what to do.
        """
        reader = self.reader(tables, world=world, sources=sources)
        self._check_memory(reader, memory)
        return _make(self, reader, only=None)

    def batches(
        self,
        tables: Tables | None = None,
        *,
        world: World | None = None,
        sources: Path | None = None,
        memory: float = DEFAULT_MEMORY,
    ) -> Iterator[Panel]:
        """Make a panel of dyads in parts that each fit in memory: each part has all rows of its first states.

        Panels of other units come in one part.

        Raises
        ------
        InputError
            When the rows of one state alone do not fit, or a panel of another unit does not.
        """
        reader = self.reader(tables, world=world, sources=sources)
        if self.unit != "dyad":
            self._check_memory(reader, memory)
            yield _make(self, reader, only=None)
            return
        spells = state_spells(self.system, reader, first=self.first, last=self.last)
        rows = count_dyads(spells, directed=self.directed, period=self.period)
        room = int(memory * 1e9 / self._bytes_per_row(reader))
        if int(rows.max()) > room:
            raise InputError(
                f"The rows of one state alone ({int(rows.max()):,}) do not fit in {memory:g} GB.",
                remedy="Give more --memory, a shorter span, or fewer columns.",
            )
        for part in _parts(rows, room):
            panel = _make(self, reader, only=part)
            if len(panel):
                yield panel

    def reader(
        self, tables: Tables | None = None, *, world: World | None = None, sources: Path | None = None
    ) -> Reader:
        """Return the reader of the tables, with the design's own ones before the others."""
        base = reader_for(world=world, tables=tables, sources=sources)
        own = {name: TableFacts(title=f"the user's own table {name}", licence="the user's own") for name in self.own}
        return Reader(_own_first(self.own, base.table), facts={**base.published, **own}, origin=base.origin)

    def fits(self, reader: Reader, memory: float) -> bool:
        """Say whether the whole panel fits in so many gigabytes, by the size of a small part of it."""
        return self._needed(reader) <= memory * 1e9

    def _needed(self, reader: Reader) -> float:
        rows = most_rows(self, reader)
        return 0.0 if rows <= _SMALL else float(rows) * self._bytes_per_row(reader)

    def _bytes_per_row(self, reader: Reader) -> float:
        """Return the memory of a row, with the work around it: measured on a year in the middle of the span."""
        middle = (self.first + self.last) // 2
        # a table by name may be a snapshot of another year, and time may count from it: so many columns each
        steps = tuple(step for step in self.steps if not step.reduction and step.name not in _NOT_SAMPLED)
        named = sum(step.name in _NOT_SAMPLED for step in self.steps)
        one = replace(self, first=middle, last=middle, period="year", overlap="day", steps=steps, carry_forward=())
        sample = _make(one, reader, only=None)
        return 2.0 * (sample.frame.width + _TABLE_COLUMNS * named) * _BYTES_PER_CELL + 60.0

    def _check_memory(self, reader: Reader, memory: float) -> None:
        needed = self._needed(reader)
        parts = "Write it in parts to a .parquet file, g" if self.unit == "dyad" else "G"
        if needed > memory * 1e9:
            raise InputError(
                f"The panel would take about {needed / 1e9:.0f} GB; {memory:g} GB are allowed.",
                remedy=f"{parts}ive more --memory, a shorter span, or fewer columns.",
            )


def _own_first(own: Mapping[str, pl.DataFrame], beneath: Callable[[str], pl.DataFrame]) -> Tables:
    return lambda name: own[name] if name in own else beneath(name)


def _units(found: Verb) -> str:
    return ", ".join(sorted(unit.replace("_", " ") for unit in found.units))


def _for_unit(unit: Unit) -> list[str]:
    from legation.evidence.panel.registry import all_verbs

    return [name for name, found in all_verbs().items() if unit in found.units]


def _parts(rows: Ints, room: int) -> Iterator[npt.NDArray[np.bool_]]:
    part = np.zeros(len(rows), dtype=bool)
    held = 0
    for state, count in enumerate(rows.tolist()):
        if held and held + count > room:
            yield part
            part, held = np.zeros(len(rows), dtype=bool), 0
        part[state] = True
        held += count
    yield part


def _rows(
    design: PanelDesign, reader: Reader, only: npt.NDArray[np.bool_] | None
) -> tuple[Rows, PanelColumn | None, str]:
    span = {"first": design.first, "last": design.last}
    if design.unit == "leader":
        return leader_rows(reader, standard=design.standard, period=design.period, **span), None, ""
    if design.unit == "leader_dyad":
        return (
            leader_dyad_rows(reader, standard=design.standard, period=design.period, directed=design.directed, **span),
            None,
            "",
        )
    if design.unit == "organisation":
        return organisation_rows(design.organisations, system=design.system, period=design.period, **span), None, ""
    if design.unit == "membership":
        return membership_rows(design.organisations, system=design.system, period=design.period, **span), None, ""
    spells = state_spells(design.system, reader, **span)
    keyed = PanelColumn(
        name="",
        verb=KEY,
        table=spells.table,
        source=spells.source,
        version=spells.version,
        licence=spells.licence,
        resolution="key",
    )
    if design.unit == "state":
        return state_rows(spells, system=design.system, period=design.period, **span), keyed, spells.note
    rows = dyad_rows(
        spells,
        system=design.system,
        period=design.period,
        directed=design.directed,
        same_day=design.overlap == "day",
        only=only,
        **span,
    )
    return rows, keyed, spells.note


def _make(design: PanelDesign, reader: Reader, *, only: npt.NDArray[np.bool_] | None) -> Panel:
    rows, keyed, note = _rows(design, reader, only)
    frame = rows.keys
    columns = [_key_column(name, keyed) for name in frame.columns]
    notes = [note] if note else []
    frame, columns = _about(rows, reader, frame, columns)
    lookup = Lookup(rows, reader)
    for step in design.steps:
        if step.reduction:
            for needed in ("contiguity", "majors"):
                if not any(column.verb == needed for column in columns):
                    frame, columns = _with(
                        frame, columns, _run(verb(needed), design, lookup=lookup, frame=frame, columns=columns)
                    )
            known, column = relevance(frame)
            kept = (known == 1).fill_null(value=False)
            unknown = known.null_count()
            if unknown:
                notes.append(
                    f"{unknown:,} rows were dropped because contiguity or major powers are not known for their year."
                )
            frame, columns = frame.with_columns(known).filter(kept), [*columns, column]
            rows = rows.take(kept.to_numpy())
            lookup = Lookup(rows, reader)
            continue
        added = _run(step, design, lookup=lookup, frame=frame, columns=columns)
        notes += [text for text in added.notes if text not in notes]
        frame, columns = _with(frame, columns, added)
    return Panel(
        unit=design.unit,
        period=design.period,
        system=rows.system,
        directed=design.directed if design.unit in {"dyad", "leader_dyad"} else False,
        first=design.first,
        last=design.last,
        frame=frame,
        columns=tuple(columns),
        notes=tuple(notes),
    )


def _run(
    step: Step,
    design: PanelDesign,
    *,
    lookup: Lookup,
    frame: pl.DataFrame,
    columns: Sequence[PanelColumn],
) -> Added:
    found = find_verb(step.name)
    return found.add(
        Context(
            verb=found.name,
            rows=lookup.rows,
            reader=lookup.reader,
            lookup=lookup,
            frame=frame,
            columns=tuple(columns),
            options=set_options(found, step.options),
            carry=found.name in design.carry_forward,
        )
    )


def _with(frame: pl.DataFrame, columns: list[PanelColumn], added: Added) -> tuple[pl.DataFrame, list[PanelColumn]]:
    """Put new columns beside the others; a name that is taken gets the verb's name before it."""
    import msgspec

    named = []
    for column in added.columns:
        taken = column.name in frame.columns
        called = f"{column.verb}_{column.name}" if taken else column.name
        if called in frame.columns:
            raise InputError(f"{column.verb} is added twice.", remedy="Add it once.")
        named.append((added.series[column.name].alias(called), msgspec.structs.replace(column, name=called)))
    return frame.with_columns(series for series, _ in named), [*columns, *(column for _, column in named)]


def _key_column(name: str, keyed: PanelColumn | None) -> PanelColumn:
    meanings = {
        "year": "calendar year",
        "month": "calendar month, 1 to 12",
        "date": "day",
        "organisation": "id of the organisation",
        "member": "id of the member",
    }
    if name.startswith(("ccode", "gwcode")):
        meaning = "COW number of the state" if name.startswith("ccode") else "Gleditsch-Ward number of the state"
        if keyed is None:
            return PanelColumn(name=name, verb=KEY, meaning=meaning, resolution="key", published=name)
        return PanelColumn(
            name=name,
            verb=KEY,
            meaning=meaning,
            table=keyed.table,
            source=keyed.source,
            version=keyed.version,
            licence=keyed.licence,
            resolution="key",
            published=name,
        )
    if name.startswith("obsid"):
        return PanelColumn(
            name=name,
            verb=KEY,
            meaning="Archigos observation: a leader's stretch in office",
            resolution="key",
            published=name,
        )
    if name in {"organisation", "member"}:
        return PanelColumn(
            name=name,
            verb=KEY,
            meaning=meanings[name],
            table="memberships",
            resolution="key",
            licence="Apache-2.0",
            source="Legation's own record of organisations and memberships",
        )
    return PanelColumn(name=name, verb=KEY, meaning=meanings.get(name, ""), resolution="key", published=name)


def _about(
    rows: Rows, reader: Reader, frame: pl.DataFrame, columns: list[PanelColumn]
) -> tuple[pl.DataFrame, list[PanelColumn]]:
    """Add what says who a leader is, and how many members an organisation has."""
    if rows.unit == "organisation":
        return _with(frame, columns, _member_counts(rows))
    if not rows.leaders:
        return frame, columns
    listed = archigos(reader)
    facts = reader.facts("archigos")
    series: dict[str, pl.Series] = {}
    described: list[PanelColumn] = []
    for (suffix, _), leader in zip(rows.sides, rows.leaders, strict=True):
        of = listed[leader]
        years = pl.Series(rows.year)
        found = {
            "leader": (of.get_column("leader"), "the leader's name"),
            "gender": (of.get_column("gender"), "M or F"),
            "leaderage": ((years - of.get_column("yrborn")).cast(pl.Int16), "year less year of birth"),
            "yrinoffice": (
                (years - of.get_column("startdate").dt.year() + 1).cast(pl.Int16),
                "calendar year in office, from 1",
            ),
        }
        for name, (values, meaning) in found.items():
            series[f"{name}{suffix}"] = values.alias(f"{name}{suffix}")
            described.append(
                PanelColumn(
                    name=f"{name}{suffix}",
                    verb="leader",
                    meaning=meaning,
                    table="archigos",
                    source=facts.title,
                    version=facts.version,
                    licence=facts.licence,
                    first=facts.first,
                    last=facts.last,
                    published=f"{name}{suffix}",
                )
            )
    return _with(frame, columns, Added(series=series, columns=tuple(described)))


def _member_counts(rows: Rows) -> Added:
    names = rows.keys.get_column("organisation").unique().to_list()
    held = membership_rows(names, system=rows.system, period=rows.period, first=rows.first, last=rows.last).keys
    when = [name for name in rows.keys.columns if name != "organisation"]
    counts = held.group_by("organisation", *when).agg(pl.col("member").n_unique().cast(pl.Int32).alias("members"))
    joined = rows.keys.join(counts, on=["organisation", *when], how="left", maintain_order="left", validate="m:1")
    return Added(
        series={"members": joined.get_column("members").fill_null(0)},
        columns=(
            PanelColumn(
                name="members",
                verb="members",
                meaning="full members on at least one day of the period",
                source="Legation's own record of organisations and memberships",
                licence="Apache-2.0",
                table="memberships",
                absent="zero",
            ),
        ),
    )
