"""Write the generated reference pages: commands, JSON keys, errors, names, example, tutorial.

``python scripts/make_docs.py`` renews them; ``--check`` fails when one is not current.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from docpages.errors import errors_page
from docpages.example import example_page
from docpages.json_keys import json_page
from docpages.names import names_page
from docpages.session import replayed

from legation.cli.run import run
from legation.cli.tree import COMMANDS, GROUPS

ROOT = Path(__file__).resolve().parents[1]

CLI_HEAD = """# Command line

This page shows the help of every command as the program prints it, its exit codes, and what all of the commands share.

The page is written by `scripts/make_docs.py` from the program itself.

## All commands share a few habits

- A desk is named by its place: a folder, a workbook that ends in `.xlsx`, a SQLite file, or a `postgresql://` address.
- Results go to standard output; errors and progress go to standard error, progress at a terminal only.
- `--json` prints the [documented keys](json.md) in UTF-8, whatever the terminal speaks.
- `--as-of` is the day whose evidence counts; `--known-on` is the day as of which a store's desk was known.
- An error is one sentence, its details, and a remedy; `--debug`, or `LEGATION_DEBUG=1`, adds the traceback.
- A closed pipe ends a command quietly, so `legation landscape EST | head` is no error.
- Ctrl-C during a search ends the search with the best plan so far, and anywhere else it ends the command with code 130.
- A plan, a brief and a workbook that leave a desk name the highest label they hold.
"""


def command_page() -> str:
    """Give the page on the command line."""
    parts = [CLI_HEAD, "## legation\n", _block(_printed())]
    for group in GROUPS:
        parts += [f"## legation {group}\n", _block(_printed(group))]
    for words in COMMANDS:
        parts += [f"## legation {words}\n", _block(_printed(*words.split(), "--help"))]
    return "\n".join(parts)


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```\n"


def _printed(*words: str) -> str:
    """Give what the program prints; its width does not depend on the terminal."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        run(list(words))
    return out.buffer.getvalue().decode()


def tutorial(name: str) -> str:
    """Give a tutorial with its commands run anew."""
    return replayed((DOCS / name).read_text(encoding="utf-8"), examples=ROOT / "examples")


DOCS = ROOT / "docs"
TUTORIALS = ("tutorials/first-plan.md", "tutorials/before-accession.md")
PAGES: Mapping[str, Callable[[], str]] = {
    "reference/cli.md": command_page,
    "reference/json.md": json_page,
    "reference/errors.md": errors_page,
    "reference/python.md": names_page,
    "reference/example-desk.md": lambda: example_page(ROOT / "examples" / "portugal"),
    **{name: partial(tutorial, name) for name in TUTORIALS},
}


def stale() -> dict[str, str]:
    """Give the pages that are not what the program says now, with what they should be."""
    pages = {name: page() for name, page in PAGES.items()}
    return {name: text for name, text in pages.items() if _held(DOCS / name) != text}


def _held(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main() -> int:
    """Write or check the pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail when a page is not current")
    options = parser.parse_args()
    os.environ.pop("LEGATION_DEBUG", None)
    old = stale()
    if options.check:
        print("not current:" if old else "all pages are current", *old)
        return 1 if old else 0
    for name, text in old.items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print("wrote", name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
