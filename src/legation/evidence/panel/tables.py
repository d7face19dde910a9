"""The tables that a panel reads: from a world, a folder of files, or a function that gives a table by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from legation.errors import FormatError, InputError, MissingEvidenceError, SourceError
from legation.evidence.panel.facts import FACTS, TableFacts

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["Reader", "Tables", "folder_tables", "reader_for", "whole_numbers", "with_dates"]

_MANY = 40

Tables = Callable[[str], pl.DataFrame]
"""Gives a table by name; raises MissingEvidenceError or InputError for a name that it does not hold."""

# Names under which copies of the tables go about, beside the table's own name.
_FILES: Mapping[str, tuple[str, ...]] = {
    "cow_system": ("isard_cow_system", "cw_system"),
    "gw_system": ("isard_gw_system",),
    "cow_gw_years": ("crosswalk_cow_gw_year", "cw_gw_panel"),
    "gw_cow_years": ("crosswalk_gw_cow_year", "gw_cw_panel"),
    "lead_leaders": ("LEAD",),
    "ruggedness": ("rugged",),
    "democracy_cow_year": ("cw_democracy",),
    "gdp_pop_cow_year": ("cw_gdppop",),
}


class Reader:
    """Reads each table once, checks that it has the columns a verb needs, and knows what its publisher says of it."""

    def __init__(self, read: Tables, *, facts: Mapping[str, TableFacts], origin: str) -> None:
        self._read = read
        self.published = facts
        self._held: dict[str, pl.DataFrame] = {}
        self.origin = origin

    def table(self, name: str, needs: Sequence[str] = ()) -> pl.DataFrame:
        """Return a table.

        Raises
        ------
        MissingEvidenceError
            When it is not there; the message names the source and where to get it.
        SourceError
            When it lacks one of the columns that are needed.
        """
        if name not in self._held:
            try:
                self._held[name] = self._read(name)
            except FormatError:
                raise
            except InputError as error:
                raise self._missing(name) from error
        frame = self._held[name]
        lacking = [column for column in needs if column not in frame.columns]
        if lacking:
            raise SourceError(
                f"Table {name} lacks {', '.join(lacking)}; it has {', '.join(frame.columns)}.",
                remedy="Use the publisher's file of the documented version: see docs/reference/panel.md.",
            )
        return frame

    def has(self, name: str) -> bool:
        """Say whether the table is there."""
        try:
            self.table(name)
        except MissingEvidenceError:
            return False
        return True

    def facts(self, name: str) -> TableFacts:
        """Return what is known of the table's publication."""
        return self.published.get(name) or FACTS.get(name) or TableFacts(title=name, licence="not stated")

    def _missing(self, name: str) -> MissingEvidenceError:
        facts = self.facts(name)
        where = f" ({facts.get})" if facts.get else ""
        version = f", version {facts.version}" if facts.version else ""
        return MissingEvidenceError(
            f"{self.origin} has no table {name}: {facts.title}{version}.",
            remedy=f"Get it from its publisher{where}, then run `legation world build`, or give the folder that holds "
            "the file with --sources.",
        )


def reader_for(*, world: World | None = None, tables: Tables | None = None, sources: Path | None = None) -> Reader:
    """Return a reader over a function, else a folder of files, else a world; the shipped baseline if none is given.

    Raises
    ------
    InputError
        When more than one of them is given, or the folder is not there.
    """
    if sum(given is not None for given in (world, tables, sources)) > 1:
        raise InputError("A panel reads from one place only.", remedy="Give a world, or tables, or a folder of files.")
    if tables is not None:
        return Reader(tables, facts={}, origin="The function that gives tables")
    if sources is not None:
        return Reader(folder_tables(sources), facts={}, origin=f"The folder {sources}")
    if world is None:
        from legation.evidence.world import open_world

        world = open_world()
    return Reader(world.table, facts=_world_facts(world), origin=f"The world at {world.folder}")


