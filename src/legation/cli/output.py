"""What every command prints with: JSON for programs, text for people, progress only at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import CoercionError, Parameter, Token

__all__ = [
    "WHOLE",
    "ActorName",
    "AsOf",
    "Json",
    "KnownOn",
    "Overwrite",
    "Place",
    "WorldKnownOn",
    "WorldPath",
    "print_answer",
    "print_json",
    "print_text",
    "progress",
    "today",
]

Overwrite = Annotated[bool, Parameter(name="--overwrite", show_default=False, help="Replace the file if it is there.")]
Json = Annotated[bool, Parameter(name="--json", show_default=False, help="Print JSON for programs.")]
AsOf = Annotated[date | None, Parameter(name="--as-of", help="The day the answer is for: YYYY-MM-DD.")]
KnownOn = Annotated[date | None, Parameter(name="--known-on", help="A store's desk as known at the end of that day.")]
WorldKnownOn = Annotated[
    date | None, Parameter(name="--known-on", help="Show only what had been published by that day: YYYY-MM-DD.")
]
WorldPath = Annotated[
    Path | None, Parameter(name="--world", help="A world built before; the shipped baseline if left out.")
]


ActorName = Annotated[str, Parameter(help="A code (EST, EE, NATO) or a name (Estonia); quote names of several words.")]


def today() -> date:
    """Return the day by the user's own calendar, which decides what today is."""
    return date.today()  # noqa: DTZ011 - a calendar day, not a moment


def _whole(_kind: object, tokens: Sequence[Token]) -> int:
    """Read a whole number; the parser alone would round 1.5 to 2."""
    try:
        return int(tokens[0].value)
    except ValueError as error:
        raise CoercionError(
            msg=f'Invalid value for {tokens[0].keyword}: "{tokens[0].value}" is no whole number.'
        ) from error


WHOLE = Parameter(converter=_whole)
"""For whole numbers: every option that is one carries it."""

Place = Annotated[
    str,
    Parameter(help="A desk folder, a workbook (name.xlsx), a SQLite desk (name.db) or postgresql://user@host/name."),
]


def print_answer(answer: msgspec.Struct, *, notice: str | None, **more: object) -> None:
    """Print a result as JSON: its own keys, then others, then the highest label of the desk that was asked."""
    print_json({**_every_key(answer), **more, "label_notice": notice})


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that msgspec encodes
    """Print a value as indented JSON with its documented keys, in UTF-8 whatever the terminal speaks."""
    keyed = _every_key(value)
    try:
        encoded = msgspec.json.encode(keyed)
    except UnicodeEncodeError:  # a file's name that is no text
        encoded = msgspec.json.encode(_text_only(msgspec.to_builtins(keyed)))
    sys.stdout.flush()
    sys.stdout.buffer.write(msgspec.json.format(encoded, indent=2) + b"\n")
    sys.stdout.buffer.flush()


def _every_key(value: Any) -> Any:  # noqa: ANN401 - anything
    """Turn records into mappings with every key: some kinds leave out what has its default, and a program needs it."""
    if isinstance(value, msgspec.Struct):
        return {name: _every_key(getattr(value, name)) for name in value.__struct_fields__}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _every_key(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _every_key(item) for key, item in value.items()}
    return [_every_key(item) for item in value] if isinstance(value, list | tuple) else value


def _text_only(value: object) -> object:
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {_text_only(key): _text_only(item) for key, item in value.items()}
    return [_text_only(item) for item in value] if isinstance(value, list | tuple) else value


def print_text(text: str) -> None:
    """Print text with control characters made visible, so that a desk's texts cannot steer the terminal."""
    shown = "".join(char if char in "\n\t" or char.isprintable() else repr(char)[1:-1] for char in text)
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
