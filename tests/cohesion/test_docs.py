"""The worked examples of the docs and of the docstrings, run as they stand."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path
from typing import get_args

import pytest

from legation.cohesion.result import PartId

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_hand_computed_examples_hold():
    """Every code block of the explanation gives the figures printed below it."""
    blocks = re.findall(r"```pycon\n(.*?)```", (DOCS / "explanation/cohesion.md").read_text("utf-8"), re.DOTALL)
    case = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "cohesion.md", None, 0)
    result = doctest.DocTestRunner().run(case)

    assert result.attempted >= 20
    assert result.failed == 0


@pytest.mark.parametrize("name", ["measures", "spill", "order", "texts"])
def test_the_examples_in_docstrings_hold(name):
    """Each module's docstring examples give what they say."""
    result = doctest.testmod(
        importlib.import_module(f"legation.cohesion.{name}"), extraglobs={"np": importlib.import_module("numpy")}
    )
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("page", ["reference/cohesion.md"])
def test_every_part_is_in_the_reference(page):
    """The reference lists every part by its id."""
    text = (DOCS / page).read_text("utf-8")
    assert [name for name in get_args(PartId) if f"`{name}`" not in text] == []


def test_every_page_opens_with_a_summary_of_15_to_25_words():
    """The first paragraph of each page is a summary of that length."""
    for page in ("explanation/cohesion.md", "explanation/what-cohesion-does-not-mean.md", "reference/cohesion.md"):
        summary = (DOCS / page).read_text("utf-8").split("\n\n")[1]
        assert 15 <= len(summary.split()) <= 25, page
