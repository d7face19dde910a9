"""The command `ties` lists, filters and writes ties, and refuses what it cannot answer; `landscape` takes --since."""

from __future__ import annotations

import json

import polars as pl
import pytest

from legation.cli.run import run


@pytest.fixture
def ask(capsys):
    """Return a function that runs a command line and gives its exit code and what it printed."""

    def asked(*words):
        with pytest.raises(SystemExit) as ended:
            run([str(word) for word in words])
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return asked


def test_ties_of_two_as_text(ask):
    """Portugal and Brazil: the counts by kind, and a row for each tie."""
    code, out, _ = ask("ties", "Portugal", "BRA", "--as-of", "2024-06-30")

    assert code == 0
    assert out.startswith("3 ties on 2024-06-30, 1 of them current: embassy 2, organisation 1")
    assert "CPLP" in out
    assert "no ties at all of these kinds: agreement, exercise" in out


def test_ties_of_one_as_json_and_file(ask, tmp_path):
    """Every tie of Estonia goes into the file, and the JSON names it; the rows are in one place only."""
    path = tmp_path / "ties.parquet"
    code, out, _ = ask("ties", "EST", "--as-of", "2020-01-01", "--kinds", "troops,training", "--json", "--out", path)
    answer = json.loads(out)

    assert code == 0
    assert answer["files"] == [str(path)]
    assert answer["ties"] == []
    assert answer["rows"] == len(pl.read_parquet(path)) > 5


def test_ties_as_json_rows(ask):
    """Without a file the JSON holds the rows with the columns of the table."""
    _, out, _ = ask("ties", "FIN", "SWE", "--as-of", "2024-06-30", "--kinds", "defence_treaty", "--json")
    rows = json.loads(out)["ties"]

    assert {row["kind"] for row in rows} == {"defence_treaty"}
    assert {"start", "strength", "source", "known", "current"} <= set(rows[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ties", "EST", "EST"), "no tie with itself"),
        (("ties", "EST", "--kinds", "bonds"), "no kind of tie 'bonds'"),
        (("ties", "EST", "--as-of", "2999-01-01"), "There is no evidence for 2999-01-01"),
        (("ties", "Atlantis"), "Atlantis"),
        (("ties", "EST", "--out", "ties.doc"), "no known format"),
        (("landscape", "FIN", "--as-of", "2020-01-01", "--since", "2021-01-01"), "is not before"),
        (("landscape", "FIN", "--since", "1700-01-01"), "There is no evidence for 1700-01-01"),
        (("relation", "ESP", "MAR", "--as-of", "2999-01-01"), "There is no evidence for 2999-01-01"),
    ],
)
def test_what_cannot_be_answered_is_refused(ask, words, said):
    """Each refusal is one sentence on standard error, with a remedy, and nothing is printed."""
    code, out, err = ask(*words)

    assert code != 0
    assert out == ""
    assert said in err
    assert "remedy:" in err


def test_a_landscape_since_prints_its_sections(ask):
    """The text has a section for each thing that can change."""
    code, out, _ = ask("landscape", "SWE", "--as-of", "2024-06-30", "--since", "2022-01-01")

    assert code == 0
    assert "2024-03-07: organisation joined: NATO" in out
    assert "Actors with the most similar profile" in out
