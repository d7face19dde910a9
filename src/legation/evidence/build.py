"""Make a world from source files: read each source strictly, compute its tables, write them with their hashes."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import cast

import msgspec
import polars as pl

from legation.errors import EngineError, InputError, SourceError, StoreFullError
from legation.evidence.canonical import content_hash, hash_text
from legation.evidence.catalogue import FORMAT, Absent, Catalogue, ColumnInfo, SourceInfo, TableInfo
from legation.evidence.description import SourceDescription, describe_source, source_names
from legation.evidence.reading import SourceFiles, check_assertion
from legation.evidence.tables import TableSpec, all_tables
from legation.evidence.world import CATALOGUE_FILE, World, open_world

__all__ = ["Loaded", "build_world", "hash_of_file_content", "load_source", "world_hash"]

Loaded = dict[str, pl.DataFrame | bytes]
"""What a load function returns: tables by name; canonical JSON bytes for what is not tabular."""

Progress = Callable[[str, int, int], None]

Measures = Callable[["World", "Callable[[str], None]"], "Iterable[tuple[TableSpec, pl.DataFrame | bytes]]"]
"""Computes measures from a world's tables; the second argument is told the name of each step."""

# Row groups of this size let a question about one pair read a part of the largest table only.
_ROWS_PER_GROUP = 100_000
_ZSTD_LEVEL = 19
_ZSTD_QUICK = 3  # for tables that stay where they were built
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def build_world(
    sources: Path,
    out: Path,
    *,
    only: Sequence[str] = (),
    shipped: bool = False,
    measures: Measures | None = None,
    progress: Progress | None = None,
) -> World:
    """Make a world from a folder of source files; sources of which it holds no file are named in the catalogue.

    Parameters
    ----------
    sources
        Folder that holds the files which the descriptions in ``legation/evidence/sources`` name.
    out
        Folder to make. It must not exist, or be a world, which is then replaced once the new one is whole.
    only
        Names of the sources to read, all of which must be there; every source that is there when left out.
    shipped
        Write only tables that may be passed on with Legation: this makes the baseline.
    measures
        Computes tables from the tables that were loaded; they become part of the world.
    progress
        Called with a source's name, the number of sources done and of all sources.

    Returns
    -------
    World
        The new world.

    Raises
    ------
    SourceError
        When a file that was asked for is missing, or one breaks what its description declares.
    InputError
        When `sources` is not a folder or holds no file of any source, `only` names no source, or `out` holds something
        else than a world.
    StoreFullError
        When the disk is full; a world that was there before is left as it was.
    """
    if not sources.is_dir():
        raise InputError(f"There is no folder {sources} with source files.", remedy="Name the folder that holds them.")
    if out.exists() and not (out / CATALOGUE_FILE).is_file():
        raise InputError(f"{out} is there and is not a world.", remedy="Name a new folder, or move that one away.")
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _write_world(_chosen(sources, only, shipped=shipped), sources, staging, shipped=shipped, progress=progress)
        if measures is not None:
            _add_measures(staging, measures, progress)
        if shipped:
            _keep_what_may_be_passed_on(staging)
        _replace(staging, out)
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise StoreFullError(
                f"The disk is full: the world could not be written beside {out}.", remedy="Free space and try again."
            ) from error
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return open_world(out)


def _chosen(folder: Path, only: Sequence[str], *, shipped: bool) -> tuple[SourceDescription, ...]:
    """Return the sources to read: those named, those of the baseline, or those of which the folder holds a file."""
    descriptions = tuple(describe_source(name) for name in source_names())
    unknown = sorted(set(only) - {description.name for description in descriptions})
    if unknown:
        raise InputError(f"There is no source {unknown[0]!r}.", remedy=f"Name one of {', '.join(source_names())}.")
    if only:
        named = tuple(description for description in descriptions if description.name in only)
        for description in named:
            if not SourceFiles(folder, description).present:
                raise SourceError(
                    f"{folder} holds no file of source {description.name}.",
                    remedy=f"Get {' or '.join(description.all_files)} from {description.url} and put it there.",
                )
        return named
    if shipped:
        return tuple(description for description in descriptions if description.baseline)
    found = tuple(d for d in descriptions if SourceFiles(folder, d).present)
    if not found:
        raise InputError(
            f"{folder} holds no file of any source.",
            remedy="List the sources and the names of their files with `legation world sources`.",
        )
    return found


