"""Generated desks so tiny that every plan can be found one by one."""

from itertools import product

import msgspec
import numpy as np

from legation.planning.data import plan_data
from legation.planning.engines.base import Request
from legation.planning.engines.highs import Highs
from legation.planning.generate import generate_desk, generate_relations
from legation.planning.model.build import build_model


def tiny(shape, *, seed):
    """Make a desk cut to three months, and its relations."""
    desk = generate_desk(shape, seed=seed)
    desk = msgspec.structs.replace(desk, info=msgspec.structs.replace(desk.info, months=3))
    return desk, generate_relations(desk, seed=seed)


def every_plan(desk, relations):
    """All sets of slots that the rules allow, found one by one with every slot fixed."""
    data = plan_data(desk, relations=relations)
    model = build_model(data)
    groups = [[None, *own[data.open[own]].tolist()] for own in data.slots_by_mission]
    engine, out = Highs(), []
    for picked in product(*groups):
        slots = [slot for slot in picked if slot is not None]
        fixed = np.isin(model.slots, slots).astype(float)
        done = np.isin(model.options, data.slots.option[np.array(slots, int)]).astype(float)
        bounds = np.concatenate([fixed, done])
        rows = model.problem.matrix[:, : len(bounds)] @ bounds
        free = model.problem.matrix[:, len(bounds) :]
        bare = np.diff(free.tocsr().indptr) == 0
        if np.any(rows[bare] > model.problem.row_upper[bare] + 1e-7) or np.any(
            rows[bare] < model.problem.row_lower[bare] - 1e-7
        ):
            continue
        lower, upper = model.problem.lower.copy(), model.problem.upper.copy()
        lower[: len(bounds)], upper[: len(bounds)] = bounds, bounds
        answer = engine.solve(model.problem, Request(lower=lower, upper=upper, seconds=5, relaxed=False))
        if answer.x is not None:
            out.append(slots)
    return data, out
