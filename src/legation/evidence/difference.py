"""What changed between two worlds: sources, tables, rows."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from legation.evidence.catalogue import SourceInfo, TableInfo
from legation.evidence.world import World

__all__ = ["SourceChange", "TableChange", "WorldChange", "compare_worlds"]

_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class SourceChange:
    """A source that is in one world only, or in both in different versions; an empty version means absent."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class TableChange:
    """How a table differs.

    Parameters
    ----------
    name
        The table.
    rows_before, rows_after
        Numbers of rows; None where a world lacks the table.
    added, removed, changed
        Rows by the table's key; None for a table without key or with other columns, which only can be said to differ.
    columns_added, columns_removed
        Names of columns in one world only.
    examples
        Up to three keys of each kind, as ``added: a=EST, b=FIN, year=2023``.
    """

    name: str
    rows_before: int | None
    rows_after: int | None
    added: int | None = None
    removed: int | None = None
    changed: int | None = None
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WorldChange:
    """What changed from one world to another."""

    hash_before: str
    hash_after: str
    sources: tuple[SourceChange, ...]
    tables: tuple[TableChange, ...]
    same_tables: tuple[str, ...]


def compare_worlds(before: World, after: World) -> WorldChange:
    """Say what changed between two worlds, table by table and row by row.

    Parameters
    ----------
    before, after
        The worlds; tables with the same content hash are not read.

    Raises
    ------
    CorruptStoreError
        When a file that must be read is damaged.
    """
    old = {table.name: table for table in before.catalogue.tables}
    new = {table.name: table for table in after.catalogue.tables}
    names = tuple(dict.fromkeys((*old, *new)))
    same = tuple(n for n in names if n in old and n in new and old[n].content_hash == new[n].content_hash)
    return WorldChange(
        hash_before=before.content_hash,
        hash_after=after.content_hash,
        sources=_sources(before.catalogue.sources, after.catalogue.sources),
        tables=tuple(_table(n, old.get(n), new.get(n), before, after) for n in names if n not in same),
        same_tables=same,
    )


def _sources(before: tuple[SourceInfo, ...], after: tuple[SourceInfo, ...]) -> tuple[SourceChange, ...]:
    old = {source.name: f"{source.version} ({source.retrieved})" for source in before}
    new = {source.name: f"{source.version} ({source.retrieved})" for source in after}
    return tuple(
        SourceChange(name=name, before=old.get(name, ""), after=new.get(name, ""))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    )


def _table(name: str, old: TableInfo | None, new: TableInfo | None, before: World, after: World) -> TableChange:
    if old is None or new is None:
        return TableChange(name=name, rows_before=old.rows if old else None, rows_after=new.rows if new else None)
    change = TableChange(
        name=name,
        rows_before=old.rows,
        rows_after=new.rows,
        columns_added=tuple(c.name for c in new.columns if c.name not in {o.name for o in old.columns}),
        columns_removed=tuple(c.name for c in old.columns if c.name not in {n.name for n in new.columns}),
    )
    if not new.key or old.key != new.key or not new.file.endswith(".parquet"):
        return change
    return _by_key(change, before.table(name), after.table(name), list(new.key))


def _by_key(change: TableChange, old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> TableChange:
    added = new.join(old, on=key, how="anti")
    removed = old.join(new, on=key, how="anti")
    shared = [name for name in new.columns if name in old.columns and name not in key]
    both = old.select(*key, *shared).join(new.select(*key, *shared), on=key, suffix=" after")
    differs = [pl.col(name).ne_missing(pl.col(f"{name} after")) for name in shared]
    changed = both.filter(pl.any_horizontal(differs)) if differs else both.clear()
    parts = (("added", added), ("removed", removed), ("changed", changed))
    return TableChange(
        name=change.name,
        rows_before=change.rows_before,
        rows_after=change.rows_after,
        added=added.height,
        removed=removed.height,
        changed=changed.height,
        columns_added=change.columns_added,
        columns_removed=change.columns_removed,
        examples=tuple(f"{word}: {_named(row, key)}" for word, rows in parts for row in _first(rows, key)),
    )


def _first(rows: pl.DataFrame, key: list[str]) -> list[tuple[object, ...]]:
    return rows.select(key).sort(key).head(_EXAMPLES).rows()


def _named(row: tuple[object, ...], key: list[str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(key, row, strict=True))
