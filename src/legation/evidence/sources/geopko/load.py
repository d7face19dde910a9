"""Deployments of United Nations missions per place: as published, and with contributors and hosts as actors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from legation.errors import SourceError
from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import Reader, read_form
from legation.evidence.naming import Named, unread_rows, with_actors
from legation.evidence.reading import SourceFiles

__all__ = ["contributors", "load"]

_FRONT, _LISTS, _CONTRIBUTORS = "geopko_front", "geopko_tcc", "geopko_contributors"
_PLACE = ["mission", "year", "location", "latitude", "longitude"]
_UNKNOWN_SIZE = "size unknown"
# A contributor and its size: "Cote d'Ivoire (300)", "Korea (ROK) (150)", "Nepal (size unknown)".
_ENTRY = r"^\s*(?<value>.+?) \((?<size>\d+|size unknown)\)\s*$"
_BETWEEN = ") , "


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there, the contributors as actors, and the names that gave none."""
    found = files.all_declared(readers=_READERS)
    if _LISTS not in found:
        return found | {"geopko_unread": unread_rows()}
    rows = contributors(found[_LISTS])
    named = _with_hosts(files, rows, found.get(_FRONT))
    sized = with_actors(
        named.frame, "value", description=files.description, when="year", table=_CONTRIBUTORS, unknown="list"
    )
    unread = unread_rows(named.unread, sized.unread)
    return found | {_CONTRIBUTORS: sized.frame.select(*_COLUMNS), "geopko_unread": unread}


_COLUMNS = (*_PLACE, "place", "value", "actor", "troops", "country", "host")


def contributors(lists: pl.DataFrame) -> pl.DataFrame:
    """Return the text lists of troop contributors as one row a contributor.

    Parameters
    ----------
    lists
        Columns mission, year, location, latitude, longitude and ``year.overview``, a text such as
        ``Chad (150), Korea (ROK) (650), Nepal (size unknown)``.

    Raises
    ------
    SourceError
        When a part of a list is no contributor with a size in brackets.
    """
    # A comma separates entries only after a closing bracket: names may hold one.
    text = pl.col("year.overview").str.replace_all(r"\)\s*,\s*", _BETWEEN).str.split(_BETWEEN)
    rows = lists.filter(pl.col("year.overview").is_not_null()).with_columns(text.alias("entry"))
    rows = rows.with_columns(pl.int_ranges(1, pl.col("entry").list.len() + 1).alias("place")).explode("entry", "place")
    whole = pl.col("entry").str.strip_chars()
    closed = pl.when(whole.str.ends_with(")")).then(whole).otherwise(whole + ")")
    rows = rows.with_columns(closed.alias("entry"))
    rows = rows.with_columns(pl.col("entry").str.extract_groups(_ENTRY).alias("read")).unnest("read")
    strange = rows.filter(pl.col("value").is_null())
    if strange.height:
        raise SourceError(
            f"Table {_LISTS}: {strange['entry'][0]!r} is no contributor with its size, in {strange['location'][0]!r} "
            f"in {strange['year'][0]}.",
            remedy="Write it as 'Name (150)' or 'Name (size unknown)'.",
        )
    size = pl.when(pl.col("size") != _UNKNOWN_SIZE).then(pl.col("size")).cast(pl.Int32)
    return rows.select(
        "mission",
        pl.col("year").cast(pl.Int16),
        "location",
        "latitude",
        "longitude",
        pl.col("place").cast(pl.Int16),
        "value",
        size.alias("troops"),
    )


def _with_hosts(files: SourceFiles, rows: pl.DataFrame, front: pl.DataFrame | None) -> Named:
    """Add the country of each place and the actor that holds it, from the table of places."""
    if front is None:
        empty = rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in ("country", "host"))
        return Named(frame=empty, unread=unread_rows())
    place = ["mission", "year", "location"]
    where = front.select(pl.col("mission"), pl.col("year").cast(pl.Int16), "location", "country").unique()
    sole = where.filter(~pl.struct(place).is_duplicated())  # a place on a border may be in two countries
    joined = rows.join(sole, on=place, how="left", maintain_order="left")
    return with_actors(
        joined,
        "country",
        description=files.description,
        when="year",
        table=_CONTRIBUTORS,
        into="host",
        names="hosts",
        unknown="list",
    )


def _read_lower(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read a release whose columns are written with capitals (Source, Mission) like one that has none."""
    frame = read_form(path, form, description)
    return frame.rename({name: name.lower() for name in frame.columns})


_READERS: Mapping[str, Reader] = {"[Gg]eo[_-][Pp][Kk][Oo]*.csv": _read_lower}
