"""Names of actors in many languages (Unicode CLDR through Babel), and how names are compared."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from legation.actors.registry import load_all
from legation.actors.types import Actor, ActorId
from legation.errors import InputError

__all__ = ["english_index", "fold", "language_index", "name_in"]

# Letters that have no decomposition, so that "Łotwa" and "Lotwa" meet; \u0131 is the dotless i.
_LETTERS: Final = str.maketrans(
    {"\u0131": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
_NOT_WORDS: Final = re.compile(r"[^\w]+")
_INVERTED: Final = re.compile(r"([^,]+), ((?:[^,]+ )?of(?: the)?|the)\Z", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}\Z")


def fold(text: str) -> str:
    """Bring a name to the form in which names are compared: no case, accents, punctuation or leading article.

    A name written for an index ("Korea, Republic of") is turned round.

    Examples
    --------
    >>> fold("Korea, Republic of")
    'republic of korea'
    >>> fold("Côte d'Ivoire"), fold("The St. Vincent & the Grenadines")
    ('cote d ivoire', 'saint vincent and the grenadines')
    """
    # Twice, because decomposing can bring out capitals: a mathematical alpha becomes a Greek one.
    upright = _INVERTED.sub(r"\2 \1", text.strip()).replace("&", " and ")
    once = unicodedata.normalize("NFKD", upright.casefold())
    decomposed = unicodedata.normalize("NFKD", once.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = _NOT_WORDS.sub(" ", unicodedata.normalize("NFC", plain).translate(_LETTERS)).split()
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join("saint" if word == "st" and len(words) > 1 else word for word in words)


@cache
def english_index() -> Mapping[str, tuple[Actor, ...]]:
    """Return the actors by each folded English name and alias."""
    found: dict[str, dict[ActorId, Actor]] = defaultdict(dict)
    for actor in load_all().values():
        for text in (actor.name, *actor.aliases):
            if key := fold(text):
                found[key][actor.id] = actor
    return {key: tuple(actors.values()) for key, actors in found.items()}


@cache
def language_index() -> Mapping[str, tuple[Actor, ...]]:
    """Return the actors by each folded name in every language of CLDR; takes about a second, once."""
    from babel import Locale, localedata

    holders = {code: actor for actor in load_all().values() if (code := _territory(actor))}
    found: dict[str, dict[ActorId, Actor]] = defaultdict(dict)
    for identifier in _languages(localedata.locale_identifiers()):
        territories = Locale.parse(identifier).territories
        for code, actor in holders.items():
            if (text := territories.get(code)) and (key := fold(text)):
                found[key][actor.id] = actor
    return {key: tuple(actors.values()) for key, actors in found.items()}


def name_in(actor: Actor, *, language: str) -> str:
    """Return the actor's name in a language, or its English name where CLDR has none.

    Raises
    ------
    InputError
        If the language is not a BCP 47 tag that CLDR knows.
    """
    locale_names = _territory_names(language)
    if re.split("[-_]", language, maxsplit=1)[0].lower() == "en":
        return actor.name
    code = _territory(actor)
    return locale_names.get(code, actor.name) if code else actor.name


@cache
def _territory_names(language: str) -> Mapping[str, str]:
    from babel import Locale, UnknownLocaleError

    remedy = "write a BCP 47 tag, such as fr, pt-BR or zh-Hant."
    if not _LANGUAGE.match(language):
        raise InputError(f"{language[:40]!r} is not a language tag.", remedy=remedy)
    try:
        territories: Mapping[str, str] = Locale.parse(language.replace("_", "-"), sep="-").territories
    except (UnknownLocaleError, ValueError) as fault:
        raise InputError(f"CLDR has no names in the language {language!r}.", remedy=remedy) from fault
    return territories


def _territory(actor: Actor) -> str | None:
    """Return the alpha-2 code that the actor holds today; CLDR names nothing else."""
    for code in actor.codes:
        if code.system == "iso2" and code.end is None:
            return code.code
    return None


def _languages(identifiers: Iterable[str]) -> list[str]:
    """Keep one locale a language and script: regional variants repeat its names."""
    return sorted(one for one in identifiers if one != "root" and not re.search(r"_[A-Z]{2}|_[0-9]{3}", one))
