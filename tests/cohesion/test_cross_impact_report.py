"""Named cross-impact matrices: files, desks, what holds a state up, single changed judgements, weights, the command."""

from __future__ import annotations

import importlib.util
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.cli.run import run as command
from legation.cohesion.cross_impact import Descriptors, Search, leads, scored
from legation.cohesion.cross_impact_matrix import CrossImpact, Factor, Judgement, desk_matrix, read_matrix
from legation.cohesion.cross_impact_report import analyse
from legation.cohesion.cross_impact_weights import weights
from legation.errors import FormatError, InputError, LegationError
from legation.service.questions import read_desk

ROOT = Path(__file__).resolve().parents[2]
HEAD = "kind,factor,outcome,on factor,on outcome,judgement,reason\n"
PAIR = HEAD + (
    "outcome,a,up,,,,A rises\noutcome,a,down\noutcome,b,up\noutcome,b,down\n"
    'judgement,a,up,b,up,2,"because, so"\njudgement,b,up,a,up,1\njudgement,a,down,b,down,1\n'
)


@st.composite
def crosses(draw):
    """Draw a small named matrix with whole judgements."""
    counts = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    factors = tuple(
        Factor(name=f"f{n}", title=f"F{n}", outcomes=tuple("xyz"[:count]), titles=tuple("XYZ"[:count]))
        for n, count in enumerate(counts)
    )
    rows = [(factor.name, outcome) for factor in factors for outcome in factor.outcomes]
    cells = [(a, b) for a in rows for b in rows if a[0] != b[0]]
    picked = draw(st.lists(st.sampled_from(cells), max_size=10, unique=True))
    judgements = tuple(
        Judgement(factor=a[0], outcome=a[1], on_factor=b[0], on_outcome=b[1], value=draw(st.integers(-3, 3)))
        for a, b in picked
    )
    return CrossImpact(title="t", factors=factors, judgements=judgements)


def by_hand(descriptors, slack=0.0):
    """Give all scenarios within the slack, by trying every combination."""
    every = itertools.product(*(range(count) for count in descriptors.states))
    return {states for states in every if scored(descriptors, states).inconsistency <= slack + 1e-9}


@settings(deadline=None, max_examples=40)
@given(crosses(), st.integers(0, 2))
def test_scenarios_and_their_scores_equal_brute_force(matrix, slack):
    """All scenarios are found, with totals and consistency as the definition has them."""
    descriptors = matrix.descriptors()
    found = analyse(matrix, max_inconsistency=slack, change_by=0)

    assert found.complete
    states = {
        tuple(f.outcomes.index(v) for f, v in zip(matrix.factors, one.states, strict=True)): one
        for one in found.scenarios
    }
    assert states.keys() == by_hand(descriptors, slack)
    for picked, one in states.items():
        rows = [o + s for o, s in zip(descriptors.offsets(), picked, strict=True)]
        sums = descriptors.impacts[rows].sum(axis=0)
        assert one.total_impact == pytest.approx(sum(sums[row] for row in rows))
        own = [
            sums[row] - max(sums[offset + n] for n in range(count) if offset + n != row)
            for row, offset, count in zip(rows, descriptors.offsets(), descriptors.states, strict=True)
            if count > 1
        ]
        assert one.consistency == (pytest.approx(min(own)) if own else None)
        for factor in one.factors:
            assert factor.score == pytest.approx(
                sum(each.value for each in (*factor.supported_by, *factor.hindered_by))
            )


@settings(deadline=None, max_examples=30)
@given(crosses())
def test_changed_judgements_equal_solving_anew(matrix):
    """What a changed judgement loses and gains is the difference of two complete solutions."""
    found = analyse(matrix, change_by=1.0)
    before = [tuple(one.states) for one in found.scenarios]

    assert found.changes_tried == found.changes_asked == 2 * len(matrix.judgements)
    for change in found.changes:
        judgement = next(
            one for one in matrix.judgements
            if (one.factor, one.outcome, one.on_factor, one.on_outcome)
            == (change.factor, change.outcome, change.on_factor, change.on_outcome)
        )  # fmt: skip
        after = {
            tuple(f.outcomes[s] for f, s in zip(matrix.factors, states, strict=True))
            for states in by_hand(matrix.descriptors(changed=judgement, by=change.changed_to - change.value))
        }
        assert {before[number - 1] for number in change.lost} == set(before) - after
        assert change.gained == len(after - set(before))


