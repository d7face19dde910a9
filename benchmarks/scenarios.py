"""Measure work on scenarios: scoring and planning on one desk, and a sweep by one process, by two and on Ray.

    python benchmarks/scenarios.py --missions 100 --cases 8
    python benchmarks/scenarios.py --missions 300 --cases 16 --without-ray

The sweep's results are compared field by field: whoever runs it, they are the same. Prints one Markdown table.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from legation.planning.data import plan_data
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.solve import search
from legation.planning.uncertainty.draws import draw
from legation.planning.uncertainty.robust import plan_for_scenarios
from legation.planning.uncertainty.scoring import score_on_draws
from legation.planning.uncertainty.sweep import sweep
from legation.planning.uncertainty.sweepfile import parse_sweep


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Run something and say how long it took."""
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missions", type=int, default=100)
    parser.add_argument("--cases", type=int, default=8)
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--gap", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-ray", action="store_true")
    asked = parser.parse_args()
    desk = generate_desk(DeskShape(missions=asked.missions), seed=asked.seed)
    relations = generate_relations(desk, seed=asked.seed)
    data = plan_data(desk, relations=relations)
    print("| work | time | result |\n|---|---|---|")
    seconds, found = timed(lambda: search(data, Highs(), gap=asked.gap, seconds=asked.seconds, seed=1))
    print(f"| plan for likely values, {asked.missions} missions | {seconds:.1f} s | gap {found.gap:.2%} |")
    seconds, scored = timed(lambda: score_on_draws(draw(data, count=1000), found.slots.tolist()))
    print(f"| score it on 1,000 scenarios | {seconds:.1f} s | mean {scored.mean:.4f} ± {scored.mean_error:.4f} |")
    seconds, robust = timed(
        lambda: plan_for_scenarios(
            data, Highs(), scenarios=asked.scenarios, tail_weight=0.5, gap=asked.gap, seconds=asked.seconds
        )
    )
    gain = robust.outlook.cvar - robust.judged_outlook.cvar
    print(
        f"| plan for {asked.scenarios} scenarios | {seconds:.1f} s | gap {robust.gap:.2%}, "
        f"worst tenth {100 * gain:+.2f} points on 1,000 fresh scenarios |"
    )
    money = ", ".join(f"{0.6 + 0.8 * n / asked.cases:.3f}" for n in range(asked.cases))
    cases = parse_sweep(f"[grid]\nmoney = [{money}]").every_case()
    base, first = None, None
    for name, how in (
        ("one process", {"executor": "serial"}),
        ("two processes", {"executor": "processes", "workers": 2}),
        ("Ray with two workers, started and stopped", {"executor": "ray", "workers": 2}),
    ):
        if asked.without_ray and how["executor"] == "ray":
            continue
        seconds, result = timed(
            lambda how=how: sweep(desk, cases, relations=relations, gap=asked.gap, seconds=asked.seconds, **how)
        )
        base, first = base or seconds, first or result
        complete = sum(row.complete for row in result.cases)
        if result == first:
            same = "the same"
        else:
            same = "other figures where time ended a case" if complete < len(cases) else "DIFFERENT"
        print(
            f"| sweep of {len(cases)} cases, {name} | {seconds:.1f} s ({base / seconds:.2f} x) "
            f"| {complete} complete, {same} |"
        )


if __name__ == "__main__":
    main()
