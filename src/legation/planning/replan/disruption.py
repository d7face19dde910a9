"""Disruption of a plan, written over slots and people: the one place where it becomes numbers.

disruption = sum over missions of the old plan of what dropping, moving, another mode or another person costs them at
the notice they have, plus what new missions cost at theirs. It is linear in the slots and in *kept places*: columns
that say how many of an unmoved mission's places stay with the position that held them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.build import Model
from legation.planning.model.extend import Extension
from legation.planning.model.names import RowName
from legation.planning.replan.standing import Standing
from legation.planning.replan.weights import DisruptionWeights

__all__ = ["Columns", "Disruption", "KeptPlace", "add_disruption", "disruption_of"]


@dataclass(frozen=True)
class KeptPlace:
    """Places of one demand row that one position held in the old plan.

    `positions` are the crew's rows of that position: several where each of its people stands in a row of their own.
    `weight` is what each place adds to the disruption when another position takes it.
    """

    slot: int
    row: int
    positions: tuple[int, ...]
    count: int
    weight: float


@dataclass(frozen=True, eq=False)
class Disruption:
    """The disruption of every plan of a desk against an old plan.

    Attributes
    ----------
    constant
        What dropping every mission of the old plan that may still change would cost, with those the desk has lost.
    dropped, moved, mode, new
        Parts of what choosing a slot changes, each of shape (S,); `dropped` is negative: what keeping it saves.
    places
        Per slot, what all its places cost when none is kept, shape (S,); only slots of the old plan have any.
    kept
        What each kept place saves.
    """

    standing: Standing
    weights: DisruptionWeights
    constant: float
    dropped: NDArray[np.float64]
    moved: NDArray[np.float64]
    mode: NDArray[np.float64]
    new: NDArray[np.float64]
    places: NDArray[np.float64]
    kept: tuple[KeptPlace, ...]

    @cached_property
    def by_slot(self) -> NDArray[np.float64]:
        """What choosing each slot adds to the disruption while no place is kept, shape (S,)."""
        out: NDArray[np.float64] = self.dropped + self.moved + self.mode + self.new + self.places
        return out

    @cached_property
    def kept_of(self) -> dict[int, dict[int, list[KeptPlace]]]:
        """The places that can be kept, by slot and demand row."""
        out: dict[int, dict[int, list[KeptPlace]]] = {}
        for item in self.kept:
            out.setdefault(item.slot, {}).setdefault(item.row, []).append(item)
        return out

    def of(self, slots: Iterable[int], *, kept: float) -> float:
        """Give the disruption of a plan whose kept places save `kept`."""
        chosen = np.fromiter(slots, np.int64)
        size = self.constant + float(self.by_slot[chosen].sum()) - kept
        # the same sums in another order leave dust
        return size if size > _DUST else 0.0


_DUST = 1e-12


def disruption_of(standing: Standing, weights: DisruptionWeights | None = None) -> Disruption:
    """Work out what each slot changes against the old plan."""
    own = weights or DisruptionWeights()
    data, now = standing.data, standing.now
    count = len(data.slots.option)
    parts = {name: np.zeros(count) for name in ("dropped", "moved", "mode", "new", "places")}
    parts["new"] = own.new * own.fading(data.slots.start - now)
    constant = sum(_lost(standing, name, own) for name in standing.lost)
    kept: list[KeptPlace] = []
    for number, mission in enumerate(data.missions):
        if mission.id in standing.ended:
            parts["new"][data.slots_by_mission[number]] = 0.0
            continue
        if mission.id not in standing.old:
            if mission.status != "candidate" and _starts_before(data.slots.start[data.slots_by_mission[number]], now):
                parts["new"][data.slots_by_mission[number]] = 0.0
            continue
        entry = standing.old[mission.id]
        assert entry.start is not None
        slots = data.slots_by_mission[number]
        parts["new"][slots] = 0.0
        factor = own.committed if mission.status in {"committed", "executing"} else 1.0
        notice = factor * float(own.notice(entry.start - now))
        if mission.id not in standing.begun:
            constant += own.dropped * notice
            parts["dropped"][slots] = -own.dropped * notice
            # a mission brought forward has the notice of its new month
            sooner = factor * own.notice(np.minimum(data.slots.start[slots], entry.start) - now)
            other = np.array([data.modes[o].id != entry.mode for o in data.slots.option[slots]], bool)
            parts["moved"][slots] = np.where(data.slots.start[slots] != entry.start, own.moved * sooner, 0.0)
            parts["mode"][slots] = np.where(other, own.mode * notice, 0.0)
        if number in standing.slots:
            kept += _places(standing, standing.slots[number], entry.staff, own.person * notice, parts["places"])
    return Disruption(
        standing=standing,
        weights=own,
        constant=constant,
        dropped=parts["dropped"],
        moved=parts["moved"],
        mode=parts["mode"],
        new=parts["new"],
        places=parts["places"],
        kept=tuple(kept),
    )


def _starts_before(starts: NDArray[np.int64], now: int) -> bool:
    return bool(len(starts)) and bool((starts < now).any())


def _lost(standing: Standing, name: str, weights: DisruptionWeights) -> float:
    start = standing.old[name].start
    return weights.dropped * float(weights.notice((start or 0) - standing.now))


def _places(
    standing: Standing, slot: int, staff: Sequence[str], weight: float, places: NDArray[np.float64]
) -> list[KeptPlace]:
    """Note what each place of an old slot costs when it changes hands, and who held it."""
    data = standing.data
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for n, crew in enumerate(data.crew.positions):
        lines[crew.id].append(n)
    held: Counter[tuple[str, str]] = Counter()
    for text in staff:
        role, _, position = text.partition(":")
        held[role, position] += 1
    out = []
    for row in data.demands(slot).tolist():
        role = data.demand.needs[data.demand.need[row]].role
        able = set(data.demand.classes[data.demand.staff_class[row]].positions)
        before = {place: n for (own, place), n in held.items() if own == role}
        if not before:
            # the old plan named nobody: there is nobody to keep
            continue
        places[slot] += weight * float(data.demand.count[row])
        for place, n in before.items():
            own = tuple(line for line in lines.get(place, ()) if line in able)
            if own:
                out.append(KeptPlace(slot, row, own, min(n, int(data.demand.count[row])), weight))
    return out


@dataclass(frozen=True, eq=False)
class Columns:
    """Disruption as a linear form over a model's columns: ``constant + values @ x[columns]``.

    `kept` are the columns of `Disruption.kept`, in its order; -1 where the slot is not in the model or the place is
    kept whenever the slot is chosen.
    """

    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    constant: float
    kept: NDArray[np.int64]


def add_disruption(extension: Extension, disruption: Disruption) -> Columns:
    """Add the columns and rows that disruption needs to a model, and give it as a linear form.

    The form can stand in a row (an aim, a limit) or be added to the objective. At whole slots and with the best staff
    it equals the disruption exactly: each class's flow to a position holds at least the places kept with it, so the
    rest can be given out afterwards.
    """
    model = extension.base
    data = disruption.standing.data
    column_of = model.column_of()
    flows = _flow_columns(data.demand.classes, model)
    values = disruption.by_slot[model.slots].copy()
    kept = np.full(len(disruption.kept), -1, np.int64)
    by_flow: dict[tuple[int, ...], list[int]] = {}
    by_row: dict[int, list[int]] = {}
    new_columns: list[int] = []
    new_values: list[float] = []
    for number, item in enumerate(disruption.kept):
        if item.slot not in column_of:
            continue
        staff_class = int(data.demand.staff_class[item.row])
        flow = tuple(flows[staff_class, place] for place in item.positions if (staff_class, place) in flows)
        if not flow:
            # nobody else can fill it, so it stays with the one who holds it
            values[column_of[item.slot]] -= item.weight * item.count
            continue
        column = int(extension.add_columns(1, upper=float(item.count))[0])
        kept[number] = column
        new_columns.append(column)
        new_values.append(-item.weight)
        by_flow.setdefault(flow, []).append(column)
        by_row.setdefault(item.row, []).append(column)
    for flow, columns in by_flow.items():
        values_ = [*([1.0] * len(columns)), *([-1.0] * len(flow))]
        extension.add_row(RowName("change", "kept"), [*columns, *flow], values_, upper=0.0)
    for row, columns in by_row.items():
        slot, count = int(data.demand.slot[row]), float(data.demand.count[row])
        extension.add_row(
            RowName("change", data.missions[data.slot_mission[slot]].id),
            [*columns, column_of[slot]],
            [*([1.0] * len(columns)), -count],
            upper=0.0,
        )
    for number, item in enumerate(disruption.kept):
        # no more than were held, and none while the slot is not chosen: stronger than the box alone
        if kept[number] >= 0 and item.count < int(data.demand.count[item.row]):
            extension.add_row(
                RowName("change", "held"), [int(kept[number]), column_of[item.slot]], [1.0, -item.count], upper=0.0
            )
    used = np.flatnonzero(values)
    return Columns(
        columns=np.concatenate([used, np.array(new_columns, np.int64)]),
        values=np.concatenate([values[used], np.array(new_values, float)]),
        constant=disruption.constant,
        kept=kept,
    )


def _flow_columns(classes: Sequence[object], model: Model) -> dict[tuple[int, int], int]:
    out = {}
    for number, columns in model.flows:
        for position, column in zip(classes[number].positions, columns.tolist(), strict=True):  # type: ignore[attr-defined]
            out[number, position] = column
    return out
