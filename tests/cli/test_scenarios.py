"""The commands on chance as a user meets them: sentences, numbers behind them, JSON, pictures, refusals."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "examples" / "small"

CASES = """
[[cases]]
id = "judged"
[[cases]]
id = "poor"
title = "Half the money"
money = { "*" = 0.5 }
"""


@pytest.fixture
def sweep_file(tmp_path):
    """Write a sweep of two cases."""
    path = tmp_path / "sweep.toml"
    path.write_text("seconds = 10\ndraws = 30\n" + CASES, encoding="utf-8")
    return path


def test_score_says_what_a_planner_needs(ask, tmp_path):
    """A scored plan names its average, its worst, its targets, what went wrong and what is assumed; and is drawn."""
    answer = ask("scenarios", "score", SMALL, "--draws", 200, "--no-drift", "--out", tmp_path / "out.svg")

    assert answer.code == 0
    for part in ("on average", "The worst 10%", "more likely met than not", "Scenario ", "Relations stay as they are"):
        assert part in answer.out
    assert "label not enforced" in answer.out
    assert (tmp_path / "out.svg").read_text(encoding="utf-8").startswith("<svg")


def test_score_as_json_repeats(ask):
    """The same seed gives the same scenarios, another seed others; every scenario's value is there."""
    words = ("scenarios", "score", SMALL, "--draws", 50, "--no-drift", "--json")
    first, second = json.loads(ask(*words).out), json.loads(ask(*words).out)
    other = json.loads(ask(*words, "--seed", 2).out)

    assert first == second
    assert len(first["values"]) == 50
    assert first["values"] != other["values"]
    assert first["label_notice"]


def test_relations_drift_by_what_the_world_holds(ask):
    """With drift the answer says over how many pair-years the levels were counted."""
    answer = json.loads(ask("scenarios", "score", SMALL, "--draws", 20, "--json").out)

    assert any("pair-years" in row["words"] for row in answer["assumptions"])


def test_a_search_that_ended_early_is_said(ask):
    """A plan that the time ended is called found, not best, with gap and status in text and JSON."""
    words = ("scenarios", "score", ROOT / "examples" / "portugal", "--draws", 5, "--no-drift", "--gap", 0)
    text = " ".join(ask(*words, "--seconds", 0.5).out.split())
    record = json.loads(ask(*words, "--seconds", 0.5, "--json").out)
    search = record["search"]

    assert "'best plan found'" in text
    assert "the time ran out first" in text
    assert record["plan"] == "best plan found"
    assert search["status"] == "feasible"
    assert search["gap"] == pytest.approx(search["bound"] / search["value"] - 1, abs=1e-6)
    near = json.loads(ask("scenarios", "score", SMALL, "--draws", 5, "--no-drift", "--json").out)
    assert near["search"]["status"] in {"optimal", "within_gap"}


def test_a_picture_is_replaced_only_if_asked(ask, tmp_path):
    """The remedy for a file that is there is one that the command offers."""
    out = tmp_path / "out.svg"
    out.write_text("old", encoding="utf-8")
    words = ("scenarios", "score", SMALL, "--draws", 5, "--no-drift", "--out", out)

    assert "--overwrite" in ask(*words).err
    assert out.read_text(encoding="utf-8") == "old"
    assert ask(*words, "--overwrite").code == 0
    assert out.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("score", "nowhere", "--draws", "0"), "0 scenarios"),
        (("score", "nowhere", "--seed", "-1"), "seed -1"),
        (("plan", "nowhere", "--scenarios", "1"), "1 scenarios"),
        (("plan", "nowhere", "--batches", "1"), "One batch"),
        (("plan", "nowhere", "--tail-weight", "7"), "weight of 7"),
        (("regret", "nowhere", "--gap", "2"), "gap of 2"),
        (("wait", "nowhere", "--for", "partner:LVA", "--until", "2027-06", "--seconds", "-1"), "-1"),
        (("sweep", "nowhere", "nothing.toml", "--workers", "0"), "0 workers"),
    ],
)
def test_figures_are_refused_before_the_desk_is_opened(ask, words, part):
    """A figure out of range is named even where there is no desk: nothing was read, drawn or searched before."""
    answer = ask("scenarios", *words)

    assert answer.code == 2
    assert part in answer.err
    assert "nowhere" not in answer.err


