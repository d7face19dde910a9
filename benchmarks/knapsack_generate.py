"""Generate knapsacks of the two public kinds, with other seeds than the published ones.

    python benchmarks/knapsack_generate.py FOLDER --quadratic 100 200 300 --densities 25 50 75 100 --count 3 --seed 7
    python benchmarks/knapsack_generate.py FOLDER --limited 5.250 10.250 30.500 --count 1 --seed 7

Quadratic ones (Billionnet and Soutif 2004): a value or pairwise value is 1 to 100 with the density's chance and else 0,
a weight 1 to 50, the capacity 50 to the weights' sum. Those with several limits (Chu and Beasley 1998): weights 0 to
1,000, each capacity the share .25, .5 or .75 of its weights' sum, a value the mean of the item's weights plus 0 to 500;
each file holds `count` problems of every share in turn. Best values are not known: the files say 0 or nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from knapsack_files import Knapsack
from legation.errors import InputError

SHARES = (0.25, 0.5, 0.75)


def quadratic(name: str, *, items: int, density: int, seed: int) -> Knapsack:
    """Draw a quadratic knapsack."""
    rng = np.random.default_rng([seed, items, density])
    drawn = np.triu(rng.integers(1, 101, (items, items)) * (rng.random((items, items)) < density / 100))
    weight = rng.integers(1, 51, (1, items))
    capacity = rng.integers(50, max(50, int(weight.sum())) + 1, 1)
    return Knapsack(name, "qkp", np.diag(drawn).copy(), np.triu(drawn, 1), weight, capacity)


def limited(name: str, *, items: int, limits: int, share: float, seed: int) -> Knapsack:
    """Draw a knapsack with several limits."""
    rng = np.random.default_rng([seed, items, limits, round(100 * share)])
    weight = rng.integers(0, 1001, (limits, items))
    profit = np.floor(weight.sum(axis=0) / limits + 500 * rng.random(items)).astype(np.int64)
    capacity = np.floor(share * weight.sum(axis=1)).astype(np.int64)
    return Knapsack(name, "mkp", profit, np.zeros((items, items), np.int64), weight, capacity)


def quadratic_text(instance: Knapsack) -> str:
    """Write a quadratic knapsack as the published files do."""
    n = len(instance.profit)
    rows = [" ".join(map(str, instance.pair[row, row + 1 :].tolist())) for row in range(n - 1)]
    head = [instance.name, str(n), " ".join(map(str, instance.profit.tolist())), *rows]
    return (
        "\n".join([*head, "", "0", str(instance.capacity[0]), " ".join(map(str, instance.weight[0].tolist()))]) + "\n"
    )


def limited_text(instances: list[Knapsack]) -> str:
    """Write knapsacks with several limits as OR-Library does."""
    lines = [str(len(instances))]
    for instance in instances:
        lines.append(f"{len(instance.profit)} {len(instance.capacity)} 0")
        lines += [" ".join(map(str, row.tolist())) for row in (instance.profit, *instance.weight, instance.capacity)]
    return "\n".join(lines) + "\n"


def write(given: argparse.Namespace) -> int:
    """Write the files that were asked for; give how many."""
    given.folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    for items in given.quadratic:
        for density in given.densities:
            for number in range(1, given.count + 1):
                name = f"drawn_{items}_{density}_{number}"
                drawn = quadratic(name, items=items, density=density, seed=given.seed * 1_000 + number)
                files[f"{name}.txt"] = quadratic_text(drawn)
    for place, size in enumerate(given.limited, start=1):
        limits, _, items = size.partition(".")
        if not (limits.isdigit() and items.isdigit()):
            raise InputError(f"{size!r} is no size.", remedy="Write limits and items as in 30.500.")
        drawn_all = [
            limited(size, items=int(items), limits=int(limits), share=share, seed=given.seed * 1_000 + number)
            for share in SHARES
            for number in range(1, given.count + 1)
        ]
        files[f"mknapcb{place}.txt"] = limited_text(drawn_all)
    for name, text in files.items():
        (given.folder / name).write_text(text, encoding="ascii")
    return len(files)


def main() -> None:
    """Read the options, write, say how many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quadratic", nargs="*", type=int, default=[], metavar="ITEMS")
    parser.add_argument("--densities", nargs="*", type=int, default=[25, 50, 75, 100])
    parser.add_argument("--limited", nargs="*", default=[], metavar="LIMITS.ITEMS")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    print(f"{write(parser.parse_args())} files written")


if __name__ == "__main__":
    main()
