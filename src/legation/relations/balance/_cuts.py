"""One component of a signed graph solved exactly with HiGHS: cycle cuts first, then the node model."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from legation.errors import EngineError
from legation.highs import quiet_solver

__all__ = ["least_when_cut", "local_search", "reduced_costs", "solve_component"]

# an odd cycle whose cut values sum to less than 1 by more than this is violated
_VIOLATED = 1e-6
# shortest paths must see ties of value 0 as ties
_NUDGE = 1e-9
_PER_ROOT = 12
# rounds of cuts for one tie forced to be cut; what is open then is solved by itself
_ROUNDS_EACH = 8


@dataclass(kw_only=True)
class _Relaxed:
    """The linear program with its cuts: bound, cut values, their reduced costs, cycles, and the solver holding it."""

    bound: float
    f: NDArray[np.float64]
    cost: NDArray[np.float64]
    cycles: list[tuple[int, ...]]
    solver: Any


def solve_component(
    nodes: int, left: Sequence[int], right: Sequence[int], weight: Sequence[float], *, seconds: float
) -> tuple[list[int], float]:
    """Divide a connected component.

    Returns
    -------
    tuple
        The side of each node, 0 or 1, and the gap between the weight they cut and the proven bound.
    """
    u, v, w = np.asarray(left, np.int64), np.asarray(right, np.int64), np.asarray(weight, float)
    end = time.monotonic() + seconds
    best = local_search(nodes, u, v, w)
    value = _cut_weight(best, u, v, w)
    if value == 0.0:
        return best.tolist(), 0.0
    relaxed = _cycle_bound(nodes, u, v, w, upper=value, end=end)
    bound, f, cycles = relaxed.bound, relaxed.f, relaxed.cycles
    rounded = _from_cuts(nodes, u, v, w, f)
    rounded = local_search(nodes, u, v, w, start=rounded)
    if _cut_weight(rounded, u, v, w) < value:
        best, value = rounded, _cut_weight(rounded, u, v, w)
    tight = 1e-7 * float(np.abs(w).sum())
    if value - bound > tight:
        best, value, bound = _node_model(nodes, u, v, w, cycles=cycles, best=best, bound=bound, end=end)
    return best.tolist(), 0.0 if value - bound <= tight else value - bound


def reduced_costs(
    nodes: int, left: Sequence[int], right: Sequence[int], weight: Sequence[float], *, least: float, seconds: float
) -> NDArray[np.float64] | None:
    """Give what each tie adds to the least cost at the least when it is cut; none where the bound is below the least.

    Every division that cuts a tie costs at least the bound plus the tie's reduced cost in the linear program.
    """
    u, v, w = np.asarray(left, np.int64), np.asarray(right, np.int64), np.asarray(weight, float)
    relaxed = _cycle_bound(nodes, u, v, w, upper=least, end=time.monotonic() + seconds)
    return relaxed.cost if least - relaxed.bound <= 1e-7 * float(np.abs(w).sum()) else None


def least_when_cut(
    nodes: int,
    left: Sequence[int],
    right: Sequence[int],
    weight: Sequence[float],
    *,
    places: Sequence[int],
    limit: Sequence[float],
    end: float,
) -> list[tuple[float, bool]]:
    """Bound from below what divisions cost that cut one tie, for several ties in turn.

    Parameters
    ----------
    places
        The ties.
    limit
        For each of them the cost from which more does not matter.
    end
        When to stop, in monotonic seconds; ties not reached get a bound of 0.

    Returns
    -------
    list
        For each tie the bound, and whether it is the least itself: that of a division which costs no more.
    """
    u, v, w = np.asarray(left, np.int64), np.asarray(right, np.int64), np.asarray(weight, float)
    tight = 1e-7 * float(np.abs(w).sum())
    relaxed = _cycle_bound(nodes, u, v, w, upper=float("inf"), end=end)
    found = []
    for place, enough in zip(places, limit, strict=True):
        relaxed.solver.changeColBounds(place, 1.0, 1.0)
        value = float("inf")
        for _ in range(_ROUNDS_EACH):
            if time.monotonic() >= end:
                break
            _resolve(relaxed, end=end)
            side = _from_cuts(nodes, u, v, w, relaxed.f)
            cuts_it = bool((side[u[place]] == side[v[place]]) == (w[place] < 0))
            value = _cut_weight(side, u, v, w) if cuts_it else float("inf")
            if relaxed.bound >= min(enough, value) - tight or not _add_violated(relaxed, nodes, u, v, w):
                break
        if time.monotonic() >= end:
            found.append((0.0, False))
        elif value <= relaxed.bound + tight:
            found.append((value, True))
        else:
            found.append((relaxed.bound, False))
        relaxed.solver.changeColBounds(place, 0.0, 1.0)
    return found


def _resolve(relaxed: _Relaxed, *, end: float) -> None:
    """Solve the program as it stands; a bound of 0 when time is up."""
    import highspy

    solver = relaxed.solver
    solver.setOptionValue("time_limit", solver.getRunTime() + max(0.05, end - time.monotonic()))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        relaxed.bound = 0.0
        return
    relaxed.f = np.asarray(solver.getSolution().col_value)
    relaxed.bound = float(solver.getInfo().objective_function_value)


def _add_violated(
    relaxed: _Relaxed, nodes: int, u: NDArray[np.int64], v: NDArray[np.int64], w: NDArray[np.float64]
) -> bool:
    """Add the cycles that the solution violates, and say whether there were any."""
    known = set(relaxed.cycles)
    fresh = [cycle for cycle in _violated(nodes, u, v, w, relaxed.f) if cycle not in known]
    if fresh:
        _add_cycles(relaxed.solver, fresh, shift=0)
        relaxed.cycles.extend(fresh)
    return bool(fresh)


def _cut_weight(side: NDArray[np.int64], u: NDArray[np.int64], v: NDArray[np.int64], w: NDArray[np.float64]) -> float:
    return float(np.abs(w)[(side[u] == side[v]) == (w < 0)].sum())


def local_search(
    nodes: int,
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    w: NDArray[np.float64],
    *,
    start: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Move single nodes to the other side while that cuts less; start from the leading eigenvector's signs."""
    matrix = csr_array((np.concatenate((w, w)), (np.concatenate((u, v)), np.concatenate((v, u)))), shape=(nodes, nodes))
    if start is None:
        # a fixed vector without symmetry: a vector of ones can lie where the iteration gives 0
        vector = np.cos(np.arange(1.0, nodes + 1))
        shift = np.abs(matrix).sum(axis=1).max()
        for _ in range(60):
            vector = matrix @ vector + shift * vector
            vector /= np.linalg.norm(vector)
        spin = np.where(vector >= 0, 1.0, -1.0)
    else:
        spin = 1.0 - 2.0 * start
    pull = matrix @ spin
    indptr, indices, data = matrix.indptr, matrix.indices, matrix.data
    while True:
        gain = -spin * pull
        node = int(gain.argmax())
        if gain[node] <= 1e-12:
            return (spin < 0).astype(np.int64)
        spin[node] = -spin[node]
        near = slice(indptr[node], indptr[node + 1])
        pull[indices[near]] += 2.0 * spin[node] * data[near]


