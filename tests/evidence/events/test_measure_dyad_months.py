"""`legation measure dyad-months` on files of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from legation.cli.run import run as run_command
from legation.evidence.events.months import DYAD_MONTH_COLUMNS
from legation.relations.events import SCORE_COLUMNS


@dataclass(frozen=True)
class Done:
    """What a command line left behind."""

    returncode: object
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path, monkeypatch, capfd) -> Run:
    """Return a runner of the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Done:
        with pytest.raises(SystemExit) as ended:
            run_command(["measure", "dyad-months", *map(str, words)])
        out, err = capfd.readouterr()
        return Done(ended.value.code, out, err)

    return call


def test_a_file_is_written_with_rules_and_quarantine_beside_it(run: Run, gdelt2, write, tmp_path: Path):
    """The table has the documented columns; what was not as documented stands in a table of its own."""
    path = write([gdelt2(), gdelt2(EventCode="999"), gdelt2(SQLDATE="20190303")])

    done = run(path, "--format", "gdelt2", "--out", "months.csv")

    assert (done.returncode, done.stderr) == (0, "")
    assert "1 rows left out: not a CAMEO code" in done.stdout
    assert list(DYAD_MONTH_COLUMNS) == pl.read_csv(tmp_path / "months.csv").columns
    assert pl.read_csv(tmp_path / "months.csv")["n"].sum() == 2
    assert pl.read_csv(tmp_path / "months.quarantine.csv")["reason"].to_list() == ["not a CAMEO code"]
    assert "one_a_day" in pl.read_csv(tmp_path / "months.rules.csv")["rule"].to_list()


def test_json_holds_the_table_and_its_rules(run: Run, gdelt2, write):
    """A program gets rows, rules, quarantine and volumes."""
    done = run(write([gdelt2(), gdelt2()]), "--json", "--without", "one_a_day", "--without", "syndicated")

    answer = json.loads(done.stdout)
    assert [row["n"] for row in answer["table"]] == [2]
    assert {row["rule"]: row["on"] for row in answer["rules"] if row["rule"] in {"syndicated", "one_a_day"}} == {
        "syndicated": False,
        "one_a_day": False,
    }


def test_scores_are_given_for_a_half_life(run: Run, gdelt2, write, tmp_path):
    """With a half-life the table holds scores."""
    done = run(write([gdelt2()]), "--half-life", "6", "--out", "scores.parquet")

    assert done.returncode == 0
    assert list(SCORE_COLUMNS) == pl.read_parquet(tmp_path / "scores.parquet").columns


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--with", "everything"], "is no clean-up rule"),
        (["--min-sources", "0"], "is no number of sources"),
        (["--out", "months.xyz"], "no known format"),
        (["--engine", "spark"], "no address of a Spark Connect server"),
        (["--engine", "spark", "--remote", "sc://localhost:1"], "No Spark Connect server answers"),
        (["--half-life", "0"], "half-life"),
        (["--half-life", "6", "--by-type"], "whole dyad-months"),
        (["--format", "icews"], "gdelt2"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, gdelt2, write, words, said):
    """The error names value, rule and remedy, without a traceback."""
    done = run(write([gdelt2()]), *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "remedy:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_there_is_kept(run: Run, gdelt2, write, tmp_path):
    """Nothing is replaced unless asked for."""
    path = write([gdelt2()])
    (tmp_path / "months.csv").write_text("mine")

    refused = run(path, "--out", "months.csv")
    done = run(path, "--out", "months.csv", "--overwrite")

    assert (refused.returncode, done.returncode) == (2, 0)
    assert "is there already" in refused.stderr
    assert (tmp_path / "months.csv").read_text() != "mine"
