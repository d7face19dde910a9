"""Questions about chance at the service: how relations drift, by a trained model and by the score; plans of a desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from msgspec import structs

from legation.desk.plans import Plan, PlanEntry
from legation.errors import InputError, MissingEvidenceError
from legation.evidence.build import build_world
from legation.evidence.tables import Column, TableSpec
from legation.relations.trained import LEVEL_TABLE
from legation.service import scenarios
from legation.service.questions import Setting, open_desk
from legation.service.scenarios import drift_of, score_on_scenarios

SMALL = Path(__file__).resolve().parents[2] / "examples" / "small"
_SOURCES = ("cldr_languages",)


def _levels(_world, _tell):
    """Yield trained levels of two pairs over three years: one cools once, one stays."""
    rows = [
        ("EST", "LVA", 2019, 3), ("EST", "LVA", 2020, 3), ("EST", "LVA", 2021, 2),
        ("EST", "FIN", 2019, 4), ("EST", "FIN", 2020, 4), ("EST", "FIN", 2021, 4),
        ("EST", "SWE", 2021, 4),
    ]  # fmt: skip
    shares = [[0.8 if n == level else 0.05 for n in range(5)] for *_, level in rows]
    frame = pl.DataFrame(
        {
            "a": [min(a, b) for a, b, *_ in rows], "b": [max(a, b) for a, b, *_ in rows],
            "year": [year for _, _, year, _ in rows],
            **{f"p{n}": [share[n] for share in shares] for n in range(5)},
            "extrapolated": [True] * len(rows),
        }
    )  # fmt: skip
    types = {"a": pl.String, "b": pl.String, "year": pl.Int64, "extrapolated": pl.Boolean}
    spec = TableSpec(
        name=LEVEL_TABLE, title="Levels", source="", sources=_SOURCES, key=("a", "b", "year"),
        columns=tuple(Column(name, types.get(name, pl.Float64), name) for name in frame.columns), kind="series",
        first=date(2019, 1, 1), last=date(2021, 12, 31), method="by hand",
    )  # fmt: skip
    yield spec, frame


@pytest.mark.needs_shared
def test_drift_of_a_trained_model_counts_its_years(shared_data, tmp_path):
    """Trained levels give today's probabilities and the yearly changes of the last years that the table holds."""
    folder = shared_data("un_votes_1946_2024.parquet").parent
    world = build_world(folder, tmp_path / "trained", only=_SOURCES, measures=_levels)
    setting = open_desk(SMALL)
    found = drift_of(Setting(desk=setting.desk, relations=setting.relations, world=world, as_of=setting.as_of))

    np.testing.assert_allclose(found.yearly[3], [0, 0, 0.5, 0.5, 0, 0])
    np.testing.assert_allclose(found.yearly[4], np.eye(6)[4])
    assert "trained model" in found.basis
    assert "2 of 5 years" in found.basis
    np.testing.assert_allclose(found.outcomes("LVA", months=0), [0.05, 0.05, 0.8, 0.05, 0.05, 0], atol=1e-9)


def test_drift_of_the_score_is_a_matrix_of_probabilities():
    """The baseline's score gives a yearly matrix from all states, and probabilities of today's levels."""
    found = drift_of(open_desk(SMALL), years=1)

    np.testing.assert_allclose(found.yearly.sum(axis=1), 1.0)
    assert np.all(np.diag(found.yearly) > 0.5)
    assert "relation score" in found.basis
    assert 0 < found.outcomes("LVA", months=0).max() < 1


def test_years_without_evidence_are_left_out(monkeypatch):
    """Years in which nothing moved hold no evidence: they are named, and where none moved nothing is claimed."""
    setting = open_desk(SMALL)
    counts = np.zeros((6, 6))
    counts[3, 3], counts[3, 2] = 90, 10
    monkeypatch.setattr(scenarios, "_scored_counts", lambda *_: (counts, 2))
    assert any("3 of the 5 years" in note for note in drift_of(setting).notes)

    monkeypatch.setattr(scenarios, "_scored_counts", lambda *_: (np.zeros((6, 6)), 0))
    with pytest.raises(MissingEvidenceError, match="no change"):
        drift_of(setting)
    with pytest.raises(InputError, match="0 years"):
        drift_of(setting, years=0)


def test_a_kept_plan_is_scored_as_it_is():
    """A plan of the desk is scored by its id, the only one without, and one that has no place is refused."""
    setting = open_desk(SMALL)
    mode = setting.desk.modes[0]
    plan = Plan(id="mine", title="Mine", made=date(2026, 12, 1))
    entry = PlanEntry(plan="mine", mission=mode.mission, mode=mode.id, start=setting.desk.info.start)
    own = Setting(
        desk=structs.replace(setting.desk, plans=(plan,), plan_entries=(entry,)), relations=setting.relations,
        world=setting.world, as_of=setting.as_of,
    )  # fmt: skip
    late = structs.replace(entry, start="2040-01")
    wrong = Setting(
        desk=structs.replace(own.desk, plan_entries=(late,)), relations=setting.relations, world=setting.world,
        as_of=setting.as_of,
    )  # fmt: skip

    assert score_on_scenarios(own, plan="mine", draws=20, drift=False) == score_on_scenarios(
        own, plan="", draws=20, drift=False
    )
    assert [m.mission for m in score_on_scenarios(own, plan="", draws=20, drift=False).missions] == [mode.mission]
    with pytest.raises(InputError, match="no place"):
        score_on_scenarios(wrong, plan="mine", draws=20, drift=False)
