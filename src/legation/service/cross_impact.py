"""Find the scenarios that hold together, of a table of judgements, of a desk's objectives, or of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.cohesion.cross_impact_result import CrossImpactResult
    from legation.desk.desk import Desk

__all__ = ["cross_impact_of", "is_table", "read_table"]


def is_table(place: str | PathLike[str]) -> bool:
    """Say whether a place is a table of judgements, by its name."""
    return "://" not in fspath(place) and Path(place).suffix.lower() == ".csv"


def read_table(place: str | PathLike[str]) -> str:
    """Read the text of a table of judgements.

    Raises
    ------
    FormatError
        When it cannot be read.
    """
    from legation.cohesion.cross_impact_matrix import MAX_BYTES
    from legation.service.negotiation import read_text_file

    return read_text_file(place, most=MAX_BYTES)


def cross_impact_of(
    place: str | PathLike[str] | Desk,
    *,
    desk: Desk | None = None,
    max_inconsistency: float = 0.0,
    fixed: Mapping[str, str] | None = None,
    most: int = 200,
    seconds: float = 60.0,
    with_weights: bool = False,
    change_by: float = 1.0,
    halt: Callable[[], bool] | None = None,
) -> CrossImpactResult:
    """Find every scenario that holds together.

    Parameters
    ----------
    place
        A table of judgements (its name ends in .csv), or a desk.
    desk
        With a table: a desk whose linked objectives join in.
    max_inconsistency, fixed, most, seconds, with_weights, change_by, halt
        As `legation.cohesion.cross_impact_report.analyse` takes them.

    Raises
    ------
    FormatError
        When the table cannot be read.
    InputError
        When names do not fit or a number is out of range.
    """
    from legation.cohesion.cross_impact_matrix import desk_matrix, read_matrix
    from legation.cohesion.cross_impact_report import analyse
    from legation.desk.desk import Desk

    if isinstance(place, Desk):
        matrix = desk_matrix(place)
    else:
        matrix = read_matrix(read_table(place), title=Path(place).stem, desk=desk)
    return analyse(
        matrix,
        max_inconsistency=max_inconsistency,
        fixed=fixed,
        most=most,
        seconds=seconds,
        with_weights=with_weights,
        change_by=change_by,
        halt=halt,
    )
