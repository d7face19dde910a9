"""Type errors in the words of the desk: patterns give way to what they describe."""

from __future__ import annotations

import re
from typing import Any, get_args

from msgspec import Meta

from legation.desk.base import ActorRef, Currency, Id, LanguageSkill, Month

__all__ = ["problem_field", "readable_problem"]

_LONGEST = 300
_PATTERN = re.compile(r"Expected `str` matching regex (?P<pattern>'.*'|\".*\")(?= - at |$)")
_AT = re.compile(r" - at `\$(?:\[[^\]]*\])*\.?(?P<path>[^`]*)`$")
_LANGUAGE = "A BCP 47 tag such as en or zh-Hant."


def _meaning(scalar: Any) -> tuple[str, str]:  # noqa: ANN401 - an annotated alias has no type of its own
    meta = next(part for part in get_args(scalar) if isinstance(part, Meta))
    assert meta.pattern is not None
    return repr(meta.pattern), meta.description or ""


_MEANINGS = dict(_meaning(scalar) for scalar in (ActorRef, Currency, Id, LanguageSkill, Month))


def problem_field(error: Exception) -> str | None:
    """Give the field that a msgspec error is about, or None.

    >>> problem_field(ValueError("Expected `int`, got `str` - at `$.months`"))
    'months'
    """
    found = _AT.search(str(error))
    return None if found is None else re.split(r"[.\[]", found["path"])[0] or None


def readable_problem(error: Exception) -> str:
    """Give a msgspec error as one printable sentence: the field first, and words for patterns.

    Parameters
    ----------
    error
        What `msgspec.convert` or a decoder raised.

    Examples
    --------
    >>> print(readable_problem(ValueError("Expected `int`, got `str` - at `$.months`")))
    months: Expected `int`, got `str`.
    """
    text = str(error)
    field = problem_field(error)
    text = _AT.sub("", text)
    found = _PATTERN.search(text)
    if found is not None:
        text = f"The value is not as it must be: {_MEANINGS.get(found['pattern'], _LANGUAGE).rstrip('.')}"
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return repr(f"{field}: {text}." if field else f"{text}.")[1:-1]
