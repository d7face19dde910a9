"""Desk folders: TOML for structure, CSV for long lists, XLSX and foreign tables in and out."""
