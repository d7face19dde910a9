"""Ties out of line: how much frustration falls when the sign of one tie turns.

For a tie of weight w, turning its sign changes the cost of every division by w, down where the tie was frustrated and
up where it was not. So the least cost falls by w exactly if some best division leaves the tie frustrated, and by less
or not at all otherwise. Where all weights are the same, two best divisions differ only in which ties they leave
frustrated, and all of these are found by solving again with the ties not yet seen made a little cheaper, until no new
one appears. Where weights differ, the linear program with one tie held cut bounds what that costs, and is mostly exact;
the ties for which it is not are turned and solved one by one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legation.relations.balance._cuts import least_when_cut, reduced_costs
from legation.relations.balance.blocks import blocks
from legation.relations.balance.exact import Frustration, Tie, frustration

__all__ = ["Flip", "Flips", "flips"]

# far above the solver's tolerance, far below the whole unit that a worse division costs more
_CERTAIN = 1e-3
# moves of the walk over best divisions, for each actor
_WALK = 5


@dataclass(frozen=True, kw_only=True)
class Flip:
    """One tie whose turning lowers frustration.

    Attributes
    ----------
    place
        Place of the tie among those given.
    lowers
        How much the least frustration falls.
    """

    place: int
    lowers: float


@dataclass(frozen=True, kw_only=True)
class Flips:
    """Ties whose turning lowers frustration.

    Attributes
    ----------
    found
        These ties, those that lower it most first.
    unsettled
        Places of ties that time did not suffice for; they may lower it too.
    alternatives
        Places of ties that the given division satisfies and another best division does not; without any, and with
        nothing unsettled, the division of each connected part is the only best one.
    """

    found: tuple[Flip, ...]
    unsettled: tuple[int, ...]
    alternatives: tuple[int, ...]


def flips(ties: Sequence[Tie], best: Frustration, *, seconds: float = 20.0) -> Flips:
    """Say for every tie how much the least frustration falls when its sign turns.

    Parameters
    ----------
    ties
        Ties without parallels, no weight 0.
    best
        Their frustration, proven.
    seconds
        Time for all of them; past it the rest is unsettled.

    Examples
    --------
    >>> ties = [("a", "b", 1.0), ("b", "c", 1.0), ("a", "c", -1.0), ("c", "d", -1.0)]
    >>> [(flip.place, flip.lowers) for flip in flips(ties, frustration(ties)).found]
    [(0, 1.0), (1, 1.0), (2, 1.0)]
    """
    end = time.monotonic() + seconds
    cut = set(best.cut)
    found: list[Flip] = []
    unsettled: list[int] = []
    alternatives: list[int] = []
    for block in blocks([(left, right) for left, right, _ in ties]):
        # turning a tie lowers nothing in a block that is balanced
        if not cut.intersection(block):
            continue
        weights = {abs(ties[place][2]) for place in block}
        search = _of_equal_weight if len(weights) == 1 else _one_by_one
        lowered, left_over = search(ties, block, cut, best.camp, end)
        found.extend(lowered)
        unsettled.extend(left_over)
        alternatives.extend(
            flip.place for flip in lowered if flip.place not in cut and flip.lowers >= _whole(ties[flip.place][2])
        )
    found.sort(key=lambda flip: (-flip.lowers, flip.place))
    return Flips(found=tuple(found), unsettled=tuple(unsettled), alternatives=tuple(alternatives))


def _whole(weight: float) -> float:
    return abs(weight) * (1.0 - 1e-9)


def _of_equal_weight(
    ties: Sequence[Tie], block: Sequence[int], cut: set[int], camp: Mapping[str, int], end: float
) -> tuple[list[Flip], list[int]]:
    seen = cut.intersection(block)
    least = len(seen)
    seen |= _across_the_plateau(ties, block, camp)
    size = abs(ties[block[0]][2])
    # one more cut costs more than all savings together, which are at most one for each tie cut
    scale = float(least + 2)
    never = _never_cut(ties, block, least, end)
    while True:
        left = end - time.monotonic()
        unseen = [place for place in block if place not in seen and place not in never]
        if not unseen:
            return _flips(seen, size), []
        if left <= 0:
            return _flips(seen, size), unseen
        cheap = set(unseen)
        again = frustration(
            [
                (a, b, (1.0 if weight > 0 else -1.0) * (scale - 1.0 if place in cheap else scale))
                for place in block
                for a, b, weight in (ties[place],)
            ],
            seconds=left,
        )
        fresh = {block[n] for n in again.cut} - seen
        if len(again.cut) == least:
            seen |= fresh | _across_the_plateau(ties, block, again.camp)
        if not again.proven:
            return _flips(seen, size), [place for place in unseen if place not in seen]
        if not fresh:
            return _flips(seen, size), []


def _across_the_plateau(ties: Sequence[Tie], block: Sequence[int], camp: Mapping[str, int]) -> set[int]:
    """Give ties cut by best divisions that are reached by moving one actor at a time at no cost.

    An actor with as many frustrated as satisfied ties can go over; the one that has waited longest goes first.
    """
    near: dict[str, list[tuple[str, float, int]]] = {}
    for place in block:
        a, b, weight = ties[place]
        sign = 1.0 if weight > 0 else -1.0
        near.setdefault(a, []).append((b, sign, place))
        near.setdefault(b, []).append((a, sign, place))
    spin = {node: 1.0 - 2.0 * camp[node] for node in near}
    pull = {node: spin[node] * sum(sign * spin[other] for other, sign, _ in near[node]) for node in near}
    # a node's even pull moves it; counts are whole numbers, so 0 is exact
    waiting = dict.fromkeys(sorted(node for node in near if pull[node] == 0))
    seen: set[int] = set()
    for _ in range(_WALK * len(near)):
        if not waiting:
            break
        node = next(iter(waiting))
        del waiting[node]
        seen.update(place for _, _, place in near[node])
        spin[node] = -spin[node]
        for other, sign, _ in near[node]:
            pull[other] += 2.0 * sign * spin[node] * spin[other]
            waiting.pop(other, None)
            if pull[other] == 0:
                waiting[other] = None
        waiting[node] = None
    return seen


def _never_cut(ties: Sequence[Tie], block: Sequence[int], least: int, end: float) -> set[int]:
    """Give ties of which the linear program alone proves that no best division cuts them."""
    unit = [(a, b, 1.0 if weight > 0 else -1.0) for place in block for a, b, weight in (ties[place],)]
    costs = _lp_costs(unit, float(least), end)
    return {place for place, cost in zip(block, costs, strict=True) if cost > _CERTAIN}


def _lp_costs(ties: Sequence[Tie], least: float, end: float) -> list[float]:
    """Give the ties' reduced costs; 0 throughout where the linear program does not reach the least."""
    costs = reduced_costs(*_numbered(ties), least=least, seconds=max(0.0, end - time.monotonic()))
    return [0.0] * len(ties) if costs is None else [float(cost) for cost in costs]


