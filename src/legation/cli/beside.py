"""Files that a measure writes: one that the user names, and others beside it under its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Overwrite", "first_rows", "paths_beside", "write_all"]

Overwrite = Annotated[bool, Parameter(name="--overwrite", show_default=False, help="Replace files that are there.")]

SHOWN = 20


def paths_beside(out: Path | None, names: tuple[str, ...], *, overwrite: bool) -> dict[str, Path]:
    """Give the files to write, by table, the first under the name given; refuse what could not be written.

    Raises
    ------
    InputError
        When a file is there already, its format is not known, or its folder is not there.
    """
    if out is None:
        return {}
    from legation.evidence.own import refuse_unwritable

    paths = {names[0]: out} | {name: out.with_name(f"{out.stem}.{name}{out.suffix}") for name in names[1:]}
    for path in paths.values():
        refuse_unwritable(path, overwrite=overwrite)
    return paths


def write_all(paths: Mapping[str, Path], frames: Mapping[str, pl.DataFrame], *, overwrite: bool) -> None:
    """Write each table to its file."""
    from legation.evidence.own import write_table

    for name, path in paths.items():
        write_table(frames[name], path, overwrite=overwrite)


def first_rows(frame: pl.DataFrame, *, shown: int = SHOWN) -> str:
    """Lay the first rows out as text, and say how many more there are."""
    from legation.briefs.text import table

    rows = [[_cell(value) for value in row] for row in frame.head(shown).iter_rows()]
    numeric = [dtype.is_numeric() for dtype in frame.dtypes]
    text = table(frame.columns, rows, align=["right" if number else "left" for number in numeric])
    more = frame.height - shown
    return f"{text}\n... {more:,} more; name a file with --out for all" if more > 0 else text


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
