"""The command that says how soon missions can be done: sentences, JSON, refusals."""

import json
from pathlib import Path

SMALL = Path(__file__).resolve().parents[2] / "examples" / "small"


def test_the_command_answers_in_sentences_and_json(ask):
    """The finish, the order and the reasons stand in the text; JSON holds the same months."""
    text = ask("schedule", SMALL, "--missions", "fin-cell,baltic-conf")
    data = json.loads(ask("schedule", SMALL, "--missions", "fin-cell,baltic-conf", "--json").out)

    assert text.code == 0
    for part in ("2027-08", "No schedule that", "Why not sooner", "label not enforced", "Naval officer"):
        assert part in " ".join(text.out.split())
    assert (data["months"], data["bound"], data["finish"]) == (8, 8, "2027-08")


def test_the_command_refuses_mixtures(ask):
    """An empty id, and missions beside a plan, are refused with a remedy."""
    assert "empty id" in ask("schedule", SMALL, "--missions", "a,,b").err
    assert "Give one of them" in ask("schedule", SMALL, "--missions", "fin-cell", "--plan", "x").err


def test_missions_that_go_on_after_the_finish_are_told_apart():
    """A single mission is named as one, and duties that end after the missions asked for are said to."""
    from legation.briefs.text.schedule import schedule_text
    from legation.service.questions import open_desk
    from legation.service.scheduling import schedule_of

    found = schedule_of(open_desk(str(SMALL)), missions=("rus-line",))
    later = max(row.end for row in found.missions)
    text = " ".join(schedule_text(found, label="none").split())

    assert "The mission asked for can have ended by the end of" in text
    assert ("may go on until" in text) == (later > found.finish)


def test_without_a_plan_missions_are_offered_too(ask):
    """A desk that keeps no plan is refused with both ways on, and nobody is named by an id alone."""
    refused = ask("schedule", SMALL)
    text = ask("schedule", SMALL, "--missions", "fin-cell").out

    assert refused.code != 0
    assert "--missions" in refused.err
    assert "--plan" in refused.err
    assert "watch:" not in text
