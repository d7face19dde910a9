"""What the sources of events share: from their files to counts per directed dyad and month."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from legation.evidence.events import DyadMonths, dyad_months
from legation.evidence.events.formats import FormatName
from legation.evidence.forms import files_of, form_found
from legation.evidence.reading import SourceFiles

__all__ = ["counted", "counted_files", "event_tables"]

_RULES = ("rule", "on", "before", "removed")
_BETWEEN = " | "


def event_tables(files: SourceFiles, *, format: FormatName) -> dict[str, pl.DataFrame]:  # noqa: A002 - as read_events
    """Return the counts of a source's files, what each rule removed, and what could not be read as it stands.

    Parameters
    ----------
    files
        The source's files; its name ends the names of the tables.
    format
        The publisher's format.

    Raises
    ------
    FormatError
        When a file is damaged or of an unknown version; nothing is counted then.
    """
    name = files.description.name
    form = form_found(files.description, f"event_months_{name}", files.folder)
    paths = () if form is None else files_of(form, files.folder)
    return counted_files(name, paths, format=format)


def counted_files(name: str, paths: Sequence[Path], *, format: FormatName) -> dict[str, pl.DataFrame]:  # noqa: A002
    """Return the three tables of a source of this name for these files; none where there is no file."""
    return counted(name, dyad_months(paths, format=format)) if paths else {}


def counted(name: str, months: DyadMonths) -> dict[str, pl.DataFrame]:
    """Return counts, rules and quarantine as the tables of a source of this name."""
    examples = pl.col("examples").list.eval(pl.element().cast(pl.String)).list.join(_BETWEEN)
    return {
        f"event_months_{name}": months.table,
        f"event_rules_{name}": months.rules.select(_RULES),
        f"event_quarantine_{name}": months.quarantine.select("file", "reason", "action", "rows", examples),
    }
