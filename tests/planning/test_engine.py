"""The locked solver proves what is true: models on which presolve of HiGHS 1.14.0 cut the best plan off."""

from __future__ import annotations

import subprocess
import sys
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


def test_both_solvers_live_in_one_process():
    """HiGHS and CP-SAT are loaded into one process in either order and both still solve."""
    script = (
        "import {first}; import {second}\n"
        "import highspy; from ortools.sat.python import cp_model\n"
        "model = cp_model.CpModel(); x = model.new_int_var(0, 10, 'x'); model.add(2 * x <= 7); model.maximize(x)\n"
        "solver = cp_model.CpSolver(); solver.parameters.num_workers = 1; solver.solve(model)\n"
        "highs = highspy.Highs(); highs.silent(); y = highs.addVariable(lb=0, ub=3.5); highs.maximize(y)\n"
        "print(solver.value(x), highs.val(y))\n"
    )
    for first, second in (("highspy", "ortools.sat.python.cp_model"), ("ortools.sat.python.cp_model", "highspy")):
        done = subprocess.run(
            [sys.executable, "-c", script.format(first=first, second=second)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "3 3.5"), done.stderr


def test_the_engine_prints_nothing():
    """What the solver prints of itself would end up in the JSON that a command prints."""
    script = (
        "import numpy as np; from scipy import sparse\n"
        "from legation.planning.engines.base import Request\n"
        "from legation.planning.engines.highs import Highs\n"
        "from legation.planning.model.build import Problem\n"
        "one = np.ones(1)\n"
        "problem = Problem(cost=one, lower=0 * one, upper=9 * one, integer=np.ones(1, bool),\n"
        "    matrix=sparse.csc_matrix([[2.0]]), row_lower=0 * one, row_upper=7 * one)\n"
        "from legation.relations.balance import _cuts\n"
        "assert _cuts.quiet_solver().version()\n"
        "engine = Highs(); engine.version()\n"
        "assert engine.solve(problem, Request(seconds=5.0)).value == 3.0\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("threads", [1, 2])
def test_solvers_of_all_rooms_take_the_threads_there_are(threads):
    """HiGHS refuses a second number of threads in a process, so none is asked for: a caller's own number stands."""
    script = (
        "import highspy, numpy as np; from legation.highs import quiet_solver\n"
        "from legation.relations.balance import frustration\n"
        f"first = quiet_solver(); first.setOptionValue('threads', {threads}); first.addVar(0.0, 1.0)\n"
        "assert first.run() == highspy.HighsStatus.kOk\n"
        "from itertools import combinations\n"
        "rng = np.random.default_rng(3)\n"
        "ties = [(f'{a:02}', f'{b:02}', float(rng.choice([-1, 1]))) for a, b in combinations(range(12), 2)]\n"
        "found = frustration(ties); assert found.proven and found.frustrated == found.bound > 0, found\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
