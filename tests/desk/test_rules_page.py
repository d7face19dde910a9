"""Every rule is documented, and the page is what the rules say."""

from __future__ import annotations

from pathlib import Path

import pytest

from legation.desk.rules import RULES, TOPICS
from legation.desk.rules.page import reference_page
from legation.desk.rules.registry import rule

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("code", RULES)
def test_every_rule_says_what_why_and_remedy(code):
    """A rule has one sentence of meaning, a reason and a remedy, and its code says its topic in small letters."""
    found = RULES[code]

    assert code.replace("-", "").isalpha()
    assert code.islower()
    assert all(text.strip().endswith(".") and text[0].isupper() for text in (found.meaning, found.why))
    assert len(found.remedy) > 10


def test_the_page_is_up_to_date():
    """The committed page equals what the rules write: run `python -m legation.desk.rules.page` after a change."""
    assert (DOCS / "reference" / "rules.md").read_text(encoding="utf-8") == reference_page()


def test_every_rule_is_on_the_page():
    """Each code has a heading of its own, and every topic with rules is listed."""
    headings = [line[4:] for line in reference_page().splitlines() if line.startswith("### ")]

    assert sorted(headings) == sorted(RULES)
    assert {found.topic for found in RULES.values()} == {topic.__name__.rpartition(".")[2] for topic in TOPICS}


def test_the_page_on_humanitarian_missions_names_each_rule():
    """The explanation assigns every humanitarian rule to a principle."""
    text = (DOCS / "explanation" / "humanitarian-missions.md").read_text(encoding="utf-8")

    assert [code for code in RULES if code.startswith("humanitarian-") and f"`{code}`" not in text] == []


def test_a_code_is_given_once():
    """A second rule with a code that is taken is refused."""
    with pytest.raises(ValueError, match="'key-unique'"):
        rule("key-unique", "Again.", remedy="None.")(next(iter(RULES.values())).check)
