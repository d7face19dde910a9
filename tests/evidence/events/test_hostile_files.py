"""Files of any content: every line is read or left out with a reason, and both ways of reading agree."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from legation.errors import LegationError
from legation.evidence.events import FORMATS, read_events
from legation.evidence.events import lines as lines_module

_COLUMNS = FORMATS["gdelt2"].columns
_FIELD = st.one_of(
    st.sampled_from(["", "EST", "FIN", "EUR", "040", "190", "999", "1", "4", "-2.0", "20190304", "20190304143000"]),
    st.text(st.characters(blacklist_characters="\t\n\r", blacklist_categories=["Cs"]), max_size=5),
)
_CHANGE = st.tuples(st.sampled_from(["set", "drop", "add", "latin"]), st.integers(0, 60), _FIELD)


def _line(row: list[str], changes) -> bytes:
    fields, encoding = list(row), "utf-8"
    for kind, place, value in changes:
        if kind == "set" and place < len(fields):
            fields[place] = value
        elif kind == "drop" and place < len(fields):
            del fields[place]
        elif kind == "add":
            fields.insert(place, value or "x")
        elif kind == "latin":
            encoding = "iso-8859-1"
    return "\t".join(fields).encode(encoding, errors="replace")


@pytest.fixture
def row(gdelt2) -> list[str]:
    """Return a good row."""
    return gdelt2(ActionGeo_FullName="Tromsø")


@given(changes=st.lists(st.lists(_CHANGE, max_size=3), min_size=1, max_size=12), packed=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_is_read_or_left_out_with_a_reason(row, tmp_path_factory, changes, packed):
    """Lines add up, and reading fast gives what reading line by line gives."""
    good = _line(row, [])
    data = b"\n".join([good, *(_line(row, each) for each in changes), good, good]) + b"\n"
    path = tmp_path_factory.mktemp("h") / "a.CSV"
    path.write_bytes(gzip.compress(data) if packed else data)
    # a field that ends a line with nothing is the one thing the fast way does not see
    trailing = any(line.endswith(b"\t") for line in data.split(b"\n"))

    fast = read_events(path, format="gdelt2")

    assert fast.rows == data.count(b"\n") == fast.read + fast.left_out
    assert fast.frame().height == fast.read
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "_parsed", lambda *_, **__: None)
        slow = read_events(path, format="gdelt2")
    if not trailing:
        assert_frame_equal(fast.frame(), slow.frame())
        assert_frame_equal(fast.quarantine, slow.quarantine)


@given(data=st.binary(max_size=300), packed=st.booleans(), name=st.sampled_from([None, *FORMATS]))
@settings(max_examples=120, deadline=None)
def test_bytes_of_any_kind_are_refused_with_a_remedy(tmp_path_factory, data, packed, name):
    """No bytes lead to another error than one that says what to do."""
    path = tmp_path_factory.mktemp("b") / "a.csv"
    path.write_bytes(gzip.compress(data) if packed else data)

    with pytest.raises(LegationError) as refused:
        read_events(path, format=name)

    assert refused.value.remedy
