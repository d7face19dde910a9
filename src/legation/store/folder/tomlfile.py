"""Read TOML from outside and find the lines of its tables; write flat records as TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from legation.errors import FormatError
from legation.store.folder.cells import sound
from legation.store.folder.files import open_regular
from legation.store.folder.limits import MAX_LINE, MAX_TOML_BYTES
from legation.store.folder.problems import Problem
from legation.store.folder.schema import FieldSpec, fields_of

__all__ = ["TableLines", "TomlFile", "find_tables", "read_toml", "record_lines", "toml_value"]


@dataclass(frozen=True, kw_only=True)
class TomlFile:
    """A TOML file's data and text; no data when it has problems."""

    data: dict[str, Any] | None
    text: str = ""
    problems: list[Problem] = field(default_factory=list)


def read_toml(path: Path) -> TomlFile:
    """Read a TOML file, decimals exact; what is wrong with it is in its problems."""
    try:
        with open_regular(path, limit=MAX_TOML_BYTES) as file:
            raw = file.read(MAX_TOML_BYTES + 1)
    except FormatError as error:
        return _refused("file-readable", error.message, error.remedy or "")
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"The file is not UTF-8: byte 0x{raw[error.start]:02x}."
        return _refused("file-encoding", message, "Save the file as UTF-8.", line)
    return _parse(text)


def _parse(text: str) -> TomlFile:
    risk = _risky_line(text)
    if risk:
        return TomlFile(data=None, problems=[risk])
    try:
        return TomlFile(data=tomllib.loads(text, parse_float=Decimal), text=text)
    except tomllib.TOMLDecodeError as error:
        return _syntax(str(error), last_line=text.count("\n") + 1)
    except RecursionError:
        return _refused("toml-syntax", "The file nests lists or tables too deeply.", "Desk files need no nesting.")
    except (ValueError, ArithmeticError) as error:
        # Whole numbers beyond Python's digit limit, decimals whose exponent no number holds.
        return _refused("toml-syntax", f"A number cannot be read: {error}.", "Write numbers of at most 60 digits.")


_MAX_DOTS = 200
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')


def _risky_line(text: str) -> Problem | None:
    """Find what would keep the parser busy for ever: endless lines, and keys dotted thousands of times.

    The standard library's parser takes time in the square of a key's dots.
    """
    if len(text) <= _MAX_DOTS:
        return None
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            message = f"The line is longer than {MAX_LINE:,} characters."
            return Problem(rule="line-length", message=message, remedy="Break it up.", line=number)
        if line.count(".") > _MAX_DOTS and _QUOTED.sub("", line).count(".") > _MAX_DOTS:
            message = f"The line has more than {_MAX_DOTS:,} dots outside quotes."
            return Problem(rule="toml-syntax", message=message, remedy="Write plain keys.", line=number)
    return None


_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def _syntax(message: str, *, last_line: int) -> TomlFile:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else last_line
    where = f", column {place[2]}" if place and place[2] else " at the end of the file" if place else ""
    plain = _PLACE.sub("", message)
    return _refused(
        "toml-syntax",
        f"The file is not TOML: {plain[:200]}{where}.",
        'Correct it: text stands in double quotes, each field on its own line as name = "value".',
        line,
    )


def _refused(rule: str, message: str, remedy: str, line: int | None = None) -> TomlFile:
    return TomlFile(data=None, problems=[Problem(rule=rule, message=message, remedy=remedy, line=line)])


@dataclass(frozen=True, kw_only=True)
class TableLines:
    """Where a table begins and where each of its keys stands, counted from 1."""

    name: str
    line: int
    keys: dict[str, int] = field(default_factory=dict)


_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # the closing quotes may be preceded by two that belong to the text
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|\n"
    r"|[\[\]{}=]"
    r"""|[^"'\#\n\[\]{}=]+"""
    r"|.",
    re.DOTALL,
)


def find_tables(text: str) -> list[TableLines]:
    """Find the lines of a TOML file's tables and keys; the first entry is the file's own, without a name.

    The text has parsed, so a scan of tokens is enough: strings and comments are skipped, brackets counted.
    """
    tables = [TableLines(name="", line=1)]
    statement: list[str] = []
    line = begin = 1
    depth = 0
    for part in _tokens(text):
        if part == "\n" and depth == 0:
            statement, begin = [], line + 1
        elif not part.startswith("#") and (statement or part.strip()):
            depth += (part in {"[", "{"}) - (part in {"]", "}"})
            if part == "=" and depth == 0 and "=" not in statement:
                key = _bare("".join(statement))
                tables[-1].keys.setdefault(key, begin)
                tables[-1].keys.setdefault(key.partition(".")[0], begin)
            statement.append(part)
            if depth == 0 and part == "]" and "=" not in statement:
                tables.append(TableLines(name=_bare("".join(statement).strip("[] \t")), line=begin))
        line += part.count("\n")
    return tables


def _tokens(text: str) -> Iterator[str]:
    return (match[0] for match in _TOKEN.finditer(text.replace("\r\n", "\n")))


def _bare(key: str) -> str:
    return key.strip().strip("\"'")


def record_lines(record: msgspec.Struct, *, header: str) -> Iterator[str]:
    """Give the lines of a record as one TOML table: required fields, then those that differ from their default.

    Raises
    ------
    FormatError
        When TOML cannot hold a value: not a finite number, a lone surrogate.
    """
    if header:
        yield header
    for spec in fields_of(type(record)).values():
        value = getattr(record, spec.name)
        nested = isinstance(value, msgspec.Struct)
        if not nested and value is not None and (spec.required or value != spec.default):
            yield f"{spec.name} = {_checked(spec, value)}"


def _checked(spec: FieldSpec, value: object) -> str:
    problem = sound(spec, value)
    if problem:
        raise FormatError(f"{spec.name}: {problem}.", remedy="Correct the value before the desk is written.")
    return toml_value(value)


def toml_value(value: object) -> str:
    """Give a scalar, or a list, as a TOML value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _toml_text(value)
    if isinstance(value, list | tuple):
        return _toml_list(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    # A whole number in TOML has no negative zero; as text it keeps its sign.
    return '"-0"' if isinstance(value, Decimal) and str(value) == "-0" else str(value)


def _toml_list(items: Iterable[Any]) -> str:
    parts = [toml_value(item) for item in items]
    line = f"[{', '.join(parts)}]"
    return line if len(line) <= 100 else "[\n" + "".join(f"    {part},\n" for part in parts) + "]"


# Tab and newline may stand in multi-line text; other control characters and DEL must be escaped.
_ESCAPED = re.compile(r'[\x00-\x08\x0a-\x1f\x7f"\\]')
_ESCAPED_LINES = re.compile(r'[\x00-\x08\x0b-\x1f\x7f\\]|"(?="")|"$')
_SHORT = {"\n": "\\n", '"': '\\"', "\\": "\\\\"}


def _toml_text(text: str) -> str:
    if "\n" in text.strip("\n") and text.count(".") < _MAX_DOTS:
        body = _ESCAPED_LINES.sub(_escape, text)
        return f'"""\n{body}"""'
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"