def _write_world(
    chosen: Sequence[SourceDescription], sources: Path, folder: Path, *, shipped: bool, progress: Progress | None
) -> None:
    infos: list[TableInfo] = []
    for done, description in enumerate(chosen):
        if progress is not None:
            progress(description.name, done, len(chosen))
        loaded = load_source(description, sources)
        specs = [spec for spec in all_tables() if spec.source == description.name]
        for spec in specs:
            table = loaded.pop(spec.name, None)
            if table is not None:
                infos.append(_write_table(table, spec, description, folder))
        if loaded:
            raise EngineError(f"Source {description.name} made tables that nobody documented: {sorted(loaded)}.")
    if progress is not None:
        progress("", len(chosen), len(chosen))
    order = {spec.name: place for place, spec in enumerate(all_tables())}
    tables = tuple(sorted(infos, key=lambda info: order[info.name]))
    read = {description.name for description in chosen}
    catalogue = Catalogue(
        format=FORMAT,
        content_hash=world_hash(tables),
        written_with=f"polars {pl.__version__}",
        tables=tables,
        sources=tuple(_source_info(description) for description in chosen),
        absent=() if shipped else tuple(_absent(name) for name in source_names() if name not in read),
    )
    write_catalogue(folder, catalogue)


def _add_measures(folder: Path, measures: Measures, progress: Progress | None) -> None:
    """Compute measures from the tables in a staging folder and add them to it."""
    world = open_world(folder)
    catalogue, infos = world.catalogue, []

    def tell(step: str) -> None:
        if progress is not None:
            progress(step, len(catalogue.sources), len(catalogue.sources))

    for spec, computed in measures(world, tell):
        infos.append(_write_measure(computed, spec, catalogue, folder))
    tables = (*catalogue.tables, *infos)
    write_catalogue(folder, msgspec.structs.replace(catalogue, tables=tables, content_hash=world_hash(tables)))


def _keep_what_may_be_passed_on(folder: Path) -> None:
    """Take the tables out of a world that served to compute others and may not leave with it."""
    catalogue = open_world(folder).catalogue
    for table in catalogue.tables:
        if not table.ship:
            (folder / table.file).unlink()
    tables = tuple(table for table in catalogue.tables if table.ship)
    write_catalogue(folder, msgspec.structs.replace(catalogue, tables=tables, content_hash=world_hash(tables)))


def _write_measure(computed: pl.DataFrame | bytes, spec: TableSpec, catalogue: Catalogue, folder: Path) -> TableInfo:
    used = [source for source in catalogue.sources if source.name in spec.sources]
    path = folder / spec.file
    rows, digest = _write_file(computed, spec, path)
    written = path.read_bytes()
    return TableInfo(
        name=spec.name,
        title=spec.title,
        file=path.name,
        rows=rows,
        bytes=len(written),
        sha256=hashlib.sha256(written).hexdigest(),
        content_hash=digest,
        key=spec.key,
        columns=(*_documented(spec), *_undocumented(spec, computed)),
        sources=tuple(source.name for source in used),
        licences=tuple(dict.fromkeys(source.licence.spdx or source.licence.name for source in used)),
        attribution=" ".join(dict.fromkeys(source.licence.attribution for source in used)),
        kind=spec.kind or "series",
        first=spec.first or max((source.time_domain.first for source in used), default=date.min),
        last=spec.last or max((source.time_domain.last for source in used), default=date.max),
        complete=spec.complete,
        ship=spec.ship and all(source.licence.redistribution for source in used),
        time=spec.time,
        method=spec.method,
    )


def write_catalogue(folder: Path, catalogue: Catalogue) -> None:
    """Write a world's table of contents."""
    encoded = msgspec.json.format(msgspec.json.encode(catalogue), indent=1)
    (folder / CATALOGUE_FILE).write_bytes(encoded + b"\n")


def _absent(name: str) -> Absent:
    description = describe_source(name)
    return Absent(name=name, title=description.title, files=description.all_files)


def _replace(staging: Path, out: Path) -> None:
    """Put the finished world where it belongs; one that was there before goes only afterwards."""
    staging.chmod(0o755)
    if not out.exists():
        staging.rename(out)
        return
    old = staging.with_name(f"{staging.name}-old")
    out.rename(old)
    try:
        staging.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old)


