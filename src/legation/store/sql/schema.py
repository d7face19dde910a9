"""The tables of a store, the same on both engines, and the revisions that made them."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["APPLICATION_ID", "HEAD_REVISION", "REVISIONS", "VERSION_TABLE", "change", "meta", "record"]

APPLICATION_ID = 0x4C454741
"""Bytes 68-71 of a SQLite file: "LEGA"."""

VERSION_TABLE = "legation_schema"
"""Our own name, so that a PostgreSQL database may also serve another application that uses Alembic."""

REVISIONS = ("0001", "0002")
"""Every schema there has been, oldest first."""
HEAD_REVISION = REVISIONS[-1]

# Comparison by code point on both engines: SQLite's default, and PostgreSQL's "C" collation.
_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_number = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_tables = sa.MetaData()

record = sa.Table(
    "record",
    _tables,
    sa.Column("kind", _text, primary_key=True),
    sa.Column("key", _text, primary_key=True),
    sa.Column("version", _number, nullable=False),
    sa.Column("body", _text, nullable=False),
)
"""The desk as it is: one row for each record."""

change = sa.Table(
    "change",
    _tables,
    sa.Column("seq", _number, primary_key=True, autoincrement=False),
    sa.Column("unit", _number, nullable=False),
    sa.Column("at", _text, nullable=False),
    sa.Column("who", _text, nullable=False),
    sa.Column("why", _text, nullable=False),
    sa.Column("kind", _text, nullable=False),
    sa.Column("key", _text, nullable=False),
    sa.Column("version", _number, nullable=False),
    sa.Column("before", _text),
    sa.Column("after", _text),
    sa.Column("hash", _text, nullable=False),
)
"""The history: one row for each change, only ever added to."""

meta = sa.Table(
    "meta",
    _tables,
    sa.Column("name", _text, primary_key=True),
    sa.Column("value", _text, nullable=False),
)
"""`store`: the store's own id; `head`: number and hash of the last change. Writers lock the row `head`."""
