"""A real plan of the small example, made once, for every test of briefs."""

from __future__ import annotations

from pathlib import Path

import pytest

from legation.briefs.gather import brief_for
from legation.briefs.pictures import pictures_of
from legation.service.questions import open_desk, plan_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="session")
def setting():
    """Return the small example in the shipped world."""
    return open_desk(EXAMPLES / "small")


@pytest.fixture(scope="session")
def plan(setting):
    """Return its best plan, with cohesion."""
    return plan_of(setting, gap=0.001, seconds=20)


@pytest.fixture(scope="session")
def brief(setting, plan):
    """Return the brief of that plan."""
    return brief_for(setting, plan)


@pytest.fixture(scope="session")
def borders(setting):
    """Return the shipped borders."""
    return setting.world.borders()


@pytest.fixture(scope="session")
def pictures(brief, borders):
    """Return the pictures of that brief."""
    return pictures_of(brief, borders=borders)
