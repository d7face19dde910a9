"""Desks in SQLite and PostgreSQL: one schema, one implementation."""
