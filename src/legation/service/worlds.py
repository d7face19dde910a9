"""Worlds as users work with them: build with measures, list sources, say what changed and which relations moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from legation.errors import InputError

if TYPE_CHECKING:
    from legation.evidence.description import SourceDescription
    from legation.evidence.difference import WorldChange
    from legation.evidence.world import World
    from legation.relations.moved import MovedRelation

__all__ = [
    "SourceListing",
    "WorldDifference",
    "build_world",
    "compare_worlds",
    "files_of_no_source",
    "list_sources",
]


@dataclass(frozen=True, kw_only=True)
class SourceListing:
    """A source that Legation can read.

    Parameters
    ----------
    name, title, publisher, version, url, schedule
        As its description gives them.
    first, last
        The days that this version speaks of.
    kind
        series, snapshot or static.
    licence, use, may_be_passed_on
        The licence, what the data may be used for, and whether they may be given to others.
    age_days
        Days from the last day that it speaks of to today; None for figures that are taken not to change.
    tables
        The tables it makes in a world.
    files
        The names of files it can be read from.
    found
        Those of them that lie in the folder asked about; None when no folder was asked about.
    fetchable
        Whether `legation world fetch` knows its address.
    in_baseline
        Whether the shipped world is computed from it.
    """

    name: str
    title: str
    publisher: str
    version: str
    url: str
    schedule: str
    first: date
    last: date
    kind: str
    licence: str
    use: str
    may_be_passed_on: bool
    age_days: int | None
    tables: tuple[str, ...]
    files: tuple[str, ...]
    found: tuple[str, ...] | None
    fetchable: bool
    in_baseline: bool


@dataclass(frozen=True, kw_only=True)
class WorldDifference:
    """What changed from one world to another, and which relations moved by it beyond their intervals."""

    change: WorldChange
    as_of: date
    moved: tuple[MovedRelation, ...]


def build_world(
    sources: Path,
    out: Path,
    *,
    only: Sequence[str] = (),
    shipped: bool = False,
    with_measures: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> World:
    """Build a world from a folder of source files, with every measure that its tables allow.

    Parameters
    ----------
    sources, out, only, shipped, progress
        As `legation.evidence.build_world` takes them.
    with_measures
        Compute ideal points, similarity, ties, balance and relation levels from the tables.
    """
    from legation.evidence.build import build_world as build
    from legation.relations.measures import measures_of

    return build(
        sources,
        out,
        only=only,
        shipped=shipped,
        measures=partial(measures_of, shipped=shipped) if with_measures else None,
        progress=progress,
    )


def files_of_no_source(folder: Path) -> tuple[str, ...]:
    """Return the names of files in a folder that no source reads, such as a version that nobody described yet."""
    from legation.evidence.description import describe_source, source_names

    patterns = [pattern for name in source_names() for pattern in describe_source(name).all_files]
    read = {path for pattern in patterns for path in folder.glob(pattern)}
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_file() and path not in read))


def list_sources(*, folder: Path | None = None, today: date) -> tuple[SourceListing, ...]:
    """Return every source that Legation can read, with coverage, licence, use and freshness.

    Parameters
    ----------
    folder
        A folder of source files: say which of each source's files lie in it.
    today
        The day that freshness is measured at.

    Raises
    ------
    InputError
        When there is no such folder.
    """
    from legation.evidence.description import describe_source, source_names

    if folder is not None and not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", remedy="Name the folder that holds your source files.")
    return tuple(_listing(describe_source(name), folder, today) for name in source_names())


def _listing(source: SourceDescription, folder: Path | None, today: date) -> SourceListing:
    from legation.evidence.tables import all_tables

    domain = source.time_domain
    found = None if folder is None else tuple(f for f in source.all_files if any(folder.glob(f)))
    return SourceListing(
        name=source.name,
        title=source.title,
        publisher=source.publisher,
        version=source.version,
        url=source.url,
        schedule=source.schedule,
        first=domain.first,
        last=domain.last,
        kind=domain.kind,
        licence=source.licence.name,
        use=source.licence.use,
        may_be_passed_on=source.licence.redistribution,
        age_days=None if domain.kind == "static" else max(0, (today - domain.last).days),
        tables=tuple(spec.name for spec in all_tables() if spec.source == source.name),
        files=source.all_files,
        found=found,
        fetchable=bool(source.downloads),
        in_baseline=source.baseline,
    )


def compare_worlds(before: World, after: World, *, as_of: date, most: int = 20) -> WorldDifference:
    """Say what changed between two worlds, and which relations moved by it.

    Parameters
    ----------
    before, after
        The worlds.
    as_of
        The day at which relations are compared.
    most
        The most relations to name.
    """
    from legation.evidence.difference import compare_worlds as compare
    from legation.relations.moved import moved_relations

    return WorldDifference(
        change=compare(before, after), as_of=as_of, moved=moved_relations(before, after, as_of=as_of, most=most)
    )
