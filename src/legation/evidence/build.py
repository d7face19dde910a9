"""Make a world from source files: read each source strictly, compute its tables, write them with their hashes."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import cast

import msgspec
import polars as pl

from legation.errors import EngineError, InputError, StoreFullError
from legation.evidence.canonical import content_hash, hash_text
from legation.evidence.catalogue import FORMAT, Catalogue, ColumnInfo, SourceInfo, TableInfo
from legation.evidence.description import SourceDescription, describe_source, source_names
from legation.evidence.reading import SourceFiles, check_assertion
from legation.evidence.tables import TABLES, TableSpec
from legation.evidence.world import CATALOGUE_FILE, World, open_world

__all__ = ["Loaded", "build_world", "hash_of_file_content", "load_source", "world_hash"]

Loaded = dict[str, pl.DataFrame | bytes]
"""What a load function returns: tables by name; canonical JSON bytes for what is not tabular."""

Progress = Callable[[str, int, int], None]

# Row groups of this size let a question about one pair read a part of the largest table only.
_ROWS_PER_GROUP = 100_000
_ZSTD_LEVEL = 19
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def build_world(sources: Path, out: Path, *, progress: Progress | None = None) -> World:
    """Make a world from a folder of source files.

    Parameters
    ----------
    sources
        Folder that holds the files which the descriptions in ``legation/evidence/sources`` name.
    out
        Folder to make. It must not exist, or be a world, which is then replaced once the new one is whole.
    progress
        Called with a source's name, the number of sources done and of all sources.

    Returns
    -------
    World
        The new world.

    Raises
    ------
    SourceError
        When a file is missing or breaks an assertion that its description declares.
    InputError
        When `sources` is not a folder, or `out` holds something else than a world.
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
        _write_world(sources, staging, progress)
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


def _write_world(sources: Path, folder: Path, progress: Progress | None) -> None:
    names = source_names()
    descriptions = tuple(describe_source(name) for name in names)
    infos: list[TableInfo] = []
    for done, description in enumerate(descriptions):
        if progress is not None:
            progress(description.name, done, len(names))
        loaded = load_source(description, sources)
        specs = [spec for spec in TABLES if spec.source == description.name]
        infos.extend(_write_table(loaded.pop(spec.name), spec, description, folder) for spec in specs)
        if loaded:
            raise EngineError(f"Source {description.name} made tables that nobody documented: {sorted(loaded)}.")
    if progress is not None:
        progress("", len(names), len(names))
    order = {spec.name: place for place, spec in enumerate(TABLES)}
    tables = tuple(sorted(infos, key=lambda info: order[info.name]))
    catalogue = Catalogue(
        format=FORMAT,
        content_hash=world_hash(tables),
        written_with=f"polars {pl.__version__}",
        tables=tables,
        sources=tuple(_source_info(description) for description in descriptions),
    )
    encoded = msgspec.json.format(msgspec.json.encode(catalogue), indent=1)
    (folder / CATALOGUE_FILE).write_bytes(encoded + b"\n")


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


def _write_table(loaded: pl.DataFrame | bytes, spec: TableSpec, source: SourceDescription, folder: Path) -> TableInfo:
    path = folder / f"{spec.name}.{'json' if spec.is_json else 'parquet'}"
    if isinstance(loaded, bytes):
        path.write_bytes(loaded)
        rows = len(msgspec.json.decode(loaded, type=dict[str, msgspec.Raw]))
        digest = hash_text(loaded.decode())
    else:
        frame = spec.check(loaded)
        # Through memory: Polars does not say why a file could not be written, the system does.
        buffer = BytesIO()
        frame.write_parquet(
            buffer, compression="zstd", compression_level=_ZSTD_LEVEL, statistics=True, row_group_size=_ROWS_PER_GROUP
        )
        path.write_bytes(buffer.getbuffer())
        rows, digest = frame.height, content_hash(frame, key=spec.key)
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
        columns=tuple(
            ColumnInfo(name=c.name, type=_type_name(c.type), meaning=c.meaning, unit=c.unit) for c in spec.columns
        ),
        sources=(source.name,),
        licences=(source.licence.spdx or source.licence.name,),
        attribution=source.licence.attribution,
        kind=kind,
        first=spec.first or domain.first,
        last=spec.last or domain.last,
        complete=spec.complete,
        snapshot=domain.last.isoformat() if kind == "snapshot" else "",
    )


def _type_name(dtype: object) -> str:
    return str(dtype)


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
    )


def world_hash(tables: Iterable[TableInfo]) -> str:
    """Return the hash over the names and content hashes of all tables."""
    return hash_text("".join(f"{table.name} {table.content_hash}\n" for table in sorted(tables, key=lambda t: t.name)))


def hash_of_file_content(path: Path, info: TableInfo) -> str:
    """Return the canonical content hash of a written table, read back from its file."""
    if path.suffix == ".json":
        return hash_text(path.read_text(encoding="utf-8"))
    return content_hash(pl.read_parquet(path), key=info.key)
