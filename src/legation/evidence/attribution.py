"""The text that names the sources of a world and their licences, as licences ask for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from textwrap import fill

from legation.evidence.catalogue import SourceInfo
from legation.evidence.description import SourceDescription, describe_source, source_names

__all__ = ["attribution_text", "shipped_attribution"]

_HEADING = """\
Sources of the baseline world
=============================

The figures in legation/evidence/baseline were computed by Legation from the sources below.
No source's table and none of its sentences are in it.
"""


def attribution_text(sources: Iterable[SourceDescription | SourceInfo] | None = None) -> str:
    """Return the attribution of sources, one paragraph each; those of the baseline when left out.

    Parameters
    ----------
    sources
        Descriptions, or the sources in a world's catalogue.
    """
    if sources is None:
        sources = [description for description in map(describe_source, source_names()) if description.baseline]
    return _HEADING + "".join(f"\n{_paragraph(source)}\n" for source in sources)


def shipped_attribution() -> str:
    """Return the attribution that comes with Legation, as it stands in NOTICE."""
    return (files("legation.evidence") / "ATTRIBUTION").read_text(encoding="utf-8")


def _paragraph(source: SourceDescription | SourceInfo) -> str:
    licence = source.licence.name + (f" ({source.licence.spdx})" if source.licence.spdx else "")
    lines = (
        f"{source.title}, {source.version}. {source.publisher}.",
        f"Licence: {licence}.",
        source.licence.attribution,
    )
    return "\n".join(fill(line, width=110, subsequent_indent="  ", break_long_words=False) for line in lines)
