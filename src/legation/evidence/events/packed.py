"""Event files as they are published: plain, gzipped or zipped; checked for wholeness, given out in blocks of lines."""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from legation.errors import FormatError, InputError

__all__ = ["Block", "blocks", "first_lines", "is_parquet"]

# One block this large is inflated and parsed at once; more is taken piece by piece, so that memory stays bounded.
_WHOLE_COMPRESSED = 48 << 20
_WHOLE_PLAIN = 1 << 30
_PIECE = 128 << 20
_HEAD = 1 << 16
_MAGIC_PARQUET = b"PAR1"
_MAGIC_GZIP = b"\x1f\x8b"
_MAGIC_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, kw_only=True)
class Block:
    """Whole lines of a file: bytes, still gzipped or plain, and the number of the first line."""

    data: bytes
    first_line: int

    def plain(self) -> bytes:
        """Return the lines inflated."""
        return gzip.decompress(self.data) if self.data[:2] == _MAGIC_GZIP else self.data


def is_parquet(path: Path) -> bool:
    """Say whether a file begins as Parquet does."""
    with path.open("rb") as stream:
        return stream.read(4) == _MAGIC_PARQUET


def first_lines(path: Path, *, count: int = 20) -> list[bytes]:
    """Return the first lines of a file without their ends; fewer if the file is short.

    Raises
    ------
    FormatError
        When the file is empty or cannot be unpacked.
    """
    head = _head(path)
    lines = head.split(b"\n")
    # The last piece is a whole line only at the end of the file.
    whole = lines[:-1] if len(lines) > 1 and (len(head) >= _HEAD or not lines[-1]) else lines
    found = [line.rstrip(b"\r") for line in whole if line.strip()][:count]
    if not found:
        raise FormatError(f"{path} is empty.", remedy="Fetch the file again.")
    return found


def blocks(path: Path) -> Iterator[Block]:
    """Give out a file in blocks of whole lines.

    Raises
    ------
    FormatError
        When the file is cut short, damaged, or an archive of more than one file.
    """
    with path.open("rb") as stream:
        magic = stream.read(4)
    size = path.stat().st_size
    if magic[:2] == _MAGIC_GZIP:
        data = path.read_bytes() if size <= _WHOLE_COMPRESSED else b""
        if data and int.from_bytes(data[-4:], "little") <= _WHOLE_PLAIN:
            yield Block(data=data, first_line=1)
        else:
            yield from _pieces(_inflated(path))
    elif magic == _MAGIC_ZIP:
        yield from _zipped(path)
    else:
        yield from _pieces(_read(path))


def _head(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(f"There is no file {path}.", remedy="Name a file of events.")
    with path.open("rb") as stream:
        start = stream.read(_HEAD)
    try:
        if start[:2] == _MAGIC_GZIP:
            return zlib.decompressobj(31).decompress(start, _HEAD)
        if start[:4] == _MAGIC_ZIP:
            with zipfile.ZipFile(path) as archive, archive.open(_only_member(archive, path)) as member:
                return member.read(_HEAD)
    except (zlib.error, zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged(path, error) from error
    return start


def _zipped(path: Path) -> Iterator[Block]:
    try:
        with zipfile.ZipFile(path) as archive:
            member = _only_member(archive, path)
            if (
                member.compress_type == zipfile.ZIP_DEFLATED
                and member.compress_size <= _WHOLE_COMPRESSED
                and member.file_size <= _WHOLE_PLAIN
            ):
                yield Block(data=_as_gzip(path, member), first_line=1)
                return
            with archive.open(member) as stream:
                yield from _pieces(iter(lambda: stream.read(_PIECE), b""))
    except (zlib.error, zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged(path, error) from error


def _as_gzip(path: Path, member: zipfile.ZipInfo) -> bytes:
    """Return a zipped file in gzip's frame, which the parser inflates by itself; its sum and size are checked there."""
    with path.open("rb") as stream:
        stream.seek(member.header_offset)
        local = stream.read(30)
        if len(local) < 30 or local[:4] != _MAGIC_ZIP:
            raise zipfile.BadZipFile("the member's own header is damaged")
        name_length, extra_length = struct.unpack("<HH", local[26:30])
        stream.seek(name_length + extra_length, 1)
        packed = stream.read(member.compress_size)
    head = _MAGIC_GZIP + b"\x08\x00\x00\x00\x00\x00\x00\xff"
    return head + packed + struct.pack("<II", member.CRC, member.file_size & 0xFFFFFFFF)


def _only_member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [each for each in archive.infolist() if not each.is_dir()]
    if len(members) != 1:
        raise FormatError(
            f"{path} holds {len(members)} files; an archive of events holds one.",
            remedy="Unpack it and name the files.",
        )
    if members[0].flag_bits & 1:
        raise FormatError(f"{path} is encrypted.", remedy="Unpack it and name the file.")
    return members[0]


def _inflated(path: Path) -> Iterator[bytes]:
    """Give out the text of a large gzipped file, member after member; the sums are checked by zlib."""
    inflater, inside = zlib.decompressobj(31), False
    with path.open("rb") as stream:
        try:
            while packed := stream.read(_PIECE // 8):
                while packed:
                    inside = True
                    yield inflater.decompress(packed, _PIECE)
                    packed = inflater.unconsumed_tail
                    while not packed and not inflater.eof and (more := inflater.decompress(b"", _PIECE)):
                        yield more
                    if inflater.eof:
                        packed, inflater, inside = inflater.unused_data, zlib.decompressobj(31), False
        except zlib.error as error:
            raise _damaged(path, error) from error
    if inside:
        raise _damaged(path, EOFError("unexpected end of file"))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _pieces(stream: Iterator[bytes]) -> Iterator[Block]:
    """Cut a stream of bytes at line ends."""
    line, rest = 1, b""
    for piece in stream:
        end = piece.rfind(b"\n")
        if end < 0:
            rest += piece
            continue
        data, rest = rest + piece[: end + 1], piece[end + 1 :]
        yield Block(data=data, first_line=line)
        line += data.count(b"\n")
    if rest:
        yield Block(data=rest, first_line=line)


def _damaged(path: Path, error: BaseException) -> FormatError:
    return FormatError(f"{path} is cut short or damaged: {error}.", remedy="Fetch the file again; nothing was loaded.")
