"""Create the tables: records, their history, and what the store knows of itself."""

from __future__ import annotations

import hashlib
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and give the store its id and the start of its chain."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    number = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
    op.create_table(
        "record",
        sa.Column("kind", text, primary_key=True),
        sa.Column("key", text, primary_key=True),
        sa.Column("version", number, sa.CheckConstraint("version > 0"), nullable=False),
        sa.Column("body", text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "change",
        sa.Column("seq", number, primary_key=True, autoincrement=False),
        sa.Column("unit", number, nullable=False),
        sa.Column("at", text, nullable=False),
        sa.Column("who", text, nullable=False),
        sa.Column("why", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("key", text, nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("before", text),
        sa.Column("after", text),
        sa.Column("hash", text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("change_of_record", "change", ["kind", "key", "seq"])
    meta = op.create_table(
        "meta",
        sa.Column("name", text, primary_key=True),
        sa.Column("value", text, nullable=False),
        sqlite_strict=True,
    )
    store = str(uuid.uuid4())
    start = hashlib.sha256(store.encode()).hexdigest()
    op.bulk_insert(meta, [{"name": "store", "value": store}, {"name": "head", "value": f"0 {start}"}])


def downgrade() -> None:
    """Refuse: history is never dropped."""
    raise NotImplementedError("A store is not taken back to an older schema; restore its copy instead.")
