"""Actors as sentences name them: by the English name, with the article where English asks for one."""

from __future__ import annotations

import re

from legation.actors import name

__all__ = ["actor_words"]

_PLURAL_OR_COMMON = re.compile(
    r"^(United|Federal|Democratic|Republic|Organi[sz]ation|Council|Treaty|League|Community|Association|Group"
    r"|Commonwealth|Cooperation Council|Alliance|Partnership|International|Economic Community|Isle)\b"
    r"|(Islands|Territor(y|ies)|Republic|Union|Kingdom|States|Organi[sz]ation|Council|Community|Group|Forum|Front|Army"
    r"|Forces|Empire|Initiative|Charter|Market|System|Force|Commission|Dialogue|Arrangements?)$"
)
_OTHERS = frozenset({"BHS", "COM", "GMB", "MDV", "NLD", "PHL", "SYC", "VAT"})


def actor_words(actor: str) -> str:
    """Name an actor within a sentence.

    Parameters
    ----------
    actor
        An actor's id.

    Raises
    ------
    UnknownActorError
        When nobody has the id.

    Examples
    --------
    >>> actor_words("USA"), actor_words("EST"), actor_words("EU")
    ('the United States', 'Estonia', 'the European Union')
    """
    text = name(actor)
    return f"the {text}" if actor in _OTHERS or _PLURAL_OR_COMMON.search(text) else text
