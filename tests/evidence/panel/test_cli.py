"""The command `legation panel`: what it writes, prints and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from legation.cli.run import run
from legation.evidence.panel.write import read_description


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch) -> Callable[..., tuple[int, str, str]]:
    """Run a command in a folder of its own; return exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            run([str(word) for word in words])
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def sources(tables, tmp_path: Path) -> Path:
    """Return a folder of small source files, some under their version, one as CSV."""
    folder = tmp_path / "sources"
    folder.mkdir()
    names = {
        "cow_system": "isard_cow_system.parquet",
        "cow_gw_years": "crosswalk_cow_gw_year.parquet",
        "cow_nmc": "cow_nmc_v7.parquet",
        "cow_contdir": "cow_contdir.parquet",
        "cow_majors": "cow_majors.parquet",
        "cow_war_inter": "cow_war_inter.parquet",
    }
    for table, name in names.items():
        tables(table).write_parquet(folder / name)
    tables("atop_ddy").write_csv(folder / "atop_ddy_v51.csv")
    return folder


def test_a_panel_of_dyads_is_written(ask, sources: Path, tmp_path: Path) -> None:
    """Verbs are added in order after the reduction; the file has the rows and where each column comes from."""
    code, out, err = ask(
        "panel", "dyads", "--system", "cow", "--from", 1990, "--to", 1992, "--directed", "--add", "nmc,alliances",
        "--add", "wars,peace_years", "--reduce", "relevant", "--sources", sources, "--out", "p.parquet",
    )  # fmt: skip
    frame = pl.read_parquet(tmp_path / "p.parquet")

    assert (code, err) == (0, "")
    assert "dyad years, 1990 to 1992" in out
    assert "cow_nmc: COW National Material Capabilities, 7.0" in out
    assert frame.filter(pl.col("year") == 1992).select("ccode1", "ccode2").rows() == [
        (10, 20), (10, 30), (20, 10), (20, 30), (30, 10), (30, 20),
    ]  # fmt: skip
    assert frame.columns[:7] == ["ccode1", "ccode2", "year", "conttype", "cowmaj1", "cowmaj2", "prd"]
    assert frame.columns[-1] == "cowinter_peace_years"
    assert read_description(tmp_path / "p.parquet").rows == len(frame)


def test_json_says_everything(ask, sources: Path) -> None:
    """For programs: the description of every column, sums and what to cite."""
    code, out, _ = ask(
        "panel", "states", "--from", 1990, "--to", 1991, "--add", "nmc,codes", "--sources", sources, "--json"
    )
    found = json.loads(out)

    assert code == 0
    assert found["panel"]["rows"] == 6
    assert [column["name"] for column in found["panel"]["columns"]][:3] == ["ccode", "year", "milex"]
    assert found["sums"]["tpop"] == {"column": "tpop", "n": 2, "missing": 4, "sum": 3.0, "mean": 1.5, "non_zero": 2}
    assert {row["table"] for row in found["cite"]} == {"cow_system", "cow_nmc", "cow_gw_years"}


def test_options_of_verbs_and_carrying(ask, sources: Path, tmp_path: Path) -> None:
    """Options are set by verb; verbs that are carried forward get their column; the reduction can come last."""
    code, *_ = ask(
        "panel", "dyads", "--undirected", "--from", 1991, "--to", 1993, "--add", "contiguity,nmc", "--set",
        "contiguity.changes=last", "--carry-forward", "nmc", "--reduce", "relevant", "--reduce-last", "--sources",
        sources, "--out", "p.csv",
    )  # fmt: skip
    frame = pl.read_csv(tmp_path / "p.csv")

    assert code == 0
    assert frame.columns[3:5] == ["conttype", "milex1"]
    pair = frame.filter((pl.col("ccode1") == 10) & (pl.col("ccode2") == 20))
    assert pair.get_column("conttype").to_list() == [1, 2]
    assert pair.get_column("tpop1_carried_from").to_list() == [None, 1991]
    assert json.loads((tmp_path / "p.csv.columns.json").read_text())["columns"][4]["carried_from"] == 1991


