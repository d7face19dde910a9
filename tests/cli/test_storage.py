"""Damaged, full and contended storage: a clear error, and nothing that was there is lost."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from legation import open_store, read_desk
from legation.evidence import baseline_path

ROOT = Path(__file__).resolve().parents[2]


def _limit(size: int):
    """Give a function that makes files longer than a size fail, as a full disk does."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("kept", [0, 10, 100, 4096, 20_000])
def test_truncated_store_is_refused(ask, small_store, tmp_path, kept):
    """A store that lost its end is refused, whatever is asked of it, and is not touched."""
    place = tmp_path / "cut.db"
    place.write_bytes(small_store.read_bytes()[:kept])
    for words in (("desk", "check", place), ("desk", "history", place), ("desk", "convert", place, tmp_path / "out")):
        answer = ask(*words)

        assert answer.code in {2, 5}
        assert answer.err.startswith("error: ")
        assert not answer.has_traceback
    assert place.read_bytes() == small_store.read_bytes()[:kept]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seed", range(4))
def test_corrupted_store_is_never_copied_wrong(ask, small_store, tmp_path, seed):
    """A store with overwritten pages is refused, or was not hit where the desk lies; it never gives another desk."""
    import random

    chance = random.Random(seed)
    data = bytearray(small_store.read_bytes())
    for _ in range(40):
        data[chance.randrange(100, len(data))] = chance.randrange(256)
    place = tmp_path / "hit.db"
    place.write_bytes(bytes(data))
    answer = ask("desk", "convert", place, tmp_path / "out.db")

    assert not answer.has_traceback
    assert answer.code in {0, 2, 5}
    if answer.code == 0:
        assert read_desk(tmp_path / "out.db") == read_desk(small_store)
    else:
        assert answer.err.startswith("error: ")


@pytest.mark.parametrize("name", ["un_agreement.parquet", "points.parquet", "catalogue.json", "borders.json"])
@pytest.mark.parametrize("damage", ["cut", "empty", "gone"])
def test_damaged_world_is_refused(ask, tmp_path, name, damage):
    """A world with a truncated, empty or missing file says so; with the check asked for it always does."""
    world = shutil.copytree(baseline_path(), tmp_path / "world")
    file = world / name
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 if damage == "cut" else 0])
    checked = ask("world", "show", "--verify", "--world", world)
    asked = ask("relation", "ESP", "MAR", "--world", world)

    assert checked.code in {2, 5}
    assert checked.err.startswith("error: ")
    assert not checked.has_traceback
    assert not asked.has_traceback
    assert asked.code in {0, 2, 5}
    assert asked.code != 0 or name in {"borders.json", "points.parquet"}


@pytest.mark.parametrize(
    ("target", "room"), [("copy", 500), ("copy.db", 2_000), ("copy.db", 60_000), ("copy.xlsx", 500)]
)
def test_full_disk_leaves_no_half_copy(process, small, tmp_path, target, room):
    """A conversion that the disk cannot take ends with exit code 5; there is no half desk, and a retry succeeds."""
    place = tmp_path / "room" / target
    place.parent.mkdir()
    done = process("desk", "convert", small, place, before=_limit(room))

    assert done.returncode == 5, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"error: ")
    # an empty database may stay behind, which holds no desk
    assert target == "copy.db" or list(place.parent.iterdir()) == []
    assert process("desk", "check", place).returncode == 2
    assert process("desk", "convert", small, place).returncode == 0
    assert read_desk(place).in_key_order() == read_desk(small).in_key_order()


def test_full_disk_for_a_brief(process, small, tmp_path):
    """A brief that the disk cannot take ends with exit code 5, and an older brief stays whole."""
    out = tmp_path / "out"
    out.mkdir()
    for name in ("brief.html", "brief.pdf", "brief.txt"):
        (out / name).write_text("older")
    done = process("brief", small, "--out", out, "--gap", "0.2", "--seconds", "5", before=_limit(5_000))

    assert done.returncode == 5, done.stderr
    assert b"Traceback" not in done.stderr
    assert {path.read_text() for path in out.glob("brief.*")} == {"older"}


def test_full_output_is_an_error(process):
    """Printing into a full device is an error, not silence."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "legation", "desk", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )

    assert done.returncode == 5
    assert b"The disk is full" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("target", ["copy", "copy.db", "copy.xlsx"])
def test_nothing_is_overwritten(ask, small, tmp_path, target):
    """A second conversion to the same place is refused, and the first stays as it was."""
    place = tmp_path / target
    assert ask("desk", "convert", small, place).code == 0
    before = read_desk(place)
    other = shutil.copytree(ROOT / "examples" / "portugal", tmp_path / "other")
    answer = ask("desk", "convert", other, place)

    assert answer.code in {2, 3}
    assert not answer.has_traceback
    assert read_desk(place) == before


def test_two_converters_at_once(small, tmp_path):
    """Of several processes that make the same store at once, one does and the others say why not."""
    target = tmp_path / "same.db"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "legation", "desk", "convert", str(small), str(target)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in started]

    assert [code for _, code in ended].count(0) == 1
    assert all(code in {0, 2, 3, 5} for _, code in ended)
    assert not any(b"Traceback" in err for (_, err), _ in ended)
    with open_store(target) as store:
        assert store.verify().is_intact
        assert store.load() == read_desk(small).in_key_order()


def test_busy_store_can_be_read(ask, small_store, tmp_path):
    """While another process writes, the desk can still be read as it was."""
    place = Path(shutil.copy(small_store, tmp_path / "busy.db"))
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert ask("desk", "check", place).code == 0
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_folder_without_permission(ask, tmp_path, monkeypatch):
    """A target below a file is no folder that can be made; the error names it."""
    (tmp_path / "file").write_text("")
    answer = ask("desk", "new", tmp_path / "file" / "desk")

    assert answer.code in {2, 5}
    assert "file" in answer.err
    assert not answer.has_traceback


@pytest.mark.parametrize(
    "place", ["postgresql://nobody@127.0.0.1:1/none", "mysql://x/y", "http://example.invalid/a.db"]
)
def test_unreachable_and_foreign_addresses(ask, place):
    """A server that is not there, and an address of another kind, are errors without a traceback."""
    answer = ask("desk", "check", place)

    assert answer.code in {2, 5}
    assert answer.err.startswith("error: ")
    assert not answer.has_traceback


def test_world_without_its_sources(ask, tmp_path):
    """A world that lacks a source it was asked for is not begun; the error names the file and where to get it."""
    (tmp_path / "sources").mkdir()
    answer = ask("world", "build", tmp_path / "sources", tmp_path / "world", "--only", "wgi")

    assert (answer.code, answer.out, answer.has_traceback) == (2, "", False)
    assert "wgi.parquet" in answer.err
    assert "http" in answer.err
    assert not (tmp_path / "world").exists()


@pytest.mark.parametrize("name", ["world", "notes"])
def test_world_does_not_replace_other_folders(ask, tmp_path, name):
    """A folder that is no world is not replaced by one, and a file is no folder."""
    target = tmp_path / name
    if name == "notes":
        target.mkdir()
        (target / "precious.txt").write_text("kept")
    else:
        target.write_text("kept")
    (tmp_path / "sources").mkdir()
    answer = ask("world", "build", tmp_path / "sources", target)

    assert answer.code in {2, 3, 5}
    assert not answer.has_traceback
    assert (target / "precious.txt" if name == "notes" else target).read_text() == "kept"
