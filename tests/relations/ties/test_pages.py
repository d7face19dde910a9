"""The page on ties lists every kind and column, and its example runs."""

from __future__ import annotations

import re
from pathlib import Path

from legation.relations.ties_table.kinds import KINDS
from legation.relations.ties_table.rows import SCHEMA, UNREAD_SCHEMA

DOCS = Path(__file__).parents[3] / "docs"


def test_every_kind_and_column_is_documented():
    """Each kind has its row with the rule of its strength, and each column of both tables stands there."""
    page = (DOCS / "reference" / "ties.md").read_text(encoding="utf-8")

    for kind in KINDS.values():
        assert f"| `{kind.name}` | {kind.meaning} | {kind.strength} |" in page
    for column in (*SCHEMA, *UNREAD_SCHEMA):
        assert f"| `{column}` |" in page


def test_examples_run():
    """The Python on the pages on ties and landscapes runs as it stands."""
    for page in ("reference/ties.md", "how-to/read-a-landscape.md"):
        blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL)

        assert blocks
        for block in blocks:
            exec(compile(block, page, "exec"), {})
