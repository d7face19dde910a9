"""Desk folders, SQLite and PostgreSQL behind one interface; history."""
