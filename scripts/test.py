"""Set everything up, check the code, build the wheel and test it: python3 scripts/test.py [pytest arguments]."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from house import ROOT, build_wheel, environment, require_python, run, sync, uv

NEWEST = ((3, 14), (3, 13), (3, 12))


def candidates(version: str) -> list[str]:
    """Give where an interpreter of that version may be: on the path, or kept by a version manager."""
    found = shutil.which(f"python{version}")
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    return [*([found] if found else []), *map(str, sorted(kept.glob(f"{version}.*/bin/python{version}")))]


def newest_python() -> str | None:
    """Give the newest other interpreter on the machine that starts, if there is one."""
    for version in NEWEST:
        if version <= sys.version_info[:2]:
            return None
        for found in candidates("{}.{}".format(*version)):
            # a version manager's shim exists for interpreters that are switched off: only one that starts counts
            if subprocess.run([found, "-c", "pass"], check=False, capture_output=True).returncode == 0:
                return found
    return None


def try_wheel(folder: str, wheel: str, *arguments: str, python: str = sys.executable) -> None:
    """Install the wheel, never the source tree, into an environment and run the tests against it."""
    interpreter = sync(folder, "--no-install-project", "--all-extras", python=python)
    run(uv(), "pip", "install", "--quiet", "--python", interpreter, "--no-deps", "--reinstall", wheel)
    run(interpreter, "-m", "pytest", *arguments, env={**environment(), "PYTHONSAFEPATH": "1"})


def main() -> None:
    """Check, build, test; the test runner's closing line comes last."""
    require_python()
    python = sync(".venv")
    tools = python.parent
    run(tools / "ruff", "format", "--check", "--quiet", ".")
    run(tools / "ruff", "check", "--quiet", ".")
    run(tools / "mypy")
    run(tools / "lint-imports")
    wheel = str(build_wheel().relative_to(ROOT))
    workers = str(min(4, os.cpu_count() or 1))
    other = newest_python()
    if other is None:
        print("no newer Python is on this machine: tested on this one only", flush=True)
    else:
        # one connection is left for the collector somewhere: newer interpreters say so, which is shown and not an error
        shown = ("-W", "default::pytest.PytestUnraisableExceptionWarning")
        quick = ("-q", "-m", "not slow and not postgresql")
        try_wheel(".venv-newest", wheel, "-n", workers, *quick, *shown, python=other)
    try_wheel(".venv-wheel", wheel, "-n", workers, *sys.argv[1:])


if __name__ == "__main__":
    main()
