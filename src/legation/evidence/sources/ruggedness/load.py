"""Source: ruggedness of terrain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from legation.actors.lookup import code
from legation.evidence.codes import dated_actor_or_none
from legation.evidence.forms import read_form
from legation.evidence.layouts import needs

if TYPE_CHECKING:
    from pathlib import Path

    from legation.actors.types import CodeSystem
    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_COLUMNS = ("isocode", "rugged", "rugged_popw", "rugged_slope", "rugged_lsd", "rugged_pc", "land_area")
# The authors' codes are of about 2000; some countries took their present code a little later.
_DAYS = (date(2000, 6, 1), date(2003, 6, 1), date(2012, 1, 1))


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the ruggedness of each country."""
    return files.all_declared(readers={"rugged_data.csv": _authors_file})


def _authors_file(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the authors' file, which names countries by ISO codes; territories that are no states get no number."""
    frame = needs(read_form(path, form, description), _COLUMNS, path).select(_COLUMNS)
    iso = frame.get_column("isocode").to_list()
    return frame.with_columns(
        pl.Series("ccode", [_number(each, "cow") for each in iso], dtype=pl.Int64),
        pl.Series("gwcode", [_number(each, "gw") for each in iso], dtype=pl.Int64),
    )


def _number(iso: str | None, system: CodeSystem) -> int | None:
    actor = None if iso is None else dated_actor_or_none("iso3", iso.strip().upper(), days=_DAYS)
    if actor is None:
        return None
    found = next((held for day in _DAYS if (held := code(actor, system=system, on=day)) is not None), None)
    return None if found is None else int(found)
