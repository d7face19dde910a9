"""Whatever is typed, the program answers or refuses in words, with one of its exit codes."""

from __future__ import annotations

import contextlib
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from legation.cli.run import run
from legation.cli.tree import COMMANDS

CODES = {0, 2, 3, 4, 5, 6}
WRITING = {
    "world fetch",
    "desk new",
    "desk generate",
    "desk convert",
    "desk import",
    "desk sync",
    "world build",
    "brief",
}
READING = [words.split() for words in COMMANDS if words not in WRITING]

# no slash: a word may become a path, and stays in the test's own folder
word = st.text(st.characters(exclude_characters="/"), max_size=12)
OPTIONS = (
    "--json", "--help", "--gap", "--seconds", "--seed", "--as-of", "--known-on", "--world", "--desk", "--plan",
    "--score", "--compare", "--kind", "--since", "--debugs", "--", "-", "-h", "--as-of=", "--gap=0,5", "@file",
    "--no-json",
)  # fmt: skip
option = st.sampled_from(OPTIONS)


def _typed(words: list[str]) -> tuple[int, str, str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run(words)
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()


@given(command=st.sampled_from(READING), rest=st.lists(st.one_of(word, option), max_size=5))
@example(command=["relation"], rest=["ESP", "\x00"])
@example(command=["desk", "check"], rest=["\x00"])
@example(command=["desk", "check"], rest=["\udcff"])
@example(command=["desk", "check"], rest=["x" * 300])
@example(command=["desk", "history"], rest=[":memory:"])
@example(command=["desk", "history"], rest=["postgresql:x"])
@example(command=["world", "show"], rest=["--world", "\x00"])
@example(command=["cohesion"], rest=[""])
@example(command=["cohesion"], rest=["\x00.xlsx"])
@settings(max_examples=150, deadline=None)
def test_any_words_are_answered(command, rest):
    """No line of words ends in a traceback, a defect or an unknown exit code; a refusal prints nothing else."""
    code, out, err = _typed([*command, *rest])

    assert code in CODES, err
    assert "Traceback" not in out + err
    assert code == 0 or err.startswith("error: ") or command == ["desk", "check"]
    assert all(char.isprintable() or char in "\n\t" for char in err)


@given(words=st.lists(st.one_of(word, option, st.sampled_from(["desk", "world", "plan"])), max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_line_is_answered(words):
    """The same holds for lines that begin with no command at all."""
    code, out, err = _typed(words)

    assert code in CODES, err
    assert "Traceback" not in out + err
