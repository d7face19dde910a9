"""The record of defence treaties beside ATOP: the documented differences are the actual ones."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.needs_shared


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """Return the script that compares and documents."""
    spec = importlib.util.spec_from_file_location("check_treaties", ROOT / "scripts" / "check_treaties.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(shared_data: Callable[[str], Path]) -> Path:
    """Return the folder of the ATOP tables."""
    shared_data("atop_v51_member.parquet")
    return shared_data("atop_ddy_v51.parquet").parent


def _page() -> str:
    return (ROOT / "docs" / "reference" / "actors-treaties.md").read_text(encoding="utf-8")


def _block(name: str) -> str:
    _, _, rest = _page().partition(f"<!-- {name}: begin -->")
    return rest.partition(f"<!-- {name}: end -->")[0].strip()


def test_the_page_lists_every_pair_and_difference(check: ModuleType, folder: Path) -> None:
    """Every generated table of the page is what the comparison gives."""
    tables = check.blocks(folder)

    assert {name: _block(name) for name in tables} == dict(tables), "run scripts/check_treaties.py with --write"


def test_every_difference_has_a_reason(check: ModuleType, folder: Path) -> None:
    """No pair is left on one side only without a reason, and no reason is left over."""
    compared = check.compare(folder)

    assert check.unexplained(folder) == ()
    assert set(compared.atop_only.values()) == set(check.ATOP_ONLY)
    silent = {one.treaty.id for one in check.silences(folder)}
    assert set(compared.ours_only.values()) | silent == set(check.OURS_ONLY)


def test_most_defence_pairs_agree(check: ModuleType, folder: Path) -> None:
    """Apart from the two charters that the record reads otherwise, at least 99 of 100 pairs of ATOP are allies."""
    compared = check.compare(folder)

    both = len(compared.covered)
    missed = sum(1 for number in compared.atop_only.values() if number not in {3150, 4400})
    assert both / (both + missed) > 0.99


def test_every_atop_pair_of_2018_stands_on_the_page(check: ModuleType, folder: Path) -> None:
    """Each defence pair of 2018 is in exactly one of the two lists, read back from the page itself."""
    listed = [pair for name in ("covered", "atop-only") for pair in _pairs(_block(name))]

    assert len(listed) == len(set(listed))
    assert set(listed) == set(check.atop_pairs(folder))


def _pairs(block: str) -> list[tuple[str, str]]:
    found = []
    for line in block.splitlines()[2:]:
        for group in line.strip("| ").rsplit("|", maxsplit=1)[-1].split(";"):
            first, _, others = group.strip().partition(" with ")
            found += [(first, other) for other in others.split()]
    return found
