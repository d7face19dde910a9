"""The benchmark on published points: its importer, its resume, and every point of the smallest published sets."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import FormatError, InputError

PATH = Path(__file__).resolve().parents[3] / "benchmarks" / "frontier.py"


@pytest.fixture(scope="module")
def bench():
    """Import the benchmark by its path, with its folder beside it."""
    sys.path.insert(0, str(PATH.parent))
    spec = importlib.util.spec_from_file_location("frontier_benchmark", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules["frontier_benchmark"] = module
    spec.loader.exec_module(module)
    sys.path.remove(str(PATH.parent))
    yield module
    del sys.modules["frontier_benchmark"]


def write(folder, **tables):
    """Write an instance's files as they are published."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        head = "," + ",".join(str(n + 1) for n in range(len(rows[0])))
        lines = [f"{n + 1},{','.join(str(cell) for cell in row)}" for n, row in enumerate(rows)]
        (folder / f"{name}.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return folder


SMALL = {
    "a": [[3, 4, 5, 6]], "b": [[9.5]], "c": [[4, 3, 2, 1], [1, 2, 3, 5]], "pareto_sols": [[7, 3], [6, 4], [5, 6]],
}  # fmt: skip


@pytest.mark.parametrize("name", ["4kp50", "2kp50"])
def test_every_published_point_is_found(bench, shared_peers, name):
    """The smallest published sets are found whole, with nothing beside them, and proven complete."""
    instance = bench.read_instance(shared_peers("bench/pareto") / name)

    row = bench.measure(instance, seconds=120)

    assert (row.equal, row.complete) == ("yes", "yes")
    assert row.found == row.published == row.both


def test_a_small_instance_is_read_measured_and_resumed(bench, tmp_path, monkeypatch, capsys):
    """Constraints mean at most; the second run takes its rows from the CSV, and a changed instance is run again."""
    write(tmp_path / "one", **SMALL)
    out = tmp_path / "out.csv"
    arguments = ["frontier.py", str(tmp_path), "--out", str(out), "--seconds", "20"]
    monkeypatch.setattr(sys, "argv", arguments)
    bench.main()
    first = capsys.readouterr().out

    bench.main()
    again = capsys.readouterr().out
    write(tmp_path / "one", **SMALL | {"b": [[8]]})
    bench.main()

    assert "| one | 2 | 4 | 3 | 3 | 3 | yes | yes |" in first
    assert again == first
    assert len(bench.read_rows(out)) == 2


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("a.csv", None, "is not there"),
        ("a.csv", ",1,2\n1,x,3\n", "no number"),
        ("a.csv", ",1,2\n1,nan,3\n", "not finite"),
        ("a.csv", ",1,2\n1,1e300,3\n", "not finite"),
        ("a.csv", ",1,2\n1,2\n", "rows of one length"),
        ("a.csv", ",1,2,3\n1,1,2,3\n", "c.csv 4 columns"),
        ("b.csv", ",1\n1,4\n2,5\n", "b.csv has 2 numbers"),
        ("c.csv", ",1,2,3,4\n1,1,2,3,4\n", "1 objectives"),
        ("pareto_sols.csv", ",1\n1,4\n", "1 columns for 2"),
        ("b.csv", "", "no table"),
        ("b.csv", '"', "no CSV"),
    ],
)
def test_hostile_files_are_refused(bench, tmp_path, file, text, words):
    """A missing, misfitting or broken file is refused with its name and the rule."""
    folder = write(tmp_path / "one", **SMALL)
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text, encoding="utf-8")

    with pytest.raises(FormatError, match=words):
        bench.read_instance(folder)


def test_bytes_that_are_no_text_are_refused(bench, tmp_path):
    """A file that is no UTF-8 is refused."""
    folder = write(tmp_path / "one", **SMALL)
    (folder / "c.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FormatError, match="cannot be read"):
        bench.read_instance(folder)


@given(st.text(max_size=60))
def test_any_text_is_a_table_or_refused(bench, tmp_path_factory, text):
    """Whatever a file holds, it is read as finite numbers or refused by name."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")

    try:
        out = bench.read_table(path)
    except FormatError:
        return
    assert np.isfinite(out).all()


def test_folders_without_instances_are_refused(bench, tmp_path):
    """No folder, an empty one, or a name that is not there is an error, not an empty table."""
    with pytest.raises(InputError, match="no folder"):
        list(bench.folders(tmp_path / "none", []))
    with pytest.raises(InputError, match="no instance"):
        list(bench.folders(tmp_path, []))


def test_a_foreign_results_file_is_refused(bench, tmp_path):
    """A CSV of something else is not appended to."""
    path = tmp_path / "out.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(FormatError, match="other columns"):
        bench.read_rows(path)
