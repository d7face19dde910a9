"""Replanning and asking why as a user meets them: sentences, numbers, pictures, JSON, refusals."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import LegationError
from legation.planning.explain.result import Explanation
from legation.planning.replan.parse import KINDS, parse_shocks
from legation.planning.replan.result import ReplanResult
from legation.planning.replan.shocks import Ban, Cut, Effect, Lose, Refuse, Shift

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "examples" / "small"


@pytest.fixture
def desk(ask, tmp_path):
    """Give a copy of the small desk with a plan kept in it."""
    place = tmp_path / "desk"
    shutil.copytree(SMALL, place)
    assert ask("plan", place, "--save", "spring", "--seconds", 20).code == 0
    return place


def test_replan_says_what_changes_for_whom(ask, desk, tmp_path):
    """A refusal is answered with value, disruption, mission and partner; the curve is drawn and the plan kept."""
    answer = ask(
        "replan", desk, "--from", "spring", "--now", "2027-04", "--refuse", "LVA/lva-exercise", "--picture",
        tmp_path / "curve.svg", "--save", "summer",
    )  # fmt: skip

    assert answer.code == 0
    for part in ("Latvia refuses mission", "is dropped", "Latvia:", "Disruption", "proven bound", "Value against"):
        assert part in answer.out
    assert "label not enforced" in answer.out
    assert (tmp_path / "curve.svg").read_text(encoding="utf-8").startswith("<svg")
    assert ask("plan", desk, "--compare", "spring", "summer").code == 0


def test_replan_answers_programs_with_its_documented_keys(ask, desk):
    """The JSON of a replan has the fields of its result and the label, and its disruption is the sum of its parts."""
    answer = ask("replan", desk, "--from", "spring", "--now", "2027-04", "--cut", "engagement:30%", "--json")
    found = json.loads(answer.out)

    assert set(found) == {*ReplanResult.__struct_fields__, "label_notice"}
    assert found["disruption"] == pytest.approx(sum(found["parts"].values()))
    assert found["free_bound"] >= found["value"] - 1e-9


def test_explain_says_why_and_what_would_help(ask):
    """A mission that is out gets its loss and verified ways in; one that is in gets its worth."""
    answer = ask("explain", SMALL, "fin-exercise", "fin-talks", "--buy", "--facts")

    assert answer.code == 0
    for part in (
        "is out: with it the best plan is worth",
        "What would bring it in",
        "is in from",
        "What one more unit",
    ):
        assert part in answer.out
    assert "not verified" not in answer.out


def test_explain_answers_programs_with_its_documented_keys(ask):
    """The JSON of an explanation has the fields of its result and the label."""
    found = json.loads(ask("explain", SMALL, "fin-exercise", "--json").out)

    assert set(found) == {*Explanation.__struct_fields__, "label_notice"}
    assert found["missions"][0]["ways"]


def test_an_impossible_desk_is_explained(ask, desk):
    """Where no plan exists, the rules that clash and the cheapest ways out are printed, by the plan's error too."""
    pins = desk / "pins.csv"
    rows = (
        "mission,decision,start,reason\nfin-talks,in,2027-01,asked\nlva-talks,in,2027-01,asked\nbaltic-conf,out,,no\n"
    )
    pins.write_text(rows + "fin-cell,in,2027-01,asked\n", encoding="utf-8")
    answer = ask("explain", desk)
    planned = ask("plan", desk)

    assert answer.code == 0
    assert "cannot hold together" in answer.out
    assert "The cheapest ways out" in answer.out
    assert planned.code == 4
    assert "way out" in planned.err


