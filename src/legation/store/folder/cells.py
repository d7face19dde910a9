r"""One value as the text of one spreadsheet cell, and back, without loss.

The notation (docs/reference/desk-folder.md tells it to users):

- an empty cell is a field left out: it takes its default, or no value at all;
- a list's items are joined with ``;``; a cell that begins with ``[`` is a JSON list, written where an item holds a
  semicolon, stands between spaces or is empty;
- a text cell that begins with ``\`` means the rest as it stands: ``\=A1`` is the text ``=A1``, ``\`` alone is the
  empty text where that differs from no value. Writers put it before every text a spreadsheet would take for a formula;
- a text cell that begins with ``\"`` is a JSON text after the backslash, for characters that no cell keeps.
"""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from math import isfinite

from legation.errors import FormatError
from legation.store.folder.schema import FieldSpec

__all__ = ["MAX_CELL", "decode", "encode", "sound"]

MAX_CELL = 131_072
"""The longest cell in characters: a text of 20,000 characters fits even when each is written as a JSON escape."""

# What spreadsheets take for the start of a formula (OWASP, CSV injection), full-width forms included, also after
# spaces, since some programs trim cells first.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
# Characters that XML or line-end conversion would change: control characters but for newline and tab, carriage
# returns, non-characters; and `_x0041_`, which spreadsheets read as an escape.
_UNKEPT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LARGEST_EXPONENT = 60
_MAX_DIGITS = 60


def sound(spec: FieldSpec, value: object) -> str | None:
    """Say what keeps a value out of a file although its type holds it; nothing for a sound value."""
    if isinstance(value, float) and not isfinite(value):
        return f"{value} is not a finite number"
    if isinstance(value, Decimal):
        if not value.is_finite():
            return f"{value} is not a finite number"
        digits, exponent = value.as_tuple().digits, value.as_tuple().exponent
        assert isinstance(exponent, int)
        if len(digits) > _MAX_DIGITS or not -_LARGEST_EXPONENT <= exponent <= _LARGEST_EXPONENT:
            return f"{value!s:.40} has more than {_MAX_DIGITS} digits or an exponent beyond {_LARGEST_EXPONENT}"
    if isinstance(value, str) and _SURROGATE.search(value):
        return f"{value!r:.40} holds half of a character pair (a lone surrogate)"
    if isinstance(value, tuple):
        return next((problem for one in value if (problem := sound(spec, one))), None)
    return None


def encode(spec: FieldSpec, value: object) -> str:
    """Give the cell's text for a value.

    Raises
    ------
    FormatError
        When a file cannot hold the value without loss: not a finite number, a lone surrogate, a list too long.
    """
    problem = sound(spec, value)
    text = "" if problem else _encoded(spec, value)
    if len(text) > MAX_CELL:
        problem = f"the cell would hold {len(text):,} characters, and {MAX_CELL:,} is the limit"
    if problem:
        raise FormatError(f"{spec.name}: {problem}.", remedy="Correct the value, or split the list over more records.")
    return text


def _encoded(spec: FieldSpec, value: object) -> str:
    if value is None:
        return ""
    if spec.base == "pairs":
        return json.dumps(value)
    if isinstance(value, tuple):
        return _encode_list(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _encode_text(spec, value)
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _encode_text(spec: FieldSpec, value: str) -> str:
    if not value:
        return "" if spec.default == "" and not spec.required else "\\"
    if _UNKEPT.search(value):
        return "\\" + _json(value)
    if value[0] == "\\" or _FORMULA.match(value):
        return "\\" + value
    return value


def _encode_list(items: tuple[str, ...]) -> str:
    return _json(list(items)) if any(_needs_json(item) for item in items) else ";".join(items)


def _needs_json(item: str) -> bool:
    return (
        not item
        or item[0] in "[\\"
        or ";" in item
        or item != item.strip()
        or bool(_FORMULA.match(item) or _UNKEPT.search(item))
    )


def _json(value: str | list[str]) -> str:
    return json.dumps(value).replace("_x", "\\u005fx")


def decode(spec: FieldSpec, cell: str) -> object:
    """Give what a filled cell says: a list or a text (any other value as its text, for the converter).

    Raises
    ------
    ValueError
        When a JSON form is broken; the message says so.
    """
    if spec.is_list:
        return _decode_list(cell)
    if spec.base == "pairs":
        return _decode_pairs(cell)
    if cell[0] == "\\" and spec.base == "text":
        return _decode_text(cell)
    return cell


def _decode_text(cell: str) -> str:
    if not cell.startswith('\\"'):
        return cell[1:]
    try:
        text = json.loads(cell[1:])
    except (ValueError, RecursionError) as error:
        raise ValueError('a cell that begins with \\" must be one JSON text after the backslash') from error
    if not isinstance(text, str) or _SURROGATE.search(text):
        raise ValueError('a cell that begins with \\" must be one JSON text of whole characters')
    return text


def _decode_pairs(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise ValueError("it must be written as JSON, for example [[1.0, 1.0], [1.5, 0.2]]") from error


def _decode_list(cell: str) -> tuple[str, ...]:
    if not cell.lstrip().startswith("["):
        parts = tuple(item.strip() for item in cell.split(";"))
        if "" in parts:
            raise ValueError("a list has an item between any two semicolons, before the first and after the last")
        return parts
    try:
        items = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise ValueError("a list that begins with [ must be a JSON list of texts") from error
    if not all(isinstance(item, str) and not _SURROGATE.search(item) for item in items):
        raise ValueError("a list that begins with [ must be a JSON list of texts")
    return tuple(items)