def _flips(places: set[int], size: float) -> list[Flip]:
    return [Flip(place=place, lowers=size) for place in sorted(places)]


def _one_by_one(
    ties: Sequence[Tie], block: Sequence[int], cut: set[int], _camp: Mapping[str, int], end: float
) -> tuple[list[Flip], list[int]]:
    held = [ties[place] for place in block]
    least = sum(abs(ties[place][2]) for place in block if place in cut)
    found = [Flip(place=place, lowers=abs(ties[place][2])) for place in block if place in cut]
    unsettled: list[int] = []
    costs = _lp_costs(held, least, end)
    # a division that cuts the tie costs at least its reduced cost more, and turning it saves its weight at most
    open_ones = [n for n in range(len(block)) if block[n] not in cut and costs[n] < _whole(held[n][2])]
    open_ones.sort(key=lambda n: -abs(held[n][2]))
    limits = [least + abs(held[n][2]) for n in open_ones]
    forced = least_when_cut(*_numbered(held), places=open_ones, limit=limits, end=end)
    nothing = 1e-9 * max(1.0, least)
    for n, (bound, exact), limit in zip(open_ones, forced, limits, strict=True):
        lowers = limit - bound
        if not exact and lowers > nothing:
            turned = _turned(held, n, end)
            if turned is None:
                unsettled.append(block[n])
                continue
            lowers = least - turned
        if lowers > nothing:
            found.append(Flip(place=block[n], lowers=lowers))
    return found, unsettled


def _turned(ties: Sequence[Tie], place: int, end: float) -> float | None:
    """Give the least frustration with one tie turned; none when time is up."""
    left = end - time.monotonic()
    if left <= 0:
        return None
    a, b, weight = ties[place]
    again = frustration([*ties[:place], (a, b, -weight), *ties[place + 1 :]], seconds=left)
    return again.frustrated if again.proven else None


def _numbered(ties: Sequence[Tie]) -> tuple[int, list[int], list[int], list[float]]:
    """Give the number of nodes, and the ties with numbers for names."""
    names = sorted({node for tie in ties for node in tie[:2]})
    at = {node: n for n, node in enumerate(names)}
    return (
        len(names),
        [at[left] for left, _, _ in ties],
        [at[right] for _, right, _ in ties],
        [weight for _, _, weight in ties],
    )