def test_replan_refuses_what_it_cannot_read(ask, desk):
    """A wrong plan, month, shock, share or rate ends with one sentence and a remedy."""
    now = ("--from", "spring", "--now", "2027-04")
    for words in (
        ("--from", "none", "--now", "2027-04"),
        ("--from", "spring", "--now", "1999-01"),
        ("--from", "spring", "--now", "soon"),
        (*now, "--cut", "engagement"),
        (*now, "--cut", "engagement:400%"),
        (*now, "--refuse", "LVA/nothing"),
        (*now, "--shift", "LVA:friends"),
        (*now, "--keep", "most"),
        (*now, "--keep", "99%", "--rate", "1"),
        (*now, "--rate", "-1"),
    ):
        answer = ask("replan", desk, *words)

        assert answer.code != 0, words
        assert not answer.has_traceback
        assert "remedy" in answer.err


@pytest.mark.parametrize("words", [("nothing",), ("--each", "0"), ("--money", "-5"), ("--plan", "none")])
def test_explain_refuses_what_it_cannot_answer(ask, words):
    """An unknown mission or plan and a number out of range end with one sentence and a remedy."""
    answer = ask("explain", SMALL, *words)

    assert answer.code != 0
    assert not answer.has_traceback
    assert "remedy" in answer.err


def test_shocks_are_read_as_typed():
    """Every kind of shock is read, with and without its optional parts."""
    assert parse_shocks(
        {
            "refuse": ["LVA/visit-1", "LVA"], "lose": ["attache@2027-06", "attache"], "cut": ["main:12.5%"],
            "ban": ["MDA", "MDA:2027-06..", "MDA:..2027-07"], "shift": ["SRB/BIH:lesser-rivalry", "SRB:warm_peace"],
            "effect": ["visit-1/access:-0.5"],
        }
    ) == (
        Refuse(partner="LVA", mission="visit-1"), Refuse(partner="LVA"), Lose(who="attache", start="2027-06"),
        Lose(who="attache"), Cut(budget="main", share=0.125), Ban(actor="MDA"), Ban(actor="MDA", start="2027-06"),
        Ban(actor="MDA", end="2027-07"), Shift(actor="SRB", other="BIH", level="lesser_rivalry"),
        Shift(actor="SRB", level="warm_peace"), Effect(mission="visit-1", objective="access", points=-0.5),
    )  # fmt: skip


@given(kind=st.sampled_from(sorted(KINDS)), text=st.text(max_size=60))
def test_any_text_is_a_shock_or_refused(kind, text):
    """No text makes the reader fail in another way than by its own error, with the form as remedy."""
    remedy = ""
    found = ()
    try:
        found = parse_shocks({kind: [text]})
    except LegationError as error:
        remedy = error.remedy

    assert remedy or (len(found) == 1 and msgspec.to_builtins(found[0]))


def test_what_cannot_be_drawn_or_weighed_is_refused_before_the_search(ask, tmp_path):
    """A picture of no known format, one that is there, and a rate below nothing are refused with the user's value."""
    there = tmp_path / "there.svg"
    there.write_text("kept", encoding="utf-8")
    asked = ("replan", SMALL, "--from", "absent", "--now", "2027-04")

    assert "no known picture format" in ask(*asked, "--picture", tmp_path / "x.bmp").err
    assert "is there already" in ask(*asked, "--picture", there).err
    assert there.read_text(encoding="utf-8") == "kept"
    assert "A rate of -1 points" in ask(*asked, "--rate", "-1").err
    assert "A rate of nan points" in ask(*asked, "--rate", "nan").err


def test_a_picture_carries_the_label(ask, desk, tmp_path):
    """The curve's picture names the desk and its label, as the text does."""
    drawn = tmp_path / "curve.json"
    answer = ask("replan", desk, "--from", "spring", "--now", "2027-04", "--refuse", "LVA", "--picture", drawn)

    assert answer.code == 0
    assert "label not enforced" in json.loads(drawn.read_text(encoding="utf-8"))["title"]["subtitle"]
    assert "count as accepted" in " ".join(answer.out.split())


def test_explain_without_a_question_says_what_can_be_asked(ask):
    """A desk with a plan and no question gets the ways to ask."""
    assert "--buy or --facts" in ask("explain", SMALL).out
