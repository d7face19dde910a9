"""Sentences name records by title, and by id in brackets alone where there is none."""

import re

import msgspec
import numpy as np
import pytest
from small_desks import FEATURES, relations, small_desk

from legation.cohesion.result import Chosen
from legation.desk import constraints, limits
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.model.build import build_model
from legation.planning.model.rows import words_of
from legation.planning.record_words import (
    ban_words,
    exclusion_words,
    language_words,
    risk_cap_words,
    sanction_words,
    spill_cap_words,
)
from legation.planning.replan.shocks import Ban, Cut, Effect, Lose, Refuse, Shift, words_of_shock

CODES = re.compile(r"\b(FIN|LVA|SWE|EST|NATO|m\d|staff-talks|port-call|chief|main|law|act)\b(?![^(]*\))")
"""Ids of a small desk, outside brackets."""


def every_feature():
    """Give a desk with all rules, named so that ids and titles differ, owned by a position that it has."""
    desk = small_desk(7, [name for name in FEATURES if name not in {"minimum", "best", "nested", "done", "pool"}])
    chief = msgspec.structs.replace(desk.positions[0], id="chief", title="Head of section")
    return msgspec.structs.replace(desk, positions=(*desk.positions, chief))


def test_rows_of_the_model_are_said_without_codes():
    """Every rule of the model names its actors, missions and owners as the desk does."""
    data = plan_data(every_feature(), relations=relations())
    model = build_model(data, with_bars=True)
    said = {words_of(row, data) for row in model.rows}

    assert len(said) > 20
    assert {words for words in said if CODES.search(words)} == set()


@pytest.mark.parametrize("seed", range(12))
def test_broken_rules_are_said_without_codes(seed):
    """Plans drawn at random break rules of all kinds, and no sentence names one by code."""
    desk, rng = every_feature(), np.random.default_rng(seed)
    entries = [
        Chosen(
            mission=mode.mission, mode=mode.id, start=int(rng.integers(-1, 5)),
            staff=tuple(f"{need.role}:{rng.choice(['p', 'q'])}" for need in desk.staff_needs if need.mode == mode.id),
        )
        for mode in desk.modes
        if rng.random() < 0.8
    ]  # fmt: skip
    said = [fault.words for fault in broken_rules(desk, entries, relations=relations()) if fault.kind != "unknown"]

    assert said
    assert [words for words in said if CODES.search(words)] == []


def test_a_plan_says_nothing_by_code():
    """Reasons for and against missions, rules that bind and assumptions use titles."""
    desk = small_desk(11, ["absorption", "ban", "exclusion", "sanction"])
    result = plan(desk, relations=relations(), gap=0, compare=False)
    said = [row.reason for row in (*result.missions, *result.left_out)]
    said += [row.what_would_change for row in result.left_out]
    said += [row.words for row in (*result.binding, *result.assumptions)]

    assert [words for words in said if CODES.search(words)] == []


def test_shocks_are_said_by_name():
    """What happened is told with titles of positions, budgets and objectives and names of actors."""
    desk = small_desk(1, [])
    desk = msgspec.structs.replace(
        desk, budgets=(msgspec.structs.replace(desk.budgets[0], title="Cooperation money"),)
    )  # fmt: skip
    shocks = (
        Refuse(partner="FIN", mission="m0"), Lose(who="p", start=None), Cut(budget="main", share=0.2),
        Ban(actor="LVA", start=None, end=None), Shift(actor="FIN", other=None, level="rivalry"),
        Effect(mission="m1", objective="a", points=2.0),
    )  # fmt: skip

    assert [words_of_shock(shock, desk) for shock in shocks] == [
        "Finland refuses mission 'Mission 0'.",
        "'P' cannot be used from now on.",
        "Budget 'Cooperation money' loses 20% of what it could still draw.",
        "No mission with Latvia or on its soil from now to the end.",
        "Finland and Estonia come to stand at rivalry.",
        "Mission 'Mission 1' now gives 2 points to 'A'.",
    ]


def test_records_without_a_title_are_named_by_what_they_say():
    """Bans, sanctions, caps and exclusions are said in words, with the id that changes them in brackets."""
    desk = every_feature()
    cap = limits.RiskCap(id="riga", limit=1, owner="chief", partner="LVA", place="FIN", instrument="talks")
    ban, sanction = desk.bans[0], desk.sanctions[0]

    assert ban_words(ban) == "a ban (ban: talks rest)"
    assert sanction_words(sanction) == "a sanction against Latvia (s: arms, res)"
    assert exclusion_words(desk, desk.exclusions[0]) == "at most one of 'Mission 1', 'Mission 2' (e)"
    assert risk_cap_words(desk, cap).startswith("the risk of missions with Latvia in Finland of kind '")
    assert risk_cap_words(desk, cap).endswith("capped by 'Head of section' (riga)")
    assert spill_cap_words(desk, limits.SpillCap(id="spare", actor="SWE", limit=0, owner="chief", reason="calm")) == (
        "adverse spill-over on the relation with Sweden, capped by 'Head of section' (spare: calm)"
    )


def test_languages_are_named_in_english():
    """A language skill is told by the language's name, in any case of letters, and an unknown one by its tag."""
    said = [language_words(tag) for tag in ("fr", "PT", "pt-BR", "zh-Hant", "qqq")]

    assert said == ["French", "Portuguese", "Portuguese (BR)", "Chinese (Hant)", "qqq"]


def test_an_unknown_record_keeps_its_id():
    """A prerequisite that the desk does not hold is named by its id, for there is nothing else."""
    desk = every_feature()
    exclusion = constraints.Exclusion(id="x", missions=("m0", "gone"))

    assert exclusion_words(desk, exclusion) == "at most one of 'Mission 0', 'gone' (x)"
