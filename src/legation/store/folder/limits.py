"""How much of a file from outside is read before it is refused; a desk of 10,000 missions needs a hundredth."""

from __future__ import annotations

__all__ = [
    "MAX_CSV_BYTES",
    "MAX_ENTRIES",
    "MAX_FAULTS",
    "MAX_LINE",
    "MAX_ROWS",
    "MAX_TOML_BYTES",
]

MAX_CSV_BYTES = 200_000_000
MAX_ROWS = 2_000_000
MAX_LINE = 1_000_000
"""The longest line in bytes; it bounds the memory that one readline takes."""

MAX_TOML_BYTES = 64_000_000
MAX_FAULTS = 1_000
"""Faults reported per file: the first thousand show what is wrong, a million would hide it."""

MAX_ENTRIES = 10_000
"""Files and folders in one desk folder."""
