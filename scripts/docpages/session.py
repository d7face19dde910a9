"""Pages that show a terminal: their commands are run anew and what they print is put in their place.

A block of the language ``console`` holds commands after ``$``. A comment before it says what is shown of the answer:
``<!-- show: top 6; Money; Left out, and why 3 -->`` keeps six lines, the section headed Money, and three lines
of the section headed "Left out, and why"; without the comment the whole answer is shown.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["commands_of", "replayed", "run_in_copy"]

_BLOCK = re.compile(r"(?:<!-- show: (?P<show>[^>]*?) -->\n)?```console\n(?P<body>.*?)```\n", re.DOTALL)
_SECONDS = re.compile(r"[0-9]+\.[0-9]+ s, seed")
"""How long a search took, which differs from one run to the next."""


def commands_of(page: str) -> list[str]:
    """Give the commands of a page, in order."""
    return [line[2:] for match in _BLOCK.finditer(page) for line in match["body"].splitlines() if line.startswith("$ ")]


def replayed(page: str, *, examples: Path) -> str:
    """Give the page with the answers that its commands have now, run in one folder with a copy of the examples."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(examples, Path(folder) / "examples")
        return _BLOCK.sub(lambda match: _answered(match, Path(folder)), page)


def _answered(match: re.Match[str], folder: Path) -> str:
    shown = "" if match["show"] is None else f"<!-- show: {match['show']} -->\n"
    lines: list[str] = []
    everything = ""
    for command in commands_of(match[0]):
        printed = run_in_copy(command, folder)
        everything += printed
        lines += [f"$ {command}", *(_picked(printed, match["show"]) if match["show"] else printed.splitlines())]
    _refuse_unseen(match["show"] or "", everything)
    return f"{shown}```console\n" + "\n".join(lines) + "\n```\n"


def _refuse_unseen(show: str, printed: str) -> None:
    """Raise when a section that is to be shown is in no answer: the page would lose it silently."""
    lines = printed.splitlines()
    for part in filter(None, show.split(";")):
        name = re.sub(r" [0-9]+$", "", part.strip())
        if name != "top" and name not in lines:
            raise RuntimeError(f"no answer has a section {name!r}")


def run_in_copy(command: str, folder: Path) -> str:
    """Run a command as typed and give what it printed; a command that fails says so by raising."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {key: value for key, value in os.environ.items() if key != "LEGATION_DEBUG"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**kept, "PATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return _SECONDS.sub("0.1 s, seed", done.stdout)


def _picked(text: str, show: str) -> Iterator[str]:
    lines = text.splitlines()
    for part in show.split(";"):
        name, _, number = part.strip().rpartition(" ")
        if not number.isdigit():
            name, number = part.strip(), "1000"
        if name != "top" and name not in lines:
            continue
        start = 0 if name == "top" else lines.index(name)
        section = _section(lines, start, whole=name != "top")
        yield from section[: int(number)]
        if start + len(section[: int(number)]) < len(lines):
            yield "..."


def _section(lines: list[str], start: int, *, whole: bool) -> list[str]:
    """Give the lines from a heading to the next one, which a rule of hyphens underlines."""
    if not whole:
        return lines[start:]
    end = next(
        (number for number in range(start + 2, len(lines)) if lines[number] and set(lines[number]) == {"-"}),
        len(lines) + 1,
    )
    section = lines[start : end - 1]
    while section and not section[-1]:
        section.pop()
    return section
