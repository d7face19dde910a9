"""Texts that can be stored, printed and exchanged as they are."""

from __future__ import annotations

import re

from legation.desk.base import Record
from legation.desk.rules.facts import Facts
from legation.desk.rules.fields import fields_of, holding
from legation.desk.rules.registry import Finding, Findings, quoted, rule

__all__ = ["may_hold_controls"]

# C0 and C1 controls and DEL, lone surrogates, noncharacters (XML and so XLSX cannot hold them), and the two
# direction overrides, which make a text read as something else than it is.
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202d\u202e]|\r(?!\n)")
_LINE_BREAK = re.compile("[\t\n\r\u2028\u2029]")
_SUSPECT = re.compile(
    rb"\\u00[01]|\\[bfrnt]|\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9\xad\xae]|\xed[\xa0-\xbf]|\xef\xbf[\xbe\xbf]"
)
"""The same in JSON, where one search over a whole collection shows that nothing needs a closer look."""


@rule(
    "text-characters",
    "Texts hold no control characters; titles and names hold no line breaks.",
    remedy="Remove the character; a description may have line breaks and tabs, nothing else of the kind.",
)
def text_characters(facts: Facts) -> Findings:
    """A NUL ends a text in PostgreSQL, an escape rewrites a terminal, a direction override hides what is written.

    A text that begins like a spreadsheet formula is no fault: it is kept as text and never evaluated.
    """
    for kind in facts.suspects:
        for row in (facts.desk.info,) if kind == "desk" else facts.desk.records(kind):
            yield from _bad_texts(row)


def may_hold_controls(encoded: bytes) -> bool:
    """Say whether records encoded as JSON may hold a control character; a line break in a description counts too."""
    return _SUSPECT.search(encoded) is not None


def _bad_texts(row: Record) -> Findings:
    for name, role, many in fields_of(type(row)):
        if role not in {"title", "text", "word"}:
            continue
        value = getattr(row, name)
        for text in value if many else (value,):
            if not text:
                continue
            if (found := _NEVER.search(text)) is not None:
                yield Finding(row, f"{name} holds the character U+{ord(found[0]):04X}: {quoted(text)}.", field=name)
            elif (role != "text" or many) and _LINE_BREAK.search(text):
                yield Finding(row, f"{name} holds a line break or a tab: {quoted(text)}.", field=name)


@rule("text-blank", "Titles and names are not only spaces.", remedy="Write the title or the name.")
def text_blank(facts: Facts) -> Findings:
    """People find a record by its title, in lists, charts and briefs."""
    for kind, field, many in holding("title"):
        for record in (facts.desk.info,) if kind == "desk" else facts.desk.records(kind):
            if not many and getattr(record, field).isspace():
                yield Finding(record, f"{field} is {quoted(getattr(record, field))}.", field=field)
