"""Worlds from the command line: sources, licences, build, differences, pictures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from legation.evidence import baseline_path


def test_sources_are_listed_with_what_they_allow(ask) -> None:
    """Every source stands with its use and age; those that may not be passed on say so."""
    found = {one["name"]: one for one in json.loads(ask("world", "sources", "--json").out)["sources"]}

    assert found["cow_nmc"]["use"] == "research"
    assert not found["cow_nmc"]["may_be_passed_on"]
    assert found["un_votes"]["may_be_passed_on"]
    assert found["cepii_distance"]["age_days"] is None
    assert found["wgi"]["age_days"] > 0
    assert all(one["found"] is None for one in found.values())
    text = ask("world", "sources").out
    assert all(name in text for name in found)


def test_files_that_are_there_are_named(ask, tmp_path: Path) -> None:
    """With a folder, each source says which of its files lie in it."""
    (tmp_path / "wgi.parquet").write_bytes(b"")
    found = {one["name"]: one for one in json.loads(ask("world", "sources", tmp_path, "--json").out)["sources"]}

    assert found["wgi"]["found"] == ["wgi.parquet"]
    assert found["cow_nmc"]["found"] == []
    assert "1 of" in ask("world", "sources", tmp_path).out
    assert ask("world", "sources", tmp_path / "nowhere").code == 2


def test_the_licence_of_the_shipped_world(ask) -> None:
    """The shipped world may be passed on, as text and as JSON."""
    assert "may be passed on" in ask("world", "licence").out
    answer = json.loads(ask("world", "licence", "--json").out)

    assert answer["may_be_passed_on"]
    assert answer["hindering"] == []
    assert answer["use"] == "attribution"


def test_worlds_are_compared(ask, tmp_path: Path) -> None:
    """A world is the same as its copy; a folder that is none is refused."""
    world = shutil.copytree(baseline_path(), tmp_path / "world")

    assert "same figures" in ask("world", "diff", world, baseline_path()).out
    answer = json.loads(ask("world", "diff", world, baseline_path(), "--as-of", "2020-01-01", "--json").out)
    assert [] == answer["change"]["tables"] == answer["moved"]
    assert ask("world", "diff", world, tmp_path / "nowhere").code == 2
    assert ask("world", "diff", world, world, "--most", "-1").code == 2


def test_a_world_is_built_from_what_is_there(ask, shared_data, tmp_path: Path) -> None:
    """One source's file gives a world that names every source it was built without."""
    sources = tmp_path / "sources"
    sources.mkdir()
    shutil.copy(shared_data("wgi.parquet"), sources)
    (sources / "statelist2031.csv").write_text("stateabb,ccode\n", encoding="utf-8")
    answer = ask("world", "build", sources, tmp_path / "world")

    assert answer.code == 0
    assert "Built without: " in answer.out
    assert "version that is not described: statelist2031.csv." in answer.out
    assert "governance" in ask("world", "show", "--world", tmp_path / "world").out
    relation = ask("relation", "EST", "FIN", "--as-of", "2020-06-30", "--world", tmp_path / "world")
    assert not relation.has_traceback


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("world", "build", "sources", "world", "--only", "nobody"), "no source 'nobody'"),
        (("world", "build", "sources", "world"), "holds no file of any source"),
        (("world", "fetch", "nobody", "sources"), "no source 'nobody'"),
        (("world", "fetch", "wgi", "nowhere"), "no folder nowhere"),
        (("world", "fetch", "cepii_distance", "sources"), "on a page only"),
    ],
)
def test_what_cannot_be_done_is_said(ask, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    """Unknown sources, empty folders and publishers without an address are one sentence with a remedy."""
    (tmp_path / "sources").mkdir()
    answer = ask(*words)

    assert answer.code == 2
    assert message in answer.err
    assert "remedy:" in answer.err
    assert not (tmp_path / "world").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("over-time", "Finland", "Russia", "--from", "2018", "--to", "2020"),
        ("map", "FIN", "--as-of", "2020-06-30"),
        ("network", "FIN", "--as-of", "2020-06-30"),
    ],
)
def test_pictures_are_drawn(ask, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Each picture is written once, and again only when asked."""
    out = tmp_path / "x.svg"

    assert ask("picture", *words, "--out", out).code == 0
    assert out.read_text(encoding="utf-8").startswith("<svg")
    assert ask("picture", *words, "--out", out).code == 2
    assert ask("picture", *words, "--out", out, "--overwrite").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("over-time", "Finland", "Finland", "--out", "x.svg"), "no relation with itself"),
        (("over-time", "Finland", "Russia", "--from", "2020", "--to", "2010", "--out", "x.svg"), "no span"),
        (("over-time", "Finland", "Russia", "--to", "99999", "--out", "x.svg"), "no year"),
        (("map", "Ruritania", "--out", "x.svg"), "Ruritania"),
        (("map", "FIN", "--out", "x.docx"), "no known picture format"),
        (("balance", "--out", "x.svg"), "balance_years"),
        (("blocs", "1999", "--out", "x.svg"), "blocs"),
    ],
)
def test_pictures_that_cannot_be_drawn_say_why(ask, words: tuple[str, ...], message: str) -> None:
    """Wrong actors, years and formats, and measures that the world lacks, are named."""
    answer = ask("picture", *words)

    assert answer.code in {2, 1}
    assert message in answer.err
    assert not answer.has_traceback
