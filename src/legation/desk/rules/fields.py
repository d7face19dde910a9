"""Which fields of which kind hold texts, numbers, actors, languages: read from the types once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from legation.desk.base import ActorRef, Id, LanguageSkill, Record, Text, Title
from legation.desk.desk import KINDS, DeskInfo

__all__ = ["Field", "fields_of", "holding"]

Field = tuple[str, str, bool]
"""Name, what it holds, and whether it is a list."""

_ROLES = ((ActorRef, "actor"), (Id, "id"), (LanguageSkill, "skill"), (Title, "title"), (Text, "text"))


@cache
def fields_of(kind: type[Record]) -> tuple[Field, ...]:
    """Give the fields of a kind that hold an actor, an id, a skill, a title, a text, a word, a float or a decimal."""
    return tuple(_fields(kind))


@cache
def holding(*roles: str) -> tuple[tuple[str, str, bool], ...]:
    """Give every (kind, field, is a list) that holds one of these, the desk's own description included."""
    kinds: tuple[type[Record], ...] = (DeskInfo, *KINDS.values())
    return tuple((kind.KIND, name, many) for kind in kinds for name, role, many in fields_of(kind) if role in roles)


def _fields(kind: type[Record]) -> Iterator[Field]:
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name in kind.__struct_fields__:
            single, many = _single(hint)
            role = _role(single)
            if role is not None:
                yield name, role, many


def _single(hint: Any) -> tuple[Any, bool]:  # noqa: ANN401 - a type form has no type of its own before Python 3.14
    if get_origin(hint) in {Union, UnionType}:
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True
    return hint, False


def _role(hint: Any) -> str | None:  # noqa: ANN401 - as above
    for known, role in _ROLES:
        if hint == known:
            return role
    bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return {str: "word", float: "float", Decimal: "decimal"}.get(bare)