@settings(deadline=None, max_examples=30)
@given(crosses())
def test_weights_equal_following_every_combination(matrix):
    """Each scenario's weight is the number of combinations from which succession, step by step, leads to it."""
    descriptors = matrix.descriptors()
    offsets = descriptors.offsets()
    heaps: dict[tuple[int, ...], int] = {}
    for start in itertools.product(*(range(count) for count in descriptors.states)):
        states, seen = start, set()
        while states not in seen:
            seen.add(states)
            sums = descriptors.impacts[[o + s for o, s in zip(offsets, states, strict=True)]].sum(axis=0)
            following = []
            for offset, count, state in zip(offsets, descriptors.states, states, strict=True):
                block = sums[offset : offset + count].tolist()
                following.append(state if block[state] == max(block) else block.index(max(block)))
            if tuple(following) == states:
                heaps[states] = heaps.get(states, 0) + 1
            states = tuple(following)

    assert dict(weights(descriptors)) == heaps


def test_weights_of_too_many_combinations_are_refused():
    """Counting is refused where it would take hours, and the search is not."""
    large = Descriptors(states=(4,) * 20, impacts=np.eye(80) * 0)
    with pytest.raises(InputError, match="combinations"):
        weights(large)


def chain(size):
    """Give a matrix of three-outcome factors in which each promotes the same outcome of the next, around a ring."""
    impacts = np.zeros((3 * size, 3 * size))
    for n in range(size):
        follower = (n + 1) % size
        impacts[3 * n : 3 * n + 3, 3 * follower : 3 * follower + 3] = 2 * np.eye(3)
    return Descriptors(states=(3,) * size, impacts=impacts)


def test_large_matrices_are_solved_by_pruning():
    """Of 3^60 combinations the three that hold are found in few divisions."""
    search = Search(chain(60))
    found = [one.states for one in search.run()]

    assert sorted(found) == [(n,) * 60 for n in range(3)]
    assert search.complete
    assert search.steps < 500


def test_a_search_that_is_stopped_says_so():
    """A limit on scenarios or time is told, and changes are then not worked out."""
    free = CrossImpact(
        title="", judgements=(),
        factors=tuple(Factor(name=f"f{n}", title="", outcomes=("a", "b"), titles=("", "")) for n in range(12)),
    )  # fmt: skip
    cut = analyse(free, most=5)
    late = analyse(free, halt=lambda: True)

    assert (len(cut.scenarios), cut.complete, cut.ended) == (5, False, "scenarios")
    assert (late.complete, late.ended) == (False, "stopped")
    assert cut.changes_asked == 0
    assert any("may be more" in note for note in cut.notes)


def test_leads_are_infinite_without_rivals():
    """A factor of one outcome leads for ever, and a matrix of such has no consistency."""
    alone = Descriptors(states=(1, 2), impacts=np.zeros((3, 3)))
    assert leads(alone, (0, 1)).tolist() == [float("inf"), 0.0]
    assert scored(Descriptors(states=(1,), impacts=np.zeros((1, 1))), (0,)).consistency is None


def test_a_table_is_read_with_its_reasons():
    """Outcomes, judgements and reasons come from the table; influences name them."""
    found = analyse(read_matrix(PAIR, title="Pair"))
    first = found.scenarios[0]
    supports = {state.factor: state.supported_by for state in first.factors}

    assert [one.states for one in found.scenarios] == [("up", "up"), ("down", "down")]
    assert supports["b"][0].reason == "because, so"
    assert found.factors[0].titles == ("A rises", "a: down")
    assert "A rises" in first.sentence


def test_fixed_states_are_kept():
    """Only scenarios with the states asked for are listed; unknown ones are refused."""
    matrix = read_matrix(PAIR)
    found = analyse(matrix, max_inconsistency=5, fixed={"a": "down"}, change_by=0)

    assert {one.states[0] for one in found.scenarios} == {"down"}
    for fixed in ({"x": "up"}, {"a": "sideways"}):
        with pytest.raises(InputError, match="There is no"):
            analyse(matrix, fixed=fixed)


