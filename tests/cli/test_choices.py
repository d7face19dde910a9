"""The commands on aims and weights as a user meets them: sentences, numbers, JSON, files, refusals."""

import csv
import json
from pathlib import Path

import pytest

FRONTIER_KEYS = {
    "desk", "title", "start", "currency", "price_year", "against", "method", "complete", "stopped", "gap", "seconds",
    "solves", "seed", "aims", "points", "payoff", "knee", "knee_words", "trade_offs", "missions", "open_boxes",
    "assumptions", "label_notice",
}  # fmt: skip
WEIGHTS_KEYS = {
    "desk", "title", "start", "method", "complete", "stopped", "slack", "step", "seconds", "solves", "seed", "goals",
    "corners", "plans", "missions", "rules", "assumptions", "label_notice",
}  # fmt: skip
SMALL = Path(__file__).resolve().parents[2] / "examples" / "small"


def test_a_frontier_says_what_value_takes(ask, tmp_path):
    """The text names proof, knee and rates; points go into a CSV and a picture."""
    answer = ask("frontier", SMALL, "--out", tmp_path / "points.csv")
    drawn = ask("frontier", SMALL, "--points", 4, "--out", tmp_path / "points.svg")

    assert answer.code == 0
    for part in ("Nothing is missing: every other plan", "is the knee", "The last ", "In every point"):
        assert part in answer.out
    assert "label not enforced" in answer.out
    rows = list(csv.DictReader((tmp_path / "points.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["point"] for row in rows] == [str(n + 1) for n in range(len(rows))]
    values = [float(row["value"]) for row in rows]
    assert values == sorted(values, reverse=True)
    assert drawn.code == 0
    assert "a step is" in drawn.out
    assert (tmp_path / "points.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_frontier_as_json_repeats(ask):
    """Two runs give the same points; every point tells its aims and missions."""
    words = ("frontier", SMALL, "--aims", "value,cost,risk", "--points", 3, "--json")
    first, second = json.loads(ask(*words).out), json.loads(ask(*words).out)

    assert set(first) == FRONTIER_KEYS
    assert first["points"] == second["points"]
    assert [aim["name"] for aim in first["aims"]] == ["value", "cost", "risk"]
    assert all(point["missions"] for point in first["points"])
    assert first["complete"] is True


def test_weights_say_which_missions_are_core(ask):
    """The text names plans, rules and core missions; JSON holds the index of each mission."""
    text = ask("weights", SMALL, "--goal", "security:0.2..0.8")
    answer = json.loads(ask("weights", SMALL, "--goal", "security>=relief", "--json").out)

    assert text.code == 0
    assert set(answer) == WEIGHTS_KEYS
    for part in ("extreme sets of weights", "Core: in every plan", "leaves least to regret"):
        assert part in text.out
    assert {row["place"] for row in answer["missions"]} <= {"core", "borderline", "exterior"}
    assert answer["corners"] == [[0.0, 1.0], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("frontier", SMALL, "--aims", "value,glory"), "'glory' is no aim"),
        (("frontier", SMALL, "--aims", "value,disruption"), "measured against a plan"),
        (("frontier", SMALL, "--aims", "value,disruption", "--against", "none"), "keeps no plan 'none'"),
        (("frontier", SMALL, "--points", "0"), "0 parts"),
        (("frontier", SMALL, "--out", "points.txt"), "format"),
        (("frontier", SMALL, "--seconds", "-1"), "-1"),
        (("weights", SMALL, "--goal", "security"), "says nothing of weights"),
        (("weights", SMALL, "--goal", "glory:0.1..0.2"), "No goal 'glory'"),
        (("weights", SMALL, "--goal", "security:0.8..0.9", "--goal", "relief:0.5..0.6"), "exclude each other"),
        (("weights", SMALL), "--goal"),
    ],
)
def test_what_cannot_be_asked_is_refused(ask, words, said):
    """A wrong aim, plan, number, file or statement ends with the rule on standard error and nothing printed."""
    answer = ask(*words)

    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_a_goal_is_not_set_beside_itself_nor_money_given_twice(ask, tmp_path):
    """What says nothing, or says one thing twice, is refused; so is a folder that holds something."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note").write_text("kept")

    itself = ask("weights", SMALL, "--goal", "security>=security")
    twice = ask("desk", "generate", tmp_path / "new", "--money", 0.35, "--money-per-year", 0.2)
    full = ask("desk", "generate", tmp_path / "full")

    assert itself.code != 0
    assert "beside itself" in itself.err
    assert twice.code != 0
    assert "Give one of them" in twice.err
    assert not (tmp_path / "new").exists()
    assert full.code != 0
    assert "overwrit" not in full.err
