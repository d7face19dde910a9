"""Copy a desk with its history from one store to another, whichever engines they use."""

from __future__ import annotations

import sqlalchemy as sa

from legation.errors import ConflictError
from legation.store.interface import Head
from legation.store.sql.query import read_head
from legation.store.sql.schema import change, meta, record

__all__ = ["copy_history"]

_PAGE = 5_000


def copy_history(source: sa.Connection, target: sa.Connection, *, place: str) -> Head:
    """Copy every row: hashes stay valid because they cover texts and numbers, nothing of the engine.

    Parameters
    ----------
    source, target
        Connections within transactions.
    place
        The target's name, for the message when it is not empty.
    """
    if read_head(target).seq or target.execute(sa.select(record.c.key).limit(1)).first() is not None:
        raise ConflictError(f"{place} holds a desk already.", remedy="Choose another place; nothing was written.")
    for table in (change, record):
        order = table.primary_key.columns
        rows = source.execution_options(yield_per=_PAGE).execute(sa.select(table).order_by(*order)).mappings()
        for part in rows.partitions():
            target.execute(sa.insert(table), [dict(row) for row in part])
    for row in source.execute(sa.select(meta)):
        target.execute(sa.update(meta).where(meta.c.name == row.name).values(value=row.value))
    return read_head(target)
