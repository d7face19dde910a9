"""Rebuilding the baseline from its sources gives the same rows and the same bytes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import InputError, SourceError
from legation.evidence import baseline_path, build_world, open_world
from legation.evidence.build import load_source
from legation.evidence.description import describe_source, source_names
from legation.service.worlds import build_world as build_with_measures

pytestmark = pytest.mark.needs_shared

BASELINE = [name for name in source_names() if describe_source(name).baseline]


@pytest.fixture(scope="session")
def sources(shared_data) -> Path:
    """Find the folder of source files; skips where one of them is not there."""
    for name in BASELINE:
        source = describe_source(name)
        for file in source.files or source.all_files[:1]:
            path = shared_data(file)
    return path.parent


def test_the_baseline_can_be_rebuilt_bit_for_bit(sources: Path, tmp_path: Path) -> None:
    """The same content hash per table, and with the locked versions the same bytes; estimates agree within rounding.

    Another processor may add up in another order: an estimate then differs in its last decimal at most.
    """
    steps: list[tuple[str, int, int]] = []
    rebuilt = build_with_measures(sources, tmp_path / "world", shipped=True, progress=lambda *step: steps.append(step))
    shipped = open_world()
    estimated = {t.name for t in shipped.describe() if t.name == "ideal_points"}
    told = {t.name: t.content_hash for t in shipped.describe() if t.name not in estimated}
    made = {t.name: t.content_hash for t in rebuilt.describe() if t.name not in estimated}

    assert told == made
    for name in estimated:
        assert_frame_equal(shipped.table(name), rebuilt.table(name), abs_tol=2e-4)
    assert steps[-1][1:] == (len(BASELINE), len(BASELINE))
    if (
        rebuilt.content_hash == shipped.content_hash
        and rebuilt.catalogue.written_with == shipped.catalogue.written_with
    ):
        for path in baseline_path().iterdir():
            assert path.read_bytes() == (rebuilt.folder / path.name).read_bytes(), path.name


def with_changed_wgi(sources: Path, folder: Path, change) -> Path:
    """Write a changed copy of the governance table."""
    change(pl.read_parquet(sources / "wgi.parquet")).write_parquet(folder / "wgi.parquet")
    return folder


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop("StdErr"), "StdErr"),
        (lambda f: f.with_columns(pl.lit("new").alias("Source")), "Source"),
        (lambda f: f.with_columns(pl.col("year").cast(pl.String)), "type String"),
        (lambda f: f.head(1000), "rows are 1000"),
        (lambda f: pl.concat([f, f.head(1)]), "repeats"),
        (lambda f: f.with_columns(pl.when(pl.col("code") != "EST").then("Estimate").otherwise(99.0)), "99"),
        (lambda f: f.with_columns(pl.col("code").replace({"EST": "QQQ"})), "QQQ"),
    ],
    ids=["missing column", "extra column", "wrong type", "few rows", "repeated rows", "out of range", "unknown code"],
)  # fmt: skip
def test_a_changed_source_stops(sources: Path, tmp_path: Path, change, message: str) -> None:
    """A real table with one thing changed is refused with the thing's name."""
    folder = with_changed_wgi(sources, tmp_path, change)

    with pytest.raises(SourceError, match=message):
        load_source(describe_source("wgi"), folder)


def test_a_vote_cast_two_ways_stops(sources: Path, tmp_path: Path) -> None:
    """A state that votes yes and no on one resolution is an error that names both."""
    votes = pl.read_parquet(sources / "un_votes_1946_2024.parquet")
    first = votes.head(1).with_columns((4 - pl.col("vote")).cast(pl.Int32).alias("vote"))
    changed = pl.concat(
        [votes.filter(pl.col("session") < 78), votes.filter(pl.col("session") == 78).unique(["resid", "ccode"]), first]
    )
    changed.write_parquet(tmp_path / "un_votes_1946_2024.parquet")

    with pytest.raises(SourceError, match="two ways"):
        load_source(describe_source("un_votes"), tmp_path)


@pytest.mark.parametrize("keep", [100, 5000, -10])
def test_a_truncated_source_stops(sources: Path, tmp_path: Path, keep: int) -> None:
    """A source file cut short is an error, whatever is left of it."""
    content = (sources / "wgi.parquet").read_bytes()
    (tmp_path / "wgi.parquet").write_bytes(content[:keep])

    with pytest.raises(SourceError, match=r"wgi\.parquet"):
        load_source(describe_source("wgi"), tmp_path)