def test_plans_are_written_with_titles(ask):
    """Plans name missions, modes and people by their titles, and what they take for granted."""
    robust = ask("scenarios", "plan", SMALL, "--scenarios", 20, "--draws", 20, "--no-drift", "--seconds", 5).out
    regret = ask("scenarios", "regret", SMALL, "--seconds", 5).out

    for text in (robust, regret):
        assert "Head of the desk" in text
        assert "half a year" in text
        assert "accepts with 90%" in text.split("Assumptions")[1]


def test_plan_for_scenarios_answers(ask):
    """A plan for scenarios is compared with the plan for likely values on fresh scenarios."""
    answer = ask("scenarios", "plan", SMALL, "--scenarios", 20, "--draws", 50, "--no-drift", "--seconds", 10)

    assert answer.code == 0
    assert "For likely values" in answer.out
    assert "Standing of missions" in answer.out


def test_regret_answers(ask, tmp_path):
    """Regret names each case with what the plan lacks there; cases can come from a file."""
    answer = ask("scenarios", "regret", SMALL, "--seconds", 10)
    own = tmp_path / "cases.toml"
    own.write_text('[[cases]]\nid = "a"\n[[cases]]\nid = "b"\nrefuses = ["LVA"]\n', encoding="utf-8")
    chosen = json.loads(ask("scenarios", "regret", SMALL, "--seconds", 10, "--cases", own, "--json").out)

    assert "lacks at most" in answer.out
    rows = chosen["scenarios"]
    for row in rows:
        assert row["regret"] == pytest.approx(row["best"] - row["value"])
        assert row["regret_high"] == pytest.approx(row["bound"] - row["value"])
        assert 0 <= row["regret"] <= row["regret_high"] + 1e-12
    assert chosen["regret"] == max(row["regret"] for row in rows)
    assert chosen["regret_high"] == max(row["regret_high"] for row in rows)
    assert 0 <= chosen["bound"] <= chosen["regret"]
    assert [row["scenario"] for row in chosen["scenarios"]] == ["a", "b"]


def test_wait_answers(ask):
    """Waiting is worth something or nothing, and every outcome says what is done then."""
    answer = ask("scenarios", "wait", SMALL, "--for", "partner:LVA", "--until", "2027-06", "--seconds", 10)

    assert answer.code == 0
    assert "is worth" in answer.out
    # 73.85 is what the plan command says, 73.42 the average over the outcomes
    assert "fixed today is worth 73.85 points. The two differ" in " ".join(answer.out.split())
    assert "Assumptions" in answer.out
    assert "If Latvia refuses all (5%)" in answer.out


def test_sweep_answers(ask, sweep_file):
    """A sweep lists each case with value and scores."""
    answer = ask("scenarios", "sweep", SMALL, sweep_file, "--no-drift")

    assert answer.code == 0
    assert "Half the money" in answer.out
    assert "Over 2 cases" in answer.out
    assert "Each case changes the desk" in answer.out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("score", SMALL, "--draws", "0"), "0 scenarios"),
        (("score", SMALL, "--alpha", "0"), "tail of 0"),
        (("score", SMALL, "--cost-spread", "-1"), "-1"),
        (("score", SMALL, "--plan", "nope", "--no-drift"), "nope"),
        (("score", SMALL, "--out", "picture.doc"), "picture.doc"),
        (("score", SMALL, "--seconds", "nan", "--no-drift"), "nan"),
        (("plan", SMALL, "--tail-weight", "2", "--no-drift"), "weight of 2"),
        (("plan", SMALL, "--scenarios", "5", "--no-drift"), "less than one scenario"),
        (("wait", SMALL, "--for", "rain", "--until", "2027-06"), "rain"),
        (("wait", SMALL, "--for", "mission:x", "--until", "June"), "June"),
        (("wait", SMALL, "--for", "gate:x", "--until", "2027-06", "--chance", "0.5"), "gate"),
        (("regret", SMALL, "--cases", "missing.toml"), "missing.toml"),
        (("sweep", SMALL, "missing.toml"), "missing.toml"),
        (("sweep", SMALL, SMALL / "missions.csv"), "TOML"),
        (("sweep", SMALL, SMALL), "cannot be read"),
    ],
)
def test_wrong_questions_are_refused(ask, words, part):
    """What cannot be answered is a sentence that names the value, with an exit code and nothing on standard output."""
    answer = ask("scenarios", *words)

    assert answer.code == 2
    assert part in answer.err
    assert answer.out == ""
    assert not answer.has_traceback


