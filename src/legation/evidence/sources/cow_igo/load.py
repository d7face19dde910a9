"""Source: memberships in intergovernmental organisations, of the Correlates of War project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars import selectors as cs

from legation.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FULL, _ASSOCIATE, _OBSERVER = 1, 2, 3
_CODES = (-9, -1, 0, _FULL, _ASSOCIATE, _OBSERVER)
_NO_ORGANISATION = frozenset(
    {"ccode", "ccode1", "ccode2", "country", "country1", "country2", "dyadid", "state", "state1", "state2", "statenme",
     "stateabb", "version", "year"}
)  # fmt: skip


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return counts of memberships per state and year, and of shared ones per pair and year."""
    return files.all_declared(readers={"dyadic_format*3.csv": _pairs, "state_year_format*3.csv": _states})


def _pairs(path: Path, _form: Form, description: SourceDescription) -> pl.DataFrame:
    """Count shared full memberships; each pair once, the smaller number first."""
    frame, organisations = _scan(path, ("ccode1", "ccode2", "year"), description)
    shared = frame.filter(pl.col("ccode1") < pl.col("ccode2"))
    counted = _count(organisations, _FULL).alias("dyadigos")
    return _collect(shared.select("ccode1", "ccode2", "year", counted, _strange(organisations)), path, description)


def _states(path: Path, _form: Form, description: SourceDescription) -> pl.DataFrame:
    """Count the memberships of a state by kind."""
    frame, organisations = _scan(path, ("ccode", "year"), description)
    kinds = {"full": _FULL, "associate": _ASSOCIATE, "observer": _OBSERVER}
    counts = [_count(organisations, code).alias(f"sum_igo_{kind}") for kind, code in kinds.items()]
    counted = _collect(frame.select("ccode", "year", *counts, _strange(organisations)), path, description)
    return counted.with_columns(pl.sum_horizontal(f"sum_igo_{kind}" for kind in kinds).alias("sum_igo_anytype"))


def _count(organisations: Sequence[str], code: int) -> pl.Expr:
    return pl.sum_horizontal((pl.col(name) == code).cast(pl.Int16) for name in organisations).cast(pl.Int64)


def _strange(organisations: Sequence[str]) -> pl.Expr:
    """Return how many organisations of a row have a code that the codebook does not know, missing included."""
    known = (pl.col(name).is_in(list(_CODES)).fill_null(value=False) for name in organisations)
    return pl.sum_horizontal((~each).cast(pl.Int16) for each in known).alias("strange")


def _scan(path: Path, ids: Sequence[str], description: SourceDescription) -> tuple[pl.LazyFrame, list[str]]:
    """Return the file as a query and the names of its organisations; it is too large to hold as text."""
    heading = _heading(path)
    organisations = [name for name in heading if name.lower() not in _NO_ORGANISATION]
    missing = [name for name in ids if name not in heading]
    if missing or not organisations:
        raise SourceError(
            f"{path} is not the version that is known: columns missing {missing}, {len(organisations)} organisations.",
            remedy=f"Take the file of {description.version} from {description.url}.",
        )
    types: dict[str, pl.DataType] = dict.fromkeys(organisations, pl.Int8()) | dict.fromkeys(ids, pl.Int64())
    return pl.scan_csv(path, schema_overrides=types, infer_schema=False), organisations


def _heading(path: Path) -> list[str]:
    with path.open("rb") as stream:
        line = stream.readline().decode("utf-8-sig", errors="replace").strip()
    return [name.strip().strip('"') for name in line.split(",")]


def _collect(query: pl.LazyFrame, path: Path, description: SourceDescription) -> pl.DataFrame:
    try:
        counted = query.collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise SourceError(
            f"{path} of source {description.name} cannot be read: {str(error).splitlines()[0]}.",
            remedy=f"Fetch it again from {description.url}; check that it is whole, of {description.version}.",
        ) from error
    strange = counted.filter(pl.col("strange") > 0)
    if strange.height:
        raise SourceError(
            f"{path}: {strange.height} rows have a membership that is none of {list(_CODES)}; the first is of "
            f"{strange.select(~cs.starts_with('sum_', 'dyadigos', 'strange')).row(0)}.",
            remedy="Check the file; if the publisher has a new code, describe it in the source's load function.",
        )
    return counted.drop("strange")
