"""Guard the history: rows are only added, in order; and find removals quickly, so that versions are never reused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SQLITE = """
CREATE TRIGGER change_is_not_updated BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
--
CREATE TRIGGER change_is_not_deleted BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
--
CREATE TRIGGER change_is_appended BEFORE INSERT ON change
WHEN NEW.seq <= (SELECT coalesce(max(seq), 0) FROM change)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
"""
# The last one is needed because INSERT OR REPLACE deletes a row without firing the trigger on deletion.

_POSTGRESQL = """
CREATE FUNCTION legation_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
--
CREATE TRIGGER change_is_append_only BEFORE UPDATE OR DELETE ON change
FOR EACH ROW EXECUTE FUNCTION legation_append_only()
--
CREATE TRIGGER change_is_not_truncated BEFORE TRUNCATE ON change
FOR EACH STATEMENT EXECUTE FUNCTION legation_append_only()
"""


def upgrade() -> None:
    """Add the triggers and the index of removals."""
    removed = sa.text('"after" IS NULL')
    op.create_index("change_removed", "change", ["kind", "key"], sqlite_where=removed, postgresql_where=removed)
    statements = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements.split("--"):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: the guard is never taken off."""
    raise NotImplementedError("A store is not taken back to an older schema; restore its copy instead.")
