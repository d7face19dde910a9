"""What the licences of a world's sources allow to be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from legation.evidence.catalogue import Catalogue, SourceInfo
from legation.evidence.description import Use

__all__ = ["Terms", "terms_of"]

_ORDER = ("any", "attribution", "research", "non-commercial")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The consequence of all licences together.

    Parameters
    ----------
    use
        The narrowest use that all sources allow; research and non-commercial together give non-commercial.
    may_be_passed_on
        Whether the world may be given to others, with its attribution.
    hindering
        Sources that forbid passing it on.
    non_commercial
        Sources for non-commercial use only.
    research
        Sources for research use only.
    sentences
        The consequence in words.
    """

    use: Use
    may_be_passed_on: bool
    hindering: tuple[str, ...]
    non_commercial: tuple[str, ...]
    research: tuple[str, ...]
    sentences: tuple[str, ...]


def terms_of(catalogue: Catalogue) -> Terms:
    """Return what may be done with a world, from the licences recorded in it when it was built.

    The strictest licence counts for the whole world, since a measure may have been computed from several sources. The
    text is a reading aid: the licences themselves, and the law of the user's country, decide.
    """
    sources = catalogue.sources
    use: Use = max((source.licence.use for source in sources), key=_ORDER.index, default="any")
    hindering = tuple(source.name for source in sources if not source.licence.redistribution)
    non_commercial = _with_use(sources, "non-commercial")
    research = _with_use(sources, "research")
    return Terms(
        use=use,
        may_be_passed_on=not hindering,
        hindering=hindering,
        non_commercial=non_commercial,
        research=research,
        sentences=tuple(_sentences(hindering, non_commercial, research)),
    )


def _with_use(sources: Sequence[SourceInfo], use: str) -> tuple[str, ...]:
    return tuple(source.name for source in sources if source.licence.use == use)


def _sentences(hindering: Sequence[str], non_commercial: Sequence[str], research: Sequence[str]) -> list[str]:
    said = []
    if hindering:
        said.append(
            f"Do not pass this world on: {len(hindering)} of its sources do not allow it ({_listed(hindering)})."
        )
        said.append(
            "Figures, maps and briefs made from it may quote results; keep its tables within your organisation."
        )
    else:
        said.append("This world may be passed on, with the attribution of its sources.")
    if non_commercial:
        said.append(f"Non-commercial use only, because of {_listed(non_commercial)}.")
    if research:
        said.append(f"Research use with citation, because of {_listed(research)}.")
    said.append("Models trained on these tables fall under the same limits.")
    return said


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