def _cycle_bound(
    nodes: int,
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    w: NDArray[np.float64],
    *,
    upper: float,
    end: float,
) -> _Relaxed:
    """Solve the linear program over the ties, adding negative cycles while any is violated."""
    import highspy

    solver = quiet_solver()
    size = len(w)
    solver.addVars(size, np.zeros(size), np.ones(size))
    solver.changeColsCost(size, np.arange(size, dtype=np.int32), np.abs(w))
    cycles: list[tuple[int, ...]] = []
    f, cost = np.zeros(size), np.zeros(size)
    bound = 0.0
    seen: set[tuple[int, ...]] = set()
    while time.monotonic() < end:
        fresh = [cycle for cycle in _violated(nodes, u, v, w, f) if cycle not in seen]
        if not fresh:
            break
        seen.update(fresh)
        _add_cycles(solver, fresh, shift=0)
        cycles.extend(fresh)
        # HiGHS counts the time of all its runs
        solver.setOptionValue("time_limit", solver.getRunTime() + max(0.05, end - time.monotonic()))
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
            break
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise EngineError(f"The cycle cuts ended as {solver.modelStatusToString(solver.getModelStatus())}.")
        f = np.asarray(solver.getSolution().col_value)
        cost = np.asarray(solver.getSolution().col_dual)
        bound = float(solver.getInfo().objective_function_value)
        if upper - bound <= 1e-7 * float(np.abs(w).sum()):
            break
    return _Relaxed(bound=bound, f=f, cost=cost, cycles=cycles, solver=solver)


