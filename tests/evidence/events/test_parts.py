"""The pieces under the readers: story numbers, blocks of large files, the quarantine."""

from __future__ import annotations

import gzip

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import FormatError
from legation.evidence.events import packed
from legation.evidence.events.packed import blocks
from legation.evidence.events.quarantine import Quarantine, quarantine_table
from legation.evidence.events.stories import story_key, story_numbers


@given(st.lists(st.text(max_size=30), max_size=30))
@settings(max_examples=60, deadline=None)
def test_equal_texts_and_no_others_share_a_number(texts):
    """The number depends on the text alone, not on its neighbours, and lies from 0 to 2**62 - 1."""
    numbers = story_numbers(pl.Series(texts, dtype=pl.String)).tolist()

    assert [story_numbers(pl.Series([text]))[0] for text in texts] == numbers
    assert len(set(texts)) == len(set(numbers))
    assert all(0 <= number < 2**62 for number in numbers)


def test_a_number_is_the_same_in_every_version():
    """Stored events of one version merge with those of another: the numbers are pinned."""
    assert story_numbers(pl.Series(["", "a", "https://paper.example/x"])).tolist() == [
        0,
        2325125125808023614,
        1596633381896420746,
    ]


def test_syndicated_copies_share_their_headline():
    """Other papers print a report under the same last part; a short last part is no headline."""
    addresses = [
        "https://one.example/world/talks-resume-in-geneva-today",
        "http://www.two.example/news/2019/talks-resume-in-geneva-today/",
        "https://one.example/index.html",
        "https://two.example/index.html",
    ]

    keys = pl.DataFrame({"a": addresses}).select(story_key(pl.col("a")).alias("k"))["k"].to_list()

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@given(st.lists(st.text("ab\t", max_size=9), min_size=1, max_size=40), st.integers(1, 40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_blocks_hold_every_line_once(tmp_path_factory, lines, piece, packed_file):
    """A large file is cut at line ends; pieces put together are the file, and each knows its first line."""
    data = "\n".join(lines).encode() + b"\n"
    path = tmp_path_factory.mktemp("b") / "f"
    path.write_bytes(gzip.compress(data) if packed_file else data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "_PIECE", max(8, piece))
        patch.setattr(packed, "_WHOLE_COMPRESSED", 0)
        found = list(blocks(path))

    assert data == b"".join(block.data for block in found)
    at = 1
    for block in found:
        assert at == block.first_line
        at += block.data.count(b"\n")


@pytest.mark.parametrize("cut", [1, 9, 400])
def test_a_large_truncated_file_is_refused(tmp_path, monkeypatch, cut):
    """Reading piece by piece sees the missing end, too."""
    path = tmp_path / "f.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 400, 1)[:-cut])
    monkeypatch.setattr(packed, "_PIECE", 1000)
    monkeypatch.setattr(packed, "_WHOLE_COMPRESSED", 0)

    with pytest.raises(FormatError, match="cut short or damaged"):
        list(blocks(path))


def test_members_of_a_gzip_file_follow_each_other(tmp_path, monkeypatch):
    """Two gzip files joined are one text."""
    path = tmp_path / "f.gz"
    path.write_bytes(gzip.compress(b"a\n" * 500) + gzip.compress(b"b\n" * 500))
    monkeypatch.setattr(packed, "_PIECE", 100)
    monkeypatch.setattr(packed, "_WHOLE_COMPRESSED", 0)

    assert b"".join(block.data for block in blocks(path)) == b"a\n" * 500 + b"b\n" * 500


def test_the_quarantine_keeps_the_first_examples_only():
    """Counts add up, five examples and lines are kept, control characters are shown as text."""
    one = Quarantine("f")
    for number in range(9):
        one.add("odd", rows=2, action="left out", examples=[f"\x1b[{number}m"], lines=[number])

    row = quarantine_table([one]).row(0, named=True)

    assert (row["rows"], one.left_out) == (18, 18)
    assert row["lines"] == [0, 1, 2, 3, 4]
    assert row["examples"][0] == "\\x1b[0m"
