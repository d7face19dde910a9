"""The command line says what it can do, and what is wrong with a command, in a sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module

import pytest

from legation.cli.tree import COMMANDS, GROUPS
from legation.errors import LegationError

HEAVY = {"numpy", "polars", "sqlalchemy", "babel", "openpyxl", "highspy", "scipy", "rich", "cyclopts", "msgspec"}


def test_overview_imports_nothing_heavy():
    """The program's help answers without any large library, which is what keeps it quick."""
    code = (
        "import sys\nfrom legation.cli.run import run\n"
        "try:\n    run(['--help'])\nexcept SystemExit:\n    pass\n"
        "print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].removeprefix("loaded: ").split())

    assert "Usage: legation COMMAND" in done.stdout
    assert "legation" in loaded
    assert loaded & HEAVY == set()


def test_command_help_imports_no_numbers():
    """A command's own help needs the parser, and still no frame, solver, store or spreadsheet library."""
    code = (
        "import sys\nfrom legation.cli.run import run\n"
        "try:\n    run(['plan', '--help'])\nexcept SystemExit:\n    pass\n"
        "print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].removeprefix("loaded: ").split())

    assert "cyclopts" in loaded
    assert loaded & (HEAVY - {"rich", "cyclopts", "msgspec"}) == set()


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_program_lists_every_command(ask, words):
    """Without a command, the program lists all commands and exit codes."""
    answer = ask(*words)

    assert answer.code == 0
    assert all(f"\n  {words.split()[0]}" in answer.out for words in COMMANDS)
    assert all(re.search(rf"\n  {code} +\S", answer.out) for code in (0, 1, 2, 3, 4, 5, 6, 70, 130))


@pytest.mark.parametrize("group", GROUPS)
def test_group_lists_its_commands(ask, group):
    """A group without a command lists the group's commands."""
    answers = [ask(group), ask(group, "--help"), ask("--help", group)]

    assert {answer.code for answer in answers} == {0}
    assert len({answer.out for answer in answers}) == 1
    assert all(f"  {words.split()[1]} " in answers[0].out for words in COMMANDS if words.startswith(f"{group} "))


@pytest.mark.parametrize("words", COMMANDS)
def test_command_has_help(ask, words):
    """Every command explains itself in plain characters, with its purpose and no parser's leftovers."""
    answer = ask(*words.split(), "--help")

    assert answer.code == 0
    assert answer.out.startswith(f"Usage: legation {words}")
    assert answer.out.isascii()
    assert max(len(line) for line in answer.out.splitlines()) <= 80
    assert "object at 0x" not in answer.out
    assert "--empty-" not in answer.out


@pytest.mark.parametrize(("words", "command"), COMMANDS.items())
def test_overview_agrees_with_command(words, command):
    """The purpose shown in the overview names a command that exists, and opens its own help."""
    module, _, function = command.home.partition(":")
    docstring = getattr(import_module(f"legation.cli.{module}"), function).__doc__

    assert (
        docstring.splitlines()[0]
        .split(";")[0]
        .split(",")[0]
        .rstrip(".")
        .startswith(command.purpose.split(";")[0].split(",")[0].rstrip("."))
    ), words


def test_every_error_code_is_listed(ask):
    """Every exit code that an error carries is in the help."""
    kinds, codes = [LegationError], set()
    while kinds:
        kind = kinds.pop()
        codes.add(kind.exit_code)
        kinds += kind.__subclasses__()
    out = ask("--help").out

    assert {code for code in codes if not re.search(rf"\n  {code} +\S", out)} == set()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nonsense",), 'Unknown command "nonsense"'),
        (("desk", "nonsense"), 'Unknown command "nonsense"'),
        (("plan",), "PLACE"),
        (("plan", "x", "--nonsense"), "--nonsense"),
        (("plan", "x", "--sed", "3"), "Did you mean --seed?"),
        (("plan", "x", "--gap", "abc"), '"abc"'),
        (("plan", "x", "y"), "y"),
        (("plan", "x", "--compare", "a"), "--compare"),
        (("plan", "--gap"), "--gap"),
        (("relation", "ESP", "MAR", "--as-of", "2024-13-01"), '"2024-13-01"'),
        (("relation", "ESP", "MAR", "--as-of", "yesterday"), '"yesterday"'),
        (("desk", "new", "x", "--months", "1.5"), '"1.5"'),
        (("desk", "import", "a.csv", "b"), "--mapping"),
    ],
)
def test_wrong_command_line_is_one_sentence(ask, words, part):
    """A wrong command line ends with exit code 2, one sentence and where to look."""
    answer = ask(*words)

    assert answer.code == 2
    assert answer.out == ""
    lines = answer.err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("error: ")
    assert part in lines[0]
    assert lines[1].startswith("remedy: See legation")
    assert not answer.has_traceback


