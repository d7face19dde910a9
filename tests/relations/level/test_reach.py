"""On the human-coded scale, dyads never seen and years to come are told as well as the page says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from legation.relations.level.evaluation import case_of, forward_figures
from legation.relations.level.run import predict_pairs
from legation.relations.level.scale import calibration_error, codes_of, quadratic_kappa
from legation.relations.level.storage import load_model, save_model
from legation.relations.level.tables import tables_of_folder
from legation.relations.level.training import Coded, train_levels, train_on_evidence

pytestmark = [pytest.mark.needs_shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def tables(shared_data):
    """Return the reference tables."""
    return tables_of_folder(Path(shared_data("peace_data_v31_dec31.parquet")).parent)


@pytest.fixture(scope="module")
def labels(tables) -> Coded:
    """Return the coded dyad-years from 1970 on, of every second year: enough to learn from, quick to learn."""
    frame = tables("peace_scale")
    rows = frame.filter((frame["year"] >= 1970) & (frame["year"] % 2 == 1))
    sides = {"a": rows["ccode1"].to_numpy(), "b": rows["ccode2"].to_numpy(), "year": rows["year"].to_numpy()}
    return Coded(**sides, level=codes_of(rows["peace_level"]))


@pytest.fixture(scope="module")
def case(tables, labels):
    """Return them with their evidence."""
    return case_of(tables, labels, years=(1970, 2005))


def test_unseen_dyads(case):
    """A fifth of the dyads, of which nothing was seen, is named with kappa above .78 and calibrated within .03."""
    held = (np.random.default_rng(2).permutation(int(case.dyad.max()) + 1) % 5 == 0)[case.dyad]
    train = case.evidence.where(~held)
    model = train_on_evidence(train, case.level[~held], links=case.links, seed=0, with_history=False)

    found = model.predict(case.evidence.where(held))

    assert not found["history"].any()
    assert quadratic_kappa(case.level[held], found["code"].to_numpy()) > 0.78
    assert calibration_error(found.select(f"p{level}" for level in range(5)).to_numpy(), case.level[held]) < 0.03


def test_years_to_come(case):
    """Trained to 1990, later years are named with kappa above .80, and better than by the last level known."""
    known, withheld, _ = forward_figures(case, train_to=1990, test_to=2005)

    assert known.kappa > 0.80
    assert withheld.kappa > 0.75
    assert known.kappa_persistence is not None
    assert known.kappa > known.kappa_persistence


def test_all_pairs_of_a_year(tables, labels, tmp_path):
    """A stored model judges every pair of states of a year, says who has little contact, and is the same when read."""
    model = train_levels(tables, labels, train_years=(1990, 1995), with_history=False, left_out=("trade", "networks"))
    save_model(model, tmp_path)

    found = predict_pairs(load_model(tmp_path), tables, years=(1996, 1996))

    states = len({*found["a"], *found["b"]})
    assert found.height == states * (states - 1) // 2
    assert states > 180
    assert found.equals(predict_pairs(model, tables, years=(1996, 1996)))
    doubt = {(a, b): share for a, b, share in found.select("a", "b", "negligible").iter_rows()}
    assert doubt[2, 200] <= 0.02
    assert doubt[80, 712] > 0.9  # Belize and Mongolia
    assert found["forward"].all()
