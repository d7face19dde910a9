"""The tables of a world as text."""

from __future__ import annotations

from collections.abc import Sequence

from legation.briefs.text.table import bullets, heading, table
from legation.evidence.catalogue import Catalogue, TableInfo

__all__ = ["world_text"]


def world_text(catalogue: Catalogue) -> str:
    """Write a world's tables with dates and licences, then its sources with their attribution."""
    return "\n".join(
        (
            f"World {catalogue.content_hash[:16]}, written with {catalogue.written_with}",
            table(
                ("Table", "What", "Rows", "From", "To", "Sources", "Licence", "Hash"),
                [_row(one) for one in catalogue.tables],
                align=("left", "left", "right", "left", "left", "left", "left", "left"),
                width=160,
            ),
            heading("Sources"),
            bullets(
                f"{source.title}, {source.version} ({source.publisher}). {source.licence.name}; "
                f"{'may' if source.licence.redistribution else 'may not'} be redistributed. "
                f"{source.licence.attribution}"
                for source in catalogue.sources
            ),
        )
    )


def _row(info: TableInfo) -> Sequence[str]:
    last = f"seen {info.snapshot[:7]}" if info.kind == "snapshot" else info.last.isoformat()
    return (
        info.name,
        info.title,
        f"{info.rows:,}",
        "" if info.kind in {"snapshot", "static"} else info.first.isoformat(),
        last,
        ", ".join(info.sources),
        ", ".join(info.licences),
        info.content_hash[:12],
    )
