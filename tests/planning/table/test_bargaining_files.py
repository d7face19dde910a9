"""Reading negotiations, KTAB's whole trace, hostile files and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmark_modules import benchmark
from commands import ask
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import FormatError, InputError, LegationError
from legation.planning.table.bargaining_read import read_negotiation
from legation.planning.table.bargaining_run import run
from legation.planning.table.bargaining_types import Rules

ROOT = Path(__file__).resolve().parents[3]
OWN = "actor,influence,notice position,notice salience\nEST,10,20,50\nRUS,30,80,40\nFIN,10,30,60\n"
KTAB = (
    "Talks,About notice,2,1,\nActor,Description,Power,Notice,NoticeSal,\n"
    'A,"First, of two", 10.0, 20, 50,\nB,, 5, 80.5, 40,\n'
)


@pytest.mark.needs_shared
def test_every_number_of_the_reference_trace_is_equal(shared_peers):
    """All numbers of the model in KTAB's trace of 27 turns are equal to the last digit printed."""
    module = benchmark("bargaining")
    trace = shared_peers("bench/bargaining/20170530_ref-SOE-Pol-Comp.txt")
    _, found, turns = module.measure(trace, shared_peers("bench/bargaining/SOE-Pol-Comp.csv"))

    assert turns == 27
    assert found.compared > 140_000
    assert found.equal == found.compared
    assert set(found.skipped) == {"identity", "date, seed or version", "formula", "name"}


@pytest.mark.needs_shared
def test_the_comparison_sees_a_changed_digit(shared_peers, tmp_path):
    """A trace with one digit changed is not called equal."""
    module = benchmark("bargaining")
    source = shared_peers("bench/bargaining/SOE-Pol-Comp.csv")
    text = shared_peers("bench/bargaining/20170530_ref-SOE-Pol-Comp.txt").read_text()
    trace = tmp_path / "SOE-Pol-Comp.txt"
    trace.write_text(text.replace("+0.592 ", "+0.593 ", 1))
    _, found, _ = module.measure(trace, source)

    assert found.compared - found.equal == 1


def test_a_scenario_of_xml_is_read(tmp_path):
    """KTAB's scenario XML gives actors, accommodations and parameters; a document type is refused."""
    module = benchmark("ktab_scenario")
    path = tmp_path / "s.xml"
    people = "".join(
        f"<Actor><name>{n}</name><description/><capability>{c}</capability><Position><dCoord>{p}</dCoord></Position>"
        f"<Salience><dSal>50</dSal></Salience></Actor>"
        for n, c, p in (("A", 10, 20), ("B", 5, 80))
    )
    body = (
        "<Scenario><name>S</name><desc>d</desc><ModelParameters><VotingRule>Cubic</VotingRule></ModelParameters>"
        f"<Dimensions><dName>notice</dName></Dimensions><Actors>{people}</Actors><IdealAdjustment><iaPair>"
        "<adjustingIdeal>A</adjustingIdeal><referencePos>A</referencePos><adjust>0.4</adjust></iaPair>"
        "</IdealAdjustment></Scenario>"
    )
    path.write_text(body)
    negotiation, given_rules = module.read_input(path)

    assert [one.name for one in negotiation.actors] == ["A", "B"]
    assert negotiation.accommodation(adjustment=1.0).tolist() == [[0.4, 0.0], [0.0, 1.0]]
    assert given_rules == {"voting": "cubic"}
    path.write_text("<!DOCTYPE x>" + body)
    with pytest.raises(FormatError, match="document type"):
        module.read_input(path)


def test_choices_by_lot_are_followed():
    """A run whose choices were drawn is repeated from what a trace prints of them, whatever order it prints."""
    module = benchmark("bargaining")
    rules = Rules(transition="stochastic", most_turns=4, quiet=0.0)
    drawn = run(read_negotiation(OWN), rules, seed=5)
    lines = []
    for number, turn in enumerate(drawn.turns, 1):
        lines.append(f"Starting Model::run iteration {number} ")
        for actor, settled in reversed(list(enumerate(turn.settlements))):
            queue = list(reversed(settled.bargains))
            taken = len(queue) - settled.chosen
            shown = "".join(f"[{n}, {b.initiator}:{b.receiver}]" for n, b in enumerate(queue))
            lines += [
                f"Bargains involving actor  {actor}: {shown} ",
                f"Doing scalarPCE for the {len(queue)} bargains of actor {actor} ... ",
                f"Chosen bargain ( Stochastic ): 1 {taken} out of {len(queue)} bargains",
            ]
    choose, _ = module.follow(module.choices(lines), by_lot=True)
    again = run(read_negotiation(OWN), rules, seed=6, choose=choose)

    assert (again.last.positions == drawn.last.positions).all()
    plain = run(read_negotiation(OWN), Rules(most_turns=4, quiet=0.0))
    assert (plain.last.positions != drawn.last.positions).any()


