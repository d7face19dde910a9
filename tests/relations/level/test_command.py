"""`legation measure level` reads a stranger's tables, writes predictions and figures, and refuses what it cannot do."""

from __future__ import annotations

import json
import subprocess
import sys

import polars as pl
import pytest


def _run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "legation", "measure", "level", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def files(table, tmp_path_factory):
    """Return a folder with evidence as CSV and the levels apart, those of some dyads left out."""
    folder = tmp_path_factory.mktemp("files")
    small = table.filter(pl.col("year") >= 1996)
    small.drop("level").write_csv(folder / "evidence.csv")
    unknown = (pl.col("a") == "S01") & (pl.col("b") > "S05")
    small.select("a", "b", "year", pl.when(unknown).then(None).otherwise(pl.col("level")).alias("level")).write_csv(
        folder / "levels.csv"
    )
    return folder


def test_a_strangers_tables(files):
    """Rows without a level are predicted, written and reported; the model is kept as data."""
    done = _run(
        files / "evidence.csv", "--labels", files / "levels.csv", "--train-years", "1996-2003", "--out",
        files / "out.parquet", "--report", files / "report.json", "--save-model", files / "model", "--json",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    found = pl.read_parquet(files / "out.parquet")
    assert found.height == 6 * 8
    assert set(found["a"]) == {"S01"}
    assert found.select(pl.sum_horizontal("p0", "p1", "p2", "p3", "p4")).to_series().round(9).unique().to_list() == [1]
    report = json.loads((files / "report.json").read_text())
    assert report["card"]["train_to"] == 2003
    assert json.loads(done.stdout)["report"]["predicted_rows"] == 48
    assert sorted(path.name for path in (files / "model").iterdir()) == ["level.json", "level.npz"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--train-years", "1900-1950"], "Evidence comes from exactly one place"),
        (["EVIDENCE", "--sources", ".", "--train-years", "1900"], "Evidence comes from exactly one place"),
        (["EVIDENCE", "--train-years", "1900-1950"], "no column level"),
        (["EVIDENCE", "--train-years", "soon"], "no span of years"),
        (["EVIDENCE", "--train-years", "1990", "--leave-out", "disputes"], "names groups of source tables"),
        (["--sources", "FOLDER", "--train-years", "1990"], "--labels is missing"),
        (["--sources", "FOLDER", "--labels", "LEVELS", "--train-years", "1990"], "bears the name of a source table"),
        (["EVIDENCE", "--labels", "LEVELS", "--train-years", "1990", "--out", "x.pdf"], "no known format"),
    ],
)
def test_refusals_name_rule_and_remedy(files, words, said):
    """Nothing is written, the fault is one sentence with its remedy, and the exit code says input."""
    names = {"EVIDENCE": files / "evidence.csv", "LEVELS": files / "levels.csv", "FOLDER": files}
    done = _run(*(names.get(word, word) for word in words))

    assert done.returncode == 2
    assert said in done.stderr
    assert "remedy" in done.stderr