def test_months_of_candidate_events_are_left_out(sources: Path, tmp_path: Path) -> None:
    """The file of deaths that goes on to 2025 gives the table to 2024; a month that one country lacks stops it."""
    frame = pl.read_parquet(sources / "ucdp_fatalities_country_month.parquet")
    month = pl.col("month")
    later = frame.filter(month.dt.year() == 2023).with_columns(month.dt.offset_by("2y").dt.month_end())
    path = tmp_path / "ucdp_fatalities_country_month.parquet"
    pl.concat([frame, later]).write_parquet(path)

    read = load_source(describe_source("ucdp_deaths"), tmp_path)["conflict_deaths"]

    to_2024 = load_source(describe_source("ucdp_deaths"), sources)["conflict_deaths"]
    assert read.sort(pl.all()).equals(to_2024.sort(pl.all()))
    pl.concat([frame, later.tail(-1)]).write_parquet(path)
    with pytest.raises(SourceError, match="has 443 of the 444 months"):
        load_source(describe_source("ucdp_deaths"), tmp_path)


def test_damaged_topojson_stops(sources: Path, tmp_path: Path) -> None:
    """A border file that is no TopoJSON, or that points at arcs it lacks, is an error with its name."""
    for file in describe_source("natural_earth").files:
        shutil.copy(sources / file, tmp_path / file)
    path = tmp_path / "world_atlas_countries_110m.json"
    text = path.read_text()
    path.write_text(text[: len(text) // 2])
    with pytest.raises(SourceError, match="world_atlas_countries_110m"):
        load_source(describe_source("natural_earth"), tmp_path)

    path.write_text(text.replace('"type":"Polygon","arcs":[[', '"type":"Polygon","arcs":[[999999,', 1))
    with pytest.raises(SourceError, match="arc 999999"):
        load_source(describe_source("natural_earth"), tmp_path)

    path.write_text(text.replace('"type":"Polygon","arcs":[[', '"type":"Polygon","arcs":[["x",', 1))
    with pytest.raises(SourceError, match="no rings"):
        load_source(describe_source("natural_earth"), tmp_path)


def test_a_failed_build_leaves_the_old_world(sources: Path, tmp_path: Path) -> None:
    """When a source is missing, a world that was there before stays as it was, and no remains are left."""
    out = tmp_path / "world"
    shutil.copytree(baseline_path(), out)
    partial = tmp_path / "sources"
    partial.mkdir()
    shutil.copy(sources / "cepii_dist.parquet", partial)

    with pytest.raises(SourceError, match="holds no file of source wgi"):
        build_world(partial, out, only=["cepii_distance", "wgi"])
    open_world(out).verify()
    assert {"sources", "world"} == {path.name for path in tmp_path.iterdir()}


def test_no_room_says_so_and_leaves_the_old_world(sources: Path, tmp_path: Path) -> None:
    """When the system refuses to write a larger file, the error is that of a full disk, and the old world stays."""
    out = tmp_path / "world"
    shutil.copytree(baseline_path(), out)
    code = (
        "import resource, signal, sys; from pathlib import Path; from legation.evidence import build_world\n"
        "from legation.errors import StoreFullError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))\n"
        "try:\n    build_world(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except StoreFullError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(sources), str(out)], capture_output=True, text=True, check=True
    )

    assert "disk is full" in done.stdout
    open_world(out).verify()
    assert [out] == list(tmp_path.iterdir())


def test_what_is_there_is_built_and_the_rest_is_named(sources: Path, tmp_path: Path) -> None:
    """A folder with one source gives a world of its tables that names every source it was built without."""
    partial = tmp_path / "sources"
    partial.mkdir()
    shutil.copy(sources / "cepii_dist.parquet", partial)
    world = build_world(partial, tmp_path / "world")

    assert [table.name for table in world.describe()] == ["distance"]
    assert len(source_names()) - 1 == len(world.catalogue.absent)
    world.verify()


def test_unknown_and_empty_choices_are_refused(tmp_path: Path) -> None:
    """A source that nobody knows, and a folder without any source's file, are errors that say what to do."""
    with pytest.raises(InputError, match="no source 'wikipedia'"):
        build_world(tmp_path, tmp_path / "world", only=["wikipedia"])
    with pytest.raises(InputError, match="holds no file of any source"):
        build_world(tmp_path, tmp_path / "world")
    assert not (tmp_path / "world").exists()


def test_a_source_asked_for_by_name_must_be_there(tmp_path: Path) -> None:
    """A source of declared tables that is named and has no file in the folder is no empty world."""
    with pytest.raises(SourceError, match=r"holds no file of source cow_nmc.*NMC-70-abridged\.csv"):
        build_world(tmp_path, tmp_path / "world", only=["cow_nmc"])
    assert not (tmp_path / "world").exists()


def test_other_folders_are_never_replaced(tmp_path: Path) -> None:
    """A folder that is no world is left alone, and a missing source folder is named."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "letter.txt").write_text("dear")

    with pytest.raises(InputError, match="not a world"):
        build_world(tmp_path, precious)
    assert (precious / "letter.txt").read_text() == "dear"
    with pytest.raises(InputError, match="no folder"):
        build_world(tmp_path / "nowhere", tmp_path / "world")
