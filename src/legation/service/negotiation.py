"""Explore a negotiation that a file describes, with what of a desk concerns those at the table."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from legation.errors import FormatError

if TYPE_CHECKING:
    from legation.desk.desk import Desk
    from legation.planning.table.bargaining_sensitivity import Steps
    from legation.planning.table.bargaining_types import Negotiation, Rules
    from legation.planning.table.result import NegotiationResult

__all__ = ["negotiate_file", "read_negotiation_file", "read_text_file"]


def read_text_file(path: str | PathLike[str], *, most: int) -> str:
    """Read a small text file that a user gave.

    Raises
    ------
    FormatError
        When it is not there, too large, or no UTF-8 text.
    """
    place = Path(path)
    try:
        if place.stat().st_size > most:
            raise FormatError(
                f"{place} has {place.stat().st_size:,} bytes; {most:,} are read.", remedy="Give a smaller table."
            )
        return place.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"{place} is no UTF-8 text.", remedy="Save it as CSV in UTF-8.") from error
    except (OSError, ValueError) as error:
        raise FormatError(f"{str(place)!r} cannot be read.", remedy="Give the path of a text file.") from error


def read_negotiation_file(path: str | PathLike[str]) -> Negotiation:
    """Read who negotiates about what from a CSV file, in KTAB's layout or an own table.

    Raises
    ------
    FormatError
        When the file cannot be read or is none of the two layouts; the line is named.
    InputError
        When a number is out of its range or a name comes twice.
    """
    from legation.planning.table.bargaining_read import MAX_BYTES, read_negotiation

    return read_negotiation(read_text_file(path, most=MAX_BYTES), title=Path(path).stem)


def negotiate_file(
    file: str | PathLike[str] | Negotiation,
    *,
    rules: Rules | None = None,
    seed: int = 1,
    steps: Steps | None = None,
    trace: bool = False,
    desk: Desk | None = None,
    seconds: float = 60.0,
    halt: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NegotiationResult:
    """Explore a negotiation; see `legation.planning.table.bargaining.negotiate`.

    Parameters
    ----------
    file
        The CSV file, or what `read_negotiation_file` made of one.
    desk
        A desk whose negotiations and objectives are named beside the actors they concern.
    rules, seed, steps, trace, seconds, halt, progress
        As there.
    """
    from legation.planning.table.bargaining import negotiate
    from legation.planning.table.bargaining_types import Negotiation

    return negotiate(
        file if isinstance(file, Negotiation) else read_negotiation_file(file),
        rules=rules,
        seed=seed,
        steps=steps,
        trace=trace,
        desk=desk,
        seconds=seconds,
        halt=halt,
        progress=progress,
    )
