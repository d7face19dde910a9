"""Tables of text that fit a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Literal

__all__ = ["WIDTH", "bullets", "heading", "indented", "paragraph", "table"]

WIDTH = 110


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
) -> str:
    """Lay rows out in columns, folding long cells; cells are text only, never markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, name in enumerate(header):
        justify = "left" if align is None else align[number]
        drawn.add_column(Text(name), justify=justify, overflow="fold", no_wrap=False)
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    out = StringIO()
    Console(file=out, width=width, color_system=None, markup=False, emoji=False, highlight=False).print(drawn)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
