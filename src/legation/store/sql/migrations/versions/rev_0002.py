"""Guard the history: rows are only added, in order; and find removals quickly, so that versions are never reused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from legation.store.sql.guards import POSTGRESQL_STATEMENTS, SQLITE_GUARDS

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the triggers and the index of removals."""
    removed = sa.text('"after" IS NULL')
    op.create_index("change_removed", "change", ["kind", "key"], sqlite_where=removed, postgresql_where=removed)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS.values() if on_sqlite else POSTGRESQL_STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Refuse: the guard is never taken off."""
    raise NotImplementedError("A store is not taken back to an older schema; restore its copy instead.")
