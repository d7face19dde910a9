"""Source: the Gleditsch-Ward list of independent states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from legation.evidence.forms import read_form
from legation.evidence.layouts import day_first, named

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_COLUMNS = ("gwcode", "stateabb", "statename", "startdate", "enddate")


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the spells of independence."""
    return files.all_declared(readers={"iisystem.dat": _authors_list})


def _authors_list(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the authors' list, which has no heading and writes days first."""
    frame = named(read_form(path, form, description), _COLUMNS, path)
    return frame.with_columns(
        day_first("startdate", path=path, frame=frame), day_first("enddate", path=path, frame=frame)
    )
