"""What a type checker must know of the public library; it is checked, never run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import assert_type

import legation
from legation.errors import LegationError


def _look_up() -> None:
    assert_type(legation.find("Estonia", on=date(2024, 1, 1)), legation.Actor)
    assert_type(legation.actor("EST"), legation.Actor)
    assert_type(legation.__version__, str)


def _ask_the_world(world: legation.World) -> None:
    assert_type(legation.open_world(), legation.World)
    assert_type(legation.relation("ESP", "MAR", as_of=date(2024, 6, 30), world=world), legation.Relation)
    assert_type(legation.landscape("EST", as_of=date(2024, 6, 30)), legation.Landscape)


def _keep_desks(place: Path) -> None:
    assert_type(legation.read_desk(place), legation.Desk)
    assert_type(legation.check_desk(place), tuple[legation.Fault, ...])
    assert_type(legation.convert_desk(place, "desk.db", who="a.kask"), legation.Outcome)
    with legation.open_store("desk.db") as store:
        assert_type(store, legation.Store)
        assert_type(store.load(), legation.Desk)


def _plan_a_desk(place: Path) -> None:
    setting = legation.open_desk(place, as_of=date(2027, 1, 1))
    assert_type(setting, legation.Setting)
    assert_type(setting.relations, legation.RelationsSnapshot)
    assert_type(legation.assess(setting.desk, relations=setting.relations), legation.CohesionReport)
    found = legation.plan(setting.desk, relations=setting.relations, gap=0.01, seconds=30.0, seed=1)
    assert_type(found, legation.PlanResult)
    assert_type(found.comparison, legation.Comparison | None)
    judged = legation.score(setting.desk, found.to_selection(), relations=setting.relations)
    assert_type(judged, legation.PlanScore)
    assert_type(legation.compare(found, judged), legation.PlanComparison)
    assert_type(legation.save_plan("desk.db", found, plan="first"), None)
    brief = legation.brief_for(setting, found)
    assert_type(brief, legation.Brief)
    assert_type(legation.write_brief(brief, Path("out"), borders=setting.world.borders()), tuple[Path, ...])


def _handle_errors() -> None:
    try:
        legation.read_desk("nowhere")
    except legation.errors.DeskError as error:
        assert_type(error.remedy, str | None)
    except LegationError as error:
        assert_type(error.exit_code, int)
