"""Source: alliances and their obligations, of the ATOP project."""

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
    """Return obligations, alliances, members, phases and portfolios, as far as their files are there."""
    return files.all_declared(readers={"atop5_1ddyr.csv": _obligations})


def _obligations(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Keep the obligations of the publisher's directed dyad-years; its other columns repeat the alliances."""
    columns = ["year", *form.columns]
    return needs(read_form(path, form, description), columns, path).select(columns)