@pytest.mark.parametrize(
    "words",
    [
        ("--gap", "1"),
        ("--gap", "-0.1"),
        ("--gap", "nan"),
        ("--seconds", "0"),
        ("--seconds", "-3"),
        ("--seconds", "inf"),
        ("--seed", "-1"),
        ("--score", "a", "--compare", "a", "b"),
        ("--score", "a", "--save", "b"),
        ("--out", "plan.pdf"),
        ("--score", "nothing-kept"),
        ("--known-on", "2027-01-01"),
    ],
)
def test_values_out_of_range_are_refused(ask, small, words):
    """Options whose values cannot be meant are refused before anything is searched."""
    answer = ask("plan", small, *words)

    assert (answer.code, answer.out, answer.has_traceback) == (2, "", False)
    assert "remedy: " in answer.err


def test_version(ask):
    """The version is the package's."""
    from legation import __version__

    assert ask("--version").out == f"{__version__}\n"


def test_debug_shows_the_traceback(process):
    """With --debug, or the variable in its place, an error keeps its traceback."""
    plain = process("desk", "check", "nowhere")
    option = process("desk", "check", "nowhere", "--debug")
    variable = process("desk", "check", "nowhere", env={"LEGATION_DEBUG": "1"})

    assert b"Traceback" not in plain.stderr
    assert plain.returncode == 2
    assert b"Traceback" in option.stderr
    assert b"Traceback" in variable.stderr


def test_a_defect_is_a_sentence(ask, monkeypatch):
    """What no room foresaw ends with exit code 70 and asks for a report, without a traceback."""
    from legation.service import questions

    def broken(_place):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(questions, "check_desk", broken)
    answer = ask("desk", "check", "anything")

    assert answer.code == 70
    assert "defect in Legation: ZeroDivisionError" in answer.err
    assert "--debug" in answer.err
    assert not answer.has_traceback


def test_unknown_actor_gets_suggestions(ask):
    """A misspelt actor is answered with actors of nearly that name."""
    answer = ask("relation", "Portgal", "MAR")

    assert answer.code == 2
    assert "PRT" in answer.err
    assert answer.err.count("did you mean") == 1


def test_actor_with_itself_is_refused(ask):
    """Nobody has a relation with itself."""
    answer = ask("relation", "EST", "Estonia")

    assert (answer.code, answer.has_traceback) == (2, False)


@pytest.mark.parametrize("day", ["1700-01-01", "1815-12-31", "2999-01-01"])
@pytest.mark.parametrize("words", [("relation", "ESP", "MAR"), ("landscape", "ESP")])
def test_date_beyond_the_evidence_is_refused(ask, words, day):
    """A day before the record of states, or far beyond the evidence, is refused with the span that can be asked."""
    answer = ask(*words, "--as-of", day)

    assert (answer.code, answer.out, answer.has_traceback) == (2, "", False)
    assert f"no evidence for {day}" in answer.err
    assert "1816-01-01" in answer.err


def test_early_date_is_answered(ask):
    """A day that the record of states covers is answered, with what is not known left open."""
    answer = ask("relation", "France", "Russia", "--as-of", "1816-01-01", "--json")

    assert answer.code == 0
    assert '"level": null' in answer.out
