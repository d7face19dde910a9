"""Importers of published scheduling instances: what they read, and how damaged files are refused."""

import csv
import importlib
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.errors import FormatError, InputError
from legation.planning.schedule.solve import schedule

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def formats():
    """Import the benchmark's readers."""
    return load("scheduling_formats")


def load(name):
    """Import a module of the benchmarks' folder."""
    if str(BENCHMARKS) not in sys.path:
        sys.path.insert(0, str(BENCHMARKS))
    return importlib.import_module(name)


RCPSP = """4 1
3
0 0 2 2 3
2 2 1 4
3 2 1 4
0 0 0
"""

MULTI = """jobs  (incl. supersource/sink ):	4
RESOURCES
- renewable                 : 1 R
- nonrenewable              : 1 N
- doubly constrained        : 0 D
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
1	1	2		2 3
2	2	1		4
3	1	1		4
4	1	0
************************************************************************
REQUESTS/DURATIONS
jobnr.	mode	dur	R1	N1
------------------------------------------------------------------------
1	1	0	0	0
2	1	2	2	4
	2	4	1	1
3	1	3	2	2
4	1	0	0	0
************************************************************************

 RESOURCE AVAILABILITIES
	R 1	N 1
	3	3

************************************************************************
"""

SKILLS = """% seed = 1
mint = 5;
nActs = 4;
dur = [0,2,3,0];
nSkills = 2;
sreq = [| 0,0,
	| 1,1,
	| 0,1,
	| 0,0, |];
nResources = 2;
mastery = [| true,false,
	| true,true, |];
nPrecs = 4;
pred = [1,1,2,3];
succ = [2,3,4,4];
"""

GOOD = {"rcpsp": (RCPSP, 5), "mmrcpsp": (MULTI, 4), "mspsp": (SKILLS, 5)}


def write(tmp_path, family, text):
    """Write an instance as its library would name it."""
    path = tmp_path / ("x.dzn" if family == "mspsp" else "x.txt")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("family", GOOD)
def test_an_instance_is_read_and_solved(formats, tmp_path, family):
    """The family is told by the file, and the makespan is the one found by hand."""
    text, best = GOOD[family]
    path = write(tmp_path, family, text)

    found = schedule(formats.read_instance(path), seconds=10)

    assert formats.family_of(path) == family
    assert (found.status, found.makespan) == ("optimal", best)


@pytest.mark.parametrize(
    ("family", "old", "new", "words"),
    [
        ("rcpsp", "0 0 0\n", "", "ends before"),
        ("rcpsp", "0 0 0\n", "0 0 0 7\n", "there is more"),
        ("rcpsp", "4 1\n", "4 x\n", "not a whole number"),
        ("rcpsp", "2 2 1 4", "-2 2 1 4", "not a whole number"),
        ("rcpsp", "2 2 1 4", "2 2 1 9", "successor 9"),
        ("rcpsp", "4 1\n", "400000 1\n", "tasks"),
        ("mmrcpsp", "RESOURCE AVAILABILITIES", "", "no section"),
        ("mmrcpsp", "2	1	2	2	4\n", "", "missing or out of order"),
        ("mmrcpsp", "	3	3\n", "	3\n", "ends before"),
        ("mmrcpsp", "2	2	1		4", "2	3	1		4", "there is more"),
        ("mmrcpsp", "- doubly constrained        : 0", "- doubly constrained        : 1", "not supported"),
        ("mmrcpsp", "3	1	1		4\n", "", "line of successors"),
        ("mmrcpsp", "	2	4	1	1", "	2	four	1	1", "not a whole number"),
        ("mspsp", "dur = [0,2,3,0]", "dur = [0,2,3]", "'dur' has 3"),
        ("mspsp", "succ = [2,3,4,4]", "succ = [2,3,4]", "'succ' 3"),
        ("mspsp", "true,false", "true,maybe", "not true or false"),
        ("mspsp", "| 0,1,\n", "| 0,\n", "not a table"),
        ("mspsp", "nSkills = 2;", "", "no 'nSkills'"),
        ("mspsp", "| 0,1,\n", "| 0,-1,\n", "not a whole number"),
        ("mspsp", "pred = [1,1,2,3]", "pred = [1,1,2,9]", "names task 9"),
    ],
)
def test_a_damaged_file_is_refused_by_name(formats, tmp_path, *, family, old, new, words):
    """Cut files, wrong counts, letters and negative numbers are named with the file."""
    text, _ = GOOD[family]
    assert old in text
    path = write(tmp_path, family, text.replace(old, new, 1))

    with pytest.raises(FormatError, match=words) as caught:
        formats.read_instance(path, family=family)

    assert path.name in str(caught.value)


@pytest.mark.parametrize("family", GOOD)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_gets_through_as_another_error(formats, tmp_path, family, data):
    """A file cut or changed anywhere is read as an instance or refused, never anything else."""
    text, _ = GOOD[family]
    at = data.draw(st.integers(0, len(text) - 1))
    damage = data.draw(st.sampled_from(["", "-", "9", "x", ";", "|", "\n", "99999999999"]))
    cut = data.draw(st.booleans())
    path = write(tmp_path, family, text[:at] + damage + ("" if cut else text[at + 1 :]))

    try:
        problem = formats.read_instance(path, family=family)
    except (FormatError, InputError):
        return
    assert problem.tasks


def test_binary_and_missing_files_are_refused(formats, tmp_path):
    """What is no text or not there is refused with its name."""
    path = tmp_path / "x.txt"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FormatError, match="not UTF-8"):
        formats.read_instance(path)
    with pytest.raises(FormatError, match="cannot be read"):
        formats.read_instance(tmp_path / "none.txt")


def test_a_run_is_resumed_and_summed_up(tmp_path, monkeypatch, capsys):
    """Rows in the CSV are not run again; a refused file stands below the table; a published value is compared."""
    for name, text in (("J30_1.txt", RCPSP), ("J30_2.txt", RCPSP.replace("0 0 0\n", ""))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "best_known.csv").write_text("instance,best_known_makespan\nJ30_1.txt,5\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    monkeypatch.setattr(sys, "argv", ["x", str(tmp_path), "--seconds", "5", "--csv", str(out), "--workers", "1"])
    script = load("scheduling")

    script.main()
    first = capsys.readouterr()
    script.main()
    again = capsys.readouterr()

    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["status"] for row in rows] == ["optimal", "fault"]
    assert again.out == first.out
    assert again.err == ""
    assert re.search(r"\| J30 \| 1 \| 5 \| 1 \(100.0 %\) \| 0.00 % \|", first.out)
    assert "J30_2.txt: it ends before" in first.out


@pytest.mark.needs_shared
def test_every_published_file_is_read(formats, shared_peers):
    """All instances beside the project are read, with the tasks their names promise."""
    for family, (reader, pattern) in formats.FAMILIES.items():
        paths = sorted(shared_peers(f"bench/{family}").glob(pattern))
        assert paths
        for path in paths:
            problem = reader(path)
            named = re.match(r"J(\d+)_|inst.*_n(\d+)_", path.name) if family != "mmrcpsp" else None
            if named:
                extra = 2
                assert len(problem.tasks) in {int(named[1] or named[2]), int(named[1] or named[2]) + extra}
