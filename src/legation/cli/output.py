"""What every command prints with: JSON for programs, text for people, progress only at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

__all__ = ["AsOf", "Json", "KnownOn", "WorldPath", "print_json", "print_text", "progress"]

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON for programs.")]
AsOf = Annotated[date | None, Parameter(name="--as-of", help="The day the answer is for: YYYY-MM-DD.")]
KnownOn = Annotated[date | None, Parameter(name="--known-on", help="A store's desk as known at the end of that day.")]
WorldPath = Annotated[
    str | None, Parameter(name="--world", help="A world built before; the shipped baseline if left out.")
]


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that msgspec encodes
    """Print a value as indented JSON with its documented keys."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def print_text(text: str) -> None:
    """Print text with control characters made visible, so that a desk's texts cannot steer the terminal."""
    shown = "".join(char if char in "\n\t" or char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(shown.encode(encoding, errors="replace").decode(encoding) + "\n")


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Show what long work is doing on standard error, at a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def show(message: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{title}: {message}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()
