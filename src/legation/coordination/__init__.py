"""Deconfliction, gates, treaty duties, approvals, calendar."""
