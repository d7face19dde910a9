"""Languages are real tags, each once."""

from __future__ import annotations

from collections import Counter
from functools import cache

from legation.desk.rules.facts import Facts
from legation.desk.rules.fields import holding
from legation.desk.rules.registry import Finding, Findings, quoted, rule


@cache
def _is_valid(tag: str) -> bool:
    from langcodes import tag_is_valid

    return bool(tag_is_valid(tag))


@rule(
    "language-tag",
    "Languages are valid BCP 47 tags.",
    remedy="Write the tag of the IANA registry: fr, en-GB, zh-Hant.",
)
def language_tag(facts: Facts) -> Findings:
    """People are matched to missions by tag; a tag that means nothing matches nobody."""
    if not _is_valid(facts.desk.info.language):
        yield Finding(facts.desk.info, f"language {quoted(facts.desk.info.language)} is no such tag.", "language")
    for kind, field, _ in holding("skill"):
        for record in facts.desk.records(kind):
            for skill in getattr(record, field):
                if not _is_valid(skill.partition(":")[0]):
                    yield Finding(record, f"{field} {quoted(skill)} names no valid language.", field)


@rule(
    "language-once",
    "A language stands once in a list, with one level.",
    remedy="Keep the level that holds.",
)
def language_once(facts: Facts) -> Findings:
    """With two levels of one language it is unclear which of them a need is measured against."""
    for kind, field, _ in holding("skill"):
        for record in facts.desk.records(kind):
            skills = getattr(record, field)
            if len(skills) > 1:
                tags = Counter(skill.partition(":")[0].casefold() for skill in skills)
                for tag, count in tags.items():
                    if count > 1:
                        yield Finding(record, f"{field} names {tag} {count} times.", field)
