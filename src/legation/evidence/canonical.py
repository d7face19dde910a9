"""The canonical content hash of a table: the same for the same rows, whatever the file's bytes or the row order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import polars as pl

from legation.errors import FormatError

__all__ = ["content_hash", "hash_text"]

_HEADER = b"legation-table-1\n"


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_hash(frame: pl.DataFrame, *, key: Sequence[str]) -> str:
    """Return the canonical content hash of a table.

    The rows are sorted by the key. Then, for each column in the given order, its name, its kind and the count of rows
    are hashed as a line of text, followed by one byte per row that says whether a value is there, followed by the
    values: integers, booleans and dates as little-endian 64-bit integers (a date counts days since 1970-01-01), floats
    as little-endian 64-bit floats with one zero and no not-a-number, texts as their lengths in bytes (64-bit) and then
    their UTF-8 bytes. A missing value counts as 0 or an empty text.

    Parameters
    ----------
    frame
        The table.
    key
        Columns that together never repeat; empty for rows whose order is their publisher's.

    Returns
    -------
    str
        SHA-256 in hexadecimal.

    Raises
    ------
    FormatError
        When the key repeats, or a column has a type that the encoding does not know.
    """
    if key and frame.select(key).is_duplicated().any():
        raise FormatError(f"The key {tuple(key)} repeats in the table, so its rows have no order.")
    digest = hashlib.sha256(_HEADER)
    for column in frame.sort(key) if key else frame:
        kind, values = _encode(column)
        digest.update(f"{column.name}\t{kind}\t{column.len()}\n".encode())
        digest.update(column.is_not_null().cast(pl.UInt8).to_numpy().tobytes())
        digest.update(values)
    return digest.hexdigest()


def _encode(column: pl.Series) -> tuple[str, bytes]:
    """Return the kind of a column and its values in canonical bytes."""
    dtype = column.dtype
    if dtype.is_integer() or dtype in (pl.Boolean, pl.Date):
        kind = "date" if dtype == pl.Date else "boolean" if dtype == pl.Boolean else "integer"
        plain = column.to_physical().cast(pl.Int64).fill_null(0)
        return kind, plain.to_numpy().astype("<i8").tobytes()
    if dtype.is_float():
        numbers = column.cast(pl.Float64).fill_null(0.0).to_numpy() + 0.0  # -0.0 + 0.0 is 0.0
        if np.isnan(numbers).any():
            raise FormatError(f"Column {column.name} holds not-a-number; a missing figure is null.")
        return "float", numbers.astype("<f8").tobytes()
    if dtype == pl.String:
        texts = [text.encode() for text in column.fill_null("").to_list()]
        lengths = np.array([len(text) for text in texts], dtype="<i8")
        return "text", lengths.tobytes() + b"".join(texts)
    raise FormatError(f"Column {column.name} has type {dtype}, which the canonical encoding does not know.")