def test_both_layouts_are_read():
    """KTAB's layout and the own table give the same kind of negotiation."""
    ours, theirs = read_negotiation(OWN, title="Notice"), read_negotiation(KTAB)

    assert (ours.title, ours.issues, len(ours.actors)) == ("Notice", ("notice",), 3)
    assert (theirs.title, theirs.issues) == ("Talks", ("Notice",))
    assert theirs.actors[0].description == "First, of two"
    assert theirs.actors[1].positions == (80.5,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a,b\n", "neither"),
        (KTAB.rsplit("\n", 2)[0] + "\n", "announces 2 actors; 1 follow"),
        (KTAB[:60], "1 issues need 5|announces 2"),
        (KTAB.replace("2,1", "two,1"), "'two' is no count"),
        (KTAB.replace("2,1", "2,9999999"), "no count"),
        (KTAB.replace("80.5", "abc"), "'abc' in column 'Notice' is no number"),
        (KTAB.replace("80.5", "nan"), "'nan' in column"),
        (KTAB.replace("80.5", "1e999"), "no number"),
        (KTAB.replace(" 50,", " 150,"), "salience of 'A' on 'Notice' is 150.0"),
        (KTAB.replace("B,,", "A,,"), "'A' is there twice"),
        (OWN.replace("notice salience", "care"), "has no salience"),
        (OWN.replace("actor,", "who,"), "no column 'actor'"),
        (OWN.replace("influence,", "influence,influence,"), "names a column twice"),
        (OWN.replace("FIN,10,30,60", "FIN,10,30,60,1,2"), "has 6 cells"),
        (OWN.replace("FIN,10,30,60", "FIN,10"), "'' in column"),
        (OWN.replace("EST", '"EST'), "no CSV"),
        (OWN.replace("EST", "E\x00ST"), "NUL"),
        ("actor,influence\nA,1\nB,2\n", "no issue"),
        ("actor,influence,odd\nA,1,2\n", "'odd'"),
    ],
)
def test_a_broken_table_is_refused(text, words):
    """Cut files, letters, numbers out of range and double names are refused with what is wrong."""
    with pytest.raises(InputError, match=words):
        read_negotiation(text)


def test_a_million_actors_are_refused_at_once():
    """A table far too large is refused before it is read to its end."""
    row = "a,1,2,3\n"
    with pytest.raises(FormatError, match="characters"):
        read_negotiation("actor,influence,x position,x salience\n" + row * 1_000_000)
    rows = "".join(f"a{n},1,2,3\n" for n in range(300))
    with pytest.raises(FormatError, match="more than 200 actors"):
        read_negotiation("actor,influence,x position,x salience\n" + rows)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    """Whatever the text, the reader gives a negotiation or an error of its own."""
    try:
        read_negotiation(text)
    except LegationError:
        return


@settings(deadline=None)
@given(st.integers(0, len(KTAB)), st.text(max_size=3))
def test_any_small_damage_is_read_or_refused(at, damage):
    """A damaged table never fails in another way than by a named error."""
    try:
        read_negotiation(KTAB[:at] + damage + KTAB[at + 1 :])
    except LegationError:
        return


def test_a_large_table_runs_in_bounded_memory():
    """A table of 120 takes a turn without an array of pairs times pairs."""
    rows = "".join(f"a{n},{1 + n % 7},{n * 37 % 101},{5 + n % 90}\n" for n in range(120))
    table = read_negotiation("actor,influence,x position,x salience\n" + rows)
    assert len(run(table, Rules(most_turns=1)).turns) == 1


def test_the_command_labels_and_links(capsys):
    """The command's text and JSON carry the exploratory label and name the desk's own negotiations."""
    file, desk = ROOT / "examples/talks/incidents-at-sea.csv", ROOT / "examples/portugal"
    code, out, _ = ask(capsys, "negotiate", file, "--desk", desk, "--json")
    told = json.loads(out)
    russia = next(link for link in told["links"] if link["actor"] == "RUS")

    assert code == 0
    assert told["exploratory"] is True
    assert told["label_notice"]
    assert [mission[0] for mission in russia["missions"]] == ["rus-incsea"]
    code, out, _ = ask(capsys, "negotiate", file, "--trace", "--iterations", 2, "--sensitivity", "--draws", 3)
    assert code == 0
    assert out.count("no prediction") == 2
    assert "Turn 2" in out


@pytest.mark.parametrize(
    "words",
    [
        ("no-such.csv",),
        (ROOT / "examples/talks",),
        (ROOT / "examples/talks/incidents-at-sea.csv", "--iterations", 0),
        (ROOT / "examples/talks/incidents-at-sea.csv", "--sensitivity", "--draws", 1),
        (ROOT / "examples/talks/incidents-at-sea.csv", "--sensitivity", "--step", "nan"),
        (ROOT / "examples/talks/incidents-at-sea.csv", "--sensitivity", "--seconds", "nan"),
        (ROOT / "examples/talks/incidents-at-sea.csv", "--seed", -1),
    ],
)
def test_the_command_refuses_what_it_cannot_use(capsys, words):
    """A missing file or a number out of range gives one sentence and exit code 2."""
    code, out, err = ask(capsys, "negotiate", *words)

    assert code == 2
    assert "Traceback" not in out + err
