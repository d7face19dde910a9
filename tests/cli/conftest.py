"""The command line as a user meets it: in this process where that is the same, as a process where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from legation.cli.run import run

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """What a command printed and ended with."""

    code: int
    out: str
    err: str

    @property
    def has_traceback(self) -> bool:
        """Whether either stream shows one."""
        return "Traceback" in self.out + self.err


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test in a folder of its own, so that no command writes into the project."""
    monkeypatch.chdir(tmp_path)
    # the program sets it where storage fails, as its own process may; here it is put back after each test
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command in this process."""

    def call(*words: object) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            run([str(word) for word in words])
        printed = capsys.readouterr()
        return Answer(code=int(end.value.code or 0), out=printed.out, err=printed.err)

    return call


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run a command as a process of its own."""

    def call(
        *words: object,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "legation", *(os.fspath(w) if isinstance(w, os.PathLike) else w for w in words)],
            capture_output=True,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            preexec_fn=before,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a copy of the tutorial's desk that a test may spoil."""
    return shutil.copytree(ROOT / "examples" / "small", tmp_path / "small")


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the tutorial's desk as a SQLite store; a test that changes it takes a copy."""
    from legation import convert_desk

    folder = tmp_path_factory.mktemp("store")
    place = folder / "small.db"
    # a copy: the folder notes the store that was made from it
    convert_desk(shutil.copytree(ROOT / "examples" / "small", folder / "small"), place, who="tester")
    return place
