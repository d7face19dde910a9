"""A GDELT-shaped load of any size, drawn from a genuine export, for tests of speed and memory.

Articles are drawn with replacement, each with all of its events, so that codes, actors, places, sources and what goes
together stay as they are in the sample. New are the numbers of events, the days (each event keeps its distance to the
day of its file), and the addresses; volume grows from file to file, and a share of the articles are copies of the one
before under another address with the same headline.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.errors import InputError
from legation.evidence.events.formats import FORMATS
from legation.evidence.events.lines import TextFile
from legation.evidence.events.options import ReadOptions
from legation.evidence.events.packed import blocks
from legation.evidence.events.read import read_events

__all__ = ["Load", "generate_events", "generate_export"]

_BATCH = 2_000_000
_TIME = "143000"


@dataclass(frozen=True, kw_only=True)
class Load:
    """What to draw.

    Parameters
    ----------
    rows
        Rows in all.
    days
        Files, one for each day from `first` on.
    first
        The first day.
    growth
        Rows of the last file over rows of the first.
    copies
        Share of articles that are copies of the one before.
    mix
        Share of events whose second actor is drawn anew from the sample's second actors: a sample of fifteen minutes
        has few dyads, a year has thousands.
    seed
        Of the random numbers; the same load is drawn from the same seed.
    """

    rows: int
    days: int = 10
    first: date = date(2019, 10, 24)
    growth: float = 1.5
    copies: float = 0.15
    mix: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.rows < self.days or self.days < 1:
            raise InputError(
                f"{self.rows} rows in {self.days} files are no load.",
                remedy="Ask for at least one file and a row in each.",
            )
        if not 0 <= self.copies < 1 or not 0 < self.growth <= 1000 or not 0 <= self.mix <= 1:
            raise InputError(
                f"copies={self.copies}, growth={self.growth}, mix={self.mix} cannot be drawn.",
                remedy="Keep copies from 0 to below 1, growth above 0, mix from 0 to 1.",
            )

    def per_day(self) -> list[int]:
        """Return the rows of each file; they add up to `rows`."""
        weights = self.growth ** np.linspace(0, 1, self.days)
        ends = np.round(np.cumsum(weights) / weights.sum() * (self.rows - self.days)).astype(int)
        return [int(count) + 1 for count in np.diff(ends, prepend=0)]


def generate_export(sample: Path, folder: Path, load: Load) -> list[Path]:
    """Write gzipped files in the form of GDELT 2 exports.

    Parameters
    ----------
    sample
        A genuine GDELT 2 export.
    folder
        An existing folder for the files ``YYYYMMDD143000.export.CSV.gz``.

    Returns
    -------
    list of Path
        The files in the order of their days.
    """
    text = _sample_text(sample)
    starts, sizes = _articles(text.get_column("SOURCEURL"))
    rng = np.random.default_rng(load.seed)
    files, number = [], 1_000_000_000
    for day, rows in enumerate(load.per_day()):
        on = load.first + timedelta(days=day)
        drawn = _draw(rng, starts, sizes, rows=rows, load=load)
        lines = _lines(text, drawn, on=on, first_number=number)
        number += rows
        path = folder / f"{on:%Y%m%d}{_TIME}.export.CSV.gz"
        path.write_bytes(gzip.compress("\n".join(lines.to_list()).encode() + b"\n", 6, mtime=0))
        files.append(path)
    return files


def generate_events(sample: Path, folder: Path, load: Load) -> Iterator[Path]:
    """Write Parquet files of events, as `read_events` would have read them from such an export, one after another."""
    events = read_events(
        sample, format="gdelt2", options=ReadOptions(until=load.first + timedelta(days=load.days))
    ).frame()
    text = _sample_text(sample, ordered=False)
    if text.height != events.height:
        raise InputError(f"{sample} holds rows that cannot be read.", remedy="Draw from a sample without faults.")
    order = text.get_column("SOURCEURL").arg_sort()
    events, text = events[order], text[order]
    starts, sizes = _articles(text.get_column("SOURCEURL"))
    lag = _lags(text)
    rng = np.random.default_rng(load.seed)
    story = 0
    for day, rows in enumerate(load.per_day()):
        on = load.first + timedelta(days=day)
        for part, start in enumerate(range(0, rows, _BATCH)):
            drawn = _draw(rng, starts, sizes, rows=min(_BATCH, rows - start), load=load)
            days = pl.Series("day", np.datetime64(on) - lag[drawn.rows].astype("timedelta64[D]")).cast(pl.Date)
            stories = pl.Series("story", story + drawn.origin, dtype=pl.Int64)
            story += int(drawn.origin[-1]) + 1
            path = folder / f"events-{on:%Y%m%d}-{part:04d}.parquet"
            targets = events.get_column("target").gather(drawn.second)
            events[drawn.rows].with_columns(targets, days, stories).write_parquet(
                path, compression="zstd", compression_level=1
            )
            yield path


@dataclass(frozen=True)
class _Drawn:
    """Rows of the sample, and for each the row its second actor is of, its article, and the number of the copy."""

    rows: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    origin: npt.NDArray[np.int64]
    copy: npt.NDArray[np.int64]


def _draw(
    rng: np.random.Generator, starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64], *, rows: int, load: Load
) -> _Drawn:
    parts: list[npt.NDArray[np.int64]] = []
    total = 0
    while total < rows:
        parts.append(rng.integers(0, starts.size, max(64, int(rows / sizes.mean() * 1.1))))
        total += int(sizes[parts[-1]].sum())
    articles = np.concatenate(parts)
    place = np.arange(articles.size)
    origin = np.maximum.accumulate(np.where(rng.random(articles.size) < load.copies, 0, place))
    articles = articles[origin]
    lengths = sizes[articles]
    # copies change the lengths: draw on until the rows are there
    if int(lengths.sum()) < rows:
        return _draw(rng, starts, sizes, rows=rows, load=load)
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    picked = np.repeat(starts[articles], lengths) + within
    picked = picked[:rows]
    anew = rng.integers(0, int(sizes.sum()), rows)
    second = np.where(rng.random(rows) < load.mix, anew, picked)
    return _Drawn(picked, second, np.repeat(origin, lengths)[:rows], np.repeat(place - origin, lengths)[:rows])


def _lines(text: pl.DataFrame, drawn: _Drawn, *, on: date, first_number: int) -> pl.Series:
    lag = _lags(text)
    days = np.datetime64(on) - lag[drawn.rows].astype("timedelta64[D]")
    frame = text.select("first", "rest", "SOURCEURL")[drawn.rows].with_columns(
        text.get_column("second").gather(drawn.second),
        pl.Series("number", np.arange(first_number, first_number + drawn.rows.size)),
        pl.Series("day", days).cast(pl.Date),
        pl.Series("origin", drawn.origin),
        pl.Series("copy", drawn.copy),
    )
    fraction = pl.col("day").dt.year() + ((pl.col("day").dt.month() - 1) * 30 + pl.col("day").dt.day()) / 365
    plain = pl.col("SOURCEURL").str.strip_chars_end("/")
    headline = pl.concat_str(plain.str.split("/").list.last(), pl.lit("-"), "number_of_article")
    own = pl.concat_str(plain, pl.lit("-"), "number_of_article")
    other = pl.concat_str(pl.lit("https://copy"), pl.col("copy"), pl.lit(".example/news/"), headline)
    return (
        frame.with_columns((pl.col("origin") + first_number).alias("number_of_article"))
        .select(
            pl.concat_str(
                "number",
                pl.col("day").dt.strftime("%Y%m%d"),
                pl.col("day").dt.strftime("%Y%m"),
                pl.col("day").dt.year(),
                fraction.round(4),
                "first",
                "second",
                "rest",
                pl.lit(f"{on:%Y%m%d}{_TIME}"),
                pl.when(pl.col("copy") == 0).then(own).otherwise(other),
                separator="\t",
            ).alias("line")
        )
        .get_column("line")
    )


def _sample_text(sample: Path, *, ordered: bool = True) -> pl.DataFrame:
    """Read a genuine export as text: its days, its address, and between them both actors and the rest."""
    columns = TextFile(sample, FORMATS["gdelt2"]).columns
    data = b"".join(block.plain() for block in blocks(sample))
    rows = [line.split("\t") for line in data.decode("utf-8", errors="replace").splitlines() if line]
    rows = [row for row in rows if len(row) == len(columns)]
    if not rows:
        raise InputError(f"{sample} holds no whole row.", remedy="Name a GDELT 2 export.")
    frame = pl.DataFrame(
        {
            "SQLDATE": [row[1] for row in rows],
            "first": ["\t".join(row[5:15]) for row in rows],
            "second": ["\t".join(row[15:25]) for row in rows],
            "rest": ["\t".join(row[25:59]) for row in rows],
            "DATEADDED": [row[59] for row in rows],
            "SOURCEURL": [row[60] for row in rows],
        }
    )
    return frame.sort("SOURCEURL", maintain_order=True) if ordered else frame


def _articles(addresses: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where each article begins among rows ordered by address, and how many events it has."""
    lengths = addresses.rle().struct.field("len").to_numpy().astype(np.int64)
    return np.cumsum(lengths) - lengths, lengths


def _lags(text: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Return the days between each event and the file it was in."""
    added = pl.col("DATEADDED").str.head(8).str.to_date("%Y%m%d")
    lag = text.select((added - pl.col("SQLDATE").str.to_date("%Y%m%d")).dt.total_days().alias("lag"))
    return lag.get_column("lag").to_numpy().astype(np.int64)
