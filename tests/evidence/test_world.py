"""A world is read lazily, checked byte by byte, and refused when it is damaged."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import CorruptStoreError, InputError
from legation.evidence import baseline_path, open_world
from legation.evidence.world import World


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the baseline to a folder that a test may damage."""
    folder = tmp_path / "world"
    shutil.copytree(baseline_path(), folder)
    return folder


def test_the_baseline_is_small_and_whole() -> None:
    """The shipped world stays under twelve megabytes, and every byte and row is what its catalogue says."""
    world = open_world()
    world.verify()

    assert sum(path.stat().st_size for path in baseline_path().iterdir()) < 12_000_000


def test_every_table_says_what_it_holds() -> None:
    """Each table names its sources, licences, dates, columns and attribution."""
    world = open_world()
    sources = {source.name for source in world.catalogue.sources}

    for info in world.describe():
        assert info.rows > 0
        assert info.first <= info.last
        assert set(info.sources) <= sources
        assert info.licences
        assert info.attribution
        assert all(column.meaning for column in info.columns)
        assert (info.kind == "snapshot") == bool(info.snapshot)


def test_tables_have_their_documented_columns() -> None:
    """The columns that are read, derived ones too, are the ones in the catalogue."""
    world = open_world()

    for info in world.describe():
        if info.file.endswith(".parquet"):
            assert [column.name for column in info.columns] == world.table(info.name).columns


def test_selecting_equals_filtering_the_whole_table() -> None:
    """Rows read by condition are the rows of the whole table that meet it."""
    part = open_world().select("un_agreement", a="ESP", b="MAR")
    whole = open_world().table("un_agreement").filter(pl.col("a") == "ESP", pl.col("b") == "MAR")

    assert whole.equals(part)
    assert part.height > 50


def test_unknown_tables_and_columns_are_named() -> None:
    """Asking for what is not there lists what is."""
    with pytest.raises(InputError, match="un_agreement"):
        open_world().table("wishes")
    with pytest.raises(InputError, match="no column"):
        open_world().select("forces", colour="red")
    with pytest.raises(InputError, match="borders"):
        open_world().table("borders")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Opening a world at a wrong path says so."""
    with pytest.raises(InputError, match="nowhere"):
        open_world(tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["un_agreement.parquet", "forces.parquet", "borders.json"])
@pytest.mark.parametrize("damage", ["cut", "flip", "gone", "longer"])
def test_damaged_files_are_named(copy: Path, file: str, damage: str) -> None:
    """A table file that was cut, changed, lengthened or removed is an error with its name and a remedy."""
    path = copy / file
    content = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "longer":
        path.write_bytes(content + b"\0")
    else:
        path.unlink()
    world = open_world(copy)

    with pytest.raises(CorruptStoreError, match=file) as caught:
        world.borders() if file == "borders.json" else world.table(path.stem)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"format": "legation-world/1"}', b'{"format": 1}', b"null"]
)
def test_a_damaged_catalogue_is_refused(copy: Path, content: bytes) -> None:
    """A catalogue that is no catalogue is an error with the file's name."""
    (copy / "catalogue.json").write_bytes(content)

    with pytest.raises(CorruptStoreError, match=r"catalogue\.json"):
        open_world(copy)


@given(st.binary(max_size=300))
def test_any_catalogue_that_is_none_is_refused(content: bytes) -> None:
    """Whatever bytes stand in the catalogue, the answer is the error for damaged files."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "catalogue.json").write_bytes(content)

        with pytest.raises(CorruptStoreError):
            open_world(Path(folder))


def test_a_missing_catalogue_is_refused(copy: Path) -> None:
    """A folder without a catalogue is no world."""
    (copy / "catalogue.json").unlink()

    with pytest.raises(InputError, match=r"catalogue\.json"):
        open_world(copy)


def test_a_day_before_the_record_is_refused() -> None:
    """Nobody can say what was known in the year 1."""
    with pytest.raises(InputError, match="0001-01-01"):
        open_world(known_on=date(1, 1, 1))


def changed_catalogue(folder: Path, **changes: object) -> None:
    """Change fields of a catalogue and of its first table."""
    path = folder / "catalogue.json"
    catalogue = msgspec.json.decode(path.read_bytes())
    catalogue.update({key: value for key, value in changes.items() if key in catalogue})
    catalogue["tables"][0].update({key: value for key, value in changes.items() if key in catalogue["tables"][0]})
    path.write_bytes(msgspec.json.encode(catalogue))


def test_a_later_format_is_refused(copy: Path) -> None:
    """A world of a format that this version does not know is not guessed at."""
    changed_catalogue(copy, format="legation-world/9")

    with pytest.raises(CorruptStoreError, match="legation-world/9"):
        open_world(copy)


@pytest.mark.parametrize("file", ["../outside.parquet", "/etc/passwd", "a/b.parquet"])
def test_files_outside_the_folder_are_refused(copy: Path, file: str) -> None:
    """A catalogue cannot make a world read files beside its own."""
    changed_catalogue(copy, file=file)

    with pytest.raises(CorruptStoreError, match="outside"):
        open_world(copy)


def test_verify_notices_a_false_content_hash(copy: Path) -> None:
    """A catalogue with another content hash than the rows have is found by verifying."""
    path = copy / "catalogue.json"
    catalogue = msgspec.json.decode(path.read_bytes())
    forces = next(table for table in catalogue["tables"] if table["name"] == "forces")
    forces["content_hash"] = "0" * 64
    path.write_bytes(msgspec.json.encode(catalogue))

    with pytest.raises(CorruptStoreError, match="forces"):
        open_world(copy).verify()


def test_citations_name_source_and_version() -> None:
    """Each table can be cited in one line."""
    assert open_world().citation("conflict_dyads") == "UCDP/PRIO Armed Conflict Dataset, 25.1"


def test_a_world_prints_where_and_what_it_is() -> None:
    """The representation names the folder and the hash."""
    world: World = open_world()

    assert world.content_hash[:12] in repr(world)
