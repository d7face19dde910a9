"""Pipes, signals, poor terminals and odd file names."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
POOR = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii:strict"}


def test_closed_pipe_is_no_error(tmp_path):
    """A reader that has seen enough, such as head, ends the command quietly."""
    line = f"{sys.executable} -m legation landscape EST | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.splitlines()[0].startswith("Estonia")
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words",
    [("relation", "ESP", "MAR"), ("landscape", "TUR"), ("cohesion", "{small}"), ("desk", "check", "{small}")],
    ids=lambda words: words[0],
)
def test_ascii_terminal(process, small, words):
    """A terminal that speaks ASCII alone gets question marks, never a traceback."""
    done = process(*(word.format(small=small) for word in words), env=POOR)

    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert done.stderr == b""


def test_json_is_utf8_everywhere(process):
    """JSON is the same bytes whatever the terminal speaks."""
    poor = process("relation", "Türkiye", "GRC", "--as-of", "2024-01-01", "--json")
    rich = process("relation", "TUR", "GRC", "--as-of", "2024-01-01", "--json", env=POOR)

    assert poor.returncode == rich.returncode == 0, rich.stderr
    assert poor.stdout == rich.stdout
    assert json.loads(poor.stdout)["a"] == "TUR"


def test_error_in_an_ascii_terminal(process):
    """An error that quotes letters the terminal lacks is printed all the same."""
    done = process("relation", "Zürichstan", "MAR", env={**POOR, "PYTHONIOENCODING": "ascii"})

    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"error: ")


@pytest.mark.parametrize("words", [("desk", "check"), ("desk", "check", "--json"), ("desk", "history")])
def test_file_name_that_is_no_text(process, small, words):
    """A place whose name is no valid UTF-8 is opened, or refused with its name made visible."""
    name = os.fsencode(small.parent) + b"/desk-\xff\xfe"
    small.rename(os.fsdecode(name))
    done = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"legation", *map(os.fsencode, words), name],
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == (2 if "history" in words else 0), done.stderr
    assert b"Traceback" not in done.stderr
    shown = (done.stdout + done.stderr).replace(b"\\\\", b"\\")
    assert b"desk-\\udcff\\udcfe" in shown


def test_odd_names_are_taken_as_they_are(ask, small, tmp_path):
    """Names with spaces, quotes, line ends and percent signs are names like others."""
    for name in ("my desk", 'quo"te', "per%20cent", "line\nend", "-dash", "ünï"):
        place = tmp_path / name
        answer = ask("desk", "convert", small, f"{place}.db")

        assert answer.code == 0, answer.err
        assert ask("desk", "check", f"{place}.db").code == 0


def _until(descriptor: int, text: bytes, *, seconds: float) -> bytes:
    seen, end = b"", time.monotonic() + seconds
    while text not in seen and time.monotonic() < end:
        try:
            seen += os.read(descriptor, 4096)
        except OSError:
            break
    return seen


def _interrupted(text: bytes) -> tuple[int, bytes, bytes, float]:
    """Plan the example without a gap at which to end, interrupt once the progress says `text`, and give what came."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "legation", "plan", "examples/portugal", "--json", "--gap", "0", "--seconds", "90"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    seen = _until(ours, text, seconds=80)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, _ = process.communicate(timeout=80)
    while not seen.endswith(b"\x1b[2K") and (more := _until(ours, b"\x1b[2K", seconds=1)):
        seen += more
    os.close(ours)
    return process.returncode, out, seen, time.monotonic() - began


def test_interrupt_gives_the_best_plan_so_far():
    """Ctrl-C during the search ends it soon: the best plan so far is printed with its bound, and the exit code is 0."""
    code, out, seen, seconds = _interrupted(b"value ")
    plan = json.loads(out)

    assert b"planning: " in seen
    assert code == 0
    assert seconds < 40
    assert plan["status"] == "stopped" or plan["bound"] - plan["value"] < 1e-6
    assert plan["missions"]
    assert plan["bound"] >= plan["value"] > 0


def test_interrupt_before_the_first_plan():
    """Ctrl-C before there is any plan ends with a plan that was found meanwhile, or says that there is none yet."""
    code, out, seen, _ = _interrupted(b"no plan yet")

    assert b"Traceback" not in seen
    assert (code == 0 and json.loads(out)["bound"] > 0) or (code == 4 and b"before a plan" in seen)


def test_interrupt_elsewhere_ends_the_command(tmp_path):
    """Ctrl-C outside a search ends the command with exit code 130 and one word."""
    fifo = tmp_path / "sources"
    fifo.mkdir()
    code = (
        "import os, signal, threading\nfrom legation.cli.run import run\n"
        # a job in the background inherits that the signal is ignored
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import legation.cli.app as app\n"
        "def call(words):\n    os.kill(os.getpid(), signal.SIGINT)\n    import time; time.sleep(5)\n"
        "app.call = call\nrun(['relation', 'ESP', 'MAR'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)

    assert done.returncode == 130
    assert done.stderr == b"Interrupted.\n"


def test_progress_is_for_terminals_only(process, small):
    """Standard error stays empty when it is no terminal, and standard output holds the answer alone."""
    done = process("plan", small, "--json")

    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert json.loads(done.stdout)["missions"]


def test_closed_streams_are_no_defect():
    """A process without standard streams does its work and ends with the same exit codes."""
    for words, code in (("relation ESP MAR", 0), ("relation ESP MAR --json", 0), ("relation ESP nowhere", 2)):
        done = subprocess.run(["bash", "-c", f"{sys.executable} -m legation {words} >&- 2>&-"], timeout=60, check=False)

        assert done.returncode == code
