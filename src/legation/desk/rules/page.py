"""The reference page of all rules, written from the rules themselves.

``python -m legation.desk.rules.page > docs/reference/rules.md`` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from legation.desk.rules import RULES, TOPICS
from legation.desk.rules.registry import Rule

__all__ = ["reference_page"]

_HEAD = """# Rules of a desk

Every rule that `legation desk check` applies to a desk, by topic, with its code, its reason and the usual remedy.

A check reports every fault at once, in the order of kinds, keys and rules.
An error keeps the desk from being used for plans and briefs; a warning is shown and stops nothing.
A fault's own remedy may say more than the one listed here: a name that was meant, a mode that exists.
From Python, `legation.desk.check_desk(desk)` gives the same faults as values.
"""


def reference_page() -> str:
    """Give the page as Markdown: a section per topic, and for each rule what, why and remedy."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for topic in TOPICS:
        name = topic.__name__.rpartition(".")[2]
        title = (topic.__doc__ or "").split("\n", maxsplit=1)[0].rstrip(".")
        yield f"## {title}\n"
        for rule in RULES.values():
            if rule.topic == name:
                yield from _entry(rule)


def _entry(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code}\n"
    yield f"{rule.meaning}\n"
    why = " ".join(rule.why.split()).replace(". ", ".\n  ")  # one sentence per line
    yield f"- Why: {why}"
    yield f"- Remedy: {rule.remedy}"
    yield f"- Severity: {rule.severity}\n"


if __name__ == "__main__":
    sys.stdout.write(reference_page())
