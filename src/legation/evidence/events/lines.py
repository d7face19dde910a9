"""From lines to columns of text: fast when every line is as documented, line by line when one is not."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from legation.errors import FormatError
from legation.evidence.events.formats import FORMATS, FileFormat
from legation.evidence.events.packed import Block, blocks, first_lines
from legation.evidence.events.quarantine import Quarantine

__all__ = ["TextFile", "heading_of", "read_columns", "usual_width"]

_OVERFLOW = "\x00overflow"
_BOM = b"\xef\xbb\xbf"

# Long enough that decoding it is fast, short enough that a bad line costs little.
_STRETCH = 1 << 16


class TextFile:
    """A text file of a known format: its separator and its own columns in order.

    Parameters
    ----------
    path
        Where it lies.
    file_format
        What it is said to be.

    Raises
    ------
    FormatError
        When the columns are not those of a known version.
    """

    def __init__(self, path: Path, file_format: FileFormat) -> None:
        self.path = path
        self.format = file_format
        head = first_lines(path)
        self.separator = "\t"
        if file_format.heading:
            self.separator, self.columns = _heading(head[0], file_format, path)
        else:
            self.columns = _headless(head, file_format, path)

    @property
    def used(self) -> list[str]:
        """The used columns that this file has."""
        return [column for column in self.format.used if column in self.columns]


def read_columns(file: TextFile, quarantine: Quarantine) -> Iterator[pl.DataFrame]:
    """Give out the used columns as text, block by block, with the line numbers in ``line``.

    Lines of a wrong number of columns are left out and counted; lines that are not UTF-8 are read as ISO-8859-1.

    Raises
    ------
    FormatError
        When the file is cut short or damaged.
    """
    try:
        for block in blocks(file.path):
            frame = _parsed(file, block.data, first_line=block.first_line)
            if frame is None:
                readable = _in_utf8(block, quarantine)
                frame = _parsed(file, readable.data, first_line=block.first_line)
                frame = _careful(file, readable, quarantine) if frame is None else frame
            yield frame
    except (OSError, EOFError) as error:
        raise FormatError(
            f"{file.path} is cut short or damaged: {str(error).splitlines()[0]}.",
            remedy="Fetch the file again; nothing was loaded.",
        ) from error


def _parsed(file: TextFile, data: bytes, *, first_line: int) -> pl.DataFrame | None:
    """Return the used columns, or None when a line is not as documented and each has to be looked at."""
    names = [*file.columns, _OVERFLOW]
    skip = 1 if file.format.heading and first_line == 1 else 0
    wanted = [*file.used, _OVERFLOW] if not file.format.heading else names
    # A first line of one column too many makes the parser show what stands beyond the last known column.
    first = file.separator.encode() * len(file.columns) + b"\n"
    try:
        frame = pl.read_csv(
            (gzip.compress(first) if data[:2] == b"\x1f\x8b" else first) + data,
            separator=file.separator,
            has_header=False,
            quote_char='"' if file.separator == "," else None,
            schema=dict.fromkeys(names, pl.String),
            columns=[names.index(name) for name in wanted],
            infer_schema=False,
        ).slice(1 + skip)
    except pl.exceptions.PolarsError:
        return None
    if frame.get_column(_OVERFLOW).null_count() != frame.height or not _is_sound(frame, file):
        return None
    lines = pl.int_range(first_line + skip, first_line + skip + frame.height, dtype=pl.Int64, eager=True)
    return frame.select(*file.used, lines.alias("line"))


def _is_sound(frame: pl.DataFrame, file: TextFile) -> bool:
    """Say whether no line can be short: the last columns hold what they always hold."""
    if file.format.heading:
        return frame.get_column(file.columns[-1]).null_count() == 0
    digits = 14 if file.format.name == "gdelt2" else 8
    added = frame.get_column("DATEADDED")
    if added.null_count() or not bool((added.str.len_bytes() == digits).all()):
        return False
    return "SOURCEURL" not in file.columns or frame.get_column("SOURCEURL").null_count() == 0


def _in_utf8(block: Block, quarantine: Quarantine) -> Block:
    """Return a block inflated, with its lines that are not UTF-8 read as ISO-8859-1 and counted."""
    data, parts, at, number = block.plain(), [], 0, block.first_line
    while at < len(data):
        end = data.find(b"\n", at + _STRETCH) + 1 or len(data)
        stretch = data[at:end]
        try:
            stretch.decode("utf-8")
        except UnicodeDecodeError:
            stretch = _line_by_line(stretch, number, quarantine)
        parts.append(stretch)
        number += stretch.count(b"\n")
        at = end
    return Block(data=b"".join(parts), first_line=block.first_line)


def _line_by_line(stretch: bytes, first: int, quarantine: Quarantine) -> bytes:
    lines = stretch.split(b"\n")
    for place, line in enumerate(lines):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            # Every byte is a character of ISO-8859-1, the other encoding that publishers of events use.
            text = line.decode("iso-8859-1")
            lines[place] = text.encode()
            reason = "not UTF-8, read as ISO-8859-1"
            quarantine.add(reason, rows=1, action="read after repair", examples=[text[:40]], lines=[first + place])
    return b"\n".join(lines)


def _careful(file: TextFile, block: Block, quarantine: Quarantine) -> pl.DataFrame:
    """Read a block line by line and count the fields of each."""
    expected = len(file.columns)
    good: list[list[str | None]] = []
    numbers: list[int] = []
    positions = [file.columns.index(column) for column in file.used]
    for number, raw in enumerate(_split(block.plain()), start=block.first_line):
        if number == 1 and file.format.heading:
            continue
        if not raw.strip():
            quarantine.add("an empty line", rows=1, action="left out", lines=[number])
            continue
        fields = _fields(raw, file)
        if len(fields) != expected:
            reason = f"{len(fields)} columns where {expected} are known"
            quarantine.add(reason, rows=1, action="left out", examples=[file.separator.join(fields)], lines=[number])
            continue
        good.append([fields[position] or None for position in positions])
        numbers.append(number)
    frame = pl.DataFrame(good, schema=dict.fromkeys(file.used, pl.String), orient="row")
    return frame.with_columns(pl.Series("line", numbers, dtype=pl.Int64))


def _split(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines[:-1] if lines and not lines[-1] else lines


def _fields(raw: bytes, file: TextFile) -> list[str]:
    text = raw.rstrip(b"\r").decode("utf-8")
    return text.split("\t") if file.separator == "\t" else _comma_separated(text)


def _comma_separated(text: str) -> list[str]:
    import csv

    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return text.split(",")


def _heading(raw: bytes, file_format: FileFormat, path: Path) -> tuple[str, tuple[str, ...]]:
    separator, written = _names(raw)
    line = separator.join(written)
    renamed = dict(file_format.renamed)
    names = [renamed.get(name, name) for name in written]
    strange = [name for name in names if name not in file_format.columns and name not in file_format.optional]
    missing = [name for name in file_format.columns if name not in names]
    if len(missing) > len(file_format.columns) // 2:
        raise FormatError(
            f"{path} is no file of {file_format.title}: its first line is {line[:60]!r}.",
            remedy=_other(len(names)) or f"Give its format, one of {', '.join(FORMATS)}.",
        )
    if strange or missing or len(set(names)) != len(names):
        raise FormatError(
            f"{path} has {len(names)} columns of {file_format.title}, where {file_format.counts[0]} are known; "
            f"new: {strange or 'none'}, missing: {missing or 'none'}.",
            remedy=f"It may be of a newer version than {file_format.reference}; remove the new columns if they are "
            "additions only, and report it.",
        )
    return separator, tuple(names)


def heading_of(raw: bytes) -> set[str]:
    """Return the names in a first line, if it is a heading."""
    return set(_names(raw)[1])


def usual_width(head: list[bytes]) -> int:
    """Return the number of columns most of the first lines have: one odd line is no version."""
    return Counter(line.count(b"\t") + 1 for line in head).most_common(1)[0][0]


def _names(raw: bytes) -> tuple[str, list[str]]:
    line = raw.removeprefix(_BOM).decode("utf-8", errors="replace")
    separator = "\t" if "\t" in line else ","
    return separator, [name.strip().strip('"') for name in line.split(separator)]


def _headless(head: list[bytes], file_format: FileFormat, path: Path) -> tuple[str, ...]:
    width = usual_width(head)
    if width not in file_format.counts:
        raise FormatError(
            f"{path} has {width} columns; {file_format.title} has {' or '.join(map(str, file_format.counts))}.",
            remedy=_other(width)
            or f"It may be of a newer version than {file_format.reference}, or cut by columns; nothing was loaded.",
        )
    return file_format.columns[:width]


def _other(width: int) -> str | None:
    fitting = [each.name for each in FORMATS.values() if width in each.counts]
    return f"{width} columns are those of {' or '.join(fitting)}: give --format {fitting[0]}." if fitting else None