def _world_facts(world: World) -> dict[str, TableFacts]:
    by_name = {source.name: source for source in world.catalogue.sources}
    found = {}
    for table in world.describe():
        sources = [by_name[name] for name in table.sources if name in by_name]
        declared = FACTS.get(table.name)
        found[table.name] = TableFacts(
            title=table.title,
            version="; ".join(source.version for source in sources if source.version),
            licence="; ".join(table.licences),
            first=table.first.year if declared is None else min(table.first.year, declared.first or table.first.year),
            last=table.last.year,
            get=sources[0].url if sources else "",
            snapshot=table.kind == "snapshot",
            complete=table.complete,
        )
    return found


def folder_tables(folder: Path) -> Tables:
    """Return a function that reads tables from a folder: the publishers' files, or Parquet, CSV and Arrow by name.

    A file counts for a table when its name is the table's name, alone or with a version after it
    (``cow_nmc_v7.parquet``).

    Raises
    ------
    InputError
        When there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", remedy="Name the folder that holds the source files.")

    def read(name: str) -> pl.DataFrame:
        path = _file_of(folder, name)
        if path is not None:
            return _read_file(path)
        loaded = _from_publisher(folder, name)
        if loaded is None:
            raise MissingEvidenceError(f"The folder {folder} holds no file of table {name}.")
        return loaded

    return read


def _file_of(folder: Path, name: str) -> Path | None:
    for stem in (name, *_FILES.get(name, ())):
        for suffix in (".parquet", ".arrow", ".feather", ".csv"):
            exact = folder / f"{stem}{suffix}"
            if exact.is_file():
                return exact
            versions = sorted(folder.glob(f"{stem}_v[0-9]*{suffix}"))
            if versions:
                return versions[-1]
    return None


def _read_file(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        if path.suffix == ".csv":
            return pl.read_csv(path, infer_schema_length=None, null_values=["", "NA", "NaN"])
        return pl.read_ipc(path.read_bytes())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FormatError(
            f"{path} cannot be read: {str(error).splitlines()[0]}.", remedy="Restore the file from where it came from."
        ) from error


def _from_publisher(folder: Path, name: str) -> pl.DataFrame | None:
    """Load a table through the source that declares it, if its files are in the folder."""
    from legation.evidence.build import load_source
    from legation.evidence.description import describe_source, source_names

    for source in source_names():
        description = describe_source(source)
        if any(table.name == name for table in description.tables) and any(
            any(folder.glob(file)) for file in description.all_files
        ):
            loaded = load_source(description, folder).get(name)
            if isinstance(loaded, pl.DataFrame):
                return loaded
    return None


def with_dates(frame: pl.DataFrame, columns: Sequence[str], *, table: str) -> pl.DataFrame:
    """Return the frame with columns of ISO texts as dates.

    Raises
    ------
    SourceError
        When a text is no date.
    """
    for column in columns:
        series = frame.get_column(column)
        if series.dtype == pl.Date:
            continue
        if series.dtype != pl.String:
            raise SourceError(f"Table {table}: column {column} holds {series.dtype}, not dates.")
        dates = series.str.to_date("%Y-%m-%d", strict=False)
        wrong = dates.is_null() & series.is_not_null()
        if bool(wrong.any()):
            raise SourceError(
                f"Table {table}: {series.filter(wrong)[0]!r} in column {column} is no date.",
                remedy="Use ISO dates: YYYY-MM-DD.",
            )
        frame = frame.with_columns(dates)
    return frame


def whole_numbers(frame: pl.DataFrame, column: str, *, table: str) -> pl.Series:
    """Return a column of codes or years as whole numbers.

    Raises
    ------
    SourceError
        When it is not there, or holds a value that is no whole number; the message names the row.
    """
    if column not in frame.columns:
        raise SourceError(f"Table {table} has no column {column}; it has {', '.join(frame.columns[:_MANY])}.")
    given = frame.get_column(column)
    whole = given.cast(pl.Int64, strict=False)
    wrong = whole.is_null() & given.is_not_null()
    if given.dtype.is_float():
        wrong |= given.is_not_null() & (whole.cast(given.dtype) != given)
    if bool(wrong.any()):
        row = int(wrong.arg_true()[0])
        raise SourceError(
            f"Table {table}, row {row + 1}: {given[row]!r} in column {column} is no whole number.",
            remedy="Mend the row, or leave it out.",
        )
    return whole
