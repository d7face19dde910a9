"""Uniformed personnel in United Nations missions, with contributors and hosts as actors."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import read_form
from legation.evidence.naming import unread_rows, with_actors, with_coded_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_MONTHLY, _BY_MISSION = "un_peacekeeping", "un_peacekeeping_by_mission"
_COUNTRIES = "countries/[A-Z]*.csv"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there, and the names that gave no actor."""
    found = files.all_declared(readers={_COUNTRIES: _read_contributor})
    description, lists = files.description, []
    if _MONTHLY in found:
        monthly = found[_MONTHLY].drop("actor")
        named = with_actors(monthly, "country", description=description, when="date", table=_MONTHLY)
        found[_MONTHLY], lists = named.frame, [named.unread]
    if _BY_MISSION in found:
        frame = found[_BY_MISSION].drop("actor", "host")
        for column, into in (("Contributor_ISO-3", "actor"), ("Mission_Country_ISO-3", "host")):
            named = with_coded_actors(
                frame,
                column,
                system="iso3",
                description=description,
                when="Date",
                table=_BY_MISSION,
                into=into,
                names="codes",
            )
            frame = named.frame
            lists.append(named.unread)
        found[_BY_MISSION] = frame
    return found | {f"{_MONTHLY}_unread": unread_rows(*lists)}


def _read_contributor(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read one contributor's file: its months, and the contributor after whom the file is named."""
    frame = read_form(path, form, description)
    return frame.rename({"Date": "date"}, strict=False).with_columns(pl.lit(path.stem).alias("country"))
