"""CAMEO event codes with both lists of Goldstein values, and what becomes of each code in PLOVER."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from legation.errors import SourceError
from legation.evidence.description import Form, SourceDescription
from legation.evidence.events.codes import goldstein
from legation.evidence.forms import Reader
from legation.evidence.reading import SourceFiles

__all__ = ["load", "plover_lines"]

_CODES, _PLOVER = "cameo_codes", "cameo_to_plover"
_LINE = re.compile(
    r"(?P<cameo>\d{2,4}):\s*(?P<event>[A-Z]+)\s*(?:,(?P<mode>[^,#]*))?(?:,(?P<context>[^#]*))?(?:#(?P<label>.*))?"
)
_END = "~~~~~"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there."""
    found = files.all_declared(readers=_READERS)
    if _CODES in found:
        values = [goldstein(code, variant="gdelt") for code in found[_CODES].get_column("code")]
        found[_CODES] = found[_CODES].with_columns(pl.Series("goldstein_gdelt", values, dtype=pl.Float64))
    return found


def plover_lines(text: str, *, name: str) -> pl.DataFrame:
    """Return the lines of the conversion table: a CAMEO code, and the event, mode and contexts of PLOVER.

    Parameters
    ----------
    text
        Lines such as ``0312: AGREE, , military # Express intent to cooperate militarily``; comments and empty lines
        are passed over.
    name
        The file, for the message.

    Raises
    ------
    SourceError
        When a line is none of these.
    """
    rows: list[tuple[int, str, str, str | None, str | None, str | None]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#") or stripped == _END:
            continue
        read = _LINE.fullmatch(stripped)
        if read is None:
            raise SourceError(
                f"{name}, line {number}: {stripped[:60]!r} is no code with its PLOVER event.",
                remedy="Fetch the table again; lines look like '0312: AGREE, , military # ...'.",
            )
        rows.append(
            (number, read["cameo"], read["event"], _text(read["mode"]), _text(read["context"]), _text(read["label"]))
        )
    columns = {"line": pl.Int32, **dict.fromkeys(("cameo", "event", "mode", "context", "label"), pl.String)}
    return pl.DataFrame(rows, schema=columns, orient="row")


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None


def _read_plover(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    try:
        text = path.read_text(encoding=form.encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} of source {description.name} holds a byte that is no {form.encoding}.", remedy="Fetch it again."
        ) from error
    return plover_lines(text, name=str(path))


_READERS: Mapping[str, Reader] = {"cameo2plover_2021.txt": _read_plover}
