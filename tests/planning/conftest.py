"""Lets the tests of planning import what they share from the folder `helpers`."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "helpers"))
pytest.register_assert_rewrite("small_desks")
