"""The reference pages hold what the specifications and descriptions say."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from legation.evidence.document import source_tables_markdown, sources_markdown, tables_markdown


@pytest.mark.parametrize(
    ("page", "part", "text"),
    [
        ("world", "tables", tables_markdown()),
        ("sources", "sources", sources_markdown()),
        ("source-tables", "tables", source_tables_markdown()),
    ],
)
def test_generated_parts_are_up_to_date(request: pytest.FixtureRequest, page: str, part: str, text: str) -> None:
    """The part between the marks of a page equals what the code writes."""
    content = (request.config.rootpath / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    begin, end = f"<!-- begin generated: {part} -->\n", f"<!-- end generated: {part} -->"

    assert text == content.partition(begin)[2].partition(end)[0]


@pytest.mark.parametrize("name", ["legation.evidence.sources.cia_factbook.load", "legation.relations.answer"])
def test_examples_in_docstrings_run(name: str) -> None:
    """Examples give what they show."""
    result = doctest.testmod(import_module(name))

    assert result.attempted > 0
    assert result.failed == 0
