"""A small made-up world of dyad-years in which evidence tells levels."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from legation.relations.level.own import OwnCase, read_evidence
from legation.relations.level.run import LevelRun, run_own

STATES = [f"S{number:02d}" for number in range(12)]
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)


def made_up(seed: int = 5) -> pl.DataFrame:
    """Return 66 dyads over 20 years: a slow hidden warmth, seen through noise in two columns."""
    rng = np.random.default_rng(seed)
    rows = []
    for i, a in enumerate(STATES):
        for b in STATES[i + 1 :]:
            warmth = rng.normal()
            for year in range(1984, 2004):
                warmth += rng.normal() * 0.08
                code = int(np.searchsorted([-1.1, -0.5, 0.5, 1.1], warmth))
                ties = warmth + rng.normal() * 0.4 if rng.random() > 0.1 else None
                rows.append((a, b, year, ties, -warmth + rng.normal() * 0.6, rng.random() < 0.3, LEVELS[code]))
    names = ["a", "b", "year", "ties", "hostility", "noise", "level"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.fixture(scope="session")
def table() -> pl.DataFrame:
    """Return the made-up dyad-years."""
    return made_up()


@pytest.fixture(scope="session")
def case(table, tmp_path_factory) -> OwnCase:
    """Return them as a user's own evidence."""
    path = tmp_path_factory.mktemp("own") / "evidence.parquet"
    table.write_parquet(path)
    return read_evidence(path, None)


@pytest.fixture(scope="session")
def run(case) -> LevelRun:
    """Return a run trained to 1995 that predicts later years."""
    return run_own(case, train_years=(1984, 1995), predict_years=(1996, 2003))