def test_bytes_that_are_no_text_are_refused(ask, tmp_path):
    """A sweep that is no UTF-8, or far too large, is refused before it is read as TOML."""
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe\x00")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 2_000_001)

    assert "UTF-8" in ask("scenarios", "sweep", SMALL, path).err
    assert "larger than" in ask("scenarios", "sweep", SMALL, large).err


def test_guide_works_as_typed(ask, tmp_path):
    """The guide's commands and its sweep work as typed, on copies of the example desks."""
    text = (ROOT / "docs" / "how-to" / "plan-under-uncertainty.md").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "examples" / "small", tmp_path / "examples" / "small")
    block = re.search(r"^`sweep\.toml`:\n\n```toml\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "sweep.toml").write_text(block[1], encoding="utf-8")
    commands = re.findall(r"^\$ legation (.+)$", text, re.MULTILINE)
    answers = [ask(*shlex.split(command)) for command in commands]

    assert len(commands) == 5
    assert [answer.err for answer in answers if answer.code] == []
    assert (tmp_path / "value.svg").is_file()


KEYS = {
    "score": {
        "desk", "title", "plan", "draws", "seed", "judged_value", "mean", "mean_error", "deviation", "alpha",
        "cvar", "cvar_error", "quantiles", "targets", "missions", "budgets", "worst", "tail", "assumptions",
        "values", "search", "label_notice",
    },
    "plan": {
        "desk", "title", "start", "tail_weight", "alpha", "scenarios", "seed", "value", "bound", "gap",
        "status", "proven", "seconds", "sample", "outlook", "judged_outlook", "entries", "entry_titles",
        "kept_judged", "statuses", "only_here", "only_judged", "words", "assumptions", "label_notice",
    },
    "regret": {
        "desk", "title", "start", "scenarios", "regret", "regret_high", "bound", "slack", "judged_regret",
        "judged_regret_high", "stopped", "seconds", "entries", "entry_titles", "statuses", "words", "assumptions",
        "label_notice",
    },
    "wait": {
        "desk", "title", "fact", "month", "outcomes", "touched", "now", "now_bound", "now_judged", "adaptive",
        "adaptive_bound", "known", "known_bound", "held", "held_bound", "worth_low", "worth_high",
        "ceiling_high", "cost_low", "cost_high", "stopped", "seconds", "now_entries", "branches", "words",
        "assumptions", "label_notice",
    },
    "sweep": {
        "desk", "title", "cases", "statuses", "failed", "not_run", "words", "assumptions", "label_notice",
    },
}  # fmt: skip


@pytest.mark.parametrize("command", KEYS)
def test_keys_are_promised(ask, sweep_file, command):
    """The keys of each answer are those that the page on JSON lists."""
    more = {
        "score": ("--draws", 5, "--no-drift"),
        "plan": ("--scenarios", 10, "--draws", 5, "--no-drift", "--seconds", 5),
        "regret": ("--seconds", 5),
        "wait": ("--for", "partner:LVA", "--until", "2027-06", "--seconds", 5),
        "sweep": (sweep_file, "--no-drift"),
    }
    answer = ask("scenarios", command, SMALL, *more[command], "--json")

    assert set(json.loads(answer.out)) == KEYS[command]
