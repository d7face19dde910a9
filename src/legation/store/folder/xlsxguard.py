"""Look at a workbook as an archive before anything parses it: bombs, entities, path tricks, merged cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from legation.errors import FormatError

__all__ = ["MAX_XLSX_BYTES", "Inspection", "inspect_archive"]

MAX_XLSX_BYTES = 50_000_000
_MAX_UNPACKED = 256_000_000
_MAX_PARTS = 2_000
_MAX_RATIO = 250
"""Sheets of repeated text shrink a hundredfold; a bomb shrinks a thousandfold."""

_RATIO_FROM = 1_000_000
_CHUNK = 1 << 20
_OVERLAP = 200
_FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(rb"<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]{0,100}?ref=\"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})\"")
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9._-]+)[\"']")


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What the look found: merged ranges by the sheet's part, and whether macros are in the file."""

    merged: dict[str, list[str]] = field(default_factory=dict)
    macros: bool = False


def inspect_archive(file: BinaryIO, *, name: str) -> Inspection:
    """Refuse a workbook that is a danger to whoever opens it.

    Raises
    ------
    FormatError
        When it is no archive, is damaged or encrypted, unpacks to too much, holds document types or entities, or
        parts with names that lead elsewhere.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_sizes(parts, name=name)
            merged = {part.filename: ranges for part in parts if (ranges := _look_into(archive, part, name=name))}
            macros = any(part.filename.lower().endswith("vbaproject.bin") for part in parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        # RuntimeError: encrypted parts; NotImplementedError: packing methods of other programs.
        raise FormatError(
            f"{name} is not a readable XLSX workbook: {error}.",
            remedy="Save it again as XLSX, without a password.",
        ) from error
    return Inspection(merged=merged, macros=macros)


def _check_sizes(parts: list[zipfile.ZipInfo], *, name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED:
        raise _bomb(name, f"{len(parts):,} parts that unpack to {unpacked:,} bytes")
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise FormatError(f"{name} holds two parts of one name.", remedy="Save it again in a spreadsheet program.")
    for part in parts:
        if part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
            raise FormatError(f"{name} holds a part named {part.filename[:60]!r}.", remedy="Do not open it.")
        if part.file_size > _RATIO_FROM and part.file_size > _MAX_RATIO * max(part.compress_size, 1):
            raise _bomb(name, f"a part that unpacks from {part.compress_size:,} to {part.file_size:,} bytes")


def _bomb(name: str, what: str) -> FormatError:
    return FormatError(f"{name} holds {what}, which no workbook needs.", remedy="Do not open it; ask its sender.")


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, name: str) -> list[str]:
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return []
    merged: dict[str, None] = {}
    for number, chunk in enumerate(_chunks(archive, part)):
        if number == 0:
            _check_encoding(chunk, part=part.filename, name=name)
        if _FORBIDDEN.search(chunk):
            raise FormatError(
                f"{name} declares a document type or an entity in {part.filename[:60]}.",
                remedy="Do not open it; ask its sender.",
            )
        if part.filename.startswith("xl/worksheets/"):
            merged.update((found.decode(), None) for found in _MERGED.findall(chunk))
    return list(merged)


def _check_encoding(start: bytes, *, part: str, name: str) -> None:
    """Only in UTF-8 can the search above see everything that the parser will see."""
    declared = _ENCODING.match(start)
    other = declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}
    if other or start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:4]:
        raise FormatError(f"{name} holds {part[:60]} in another encoding than UTF-8.", remedy="Save it again as XLSX.")


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give the part piece by piece, each with the end of the one before, so that nothing hides on a seam."""
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield tail + piece
            tail = piece[-_OVERLAP:]
