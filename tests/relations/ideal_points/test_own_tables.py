"""`legation measure ideal-points` on a user's own files."""

from __future__ import annotations

import json

import polars as pl
import pytest

from legation.cli.run import run


@pytest.fixture
def folder(tmp_path, monkeypatch, drawn, extremes):
    """Make a folder with votes, bridges and the names of the two ends."""
    monkeypatch.chdir(tmp_path)
    votes = drawn(31, actors=15, sessions=4, resolutions=20, bridged=5)
    votes.votes.write_csv("votes.csv")
    votes.bridges.write_csv("bridges.csv")
    high, low = extremes(votes.truth)
    return tmp_path, votes, high, low


def _run(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(run(["measure", "ideal-points", *words]))
    out, err = capsys.readouterr()
    return ended.value.code or 0, out, err


def test_writes_points_items_and_sessions(folder, capsys):
    """The table goes to the named file, items and sessions beside it, and the summary to the terminal."""
    _, votes, high, low = folder

    code, out, _ = _run(
        capsys, "votes.csv", "--bridges", "bridges.csv", "--positive", high, "--negative", low, "--out", "points.csv"
    )

    points = pl.read_csv("points.csv")
    assert code == 0
    assert "Bridges used: 15" in out
    assert points.columns == ["actor", "session", "year", "theta", "se", "low", "high", "n_votes"]
    assert points.height == 60
    assert pl.read_csv("points.items.csv").height <= votes.votes["resolution"].n_unique()
    assert pl.read_csv("points.sessions.csv")["session"].to_list() == [1, 2, 3, 4]


def test_adds_a_session_to_an_earlier_run(folder, capsys):
    """A second run with --since-session and --previous keeps the old points and adds the new session's."""
    _, votes, high, _ = folder
    votes.votes.filter(pl.col("session") < 4).write_csv("early.csv")
    _run(capsys, "early.csv", "--bridges", "bridges.csv", "--sign", high, "--out", "early.parquet")

    code, out, _ = _run(
        capsys, "votes.csv", "--bridges", "bridges.csv", "--since-session", "4", "--previous", "early.parquet", "--json"
    )

    answer = json.loads(out)
    old = {(row["actor"], row["session"]): row["theta"] for row in pl.read_parquet("early.parquet").to_dicts()}
    new = {(row["actor"], row["session"]): row["theta"] for row in answer["table"]}
    assert code == 0
    assert answer["bridge_pairs"] == 5
    assert len(new) == 60
    assert all(new[key] == theta for key, theta in old.items())


def test_reads_the_names_that_the_publisher_uses(folder, capsys):
    """Voeten's column names, vote codes 8 and 9, and bridges by rcid through a crosswalk are read."""
    _, votes, _, _ = folder
    numbers = {name: str(2 + place) for place, name in enumerate(votes.votes["actor"].unique().sort())}
    votes.votes.select(
        pl.col("resolution").alias("resid"),
        "session",
        pl.col("actor").replace(numbers).alias("ccode"),
        "vote",
        (pl.col("session") + 1945).alias("year_session"),
    ).write_parquet("official.parquet")
    votes.bridges.select(
        rcid1=pl.lit("r") + pl.col("resolution1"), rcid2=pl.lit("r") + pl.col("resolution2")
    ).write_csv("matched.csv")
    names = votes.votes["resolution"].unique().sort()
    pl.DataFrame({"rcid": "r" + names, "resid": names}).write_csv("keys.csv")

    code, out, _ = _run(capsys, "official.parquet", "--bridges", "matched.csv", "--crosswalk", "keys.csv", "--json")

    answer = json.loads(out)
    assert code == 0
    assert answer["bridge_pairs"] == 15
    assert answer["table"][0]["actor"] == 2
    assert answer["table"][0]["year"] == 1946


def test_rcid_is_never_taken_for_resid(folder, capsys):
    """Votes by resid and bridges by rcid need a crosswalk: refused without, and found where the votes hold both."""
    _, votes, high, _ = folder
    votes.votes.rename({"resolution": "resid"}).write_csv("by-resid.csv")
    votes.bridges.rename({"resolution1": "rcid1", "resolution2": "rcid2"}).write_csv("by-rcid.csv")
    votes.votes.rename({"resolution": "resid"}).with_columns(rcid=pl.lit("r") + pl.col("resid")).write_csv("both.csv")
    votes.bridges.select(
        rcid1=pl.lit("r") + pl.col("resolution1"), rcid2=pl.lit("r") + pl.col("resolution2")
    ).write_csv("other.csv")

    refused, _, err = _run(capsys, "by-resid.csv", "--bridges", "by-rcid.csv", "--sign", high)
    code, out, _ = _run(capsys, "both.csv", "--bridges", "other.csv", "--sign", high, "--json")

    assert refused == 2
    assert "never the same number" in err
    assert code == 0
    assert json.loads(out)["bridge_pairs"] == 15


def test_uses_one_issue_of_a_table_beside(folder, capsys):
    """--issue with --issues keeps the resolutions on that issue, counting the others as dropped."""
    _, votes, high, _ = folder
    names = votes.votes["resolution"].unique().sort()
    pl.DataFrame(
        {"resolution": names, "issue": ["arms" if place % 2 else "trade" for place in range(len(names))]}
    ).write_csv("issues.csv")

    code, out, _ = _run(capsys, "votes.csv", "--issues", "issues.csv", "--issue", "arms", "--sign", high, "--json")

    answer = json.loads(out)
    assert code == 0
    assert answer["resolutions"] <= len(names) // 2
    assert answer["dropped"]["another issue"] > 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("votes.csv",), "None of the anchors"),
        (("votes.csv", "--since-session", "4"), "go together"),
        (("votes.csv", "--sign", "A01", "--positive", "A02"), "--sign stands instead"),
        (("votes.csv", "--issue", "arms", "--sign", "A01"), "no column issue"),
        (("bridges.csv",), "no column 'session'"),
        (("missing.csv",), "missing.csv"),
        (("votes.csv", "--sign", "A01", "--out", "points.xyz"), "known format"),
    ],
)
def test_refuses_in_a_sentence(folder, capsys, words, reason):
    """What cannot be done ends with code 2, one sentence and a remedy, and writes nothing."""
    code, _, err = _run(capsys, *words)

    assert code == 2
    assert reason in err
    assert "Traceback" not in err
    assert not list(folder[0].glob("points*"))
