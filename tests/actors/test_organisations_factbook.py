"""The record of memberships beside the World Factbook: the documented differences are the actual ones."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from legation.actors import actor

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.needs_shared


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """Return the script that compares and documents."""
    spec = importlib.util.spec_from_file_location("check_memberships", ROOT / "scripts" / "check_memberships.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _block(name: str) -> str:
    page = (ROOT / "docs" / "reference" / "actors-organisations.md").read_text(encoding="utf-8")
    _, _, rest = page.partition(f"<!-- {name}: begin -->")
    return rest.partition(f"<!-- {name}: end -->")[0].strip()


def test_the_page_lists_every_difference(check: ModuleType, shared_data: Callable[[str], Path]) -> None:
    """The table of the page is the comparison's own, and every difference has a reason."""
    found = check.differences(shared_data("cia_factbook_2026.parquet").parent)

    assert _block("differences") == check.table(found), "run scripts/check_memberships.py ../shared/data --write"
    assert [one for one in found if not check.reason(one)] == []


def test_the_page_lists_every_organisation(check: ModuleType) -> None:
    """The table of organisations is up to date."""
    assert _block("organisations") == check.catalogue(), "run scripts/check_memberships.py ../shared/data --write"


def test_no_reason_is_left_over(check: ModuleType, shared_data: Callable[[str], Path]) -> None:
    """A reason for a difference that is gone is taken out."""
    found = check.differences(shared_data("cia_factbook_2026.parquet").parent)
    actual = {(one.organisation, one.kind, one.actor) for one in found}
    given = {(body, kind, who) for (body, kind), actors, _ in check.REASONS for who in actors.split()}

    assert given == actual


def test_the_comparison_sees_what_differs(check: ModuleType, tmp_path: Path) -> None:
    """A made-up Factbook that leaves Estonia out of NATO and puts Ireland in gives exactly these two differences."""
    nato = set(check.members("NATO", on=date(2026, 5, 17))) - {"EST"} | {"IRL"}
    everyone = {name: set(check.members(name, on=check.SNAPSHOT)) for name in set(check.ABBREVIATIONS.values())}
    everyone["NATO"] = nato
    short = {name: key for key, name in check.ABBREVIATIONS.items()}
    rows = [
        {"fips": "", "country": actor(who).name, "field": check.FIELD, "subfield": "", "text": ", ".join(sorted(names))}
        for who in sorted(set().union(*everyone.values()))
        if (names := [short[name] for name, actors in everyone.items() if who in actors])
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "cia_factbook_2026.parquet")

    found = {(one.organisation, one.actor, one.kind) for one in check.differences(tmp_path)}

    assert {one for one in found if "suspended" not in one[2]} == {
        ("NATO", "EST", check.MISSING),
        ("NATO", "IRL", check.EXTRA),
    }