def load_source(description: SourceDescription, folder: Path) -> Loaded:
    """Run a source's one load function on the files in a folder.

    Raises
    ------
    SourceError
        When a file is missing or breaks an assertion.
    """
    module = import_module(f"legation.evidence.sources.{description.name}.load")
    load = cast("Callable[[SourceFiles], Loaded]", module.load)
    loaded = load(SourceFiles(folder, description))
    for assertion in description.assertions:
        table = loaded.get(assertion.file)
        if isinstance(table, pl.DataFrame):
            check_assertion(table, assertion, source=description.name)
    return loaded


def _write_file(loaded: pl.DataFrame | bytes, spec: TableSpec, path: Path) -> tuple[int, str]:
    """Write a table's file; return its number of rows and its content hash."""
    if isinstance(loaded, bytes):
        path.write_bytes(loaded)
        return len(msgspec.json.decode(loaded, type=dict[str, msgspec.Raw])), hash_text(loaded.decode())
    frame = spec.check(loaded)
    # Through memory: Polars does not say why a file could not be written, the system does.
    buffer = BytesIO()
    frame.write_parquet(
        buffer,
        compression="zstd",
        compression_level=_ZSTD_LEVEL if spec.ship else _ZSTD_QUICK,
        statistics=True,
        row_group_size=_ROWS_PER_GROUP,
    )
    path.write_bytes(buffer.getbuffer())
    return frame.height, content_hash(frame, key=spec.key)


def _write_table(loaded: pl.DataFrame | bytes, spec: TableSpec, source: SourceDescription, folder: Path) -> TableInfo:
    path = folder / spec.file
    rows, digest = _write_file(loaded, spec, path)
    written = path.read_bytes()
    domain = source.time_domain
    kind = spec.kind or domain.kind
    return TableInfo(
        name=spec.name,
        title=spec.title,
        file=path.name,
        rows=rows,
        bytes=len(written),
        sha256=hashlib.sha256(written).hexdigest(),
        content_hash=digest,
        key=spec.key,
        columns=(*_documented(spec), *_undocumented(spec, loaded)),
        sources=(source.name,),
        licences=(source.licence.spdx or source.licence.name,),
        attribution=source.licence.attribution,
        kind=kind,
        first=spec.first or domain.first,
        last=spec.last or domain.last,
        complete=spec.complete,
        snapshot=domain.last.isoformat() if kind == "snapshot" else "",
        ship=spec.ship,
        time=spec.time,
    )


def _documented(spec: TableSpec) -> tuple[ColumnInfo, ...]:
    return tuple(ColumnInfo(name=c.name, type=str(c.type), meaning=c.meaning, unit=c.unit) for c in spec.columns)


def _undocumented(spec: TableSpec, loaded: pl.DataFrame | bytes) -> tuple[ColumnInfo, ...]:
    """Return the columns kept as their publisher's codebook describes them."""
    if isinstance(loaded, bytes):
        return ()
    known = {column.name for column in spec.columns}
    return tuple(
        ColumnInfo(name=name, type=str(dtype), meaning="as the publisher's codebook says")
        for name, dtype in loaded.schema.items()
        if name not in known
    )


def _source_info(description: SourceDescription) -> SourceInfo:
    return SourceInfo(
        name=description.name,
        title=description.title,
        publisher=description.publisher,
        version=description.version,
        retrieved=description.retrieved,
        schedule=description.schedule,
        url=description.url,
        licence=description.licence,
        time_domain=description.time_domain,
        completeness=description.completeness,
        notes=description.notes,
        released=description.released,
        lag_days=description.lag_days,
    )


def world_hash(tables: Iterable[TableInfo]) -> str:
    """Return the hash over the names and content hashes of all tables."""
    return hash_text("".join(f"{table.name} {table.content_hash}\n" for table in sorted(tables, key=lambda t: t.name)))


def hash_of_file_content(path: Path, info: TableInfo) -> str:
    """Return the canonical content hash of a written table, read back from its file."""
    if path.suffix == ".json":
        return hash_text(path.read_text(encoding="utf-8"))
    return content_hash(pl.read_parquet(path), key=info.key)
