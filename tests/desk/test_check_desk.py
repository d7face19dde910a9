"""The check of a desk as a whole: complete, ordered, and never raising."""

from __future__ import annotations

from legation.desk import KINDS
from legation.desk.rules import check_desk


def test_a_sound_desk_has_no_faults(small_desk):
    """A desk that keeps every rule gives no fault and no warning, whatever kinds it holds."""
    assert [str(fault) for fault in check_desk(small_desk)] == []
    assert [kind for kind in KINDS if not small_desk.records(kind)] == []