def test_own_tables_and_organisations(ask, sources: Path, tmp_path: Path) -> None:
    """A table of one's own is added by the name given to it; organisations need no files."""
    (tmp_path / "ties.csv").write_text("ccode1,ccode2,year,tie\n10,20,1991,3\n")
    code, out, _ = ask(
        "panel", "dyads", "--from", 1991, "--to", 1991, "--sources", sources, "--table", "ties=ties.csv", "--add",
        "table:ties,similarity:ties", "--set", "similarity.keep=tie", "--json",
    )  # fmt: skip
    sums = json.loads(out)["sums"]

    assert code == 0
    assert sums["tie"]["sum"] == sums["similarity_tie"]["sum"] == 6
    code, out, _ = ask("panel", "members", "NATO", "--from", 2020, "--to", 2024)
    assert code == 0
    assert "153 membership years" in out


def test_what_is_too_large_is_written_in_parts(ask, sources: Path, tmp_path: Path) -> None:
    """A panel larger than --memory goes in parts to Parquet, and is refused for other formats."""
    small = ("--memory", "0.2")
    wide = ("panel", "dyads", "--period", "day", "--from", "1990", "--to", "2024", "--world", tmp_path / "w")
    code, _, err = ask(*wide[:-2], *small, "--out", "p.csv")
    assert code == 2
    assert "0.2 GB are allowed" in err
    assert not (tmp_path / "p.csv").exists()
    days = ("panel", "dyads", "--period", "day", "--from", "2024", "--to", "2024")
    code, out, _ = ask(*days, "--memory", "0.05", "--out", "p.parquet")
    assert code == 0
    assert "Wrote 13,8" in out
    assert "in parts" in out
    assert read_description(tmp_path / "p.parquet").period == "day"


def test_the_verbs_are_listed(ask) -> None:
    """Every verb stands with its purpose, its units and options; as JSON too."""
    listed = json.loads(ask("panel", "verbs", "--json")[1])
    text = ask("panel", "verbs")[1]

    assert {"gml_mids", "nmc", "table", "similarity", "leaders"} <= {verb["name"] for verb in listed}
    assert all(f"{verb['name']}: {verb['purpose']}" in text for verb in listed)
    assert next(verb for verb in listed if verb["name"] == "gml_mids")["options"]["whittle"][0] == "onset"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("dyads", "--add", "nmcc"), "Did you mean nmc"),
        (("leaders", "--add", "alliances"), "not by leader"),
        (("dyads", "--from", "2000", "--to", "1990"), "reversed"),
        (("dyads", "--from", "1700"), "lies outside"),
        (("dyads", "--directed", "--undirected"), "directed or undirected"),
        (("states", "NATO"), "takes no names"),
        (("states", "--set", "nmc"), "not VERB.OPTION=VALUE"),
        (("states", "--set", "nmc.x=1"), "nmc, which is not added"),
        (("dyads", "--whittle", "onset"), "none are added"),
        (("states", "--table", "x"), "not NAME=FILE"),
        (("states", "--table", "x=none.csv", "--add", "table:x"), "no file none.csv"),
        (("states", "--sources", "nowhere"), "no folder nowhere"),
        (("states", "--add", "nmc"), "no table cow_nmc"),
        (("states", "--reduce", "relevant"), "reduces dyads"),
        (("states", "--from", "1990.5"), "no whole number"),
        (("states", "--out", "p.xls"), "no known format"),
        (("planets",), "planets"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(ask, words, says) -> None:
    """A wrong request ends with code 2, one sentence and a remedy, and no traceback."""
    code, out, err = ask("panel", *words)

    assert code == 2
    assert says in err
    assert "Traceback" not in err
    assert out == ""