def _add_cycles(solver: Any, cycles: Sequence[tuple[int, ...]], *, shift: int) -> None:  # noqa: ANN401 - highspy is untyped
    """Add the rows "at least one tie of the cycle is cut"; the columns of the ties begin at `shift`."""
    sizes = np.array([len(cycle) for cycle in cycles])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int32)
    columns = np.array([tie + shift for cycle in cycles for tie in cycle], np.int32)
    solver.addRows(
        len(cycles), np.ones(len(cycles)), sizes.astype(float), len(columns), starts, columns, np.ones(len(columns))
    )


def _violated(
    nodes: int, u: NDArray[np.int64], v: NDArray[np.int64], w: NDArray[np.float64], f: NDArray[np.float64]
) -> list[tuple[int, ...]]:
    """Find negative cycles whose ties sum to less than 1: shortest paths between the two copies of each node."""
    crossing = np.where(w < 0, nodes, 0)
    rows = np.concatenate((u, u + nodes))
    columns = np.concatenate((v + crossing, v + nodes - crossing))
    length = np.concatenate((f, f)) + _NUDGE
    graph = csr_array((length, (rows, columns)), shape=(2 * nodes, 2 * nodes))
    number = {
        pair: tie % len(w)
        for tie, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
        for pair in ((row, column), (column, row))
    }
    degree = np.bincount(np.concatenate((u, v)), minlength=nodes)
    roots = np.argsort(-degree, kind="stable")[: min(128, max(48, nodes // 8))]
    distance, parent = dijkstra(graph, directed=False, indices=roots, return_predecessors=True, limit=1.0)
    first, second = u.tolist(), ((v + crossing + nodes) % (2 * nodes)).tolist()
    ends, negative, value = list(zip(u.tolist(), v.tolist(), strict=True)), (w < 0).tolist(), f.tolist()
    found: dict[tuple[int, ...], None] = {}
    for line, root in enumerate(roots):
        # any tie between two reached nodes whose copies close a negative cycle at the root gives a cut
        to = distance[line]
        through = to[u] + f + to[(v + crossing + nodes) % (2 * nodes)]
        candidates = np.flatnonzero(through < 1.0 - _VIOLATED)
        before = parent[line].tolist()
        # of equally short cycles the first are taken for every root: cuts that share ties raise the bound soonest
        for tie in candidates[np.argsort(through[candidates], kind="stable")][:_PER_ROOT].tolist():
            odd = {tie}
            # a closed walk that uses a tie twice still holds a negative cycle in the ties used once
            for node in (first[tie], second[tie]):
                odd.symmetric_difference_update(_walk(before, number, int(root), node))
            cycle = tuple(sorted(odd))
            if cycle not in found and sum(value[n] for n in cycle) < 1.0 - _VIOLATED:
                found[cycle] = None
    return [cycle for cycle in found if _is_cycle(cycle, ends, negative)]


def _walk(parent: Sequence[int], number: Mapping[tuple[int, int], int], root: int, node: int) -> Iterator[int]:
    while node != root:
        before = parent[node]
        yield number[before, node]
        node = before


def _is_cycle(ties: Sequence[int], ends: Sequence[tuple[int, int]], negative: Sequence[bool]) -> bool:
    """Say whether the ties form an even subgraph with an odd number of negative ties: its cut needs one of them."""
    open_ends: set[int] = set()
    for tie in ties:
        open_ends.symmetric_difference_update({ends[tie][0]})
        open_ends.symmetric_difference_update({ends[tie][1]})
    return bool(ties) and not open_ends and sum(negative[tie] for tie in ties) % 2 == 1


def _from_cuts(
    nodes: int, u: NDArray[np.int64], v: NDArray[np.int64], w: NDArray[np.float64], f: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Divide along a tree of the ties that the linear program cuts least."""
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    tree = minimum_spanning_tree(csr_array((f + _NUDGE, (u, v)), shape=(nodes, nodes)))
    order, parent = breadth_first_order(tree, 0, directed=False)
    sign = csr_array((np.where(w < 0, -1, 1), (u, v)), shape=(nodes, nodes))
    sign = (sign + sign.T).tocsr()
    side = np.zeros(nodes, np.int64)
    for node in order[1:]:
        above = int(parent[node])
        side[node] = side[above] ^ int(sign[above, node] < 0)
    return side


def _node_model(
    nodes: int,
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    w: NDArray[np.float64],
    *,
    cycles: Sequence[tuple[int, ...]],
    best: NDArray[np.int64],
    bound: float,
    end: float,
) -> tuple[NDArray[np.int64], float, float]:
    """Search over the sides of the nodes with HiGHS, the cycles as extra rows; give sides, their cut and the bound."""
    import highspy

    size = len(w)
    solver = quiet_solver()
    for option, setting in (("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-9)):
        solver.setOptionValue(option, setting)
    solver.setOptionValue("time_limit", max(0.1, end - time.monotonic()))
    solver.addVars(nodes + size, np.zeros(nodes + size), np.ones(nodes + size))
    solver.changeColsCost(size, np.arange(nodes, nodes + size, dtype=np.int32), np.abs(w))
    solver.changeColsIntegrality(
        nodes, np.arange(nodes, dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * nodes)
    )
    degree = np.bincount(np.concatenate((u, v)), minlength=nodes)
    anchor = int(degree.argmax())
    solver.changeColBounds(anchor, 0.0, 0.0)
    sides = best ^ best[anchor]
    for tie in range(size):
        columns = np.array([nodes + tie, u[tie], v[tie]], np.int32)
        if w[tie] > 0:
            solver.addRow(0.0, highspy.kHighsInf, 3, columns, np.array([1.0, -1.0, 1.0]))
            solver.addRow(0.0, highspy.kHighsInf, 3, columns, np.array([1.0, 1.0, -1.0]))
        else:
            solver.addRow(-1.0, highspy.kHighsInf, 3, columns, np.array([1.0, -1.0, -1.0]))
            solver.addRow(1.0, highspy.kHighsInf, 3, columns, np.array([1.0, 1.0, 1.0]))
    _add_cycles(solver, cycles, shift=nodes)
    start = highspy.HighsSolution()
    cut = ((sides[u] == sides[v]) == (w < 0)).astype(float)
    start.col_value = [*sides.astype(float).tolist(), *cut.tolist()]
    solver.setSolution(start)
    solver.run()
    value = _cut_weight(best, u, v, w)
    if solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        found = np.rint(np.asarray(solver.getSolution().col_value)[:nodes]).astype(np.int64)
        if _cut_weight(found, u, v, w) < value:
            best, value = found, _cut_weight(found, u, v, w)
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return best, value, value
    return best, value, max(bound, float(solver.getInfo().mip_dual_bound))
