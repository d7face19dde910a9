"""Writing a desk folder is whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from legation.desk.aims import Goal
from legation.desk.desk import Desk, DeskInfo
from legation.errors import ConflictError, FormatError, StorageError, StoreBusyError, StoreFullError
from legation.store.folder import atomic
from legation.store.folder.layout import JOURNAL
from legation.store.folder.reading import check_folder, read_folder
from legation.store.folder.writing import write_folder

INFO = DeskInfo(id="d", title="D", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027)
OLD = Desk(info=INFO, goals=(Goal(id="old", title="Old"),))
NEW = Desk(info=msgspec.structs.replace(INFO, title="E"), goals=(Goal(id="new", title="New"),))


@pytest.fixture
def root(tmp_path):
    """Give a folder that holds the old desk, notes, git's folder and a mapping."""
    path = tmp_path / "desk"
    write_folder(OLD, path)
    (path / "README.md").write_text("notes")
    (path / ".git").mkdir()
    (path / ".git" / "HEAD").write_text("ref")
    (path / "mappings").mkdir()
    (path / "goals").mkdir()
    (path / "goals" / "more.csv").write_text("id,title\nb,B\n")
    return path


def contents(path):
    """Give every file below a path with its bytes."""
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_a_desk_is_not_overwritten_unasked(root):
    """A folder that holds anything is refused, and nothing in it changes."""
    before = contents(root)

    with pytest.raises(ConflictError, match="exists already"):
        write_folder(NEW, root)

    assert before == contents(root)


def test_a_file_is_not_overwritten_by_a_folder(tmp_path):
    """Not even with overwriting asked for does a folder take the place of a file."""
    (tmp_path / "desk").write_text("precious")

    with pytest.raises(ConflictError):
        write_folder(NEW, tmp_path / "desk", overwrite=True)

    assert (tmp_path / "desk").read_text() == "precious"


def test_overwriting_replaces_the_desk_and_keeps_the_rest(root):
    """Stale desk files go, in the kind's folder too; notes, git and mappings stay, and no trace of the write."""
    write_folder(NEW, root, overwrite=True, style="csv")

    assert read_folder(root).desk == NEW
    assert set(contents(root)) == {"desk.toml", "goals.csv", "README.md", ".git/HEAD", ".gitattributes"}
    assert (root / "mappings").is_dir()
    assert not (root / "goals").exists()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_disk_leaves_the_old_desk(root, monkeypatch, error, after):
    """When the disk fills at any file, the old desk is as it was and nothing is left behind."""
    before = contents(root)
    fill_disk(monkeypatch, after=after, error=error)

    with pytest.raises(StoreFullError, match="disk is full"):
        write_folder(NEW, root, overwrite=True)

    assert before == contents(root)


def test_a_full_disk_leaves_no_new_folder(tmp_path, monkeypatch):
    """A new desk that cannot be written leaves nothing."""
    fill_disk(monkeypatch, after=1, error=errno.ENOSPC)

    with pytest.raises(StoreFullError):
        write_folder(NEW, tmp_path / "desk")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_a_storage_error(tmp_path, monkeypatch):
    """Other failures of the disk are named as such."""
    fill_disk(monkeypatch, after=0, error=errno.EROFS)

    with pytest.raises(StorageError, match="could not be written"):
        write_folder(NEW, tmp_path / "desk")


def fill_disk(monkeypatch, *, after, error):
    """Let the system's synchronisation of a file fail after some calls, as a full disk does."""
    real, calls = os.fsync, []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) > after:
            raise OSError(error, os.strerror(error))
        real(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", fsync)


CRASH = """
import os, sys
from legation.store.folder import atomic
from legation.store.folder.writing import write_folder
from legation.store.folder.reading import read_folder
calls, point = [], int(sys.argv[3])
def counted(real):
    def call(*args, **kwargs):
        calls.append(real)
        if len(calls) > point:
            os._exit(9)
        return real(*args, **kwargs)
    return call
os.fsync = counted(os.fsync)
os.rename, os.replace, os.unlink = counted(os.rename), counted(os.replace), counted(os.unlink)
desk = read_folder(sys.argv[2]).desk
write_folder(desk, sys.argv[1], overwrite=True, style="csv")
"""


def test_a_killed_write_leaves_the_old_desk_or_the_new_one(tmp_path):
    """Killed at any system call that makes a change last, the folder holds one whole desk, and the next write works."""
    source = tmp_path / "source"
    write_folder(NEW, source)
    seen = []
    for point in range(40):
        root = tmp_path / f"desk{point}"
        write_folder(OLD, root)
        done = subprocess.run([sys.executable, "-c", CRASH, root, source, str(point)], check=False)
        desk = read_folder(root).desk
        seen.append(desk)
        assert desk in (OLD, NEW)
        assert done.returncode in {0, 9}
        if done.returncode == 0:
            break
        write_folder(OLD, root, overwrite=True)
        assert read_folder(root).desk == OLD
        assert not list(root.glob(f"{JOURNAL}*"))
    assert done.returncode == 0
    # Once the new desk is in place it stays: the change happens at one moment.
    assert seen == sorted(seen, key=lambda desk: desk == NEW)
    assert seen[0] == OLD


def test_a_finished_journal_is_the_desk(root):
    """While a finished write lies in its journal, readers take the desk from it."""
    journal = root / JOURNAL
    journal.mkdir()
    (journal / "manifest.json").write_text(json.dumps(["desk.toml", "goals.csv"]))
    (journal / "goals.csv").write_text("id,title\nc,C\n")

    assert [goal.id for goal in read_folder(root).desk.goals] == ["c"]


@pytest.mark.parametrize("manifest", ['["../../etc/passwd"]', '["/etc/passwd"]', '["goals"]', "{", "[1]", None])
def test_a_forged_journal_is_refused(root, manifest):
    """A journal that names anything but desk files, or is damaged, is not followed and not written over."""
    (root / JOURNAL).mkdir()
    if manifest is not None:
        (root / JOURNAL / "manifest.json").write_text(manifest)

    with pytest.raises(FormatError, match="manifest"):
        check_folder(root)
    with pytest.raises((FormatError, StorageError)):
        write_folder(NEW, root, overwrite=True)
    assert (root / "goals.toml").exists()


def test_two_writers_at_once(root):
    """The second of two writers is told to wait, and changes nothing."""
    before = contents(root)
    descriptor = os.open(root, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)

    with pytest.raises(StoreBusyError, match="Another process is writing"):
        write_folder(NEW, root, overwrite=True)
    os.close(descriptor)

    assert before == contents(root)


def test_a_new_folder_has_the_usual_rights(tmp_path):
    """Others may read a new folder as far as the user's mask allows, not only its maker."""
    mask = os.umask(0o022)
    try:
        write_folder(NEW, tmp_path / "a" / "desk")
    finally:
        os.umask(mask)

    assert Path(tmp_path / "a" / "desk").stat().st_mode & 0o777 == 0o755
