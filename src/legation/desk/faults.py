"""A fault: what is wrong with a desk, where, by which rule, and what to do about it."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Fault"]


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One fault of a desk; file and line are added by whoever read the record from a file.

    `rule` is a stable code such as ``actor-exists``; `message` names the value and the rule; `remedy` says what to do.
    """

    kind: str
    key: str
    rule: str
    message: str
    remedy: str
    field: str | None = None
    severity: Literal["error", "warning"] = "error"
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Give the fault as one line, control characters escaped: place, severity, message, rule and remedy."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file or f"{self.kind} {self.key}"
        line = f"{place}: {self.severity}: {self.message} [{self.rule}] Remedy: {self.remedy}"
        return line if line.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
