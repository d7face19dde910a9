"""What the other scripts share: find or fetch uv, make environments, run commands. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "tools"


def environment() -> dict[str, str]:
    """Give the environment for uv: compiled bytecode for quick starts, no interpreter downloads."""
    kept = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    return {**kept, "UV_COMPILE_BYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never"}


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command in the project's folder, show it, and end with its exit code when it fails."""
    words = [str(word) for word in command]
    print("$", " ".join(words), flush=True)
    done = subprocess.run(words, cwd=ROOT, env=env or environment(), check=False)
    if done.returncode:
        sys.exit(done.returncode)


def uv() -> str:
    """Find uv, or install it with pip into a folder of the project's own."""
    found = shutil.which("uv")
    if found:
        return found
    own = TOOLS / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    if not own.exists():
        print("uv is missing: installing it with pip into", TOOLS.relative_to(ROOT), flush=True)
        run(sys.executable, "-m", "pip", "install", "--quiet", "--target", TOOLS, "uv")
    return str(own)


def python_of(environment_folder: Path) -> Path:
    """Give the interpreter of a virtual environment."""
    return environment_folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def sync(folder: str, *arguments: str, python: str = sys.executable) -> Path:
    """Make the environment in `folder` match the lock file and give its interpreter."""
    env = {**environment(), "UV_PROJECT_ENVIRONMENT": str(ROOT / folder)}
    run(uv(), "sync", "--quiet", "--locked", "--python", python, *arguments, env=env)
    return python_of(ROOT / folder)


def build_wheel() -> Path:
    """Build the wheel once into dist/ and give its path."""
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    run(uv(), "build", "--quiet", "--wheel", "--python", sys.executable, "--out-dir", ROOT / "dist")
    (wheel,) = (ROOT / "dist").glob("legation-*.whl")
    return wheel


def require_python(version: Sequence[int] = (3, 11)) -> None:
    """End with a clear message when the interpreter is too old."""
    if sys.version_info < tuple(version):
        sys.exit(f"Python {'.'.join(map(str, version))} or newer is needed; this is {sys.version.split()[0]}.")