def test_a_desk_s_links_are_judgements():
    """The linked objectives of a desk are factors met or unmet, and a link counts in all four combinations."""
    desk = read_desk(ROOT / "examples/small")
    matrix = desk_matrix(desk)
    one = matrix.judgements[0]
    a, b = matrix.rows[one.factor, "met"], matrix.rows[one.on_factor, "met"]
    impacts = matrix.descriptors().impacts

    assert {factor.outcomes for factor in matrix.factors} == {("met", "unmet")}
    assert (impacts[a : a + 2, b : b + 2] == one.value * np.array([[1, -1], [-1, 1]])).all()
    found = analyse(matrix, most=5000)
    assert found.complete
    assert len(found.scenarios) == len(by_hand(matrix.descriptors()))


def test_a_table_and_a_desk_are_one_matrix():
    """A table may judge how its factors act on a desk's objectives, met or unmet, beside the desk's links."""
    desk = read_desk(ROOT / "examples/small")
    own = desk.objectives[0].id
    text = HEAD + f"outcome,ice,yes\noutcome,ice,no\njudgement,ice,yes,{own},met,3\n"
    matrix = read_matrix(text, desk=desk)

    assert "ice" in matrix.place
    assert own in matrix.place
    assert len(matrix.judgements) == 1 + len(desk_matrix(desk).judgements)
    with pytest.raises(InputError, match="not there"):
        read_matrix(text.replace(own, "no-such"), desk=desk)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a,b,c\n", "not the heading"),
        (HEAD, "no factor"),
        (HEAD + "thing,a,b\n", "kind 'thing'"),
        (HEAD + "outcome,,b\n", "names no factor"),
        (HEAD + "outcome,a,\n", "names no outcome"),
        (PAIR + "outcome,a,up\n", "a name of its own"),
        (PAIR + "judgement,a,up,b,up,2\n", "judged twice"),
        (PAIR + "judgement,a,up,a,down,2\n", "on itself"),
        (PAIR + "judgement,a,up,c,down,2\n", "not there"),
        (PAIR + "judgement,a,up,b,down,two\n", "'two' is no number"),
        (PAIR + "judgement,a,up,b,down,nan\n", "no number"),
        (PAIR + "judgement,a,up,b,down,1e99\n", "no number"),
        (PAIR + "judgement,a,up,b,down,1,x,y,z\n", "9 cells"),
        (PAIR + 'judgement,"a\n', "no CSV"),
        (PAIR.replace("rises", "ris\x00es"), "NUL"),
        (HEAD + "".join(f"outcome,f{n},x\n" for n in range(400)), "at most 300"),
        (HEAD + "".join(f"outcome,f,x{n}\n" for n in range(40)), "at most 300 factors, 20"),
        ("x" * 5_000_000, "characters"),
    ],
)
def test_a_broken_table_is_refused(text, words):
    """Cut files, unknown names, letters for numbers and tables far too large are named."""
    with pytest.raises(InputError, match=words):
        read_matrix(text)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, len(PAIR)), st.text(max_size=4))
def test_any_damage_is_read_or_refused(at, damage):
    """A damaged table never fails in another way than by a named error."""
    try:
        analyse(read_matrix(PAIR[:at] + damage + PAIR[at + 1 :]), seconds=5)
    except LegationError:
        return


@pytest.mark.parametrize(
    "change",
    [{"max_inconsistency": -1}, {"max_inconsistency": float("nan")}, {"most": 0}, {"seconds": 0}, {"change_by": -1}],
)
def test_limits_out_of_range_are_refused(change):
    """Numbers that no search can use are refused."""
    with pytest.raises(InputError):
        analyse(read_matrix(PAIR), **change)


