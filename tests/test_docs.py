"""The documentation is whole, current and true: its links lead somewhere and its commands work as typed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import legation
from legation.cli.tree import COMMANDS
from legation.desk.desk import KINDS
from legation.desk.rules import RULES
from legation.errors import LegationError

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if path != DOCS / "index.md")
ALL = [DOCS / "index.md", ROOT / "README.md", *PAGES]

WORDS = (
    "actor", "relation", "level", "alignment", "tension", "treaty status", "tie", "judgement", "evidence", "desk",
    "goal", "objective", "line of effort", "indicator", "link", "activity", "instrument", "mission", "embassy",
    "format", "purpose", "mode", "effect", "fade", "willingness", "plan", "bound", "person", "position", "report",
    "agreement, commitment", "duty", "gate", "label", "clearance", "cohesion",
)  # fmt: skip
"""The words that the project agreed on, each of which the glossary explains."""


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _prose(path: Path) -> str:
    """Give a page without its code, whose words are not the page's own."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


def _links(path: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def _anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_index_links_every_page_and_no_other():
    """Every page is linked from the index, and every link of the index leads to a page."""
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in _links(DOCS / "index.md") if link.endswith(".md")}

    assert {_name(path) for path in linked} == {_name(path) for path in PAGES}


@pytest.mark.parametrize("page", ALL, ids=_name)
def test_links_lead_somewhere(page):
    """Every relative link names a file that is there, and a heading that the file has."""
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_page_opens_with_a_summary(page):
    """Every page is headed, and its first paragraph sums it up in 15 to 25 words."""
    lines = page.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("# ")
    assert lines[1] == "" == lines[3]
    assert 15 <= len(lines[2].split()) <= 25


@pytest.mark.parametrize("page", ALL, ids=_name)
def test_prose_is_plain(page):
    """No page speaks of itself in the first person or plays its subject down."""
    found = re.findall(r"\b(we|our|simply|just|please|easily|obviously)\b", _prose(page), flags=re.IGNORECASE)

    assert found == []


def _glossary() -> dict[str, list[str]]:
    """Give the glossary's words, each with those that are not used for it."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[2].split(", ") for row in rows if len(row) == 3 and row[0] not in {"word", "---"}}


@pytest.mark.parametrize("word", WORDS)
def test_glossary_explains_the_word(word):
    """The glossary explains every word that the project agreed on."""
    assert word in _glossary()


@pytest.mark.parametrize("page", [page for page in ALL if page.name != "glossary.md"], ids=_name)
def test_page_uses_the_agreed_words(page):
    """No page uses a word that the glossary has set aside."""
    prose = _prose(page)
    banned = [word for words in _glossary().values() for word in words]

    assert len(banned) > 60
    assert [word for word in banned if re.search(rf"\b{re.escape(word)}s?\b", prose, re.IGNORECASE)] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_command_is_documented(words):
    """Every command has its section on the page of the command line."""
    assert f"## legation {words}\n" in (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")


def _errors(kind: type[LegationError]) -> list[type[LegationError]]:
    return [kind, *(inner for below in kind.__subclasses__() for inner in _errors(below))]


def test_every_error_is_documented():
    """Every error stands on the page of errors with its exit code, and in the tree."""
    page = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    public = [kind for kind in _errors(LegationError) if kind.__module__ == "legation.errors"]

    assert len(public) > 15
    assert [kind.__name__ for kind in public if f"| `{kind.__name__}` | {kind.exit_code} |" not in page] == []
    assert [kind.__name__ for kind in public if not re.search(rf"(^|- ){kind.__name__}", page, re.MULTILINE)] == []


def test_every_kind_is_documented():
    """Every kind of record has its section on the page of the desk folder."""
    page = (DOCS / "reference" / "desk-folder.md").read_text(encoding="utf-8")

    assert [kind for kind in KINDS if f"\n## {kind}\n" not in page] == []


def test_every_rule_is_documented():
    """Every rule code that a fault can carry is explained: a desk's rules, and those about files."""
    rules = (DOCS / "reference" / "rules.md").read_text(encoding="utf-8")
    errors = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    room = Path(legation.__file__).parent
    used = {code for path in room.rglob("*.py") for code in re.findall(r'\brule="([a-z-]+)"', path.read_text())}
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", errors, re.MULTILINE))

    assert [code for code in RULES if f"\n### {code}\n" not in rules] == []
    assert used - set(RULES) - listed == set()
    assert listed - used == set()


def test_generated_pages_are_current():
    """The generated pages are what the program says now; the tutorial's commands work as typed and answer as shown."""
    command = [sys.executable, str(ROOT / "scripts" / "make_docs.py"), "--check"]
    # the script imports the parts beside it, which Python's safe path would hide
    env = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=env)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path):
    """Give a folder with a copy of the examples, in which commands are run as in the project's."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def _run(words: str, folder: Path) -> str:
    """Run a line that begins with the program, with the program that is installed here."""
    assert words.startswith("legation "), words
    command = f"'{sys.executable}' -m {words}"
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def test_readme_works_as_typed(copy):
    """The five-minute commands of the README work as typed, with the installed program."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Five minutes")[2]
    block = re.search(r"```console\n(.*?)```", text, re.DOTALL)
    assert block is not None
    lines = block[1].splitlines()
    commands = [line.partition("bin/")[2] for line in lines if "bin/legation " in line]
    answers = [_run(command, copy) for command in commands]

    assert len(commands) >= 5
    assert len(commands) == len(lines) - 2, "all lines but those that install are run"
    assert all(answers)
    assert (copy / "out-small" / "brief.pdf").stat().st_size > 10_000


def test_guide_makes_a_desk(copy):
    """The guide's commands and its blocks, put into the files they name, make a desk that checks and plans."""
    text = (DOCS / "how-to" / "make-a-desk.md").read_text(encoding="utf-8")
    typed = re.findall(r"^\$ (.+)$", text, re.MULTILINE)
    blocks = re.findall(r"^`([a-z_]+\.(?:toml|csv))`:\n\n```(?:toml|csv)\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    made = _run(typed[0], copy)
    for name, content in blocks:
        (copy / "my-desk" / name).write_text(content, encoding="utf-8")
    answers = {command: _run(command, copy) for command in typed[1:]}

    assert len(blocks) == 10
    assert made.strip() in text
    assert answers["legation desk check my-desk"].strip() in text
    assert "Naval staff talks in Turku" in answers["legation plan my-desk"]
    assert "Left out, and why" not in answers["legation plan my-desk"] or "impossible" not in answers[typed[2]]
    assert {path.name for path in copy.glob("my-desk*")} == {"my-desk", "my-desk.db", "my-desk.xlsx"}


def test_python_examples_run(copy):
    """The Python page's examples run as written."""
    text = (DOCS / "reference" / "python.md").read_text(encoding="utf-8").partition("## Functions")[0]
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=copy, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()

    assert len(blocks) == 3
    assert (copy / "out" / "brief.html").is_file()
