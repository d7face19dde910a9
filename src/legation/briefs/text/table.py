"""Tables of text that fit a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal
from unicodedata import combining, east_asian_width

__all__ = ["WIDTH", "bullets", "heading", "indented", "paragraph", "table"]

WIDTH = 110
_GAP: Final = "   "


def heading(text: str) -> str:
    """Give a heading with a line under it."""
    return f"\n{text}\n{'-' * len(text)}"


def paragraph(text: str, *, width: int = WIDTH) -> str:
    """Fold a paragraph to the width."""
    import textwrap

    return "\n".join(textwrap.wrap(text, width, break_long_words=False))


def indented(text: str, *, width: int = WIDTH, by: int = 20) -> str:
    """Fold a text to the width, set in from the left."""
    import textwrap

    margin = " " * by
    return textwrap.fill(text, width, initial_indent=margin, subsequent_indent=margin, break_long_words=False)


def bullets(items: Iterable[str], *, width: int = WIDTH) -> str:
    """Give one folded line for each item, with a hyphen."""
    import textwrap

    return "\n".join(
        textwrap.fill(item, width, initial_indent="- ", subsequent_indent="  ", break_long_words=False)
        for item in items
    )


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    align: Sequence[Literal["left", "right"]] | None = None,
    width: int = WIDTH,
    whole: int = 0,
) -> str:
    """Lay rows out in columns, folding long cells but the first ``whole``; cells are text only, never markup."""
    lines = [list(header), *(list(row) for row in rows)]
    natural = [max(_widest(row[place]) for row in lines) for place in range(len(header))]
    room = width - len(_GAP) * (len(header) - 1) - sum(natural[:whole])
    widths = [*natural[:whole], *_fitted(natural[whole:], room)]
    sides = align or ["left"] * len(header)
    drawn = [_drawn(row, widths, sides) for row in lines]
    rule = "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    return "\n".join([*drawn[0], rule, *(line for row in drawn[1:] for line in row)])


def _drawn(row: Sequence[str], widths: Sequence[int], sides: Sequence[str]) -> list[str]:
    """Give the lines of one row, each cell folded to its column."""
    folded = [_folded(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(len(lines) for lines in folded)
    filled = [lines + [""] * (height - len(lines)) for lines in folded]
    return [
        _GAP.join(_padded(cell, width, side) for cell, width, side in zip(line, widths, sides, strict=True)).rstrip()
        for line in zip(*filled, strict=True)
    ]


def _fitted(natural: Sequence[int], room: int) -> list[int]:
    """Give columns their natural widths, the widest cut down together until all fit; a column keeps one place."""
    widths = [max(1, width) for width in natural]
    while (excess := sum(widths) - max(room, len(widths))) > 0:
        most = max(widths)
        next_most = max((width for width in widths if width < most), default=1)
        widest = [place for place, width in enumerate(widths) if width == most]
        cut = min(most - next_most, -(-excess // len(widest)))
        for place in widest[: max(1, min(len(widest), excess))]:
            widths[place] -= min(cut, excess)
            excess -= min(cut, excess)
    return widths


def _folded(cell: str, width: int) -> list[str]:
    """Fold a cell between words, and within those that are longer than the column."""
    lines: list[str] = []
    for text in cell.split("\n"):
        line = ""
        for word in text.split(" "):
            joined = f"{line} {word}" if line else word
            if _places(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            line = word
            while _places(line) > width:
                head, line = _split(line, width)
                lines.append(head)
        lines.append(line)
    return lines


def _split(word: str, width: int) -> tuple[str, str]:
    """Cut a word after as many characters as fit; at least one, so that it ends."""
    taken = 0
    for count, char in enumerate(word):
        taken += _places(char)
        if taken > width and count:
            return word[:count], word[count:]
    return word[:1], word[1:]


def _padded(cell: str, width: int, side: str) -> str:
    space = " " * (width - _places(cell))
    return space + cell if side == "right" else cell + space


def _widest(cell: str) -> int:
    return max(_places(line) for line in cell.split("\n"))


def _places(text: str) -> int:
    """Count the places that a text takes on a terminal: East Asian wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
