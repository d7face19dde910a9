"""Humanitarian requirements, funding and response plans, with the country as an actor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import Reader, read_form
from legation.evidence.naming import unread_rows, with_coded_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FUNDING = "ocha_requirements"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there, and the codes that gave no actor."""
    found = files.all_declared(readers=_READERS)
    if _FUNDING not in found:
        return found | {"ocha_unread": unread_rows()}
    named = with_coded_actors(
        found[_FUNDING].drop("actor"),
        "countryCode",
        system="iso3",
        description=files.description,
        when="year",
        table=_FUNDING,
        names="codes",
    )
    return found | {_FUNDING: named.frame, "ocha_unread": unread_rows(named.unread)}


def _read_tagged(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read a file of the exchange; its second line holds HXL tags, not figures."""
    frame = read_form(path, form, description)
    tagged = frame.height > 0 and any(str(value).startswith("#") for value in frame.row(0) if value is not None)
    return frame.slice(1) if tagged else frame


_READERS: Mapping[str, Reader] = dict.fromkeys(
    ("fts_requirements_funding_global.csv", "humanitarian-response-plans.csv"), _read_tagged
)
