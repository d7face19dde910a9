"""The triggers that keep the history append-only; released text, which a migration runs and every opening compares."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["POSTGRESQL_GUARDS", "POSTGRESQL_STATEMENTS", "SQLITE_GUARDS"]

SQLITE_GUARDS = MappingProxyType(
    {
        "change_is_not_updated": """CREATE TRIGGER change_is_not_updated BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        "change_is_not_deleted": """CREATE TRIGGER change_is_not_deleted BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        # INSERT OR REPLACE deletes a row without firing the trigger on deletion, so that a used number is refused.
        "change_is_appended": """CREATE TRIGGER change_is_appended BEFORE INSERT ON change
WHEN NEW.seq <= (SELECT coalesce(max(seq), 0) FROM change)
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
    }
)
"""By name; SQLite keeps the text as it was given."""

POSTGRESQL_STATEMENTS = (
    """CREATE FUNCTION legation_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER change_is_append_only BEFORE UPDATE OR DELETE ON change
FOR EACH ROW EXECUTE FUNCTION legation_append_only()""",
    """CREATE TRIGGER change_is_not_truncated BEFORE TRUNCATE ON change
FOR EACH STATEMENT EXECUTE FUNCTION legation_append_only()""",
)
POSTGRESQL_GUARDS = frozenset({"change_is_append_only", "change_is_not_truncated"})
