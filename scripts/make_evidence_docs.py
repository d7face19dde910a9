"""Write the generated parts of the reference pages on worlds and sources; ``--check`` fails when one is not current."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from legation.evidence.document import source_tables_markdown, sources_markdown, tables_markdown

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
PARTS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("world", "tables", tables_markdown),
    ("sources", "sources", sources_markdown),
    ("source-tables", "tables", source_tables_markdown),
)


def renewed(page: str, part: str, text: str) -> str:
    """Give a page with the part between its marks written anew."""
    begin, end = f"<!-- begin generated: {part} -->\n", f"<!-- end generated: {part} -->"
    head, _, rest = page.partition(begin)
    if not rest:
        message = f"the page has no mark {begin.strip()}"
        raise SystemExit(message)
    return head + begin + text + end + rest.partition(end)[2]


def main() -> None:
    """Write or check every part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    for name, part, make in PARTS:
        path = REFERENCE / f"{name}.md"
        page = path.read_text(encoding="utf-8")
        new = renewed(page, part, make())
        if check and new != page:
            message = f"{path.name} is not current: run python scripts/make_evidence_docs.py"
            raise SystemExit(message)
        path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
