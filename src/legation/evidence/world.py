"""A world: tables of evidence in one folder, with a catalogue that says where each figure comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from legation.errors import CorruptStoreError, InputError
from legation.evidence.catalogue import READ_FORMATS, Catalogue, TableInfo

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CATALOGUE_FILE", "MultiPolygon", "World", "baseline_path", "open_world", "world_versions"]

CATALOGUE_FILE = "catalogue.json"
_FIRST_KNOWN = date(1816, 1, 1)  # the record of states begins
_REBUILD = "Restore the file from where the world came from, or make the world again with `legation world build`."

MultiPolygon = list[list[list[list[float]]]]
"""Polygons; each is a list of rings, each ring a list of [longitude, latitude], as in a GeoJSON MultiPolygon."""


def baseline_path() -> Path:
    """Return the folder of the baseline world that comes with Legation."""
    return Path(str(files("legation.evidence") / "baseline"))


def open_world(path: Path | None = None, *, known_on: date | None = None) -> World:
    """Open a world.

    Parameters
    ----------
    path
        The world's folder, or a folder of several versions of a world; the baseline when left out.
    known_on
        Show what was known at the end of that day only. Of several versions, the newest whose evidence was known by
        then is read; see `legation.evidence.known` for when a row counts as known.

    Raises
    ------
    InputError
        When there is no such folder or no world in it, none of its versions was known on that day, or that day lies
        before 1816.
    CorruptStoreError
        When the catalogue is damaged or of a format that this version does not know.
    """
    if known_on is not None and known_on < _FIRST_KNOWN:
        raise InputError(
            f"Nothing is known of what was known on {known_on}.", remedy=f"Give a day from {_FIRST_KNOWN}."
        )
    folder = baseline_path() if path is None else path
    if not folder.is_dir():
        raise InputError(f"There is no world at {folder}.", remedy="Name the folder that `legation world build` made.")
    if not (folder / CATALOGUE_FILE).is_file():
        versions = world_versions(folder)
        if not versions:
            raise InputError(f"{folder} is no world: it holds no {CATALOGUE_FILE}.", remedy=_REBUILD)
        folder = _version_known(versions, folder, known_on)
    return World(folder, _read_catalogue(folder), known_on=known_on)


def world_versions(folder: Path) -> tuple[tuple[date, Path], ...]:
    """Return the versions of a world in a folder, each with the day that its evidence was known to, oldest first."""
    from legation.evidence.known import known_to

    worlds = [path.parent for path in folder.glob(f"*/{CATALOGUE_FILE}")]
    return tuple(sorted((known_to(_read_catalogue(world)), world) for world in worlds))


def _version_known(versions: tuple[tuple[date, Path], ...], folder: Path, on: date | None) -> Path:
    known = [path for day, path in versions if on is None or day <= on]
    if not known:
        day, _ = versions[0]
        raise InputError(
            f"No version of the world in {folder} was known on {on}; the oldest was known on {day.isoformat()}.",
            remedy="Ask for a later day, or name one version: it is then read as if published with the usual lags.",
        )
    return known[-1]


class World:
    """Tables of evidence; each is read, and its bytes are checked, when it is first asked for.

    Parameters
    ----------
    folder
        Where the files lie.
    catalogue
        What they hold.
    known_on
        The day on which the world is read; rows that were not known then are left out of every table.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, *, known_on: date | None = None) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.known_on = known_on
        self._tables: dict[str, pl.DataFrame] = {}
        self._sound: set[str] = set()

    def __repr__(self) -> str:
        return f"World({str(self.folder)!r}, {len(self.catalogue.tables)} tables, {self.content_hash[:12]})"

    @property
    def content_hash(self) -> str:
        """The hash over all tables' content hashes: worlds with the same hash hold the same figures."""
        return self.catalogue.content_hash

    def describe(self) -> tuple[TableInfo, ...]:
        """Return what each table holds, its dates, sources, licences, hashes and attribution."""
        return self.catalogue.tables

    def info(self, name: str) -> TableInfo:
        """Return what one table holds.

        Raises
        ------
        InputError
            When the world has no such table.
        """
        for table in self.catalogue.tables:
            if table.name == name:
                return self._as_known(table)
        raise InputError(
            f"The world at {self.folder} has no table {name!r}.",
            remedy=f"Ask for one of: {', '.join(table.name for table in self.catalogue.tables)}.",
        )

    def holds(self, name: str) -> bool:
        """Say whether the world has a table, and any of it was known on the day it is read."""
        from legation.evidence.known import is_visible

        found = next((table for table in self.catalogue.tables if table.name == name), None)
        if found is None or self.known_on is None:
            return found is not None
        return is_visible(found, self.catalogue.sources, on=self.known_on)

    def facts_on(self, as_of: date) -> date:
        """Return the day for which acts of accession and treaties are read: never after the day of knowledge."""
        return as_of if self.known_on is None else min(as_of, self.known_on)

    def _as_known(self, info: TableInfo) -> TableInfo:
        if self.known_on is None:
            return info
        from legation.evidence.known import last_known

        return msgspec.structs.replace(info, last=last_known(info, self.catalogue.sources, on=self.known_on))

    def citation(self, name: str) -> str:
        """Return the sources of a table with their versions, in one line."""
        by_name = {source.name: source for source in self.catalogue.sources}
        return "; ".join(f"{by_name[s].title}, {by_name[s].version}" for s in self.info(name).sources)

    def table(self, name: str) -> pl.DataFrame:
        """Return a table, with the columns that are derived on reading.

        Raises
        ------
        InputError
            When the world has no such table, or it is not tabular.
        CorruptStoreError
            When its file is missing, truncated or changed.
        """
        if name not in self._tables:
            self._tables[name] = self._scan(name).collect()
        return self._tables[name]

    def select(self, name: str, **equal: str | int) -> pl.DataFrame:
        """Return the rows of a table whose columns equal the given values, without reading the rest of it.

        Raises
        ------
        InputError
            When the world has no such table or column.
        CorruptStoreError
            When its file is missing, truncated or changed.
        """
        import polars as pl

        known = {column.name for column in self.info(name).columns}
        if not set(equal) <= known:
            raise InputError(f"Table {name} has no column {sorted(set(equal) - known)}; it has {sorted(known)}.")
        condition = [pl.col(column) == value for column, value in equal.items()]
        return self.filter(name, *condition)

    def filter(self, name: str, *conditions: pl.Expr) -> pl.DataFrame:
        """Return the rows of a table that meet Polars conditions, without reading the rest of it.

        Raises
        ------
        InputError
            When the world has no such table.
        CorruptStoreError
            When its file is missing, truncated or changed.
        """
        if name in self._tables:
            return self._tables[name].filter(*conditions)
        return self._scan(name).filter(*conditions).collect()

    def _scan(self, name: str) -> pl.LazyFrame:
        import polars as pl

        from legation.evidence.tables import TABLES

        info = self.info(name)
        if not info.file.endswith(".parquet"):
            raise InputError(f"{name} is not a table of rows.", remedy=f"Read it with the world's {name}() method.")
        path = self._checked(info)
        # only tables computed on loading have derived columns; the others' descriptions need not be read for this
        spec = next((one for one in TABLES if one.name == name), None)
        derived = [] if spec is None else [c.derived().alias(c.name) for c in spec.columns if c.derived is not None]
        try:
            frame = pl.scan_parquet(path).with_columns(derived)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise CorruptStoreError(f"{path} cannot be read: {error}.", remedy=_REBUILD) from error
        if self.known_on is None:
            return frame
        from legation.evidence.known import as_known

        return as_known(frame, info, self.catalogue.sources, on=self.known_on)

    @cached_property
    def _border_polygons(self) -> dict[str, MultiPolygon]:
        path = self._checked(self.info("borders"))
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, MultiPolygon])
        except msgspec.DecodeError as error:
            raise CorruptStoreError(f"{path} cannot be read: {error}.", remedy=_REBUILD) from error

    def borders(self) -> Mapping[str, MultiPolygon]:
        """Return the simplified borders of each actor, in degrees, cut at the antimeridian.

        Raises
        ------
        CorruptStoreError
            When the file is missing, truncated or changed.
        """
        return self._border_polygons

    def verify(self) -> None:
        """Check every file's bytes and every table's content against the catalogue.

        Raises
        ------
        CorruptStoreError
            When one of them differs; the message names the file.
        """
        from legation.evidence.build import hash_of_file_content, world_hash

        self._sound.clear()
        for info in self.catalogue.tables:
            found = hash_of_file_content(self._checked(info), info)
            if found != info.content_hash:
                raise CorruptStoreError(
                    f"Table {info.name} in {self.folder} holds other rows than its catalogue says.", remedy=_REBUILD
                )
        if world_hash(self.catalogue.tables) != self.content_hash:
            raise CorruptStoreError(f"{self.folder / CATALOGUE_FILE} contradicts itself.", remedy=_REBUILD)

    def _checked(self, info: TableInfo) -> Path:
        """Return the path of a table's file once its bytes are known to be those that the catalogue names."""
        path = self.folder / info.file
        if info.name in self._sound:
            return path
        try:
            size = path.stat().st_size
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise CorruptStoreError(f"{path} cannot be read: {error.strerror}.", remedy=_REBUILD) from error
        if size != info.bytes:
            raise CorruptStoreError(f"{path} has {size} bytes; the catalogue says {info.bytes}.", remedy=_REBUILD)
        if digest != info.sha256:
            raise CorruptStoreError(f"{path} was changed or damaged: its SHA-256 differs.", remedy=_REBUILD)
        self._sound.add(info.name)
        return path


def _read_catalogue(folder: Path) -> Catalogue:
    path = folder / CATALOGUE_FILE
    try:
        catalogue = msgspec.json.decode(path.read_bytes(), type=Catalogue)
    except OSError as error:
        raise CorruptStoreError(f"{path} cannot be read: {error.strerror}.", remedy=_REBUILD) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CorruptStoreError(f"{path} is damaged: {error}.", remedy=_REBUILD) from error
    if catalogue.format not in READ_FORMATS:
        raise CorruptStoreError(
            f"{path} has format {catalogue.format!r}; this version reads {', '.join(READ_FORMATS)}.",
            remedy="Build the world again.",
        )
    for table in catalogue.tables:
        if Path(table.file).name != table.file:
            raise CorruptStoreError(f"{path} names a file outside its folder: {table.file!r}.", remedy=_REBUILD)
    return catalogue
