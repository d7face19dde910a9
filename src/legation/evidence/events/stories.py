"""The number of a story: equal for copies of one text, the same on every machine and in every version."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["story_key", "story_numbers"]

# The last part of an address is a headline when it is long and in words; shorter ones are "index.html" or a number.
_HEADLINE = 20


def story_key(address: pl.Expr) -> pl.Expr:
    """Return what two copies of a report have in common: the headline in the address, or the address itself.

    Syndicated reports stand under other addresses with the same last part: ``/world/talks-resume-in-geneva-1.2345``.
    """
    plain = address.str.strip_chars_end("/")
    last = plain.str.split("/").list.last()
    is_headline = (last.str.len_bytes() >= _HEADLINE) & last.str.contains("-", literal=True)
    return pl.when(is_headline).then(last).otherwise(plain)


def story_numbers(keys: pl.Series) -> npt.NDArray[np.int64]:
    """Return a number from 0 to 2**62 - 1 for each text; equal texts have equal numbers.

    Parameters
    ----------
    keys
        Texts without missing values.

    Notes
    -----
    A multilinear hash over the bytes (Lemire and Kaser 2014) with fixed coefficients. Any two of a hundred million
    different texts meet with probability 0.001, and only on the same day, dyad and code does a meeting matter.
    """
    if keys.len() == 0:
        return np.empty(0, np.int64)
    arrow = keys.cast(pl.String).to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets_buffer, data_buffer = arrow.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[arrow.offset : arrow.offset + len(arrow) + 1]
    data = np.frombuffer(data_buffer, np.uint8)[offsets[0] : offsets[-1]] if data_buffer else np.empty(0, np.uint8)
    starts = offsets[:-1] - offsets[0]
    lengths = np.diff(offsets)
    longest = int(lengths.max())
    coefficients = _coefficients(longest + 1)
    place = np.arange(data.size, dtype=np.int64) - np.repeat(starts, lengths)
    products = data * coefficients[place + 1]
    # reduceat gives the element itself for an empty stretch, so a zero stands at the end and empty texts are set apart
    sums = np.add.reduceat(np.append(products, np.uint64(0)), np.minimum(starts, data.size))
    sums = np.where(lengths == 0, np.uint64(0), sums) + lengths.astype(np.uint64) * coefficients[0]
    return (_mix(sums) >> np.uint64(2)).astype(np.int64)


def _coefficients(count: int) -> npt.NDArray[np.uint64]:
    return _mix(np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64 bits with the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: npt.NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed
