"""The stores of the store's tests, and a small desk that breaks no rule."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from legation.desk.aims import Goal, Objective
from legation.desk.desk import Desk, DeskInfo
from legation.desk.missions import Cost, Effect, Mission, Mode
from legation.desk.resources import Allotment, Budget
from legation.service import create_desk
from legation.store import Store, open_store

# Tests are imported by path, so that the fixtures of another folder's tests are too.
_NAME = "legation_test_store_fixtures"
_SPEC = importlib.util.spec_from_file_location(_NAME, Path(__file__).parents[1] / "store" / "conftest.py")
assert _SPEC is not None
assert _SPEC.loader is not None
_FIXTURES = importlib.util.module_from_spec(_SPEC)
sys.modules[_NAME] = _FIXTURES
_SPEC.loader.exec_module(_FIXTURES)

postgresql_server = _FIXTURES.postgresql_server
new_postgresql = _FIXTURES.new_postgresql
new_sqlite = _FIXTURES.new_sqlite
new_place = _FIXTURES.new_place


def small_desk() -> Desk:
    """Make a desk of one goal, one objective and one mission with its mode, cost, effect and money."""
    return Desk(
        info=DeskInfo(
            id="tallinn", title="Défense Tallinn", observer="EST", start="2027-01", months=24, currency="EUR",
            price_year=2027,
        ),
        goals=(Goal(id="baltic", title="Baltic security"),),
        objectives=(Objective(id="host", title="Host-nation support", kind="military", parent="baltic"),),
        missions=(
            Mission(id="riga", title="Staff talks in Riga", instrument="staff-talks", format="bilateral",
                    purpose="cooperation", partners=("LVA",)),
        ),
        modes=(Mode(mission="riga", id="small", title="two officers"),),
        costs=(Cost(mission="riga", mode="small", budget="travel", amount=Decimal("1200.50"), currency="EUR",
                    price_year=2027),),
        effects=(Effect(mission="riga", objective="host", low=0.5, likely=1.0, high=2.0, judge="Plans branch",
                        judged=date(2026, 11, 1), basis="assessment"),),
        budgets=(Budget(id="travel", title="Travel"),),
        allotments=(Allotment(budget="travel", start="2027-01", expires="2027-12", amount=Decimal(20000),
                              currency="EUR", price_year=2027),),
    )  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    """Give a small desk that breaks no rule."""
    return small_desk().in_key_order()


@pytest.fixture
def place(new_place: Callable[[], str], desk: Desk) -> str:
    """Give the place of a store that holds the small desk, nine entries of history."""
    where = new_place()
    create_desk(where, desk, who="ann", why="begin")
    return where


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """Give an open store that holds the small desk."""
    with open_store(place, timeout_seconds=5) as opened:
        yield opened
