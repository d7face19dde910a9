"""The chain of hashes that makes a change of the past visible.

An entry's hash is the SHA-256 of the RFC 8785 canonical JSON of the array::

    [previous hash, seq, unit, at, who, why, kind, key, version, SHA-256 of before, SHA-256 of after]

with null for a missing state. The first entry's predecessor is the SHA-256 of the store's id.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from legation.errors import CorruptStoreError, InputError

__all__ = ["after_moment", "entry_hash", "first_moment", "moment_text", "parse_moment", "start_hash", "text_hash"]

# For an array of texts and numbers below 2**53 msgspec writes what RFC 8785 asks for; a test holds it to that.
_CANONICAL = msgspec.json.Encoder()


def start_hash(store: str) -> str:
    """Give the hash that stands before the first entry: that of the store's id."""
    return hashlib.sha256(store.encode()).hexdigest()


def text_hash(text: str | None) -> str | None:
    """Give the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()


def entry_hash(previous: str, row: dict[str, Any]) -> str:
    """Give the hash of a change from its predecessor's hash and its row."""
    content = [
        previous, row["seq"], row["unit"], row["at"], row["who"], row["why"], row["kind"], row["key"],
        row["version"], text_hash(row["before"]), text_hash(row["after"]),
    ]  # fmt: skip
    return hashlib.sha256(_CANONICAL.encode(content)).hexdigest()


def moment_text(moment: datetime) -> str:
    """Write a moment in UTC with a fixed width, so that texts sort as moments do.

    >>> from datetime import datetime, UTC
    >>> moment_text(datetime(2027, 3, 1, 8, 30, tzinfo=UTC))
    '2027-03-01T08:30:00.000000Z'
    """
    if moment.tzinfo is None:
        raise InputError(
            f"The moment {moment.isoformat()} has no time zone.", remedy="Give one, for example 2027-03-01T08:30:00Z."
        )
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_moment(text: str) -> datetime:
    """Read a moment that `moment_text` wrote.

    Raises
    ------
    CorruptStoreError
        When the text is none.
    """
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise CorruptStoreError(
            f"The history holds {text!r} where a moment belongs.", remedy="Restore the store from its last copy."
        ) from error


def first_moment(when: datetime | date) -> str:
    """Give the first moment that is not before `when`: itself, or a day's start in UTC."""
    return moment_text(when if isinstance(when, datetime) else datetime.combine(when, time(), tzinfo=UTC))


def after_moment(when: datetime | date) -> str:
    """Give the first moment that is after `when`: a microsecond later, or a day's end in UTC."""
    latest = datetime.max.replace(tzinfo=UTC)
    if isinstance(when, datetime):
        return moment_text(when + timedelta(microseconds=1) if when.replace(tzinfo=UTC) < latest else when)
    end = datetime.combine(when, time(), tzinfo=UTC)
    return moment_text(latest if when == date.max else end + timedelta(days=1))
