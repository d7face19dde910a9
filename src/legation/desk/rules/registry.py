"""What a rule is: a code, one sentence, a default remedy, and the function that finds where it is broken."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from legation.desk.base import Record
from legation.desk.rules.facts import Facts

__all__ = ["RULES", "Check", "Finding", "Findings", "Rule", "Severity", "quoted", "rule"]

Severity = Literal["error", "warning"]

_LONGEST = 60


class Finding(NamedTuple):
    """One place where a rule is broken; remedy and severity are the rule's unless given here."""

    record: Record
    message: str
    field: str | None = None
    remedy: str | None = None
    severity: Severity | None = None


Findings = Iterator[Finding]
Check = Callable[[Facts], Findings]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of the desk.

    Attributes
    ----------
    code
        Stable name, used in faults, documents and tests.
    meaning
        What holds in a desk that keeps the rule, in one sentence.
    why
        The reason: the docstring of the function that checks it.
    remedy
        What to do about a breach, unless the finding says something closer.
    severity
        An error keeps the desk from being used; a warning is shown.
    topic
        The module that holds the rule.
    check
        Finds the breaches.
    """

    code: str
    meaning: str
    why: str
    remedy: str
    severity: Severity
    topic: str
    check: Check


RULES: dict[str, Rule] = {}
"""Every rule by its code, in the order in which the modules of `legation.desk.rules` declare them."""


def rule(code: str, meaning: str, *, remedy: str, severity: Severity = "error") -> Callable[[Check], Check]:
    """Register a function as the check of a rule; its docstring is the reason for the rule."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"Two rules are called {code!r}.")
        RULES[code] = Rule(
            code=code,
            meaning=meaning,
            why=inspect.cleandoc(check.__doc__ or ""),
            remedy=remedy,
            severity=severity,
            topic=check.__module__.rpartition(".")[2],
            check=check,
        )
        return check

    return register


def quoted(value: object) -> str:
    """Give a value for a message: texts quoted, control characters escaped, long ones cut."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...{text[-1]}"
