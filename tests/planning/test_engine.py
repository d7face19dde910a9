"""The locked solver proves what is true: models on which HiGHS 1.14.0's presolve cut the best plan off."""

from __future__ import annotations

from pathlib import Path

import highspy
import pytest

MODELS = Path(__file__).parent / "models"

# brute force over all plans of the desks that the models were built from; 1e-9 is the print precision of the files
KNOWN = {"presolve-26111": 0.013930022594612854, "presolve-3021": 0.75, "presolve-7752": 0.6290933671068155}


@pytest.mark.parametrize("name", sorted(KNOWN))
@pytest.mark.parametrize("presolve", ["on", "off"])
def test_presolve_keeps_the_best_plan(name, presolve):
    """With and without presolve the solver reaches the value that brute force found."""
    solver = highspy.Highs()
    solver.silent()
    solver.readModel(str(MODELS / f"{name}.mps"))
    solver.setOptionValue("presolve", presolve)
    solver.run()

    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert -solver.getInfo().objective_function_value == pytest.approx(KNOWN[name], abs=1e-9)
