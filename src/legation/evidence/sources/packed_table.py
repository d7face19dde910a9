"""Read a publisher's table out of the ZIP archive in which it is given out."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from legation.errors import SourceError
from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import read_form

__all__ = ["read_packed"]

# The largest table that is given out so, of events of violence, has some 300 MB; ten times that is none of them.
_LARGEST = 3 << 30


def read_packed(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the one CSV file of a ZIP archive as its form says; whatever else lies in the archive is passed over.

    Raises
    ------
    SourceError
        When the archive is damaged, or holds no table, several, or one too large.
    """
    try:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory(prefix="legation-source-") as folder:
            tables = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
            if len(tables) != 1 or tables[0].file_size > _LARGEST:
                raise SourceError(
                    f"{path} of source {description.name} holds {len(tables)} tables, or one that is too large.",
                    remedy=f"Fetch it again from {description.url}, or unpack the table that is meant.",
                )
            tables[0].filename = Path(tables[0].filename).name  # a path in an archive may lead anywhere
            return read_form(Path(archive.extract(tables[0], folder)), form, description)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            f"{path} of source {description.name} cannot be unpacked: {error}.",
            remedy=f"Fetch it again from {description.url}.",
        ) from error
