"""Source: the National Material Capabilities of the Correlates of War project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from legation.evidence.forms import read_form
from legation.evidence.layouts import needs

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return capabilities per state and year."""
    return files.all_declared(readers={"NMC-70-wsupplementary.csv": _without_notes})


def _without_notes(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Keep the figures of the publisher's full file, which has sources, notes and quality codes beside each."""
    columns = [column.name for column in description.declared("cow_nmc").columns]
    return needs(read_form(path, form, description), columns, path).select(columns)
