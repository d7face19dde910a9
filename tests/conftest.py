"""Shared fixtures: where the reference data lives."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).resolve().parents[2] / "shared"
SHARED = Path(os.environ.get("LEGATION_SHARED", _DEFAULT))


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Return a function that finds a reference table, or skips the test with its reason."""

    def find(name: str) -> Path:
        path = SHARED / "data" / name
        if not path.exists():
            pytest.skip(f"reference data {name} is not beside the project")
        return path

    return find


@pytest.fixture(scope="session")
def shared_peers() -> Callable[[str], Path]:
    """Return a function that finds a peer's sample file, or skips the test with its reason."""

    def find(name: str) -> Path:
        path = SHARED / "peers" / name
        if not path.exists():
            pytest.skip(f"peer sample {name} is not beside the project")
        return path

    return find
