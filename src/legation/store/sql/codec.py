"""Records as text for a database column, and back; what cannot be kept exactly is refused."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, DeskInfo
from legation.errors import CorruptStoreError, InputError

__all__ = ["decode_record", "encode_record", "known_kind", "plain_text"]

_ENCODER = msgspec.json.Encoder(order="sorted")
_TYPES: dict[str, type[Record]] = {DeskInfo.KIND: DeskInfo, **KINDS}
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {kind: msgspec.json.Decoder(type_) for kind, type_ in _TYPES.items()}
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL in JSON text: an escape whose backslash is not itself escaped."""


def known_kind(kind: str) -> str:
    """Give the kind back when desks have it.

    Raises
    ------
    InputError
        Naming the kinds there are.
    """
    if kind not in _TYPES:
        raise InputError(f"A desk has no kind of record named {kind!r}.", remedy=f"Use one of: {', '.join(_TYPES)}.")
    return kind


def plain_text(text: str, *, what: str, longest: int) -> str:
    """Give a text back when both engines can keep it: no NUL, no half of a character pair, not too long."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InputError(
            f"{what} holds a NUL or an unpaired surrogate, which a store cannot keep: {text!r}.", remedy="Remove it."
        )
    if len(text) > longest:
        raise InputError(f"{what} has {len(text)} characters; at most {longest} are kept.", remedy="Shorten it.")
    return text


def encode_record(record: Record) -> str:
    """Give a record as JSON text with sorted names.

    Raises
    ------
    InputError
        When the record breaks its own type, holds a NUL, or would not read back as it is.
    """
    name = f"{record.KIND} {record.key!r}"
    try:
        body = _ENCODER.encode(record)
        back = _DECODERS[known_kind(record.KIND)].decode(body)
    except (msgspec.MsgspecError, UnicodeEncodeError, OverflowError, TypeError) as error:
        raise InputError(
            f"The record {name} cannot be stored: {error}.", remedy="Correct the value; see the reference of records."
        ) from error
    if back != record:
        raise InputError(
            f"The record {name} would not read back as it is: {_first_difference(record, back)}.",
            remedy="Give each field a value of its own type.",
        )
    # From what was read back, so that equal records have equal texts: 2 is written as 2.0 where a number is wanted.
    text = _ENCODER.encode(_sparse(back)).decode()
    if "\\u0000" in text and _NUL.search(text):
        raise InputError(f"The record {name} holds a NUL character, which no store keeps.", remedy="Remove it.")
    return text


def _sparse(value: msgspec.Struct) -> dict[str, Any]:
    """Give the fields that differ from their defaults; msgspec's own omission goes by identity, not by equality."""
    chosen = {}
    for name, default in _defaults(type(value)):
        held = getattr(value, name)
        if default is msgspec.NODEFAULT or held != default:
            chosen[name] = _sparse(held) if isinstance(held, msgspec.Struct) else held
    return chosen


@cache
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in msgspec.structs.fields(kind))


def _first_difference(record: Record, back: Record) -> str:
    for name in record.__struct_fields__:
        ours, theirs = getattr(record, name), getattr(back, name)
        if ours != theirs:
            return f"{name} {ours!r} becomes {theirs!r}"
    return f"{type(record).__name__} becomes {type(back).__name__}"


def decode_record(kind: str, body: str, *, key: str) -> Any:  # noqa: ANN401 - the type depends on the kind
    """Read a record from a column's text.

    Raises
    ------
    CorruptStoreError
        When the text is not a record of that kind.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise CorruptStoreError(
            f"The store holds a record of unknown kind {kind!r}.", remedy="Restore the store from its last copy."
        )
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeError, TypeError) as error:
        raise CorruptStoreError(
            f"The stored record {kind} {key!r} cannot be read: {error}.",
            remedy="Restore the store from its last copy; its history shows the record's earlier states.",
        ) from error
