"""A user's own signed ties through files and the command line: balance and blocs."""

from __future__ import annotations

import json

import polars as pl
import pytest

from legation.cli.run import run


@pytest.fixture
def ask(capsys):
    """Run a command in this process and give its exit code and what it printed."""

    def call(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            run([str(word) for word in words])
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def edges(tmp_path):
    """Write two years of signed ties."""
    path = tmp_path / "edges.csv"
    path.write_text(
        "from,to,sign,year\nEST,LVA,1,2001\nLVA,LTU,1,2001\nEST,LTU,-1,2001\nARM,AZE,-1,2001\nEST,LVA,1,2002\n"
    )
    return path


def test_balance_from_a_file(ask, edges, tmp_path):
    """A row per period, and beside it the camps, the ties out of line and the actors."""
    out = tmp_path / "found.csv"
    code, printed, _ = ask("measure", "balance", edges, "--out", out)
    periods = pl.read_csv(out)

    assert code == 0
    assert periods["period"].to_list() == [2001, 2002]
    assert periods["L"].to_list() == [1.0, 0.0]
    assert periods["F"].to_list() == [0.5, 1.0]
    assert len(pl.read_csv(tmp_path / "found.camps.csv")) == 7
    ties = pl.read_csv(tmp_path / "found.ties.csv")
    assert ties.filter(pl.col("mendable")).select("a", "b", "lowers").rows() == [("EST", "LTU", 1.0)]
    assert len(pl.read_csv(tmp_path / "found.actors.csv")) == 7
    assert "2 signed networks, 2 with proven least frustration." in printed


def test_balance_in_json_and_pooled(ask, edges):
    """Without a file JSON holds every table; pooled ties are one network and repeats count once."""
    _, printed, _ = ask("measure", "balance", edges, "--pooled", "--json")
    answer = json.loads(printed)

    assert [row["period"] for row in answer["periods"]] == ["all"]
    assert answer["periods"][0]["m"] == 4.0
    assert len(answer["camps"]) == 5
    assert answer["notes"] == ["1 rows repeat another one and count once."]
    _, printed, _ = ask("measure", "balance", edges, "--no-flips", "--json")
    assert json.loads(printed)["ties"] == []


def test_blocs_from_a_file(ask, edges, tmp_path):
    """A row per actor, and beside it the blocs, the pairs and the periods; the same seed writes the same."""
    out = tmp_path / "found.parquet"
    words = ("measure", "blocs", edges, "--out", out, "--seed", "3", "--bootstraps", "5", "--overwrite")
    code, printed, _ = ask(*words)
    first = pl.read_parquet(out)
    ask(*words)

    assert code == 0
    assert first.equals(pl.read_parquet(out))
    assert first.columns == ["period", "actor", "bloc", "held"]
    assert {path.name for path in tmp_path.glob("found.*")} == {
        "found.parquet", "found.blocs.parquet", "found.pairs.parquet", "found.periods.parquet",
    }  # fmt: skip
    assert "comes back in" in printed
    _, printed, _ = ask("measure", "blocs", edges, "--bootstraps", "0", "--json")
    assert len(json.loads(printed)["members"]) == 7


@pytest.mark.needs_shared
def test_published_networks_by_their_own_columns(ask, shared_data):
    """The published table is read as it is: from, to, sign, window."""
    table = shared_data("cow_signed_networks_1946_1999.parquet")
    _, printed, _ = ask("measure", "balance", table, "--no-flips", "--json")
    periods = {row["period"]: row for row in json.loads(printed)["periods"]}

    assert (periods["46-49"]["m"], periods["46-49"]["L"], periods["76-79"]["L"]) == (362.0, 17.0, 50.0)


@pytest.mark.parametrize("measure", ["balance", "blocs"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b,sign\nA,A,1\n", "tie of an actor with itself"),
        ("a,b,sign\nA,B,1\nB,A,-1\n", "A-B has the signs -1, 1"),
        ("a,b,sign\nA,B,inf\n", "finite number"),
        ("a,b,sign\nA,B,\n", "row 1 is empty"),
        ("a,b,sign\nA,B,friend\n", "no number"),
        ("a,b,sign\nA,B,0\n", "No tie has a sign other than 0"),
        ("a,b\nA,B\n", "no column 'sign'"),
        ("a,b,sign\n", "no rows"),
        ("", "is empty"),
    ],
)
def test_hostile_files_are_refused(ask, tmp_path, measure, content, message):
    """Self loops, contradictions, gaps and empty tables are named with a remedy and leave no file."""
    path = tmp_path / "edges.csv"
    path.write_text(content)
    code, printed, error = ask("measure", measure, path, "--out", tmp_path / "found.csv")

    assert code == 2
    assert printed == ""
    assert message in error
    assert "remedy: " in error
    assert list(tmp_path.glob("found*")) == []


def test_wrong_options_are_refused(ask, edges):
    """A period that is no column, no time and impossible numbers are refused."""
    for words, message in (
        (("balance", edges, "--period", "decade"), "no column 'decade'"),
        (("balance", edges, "--seconds", "0"), "are no time"),
        (("blocs", edges, "--bootstraps", "-1"), "bootstraps is -1"),
        (("blocs", edges, "--runs", "1.5"), "no whole number"),
    ):
        code, _, error = ask("measure", *words)
        assert code == 2
        assert message in error


def test_added_up_and_layered_signs(ask, tmp_path):
    """What contradicts can be added up, or kept as layers for blocs."""
    path = tmp_path / "edges.csv"
    path.write_text("a,b,sign\nA,B,2\nB,A,-1\nB,C,1\n")
    _, printed, _ = ask("measure", "balance", path, "--repeated", "sum", "--json")
    assert json.loads(printed)["periods"][0]["m"] == 2.0
    _, printed, _ = ask("measure", "blocs", path, "--repeated", "layers", "--bootstraps", "0", "--json")
    assert json.loads(printed)["periods"][0]["ties"] == 3
