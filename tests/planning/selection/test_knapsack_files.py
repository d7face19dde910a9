"""The importers of public knapsacks: what they read, and what they refuse by name."""

import contextlib
import sys

import numpy as np
import pytest
from benchmark_modules import benchmark
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import FormatError, LegationError

QUADRATIC = "name\n3\n 5 6 7\n 1 2\n 3\n\n0\n10\n 4 5 6\n\nComments\n\nDensity : 25.00 %\n"
LIMITS = " 2\n 3 2 0\n 5 6 7\n 1 2 3\n 4 5 6\n 3 9\n 2 1 9\n 4 9\n 1 2\n 2\n"


files = benchmark("knapsack_files")


def write(folder, name, text):
    """Write a file and give its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_quadratic_knapsack_is_read(tmp_path):
    """Values, upper triangle, capacity and weights stand where the format says; the table gives the best value."""
    write(tmp_path, "jeu_3_25_1.txt", QUADRATIC)
    write(tmp_path, "best_known.csv", "instance,best_known_profit\njeu_3_25_1.txt,14\n")

    (own,) = files.read_folder(tmp_path)

    assert own.profit.tolist() == [5, 6, 7]
    assert own.pair.tolist() == [[0, 1, 2], [0, 0, 3], [0, 0, 0]]
    assert (own.capacity.tolist(), own.weight.tolist(), own.best_known) == ([10], [[4, 5, 6]], 14)
    assert own.value(np.array([True, False, True])) == 14
    assert own.fits(np.array([True, False, True]))
    assert not own.fits(np.array([False, True, True]))


def test_knapsacks_with_several_limits_are_read(tmp_path):
    """Each problem of a file has its name, its rows and its best value, which is none where the file says 0."""
    write(tmp_path, "mknapcb1.txt", LIMITS)

    first, second = files.read_folder(tmp_path)

    assert (first.name, first.best_known, first.weight.tolist()) == ("2.3-00", None, [[1, 2, 3], [4, 5, 6]])
    assert (second.name, second.best_known, second.capacity.tolist()) == ("1.2-01", 9, [2])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (QUADRATIC.replace("0\n10", "1\n10"), "type is 1"),
        (QUADRATIC.replace("\n 3\n", "\n"), "type is 10"),
        (QUADRATIC.replace(" 4 5 6", " 4 5"), "ends after"),
        (QUADRATIC.replace(" 4 5 6", " 4 5 6 7"), "1 numbers are left over"),
        (QUADRATIC.replace("5 6 7", "5 -6 7"), "'-6' is not a whole number"),
        (QUADRATIC.replace("5 6 7", "5 1e3 7"), "'1e3' is not a whole number"),
        (QUADRATIC.replace("5 6 7", "5 9999999999 7"), "above 1000000000"),
        (QUADRATIC.replace("\n3\n", "\n999999\n"), "announces 999999 items"),
        (QUADRATIC.replace("\n3\n", "\n0\n"), "announces 0 items"),
        ("", "ends after 0"),
        ("name\n\u00e4\n", "not plain text"),
    ],
)
def test_a_broken_quadratic_file_is_refused(tmp_path, text, words):
    """Every fault of a file is named with the file."""
    path = write(tmp_path, "jeu.txt", text)

    with pytest.raises(FormatError, match=words) as caught:
        files.read_quadratic(path)

    assert "jeu.txt" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LIMITS.replace(" 2\n 3 2", " 3\n 3 2", 1), "ends after"),
        (LIMITS + " 7\n", "1 numbers are left over"),
        (LIMITS.replace(" 3 2 0", " 3 200 0"), "announces 200 limits"),
        (LIMITS.replace("4 5 6", "4 x 6"), "'x' is not a whole number"),
    ],
)
def test_a_broken_file_of_several_limits_is_refused(tmp_path, text, words):
    """Every fault of a file is named."""
    path = write(tmp_path, "mknapcb1.txt", text)

    with pytest.raises(FormatError, match=words):
        list(files.read_limits(path))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789 \n-.x\u00e4", max_size=200))
def test_any_text_is_read_or_refused_by_name(tmp_path_factory, text):
    """No text makes an importer fail in any other way than by a named error."""
    path = write(tmp_path_factory.mktemp("hostile"), "mknapcb1.txt", text)
    for read in (files.read_quadratic, lambda path: list(files.read_limits(path))):
        with contextlib.suppress(FormatError):
            read(path)


def test_folders_without_instances_and_broken_tables_are_refused(tmp_path):
    """A missing folder, an empty one and a table of best values that is none are named."""
    with pytest.raises(FormatError, match="is no folder"):
        list(files.read_folder(tmp_path / "missing"))
    with pytest.raises(FormatError, match="holds no instance"):
        list(files.read_folder(tmp_path))
    write(tmp_path, "jeu.txt", QUADRATIC)
    write(tmp_path, "best_known.csv", "jeu.txt,fourteen\n")
    with pytest.raises(FormatError, match="is no name with a value"):
        list(files.read_folder(tmp_path))


def test_published_best_values_follow_the_order_of_problems(tmp_path):
    """The first table names some values and leaves others without; they stand in the order of the second table."""
    text = "head\n\nProblem Name  Best\n\n24381\n24274\n5.250-00   59312\n\nProblem Name LP optimal\n\n"
    text += "5.100-00  2.4e+04\n5.100-01  2.4e+04\n5.250-00  5.9e+04\n5.250-01  6.1e+04\n"
    write(tmp_path, "mkcbres.txt", text)

    assert files.read_best(tmp_path) == {"5.100-00": 24381, "5.100-01": 24274, "5.250-00": 59312}

    write(tmp_path, "mkcbres.txt", text.replace("5.250-00   59312", "5.250-07   59312"))
    with pytest.raises(FormatError, match=r"5\.250-07 stands where 5\.250-00 belongs"):
        files.read_best(tmp_path)


@pytest.mark.needs_shared
def test_the_reference_instances_are_read_whole(shared_peers):
    """25 quadratic and 90 instances with several limits are there, each with its best known value."""
    quadratic = list(files.read_folder(shared_peers("bench/qkp")))
    limited = list(files.read_folder(shared_peers("bench/mkp")))

    assert len(quadratic) == 25
    assert len(limited) == 90
    assert all(own.best_known for own in quadratic + limited)
    assert next(own.best_known for own in limited if own.name == "30.100-29") == 60603


def test_the_benchmark_appends_and_resumes(tmp_path, monkeypatch, capsys):
    """A second run reads the rows of the first instead of planning again, and prints the same table."""
    write(tmp_path, "jeu_3_25_1.txt", QUADRATIC)
    write(tmp_path, "best_known.csv", "jeu_3_25_1.txt,14\n")
    run = benchmark("knapsacks")
    monkeypatch.setattr(
        sys, "argv", ["knapsacks.py", str(tmp_path), "--out", str(tmp_path / "rows.csv"), "--seconds", "5"]
    )

    run.main()
    first = capsys.readouterr().out
    rows = (tmp_path / "rows.csv").read_text()
    run.main()

    assert capsys.readouterr().out == first
    assert (tmp_path / "rows.csv").read_text() == rows
    assert "| jeu_3_25_1 | 3 | 1 | 3 | 14 | 14 | 0.0000% | 14.0 |" in first

    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    with pytest.raises(LegationError, match="holds other columns"):
        run.main()


def test_drawn_knapsacks_are_read_back_as_they_were_drawn(tmp_path, monkeypatch, capsys):
    """What the generator writes, the importers read, and values and capacities keep to the published recipes."""
    drawn = benchmark("knapsack_generate")
    asked = ["--quadratic", "20", "--densities", "50", "--limited", "5.30"]
    monkeypatch.setattr(sys, "argv", ["knapsack_generate.py", str(tmp_path), *asked])

    drawn.main()

    assert capsys.readouterr().out == "2 files written\n"
    limited = list(files.read_folder(tmp_path))
    quadratic = limited.pop(0)
    again = drawn.quadratic("drawn_20_50_1", items=20, density=50, seed=1_001)
    assert (quadratic.pair == again.pair).all()
    assert (quadratic.weight == again.weight).all()
    assert 50 <= quadratic.capacity[0] <= quadratic.weight.sum()
    assert [item.name for item in limited] == ["5.30-00", "5.30-01", "5.30-02"]
    for item, share in zip(limited, (0.25, 0.5, 0.75), strict=True):
        assert (item.capacity == np.floor(share * item.weight.sum(axis=1))).all()
        assert (item.profit - item.weight.mean(axis=0) < 500).all()


def test_a_size_that_is_none_is_refused(tmp_path, monkeypatch):
    """Sizes are limits and items with a dot between."""
    drawn = benchmark("knapsack_generate")
    monkeypatch.setattr(sys, "argv", ["knapsack_generate.py", str(tmp_path), "--limited", "500"])

    with pytest.raises(LegationError, match="'500' is no size"):
        drawn.main()