def benchmark():
    """Import the benchmark by its path, with what stands beside it in reach."""
    path = ROOT / "benchmarks/cross_impact.py"
    sys.path.insert(0, str(path.parent))
    try:
        spec = importlib.util.spec_from_file_location("bench_cross_impact", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["bench_cross_impact"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


@pytest.mark.needs_shared
def test_published_scores_and_consistency_are_matched(shared_peers):
    """The benchmark finds every set, total and consistency value that ScenarioWizard prints equal."""
    module = benchmark()
    folder = shared_peers("bench/cross_impact")
    rows = [module.row_of(path, each=60, with_weights=False) for path in sorted(folder.glob("*.scw"))]

    assert rows
    for row in rows:
        assert row["fault"] == ""
        assert row["same set"] == "yes"
        assert row["same scores"] == row["same consistency"] == f"{row['listed']} of {row['listed']}"


def test_the_benchmark_refuses_broken_files(tmp_path):
    """Cut matrices and solutions that do not fit are told in the row."""
    module = benchmark()
    scw = "$ x\nname\n&A\n -a\n -b\n&B\n -a\n -b\n#\n#\n 0, 0, 1, -1,\n 0, 0, -1, 1,\n 1, -1, 0, 0,\n -1, 1, 0, 0,\n#\n"
    path = tmp_path / "m.scw"
    path.write_text(scw)
    (tmp_path / "m.sl").write_text('$\nSolution set\n 2 \n\n" 1 1",2,2,0,2,""\n" 2 2",2,2,0,2,""\n')
    right = module.row_of(path, each=5, with_weights=True)
    assert (right["fault"], right["same set"], right["same scores"]) == ("", "yes", "2 of 2")

    (tmp_path / "m.sl").write_text('$\nSolution set\n 2 \n\n" 1 1",2,2,0,2,""\n')
    assert "announces 2" in module.row_of(path, each=5, with_weights=False)["fault"]
    (tmp_path / "m.sl").write_text('$\nSolution set\n 1 \n\n" 1 9",2,2,0,2,""\n')
    assert "no scenario" in module.row_of(path, each=5, with_weights=False)["fault"]
    for damage in (
        scw[:30],
        scw.replace(" 0, 0, 1, -1,\n", ""),
        scw.replace("#", "x"),
        scw.replace(" -1, 1, 0, 0,", "-1, 1,"),
    ):
        path.write_text(damage)
        assert module.row_of(path, each=5, with_weights=False)["fault"]


def ask(capsys, *words):
    """Run a command; give its exit code and both streams."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        command([str(word) for word in words])
    printed = capsys.readouterr()
    return int(end.value.code or 0), printed.out, printed.err


def test_the_command_answers_for_tables_and_desks(capsys):
    """Both kinds of input are answered in text and JSON, labelled."""
    table, desk = ROOT / "examples/scenarios/strait.csv", ROOT / "examples/small"
    code, out, _ = ask(capsys, "cross-impact", table, "--weights", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["exploratory"] is True
    assert told["scenarios"][0]["states"] == ["open", "announced", "growing", "rising"]
    assert sum(one["weight"] for one in told["scenarios"]) <= told["combinations"] == 24
    code, out, _ = ask(capsys, "cross-impact", desk, "--change", 0)
    assert code == 0
    assert "Scenario 1" in out
    code, out, _ = ask(capsys, "cross-impact", table, "--desk", desk, "--state", "access=closed", "--allow", 2)
    assert code == 0
    assert "Exploratory" in out


@pytest.mark.parametrize(
    "words",
    [
        ("no-such.csv",),
        ("no-such-desk",),
        (ROOT / "examples/small", "--desk", ROOT / "examples/small"),
        (ROOT / "examples/scenarios/strait.csv", "--state", "access"),
        (ROOT / "examples/scenarios/strait.csv", "--state", "access=ajar"),
        (ROOT / "examples/scenarios/strait.csv", "--allow", "nan"),
        (ROOT / "examples/scenarios/strait.csv", "--most", 0),
    ],
)
def test_the_command_refuses_what_it_cannot_use(capsys, words):
    """Missing files, unknown states and numbers out of range give one sentence and a code."""
    code, out, err = ask(capsys, "cross-impact", *words)

    assert code in {2, 5}
    assert "Traceback" not in out + err


def test_a_matrix_that_acts_on_nobody_is_format_checked():
    """A heading in another order is read; one with a column twice is refused."""
    turned = "reason,judgement,on outcome,on factor,outcome,factor,kind\n,,,,up,a,outcome\n"
    assert read_matrix(turned).factors[0].name == "a"
    with pytest.raises(FormatError):
        read_matrix(HEAD.replace("reason", "kind") + "outcome,a,up\n")
