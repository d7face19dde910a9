"""What no desk could answer is refused before a desk is opened: the place named here does not exist."""

import pytest

NOWHERE = "no-such-desk"
REPLAN = ("replan", NOWHERE, "--from", "p", "--now", "2027-05")
WAIT = ("scenarios", "wait", NOWHERE, "--until", "2027-05")


def test_a_place_without_a_desk_is_named(ask):
    """The place of these tests is refused for itself where nothing else is wrong."""
    answer = ask("plan", NOWHERE)

    assert answer.code == 2
    assert NOWHERE in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", NOWHERE, "--gap", "2"), "gap of 2"),
        (("plan", NOWHERE, "--seconds", "0"), "last 0"),
        (("plan", NOWHERE, "--seed", "-1"), "seed -1"),
        (("explain", NOWHERE, "--each", "0"), "0 seconds"),
        (("explain", NOWHERE, "--money", "-5"), "-5"),
        (("schedule", NOWHERE, "--seconds", "nan"), "nan"),
        (("frontier", NOWHERE, "--points", "0"), "0 parts"),
        (("frontier", NOWHERE, "--aims", "value,disruption"), "Disruption"),
        (("frontier", NOWHERE, "--aims", "value,disruption", "--against", "p", "--now", "May"), "May"),
        (("weights", NOWHERE, "--goal", "g:0.3", "--gap", "1"), "gap of 1"),
        ((*REPLAN, "--cut", "main:much"), "main:much"),
        ((*REPLAN, "--keep", "200%"), "share of 2"),
        ((*REPLAN, "--keep", "90%", "--rate", "1"), "both given"),
        ((*REPLAN, "--seconds", "0"), "last 0"),
        (("replan", NOWHERE, "--from", "p", "--now", "2027-13"), "2027-13"),
        ((*WAIT, "--for", "weather"), "weather"),
        ((*WAIT, "--for", "mission:m", "--chance", "0.5"), "0.5"),
        ((*WAIT, "--for", "gate:g"), "'g'"),
        ((*WAIT, "--for", "gate:g", "--chance", "1.5"), "'g'"),
        (("scenarios", "wait", NOWHERE, "--for", "mission:m", "--until", "soon"), "soon"),
        (("scenarios", "sweep", NOWHERE, "missing.toml"), "missing.toml"),
        (("scenarios", "regret", NOWHERE, "--cases", "missing.toml"), "missing.toml"),
        (("counter", NOWHERE, "--draws", "0"), "0 draws"),
        (("negotiate", "missing.csv", "--desk", NOWHERE), "missing.csv"),
        (("cross-impact", "missing.csv", "--desk", NOWHERE), "missing.csv"),
        (("cross-impact", NOWHERE, "--state", "open"), "open"),
    ],
)
def test_what_no_desk_could_answer_is_refused_before_one_is_opened(ask, words, said):
    """The message speaks of the option or file that cannot be used, not of the desk."""
    answer = ask(*words)

    assert answer.code == 2
    assert said in answer.err
    assert NOWHERE not in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("text", ["", "cases = 3", "[[cases]]\nid = 'a'\nmoneys = 1.0", "x = ["])
@pytest.mark.parametrize("command", [("sweep",), ("regret", "--cases")])
def test_a_malformed_file_of_cases_is_refused_before_a_desk_is_opened(ask, tmp_path, text, command):
    """The file is named with what is wrong in it."""
    path = tmp_path / "cases.toml"
    path.write_text(text)
    name, *option = command
    answer = ask("scenarios", name, NOWHERE, *option, path)

    assert answer.code != 0
    assert NOWHERE not in answer.err
    assert "cases" in answer.err


@pytest.mark.parametrize(
    ("command", "plan", "said"),
    [
        (("plan",), "Big Plan", "no id for a plan"),
        (("plan",), "kept", "already"),
        (("replan", "--from", "kept", "--now", "2027-02"), "Big Plan", "no id for a plan"),
        (("replan", "--from", "kept", "--now", "2027-02"), "kept", "already"),
    ],
)
def test_an_id_that_cannot_be_kept_is_refused_before_the_search(ask, small, monkeypatch, *, command, plan, said):
    """Nothing is searched for a plan that could not be kept under the id given."""
    assert ask("plan", small, "--save", "kept").code == 0
    searched = []
    for name in ("legation.service.questions.plan_of", "legation.service.replanning.replan_of"):
        monkeypatch.setattr(name, lambda *_, **__: searched.append(1))
    name, *more = command
    answer = ask(name, small, *more, "--save", plan)

    assert answer.code != 0
    assert said in answer.err
    assert not searched
