"""What the fields of each kind are: the facts that readers, writers, the reference page and the JSON Schema share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, inspect

from legation.desk.desk import KINDS, Desk

__all__ = ["Base", "FieldSpec", "fields_of", "schema"]

Base = Literal["text", "integer", "number", "decimal", "date", "truth", "choice", "pairs", "table"]

_CELL = MappingProxyType(
    {
        "integer": re.compile(r"-?[0-9]{1,18}"),
        "number": re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,3})?"),
        "decimal": re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,2})?"),
        "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        "truth": re.compile(r"true|false", re.IGNORECASE),
    }
)
"""How a cell of each base type is written; narrower than what the converter would take ("nan", "1", "null", "1_0")."""


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """One field of a kind: its type taken apart, so that a fault can name the rule.

    Attributes
    ----------
    base
        What a single value is; `is_list` says whether the field holds many, `optional` whether it may be missing
        although it has no value of its own.
    choices
        The allowed values of a choice, as they are written.
    """

    name: str
    type: Any
    required: bool
    default: Any
    base: Base
    optional: bool = False
    is_list: bool = False
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    description: str = ""
    low: float | None = None
    low_open: bool = False
    high: float | None = None
    high_open: bool = False
    min_length: int | None = None
    max_length: int | None = None

    @property
    def plain_text(self) -> bool:
        """Whether any text may stand in the field, so that spaces and leading signs belong to it."""
        return self.base == "text" and self.pattern is None

    @property
    def cell(self) -> re.Pattern[str] | None:
        """How a cell of this field must be written, where that is narrower than any text."""
        return _CELL.get(self.base)

    @property
    def rule(self) -> str:
        """The rule for one value in words, to follow "must be"."""
        return f"{_LIST if self.is_list else ''}{self._value_rule()}"

    def _value_rule(self) -> str:
        words = {
            "integer": "a whole number",
            "number": "a number",
            "decimal": "an exact decimal number such as 12500 or 12.50, at most 60 digits, no grouping",
            "date": "a day as YYYY-MM-DD",
            "truth": "true or false",
            "choice": f"one of {', '.join(self.choices)}",
            "pairs": "a list of pairs of numbers",
            "table": "a table",
        }
        text = f"text ({_uncapitalised(self.description).rstrip('.')})" if self.description else "text"
        return f"{words.get(self.base, text)}{self._range()}{self._lengths()}"

    def _range(self) -> str:
        low = "" if self.low is None else f"{'above' if self.low_open else 'at least'} {self.low:g}"
        high = "" if self.high is None else f"{'below' if self.high_open else 'at most'} {self.high:g}"
        parts = " and ".join(part for part in (low, high) if part)
        return f", {parts}" if parts else ""

    def _lengths(self) -> str:
        if self.min_length and self.max_length:
            return f" of {self.min_length} to {self.max_length:,} characters"
        return f" of at most {self.max_length:,} characters" if self.max_length else ""


_LIST = "a list, each "


def _uncapitalised(sentence: str) -> str:
    """Begin a sentence with a small letter, unless its first word is an abbreviation."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


@cache
def fields_of(record: type[msgspec.Struct]) -> Mapping[str, FieldSpec]:
    """Give the fields of a record type by name, in their order."""
    info = inspect.type_info(record)
    assert isinstance(info, inspect.StructType)
    types = {field.name: field.type for field in msgspec.structs.fields(record)}
    return MappingProxyType({field.name: _spec(field, types[field.name]) for field in info.fields})


def _spec(field: inspect.Field, annotation: object) -> FieldSpec:
    facts: dict[str, Any] = {"base": "text"}
    _describe(field.type, facts)
    if facts["base"] == "choice":  # the inspector sorts them; declared order says more (OF-9 before OF-10)
        facts["choices"] = tuple(str(value) for value in _declared(annotation))
    default = None if field.default is NODEFAULT else field.default
    return FieldSpec(name=field.name, type=annotation, required=field.required, default=default, **facts)


def _declared(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for one in get_args(annotation) if (found := _declared(one))), ())


def _describe(kind: inspect.Type, facts: dict[str, Any]) -> None:
    match kind:
        case inspect.Metadata():
            facts["description"] = (kind.extra_json_schema or {}).get("description", "")
            _describe(kind.type, facts)
        case inspect.UnionType():
            facts["optional"] = any(isinstance(one, inspect.NoneType) for one in kind.types)
            for one in kind.types:
                _describe(one, facts)
        case inspect.VarTupleType():
            _describe(kind.item_type, facts)
            facts["is_list"] = facts["base"] != "pairs"
        case inspect.LiteralType():
            facts.update(base="choice", choices=tuple(str(value) for value in kind.values))
        case inspect.StrType():
            facts.update(pattern=kind.pattern, min_length=kind.min_length, max_length=kind.max_length)
        case inspect.IntType():
            facts.update(base="integer", **_bounds(kind))
        case inspect.FloatType():
            facts.update(base="number", **_bounds(kind))
        case inspect.DecimalType():
            facts["base"] = "decimal"
        case inspect.DateType():
            facts["base"] = "date"
        case inspect.BoolType():
            facts["base"] = "truth"
        case inspect.TupleType():
            facts["base"] = "pairs"
        case inspect.StructType() | inspect.DictType():
            facts["base"] = "table"
        case inspect.NoneType():
            pass
        case _:
            raise TypeError(f"a desk's records hold no {kind!r}: scalars and lists of text only")


def _bounds(kind: inspect.IntType | inspect.FloatType) -> dict[str, Any]:
    low, low_open = (kind.gt, True) if kind.gt is not None else (kind.ge, False)
    high, high_open = (kind.lt, True) if kind.lt is not None else (kind.le, False)
    return {"low": low, "low_open": low_open, "high": high, "high_open": high_open}


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a desk folder's TOML files.

    Every ``<kind>.toml`` validates against the whole; ``desk.toml`` against ``#/$defs/DeskInfo``.
    """
    _, parts = msgspec.json.schema_components((Desk,), ref_template="#/$defs/{name}")
    desk = parts.pop("Desk")
    definitions = {name: _open_decimals(parts[name]) for name in sorted(parts)}
    properties = {name: desk["properties"][name] for name in KINDS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Legation desk folder",
        "description": "One <kind>.toml of a desk folder; desk.toml follows #/$defs/DeskInfo.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": definitions,
    }


def _open_decimals(node: object) -> object:
    """Let exact decimals be numbers too: TOML reads them digit by digit, and no editor writes them as text."""
    if isinstance(node, dict):
        if node.get("format") == "decimal":
            return {**{k: v for k, v in node.items() if k not in {"type", "format"}}, "type": ["number", "string"]}
        return {
            # the indentation of docstrings differs between versions of Python
            name: cleandoc(value) if name == "description" and isinstance(value, str) else _open_decimals(value)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_open_decimals(value) for value in node]
    return node
