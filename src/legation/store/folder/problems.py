"""Faults of form: what is wrong with one value, row or table, by which rule, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from legation.desk.faults import Fault
from legation.store.folder.schema import FieldSpec

__all__ = ["Problem", "as_text", "bad_value", "missing_field", "shown", "slug", "suggestion", "unknown_name"]

_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A fault before its place is known."""

    rule: str
    message: str
    remedy: str
    field: str | None = None
    line: int | None = None

    def at(self, *, kind: str, key: str, file: str | None, line: int | None) -> Fault:
        """Give the fault at a place; the problem's own line goes before the record's."""
        return Fault(
            kind=kind,
            key=key,
            rule=self.rule,
            message=self.message,
            remedy=self.remedy,
            field=self.field,
            file=file,
            line=self.line or line,
        )


def shown(value: object) -> str:
    """Give a value as it may stand in a message: quoted, control characters escaped, cut at 60 characters."""
    text = value if isinstance(value, str) else as_text(value)
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return ascii(cut) if not cut.isprintable() else repr(cut) if isinstance(value, str) else cut


def as_text(value: object) -> str:
    """Give any value as text, also one that a hostile file nests deeper than Python can walk."""
    try:
        return str(value)
    except RecursionError:
        return "a value nested too deeply to show"


def suggestion(name: str, allowed: Iterable[str]) -> str | None:
    """Give the allowed name that the given one was probably meant to be."""
    by_fold = {one.casefold(): one for one in allowed}
    plain = name.strip().casefold().replace(" ", "_").replace("-", "_")
    found = get_close_matches(plain[:100], by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def slug(text: str) -> str:
    """Give an identifier made from a text: small ASCII letters, digits and hyphens; empty where nothing is left.

    >>> slug("Attaché, Tallinn (2)")
    'attache-tallinn-2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-")


def unknown_name(name: str, *, what: str, allowed: Iterable[str], rule: str, field: str | None = None) -> Problem:
    """Say that a name is none of those allowed, with the nearest one."""
    names = tuple(allowed)
    near = suggestion(name, names)
    remedy = f"Write {near}." if near else f"Remove it, or use one of {', '.join(names)}."
    return Problem(rule=rule, message=f"There is no {what} {shown(name)}.", remedy=remedy, field=field)


def missing_field(spec: FieldSpec) -> Problem:
    """Say that a required field has no value."""
    return Problem(
        rule="field-required",
        message=f"{spec.name} is missing; it is required.",
        remedy=f"Give it: {spec.rule}.",
        field=spec.name,
    )


def bad_value(spec: FieldSpec, value: object, *, why: str | None = None) -> Problem:
    """Say that a value breaks its field's rule, and what to write instead."""
    reason = why or f"must be {spec.rule}"
    return Problem(
        rule="field-value",
        message=f"{spec.name} is {shown(value)}, but {reason}.",
        remedy=_remedy(spec, value),
        field=spec.name,
    )


_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[  .,'\u202f][0-9]{3})*(?:[.,][0-9]+)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")


def _remedy(spec: FieldSpec, value: object) -> str:
    text = value.strip() if isinstance(value, str) else str(value)
    if spec.base == "choice":
        near = suggestion(text, spec.choices)
        return f"Write {near}." if near else f"Write one of {', '.join(spec.choices)}."
    if spec.cell and spec.base in {"number", "decimal"} and not spec.cell.fullmatch(text) and _GROUPED.fullmatch(text):
        return "Write digits without grouping, and a dot before decimals: 1250.50."
    if spec.base == "date":
        return _date_remedy(text)
    if spec.base == "truth":
        return "Write true or false."
    if spec.base == "text":
        return _text_remedy(spec, value, text)
    return f"Write {spec.rule}."


def _date_remedy(text: str) -> str:
    match = _DAY_FIRST.fullmatch(text)
    if match and int(match[1]) > 12 >= int(match[2]):
        return f"Write {match[3]}-{int(match[2]):02d}-{int(match[1]):02d}."
    return "Write an existing day as YYYY-MM-DD, for example 2027-03-31."


def _text_remedy(spec: FieldSpec, value: object, text: str) -> str:
    if not isinstance(value, str):
        return f'Put the value in quotes: {spec.name} = "{shown(text)}".'
    if spec.pattern is None:
        return f"Write {spec.rule}."
    if spec.description.startswith("A month"):
        return "Write the month as YYYY-MM, for example 2027-01; in a spreadsheet set the column's format to text."
    candidates = (text, text.upper(), text.lower(), slug(text))
    fitting = next((one for one in candidates if re.search(spec.pattern, one)), None)
    return f"Write {shown(fitting)}." if fitting else f"Write {spec.rule}."
