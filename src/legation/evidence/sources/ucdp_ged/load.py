"""Events of organised violence, as published."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from legation.errors import SourceError
from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import Reader, read_form
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TRUTH = {"True": "1", "TRUE": "1", "False": "0", "FALSE": "0"}
# The table of release 25.1 has some 300 MB; ten times that is no release of this programme.
_LARGEST = 3 << 30


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there."""
    return files.all_declared(readers=_READERS)


def _read_events(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read a release; some write whether the dyad was active as a word."""
    frame = read_form(path, form, description)
    if "active_year" not in frame.columns:
        return frame
    return frame.with_columns(pl.col("active_year").replace(_TRUTH))


def _read_packed(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read a release as the programme packs it: one CSV file in a ZIP archive."""
    try:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory(prefix="legation-ged-") as folder:
            tables = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
            if len(tables) != 1 or tables[0].file_size > _LARGEST:
                raise SourceError(f"{path} holds {len(tables)} tables, or one too large to be a release.")
            tables[0].filename = Path(tables[0].filename).name  # a path in an archive may lead anywhere
            return _read_events(Path(archive.extract(tables[0], folder)), form, description)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            f"{path} of source {description.name} cannot be unpacked: {error}.",
            remedy=f"Fetch it again from {description.url}.",
        ) from error


_READERS: Mapping[str, Reader] = {"GEDEvent_v*.csv": _read_events, "ged[0-9]*-csv.zip": _read_packed}
