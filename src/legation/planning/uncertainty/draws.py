"""Draw scenarios: effects, partners' answers, synergies, costs and relations, each from what the desk judged.

What hangs together and what does not: partners answer each mission by themselves, but all of a partner's answers share
its *mood*, the place in the judged interval of its willingness; humanitarian missions have a mood of their own, which
neither politics nor relations touch. Effects, costs and relations are drawn independently of each other, relations of
the answers excepted: each step that the observer's level with a partner moves shifts the log-odds of its answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import share_left
from legation.desk.constraints import Willingness
from legation.desk.instruments import branch, instrument_tree, is_humanitarian
from legation.desk.missions import Mission
from legation.errors import InputError
from legation.planning.asked import check_search
from legation.planning.data import Bonus, PlanData
from legation.planning.uncertainty.chance import between, check_count, lognormal_factor, uniforms
from legation.planning.uncertainty.forecast import RelationForecast
from legation.planning.uncertainty.outlook import Outlook

__all__ = ["Draws", "Spread", "Willing", "draw", "humanitarian_missions"]

_EDGE = 1e-12


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What is assumed of chance beyond what the desk judged.

    Attributes
    ----------
    triangular
        Triangular distributions between low, likely and high instead of PERT.
    costs
        One budget in ten costs more than this share above plan; 0 for costs as planned.
    rates
        The same for the exchange rate of each foreign currency.
    willingness_per_level
        How far one step of the relation's level shifts the log-odds of a partner's answers.
    alignment_per_level
        How far one step shifts the alignment of a pair, for spill-over.
    """

    triangular: bool = False
    costs: float = 0.15
    rates: float = 0.08
    willingness_per_level: float = 0.5
    alignment_per_level: float = 0.2

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        for name, most in (
            ("costs", 5.0),
            ("rates", 5.0),
            ("willingness_per_level", 5.0),
            ("alignment_per_level", 2.0),
        ):
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise InputError(
                    f"A spread of {value} for {name.replace('_', ' ')} cannot be used.",
                    remedy=f"Give a number from 0 to {most:g}.",
                )


@dataclass(frozen=True, eq=False)
class Draws:
    """Drawn scenarios (S) of a desk.

    Attributes
    ----------
    data, spread, forecast
        What they were drawn from; without a forecast relations stay as they are.
    seed, first
        Of the whole run, and the number of the first scenario here.
    accepted
        Whether each mission goes ahead, shape (S, M).
    effects
        Each effect's points in the order of `effect_records`, shape (S, F).
    synergies
        Each synergy's points, in the order of the data's bonuses, shape (S, B).
    cost_factor, rate_factor
        Factors on what each budget's missions cost, shape (S, budgets), and on each foreign currency.
    moves
        Steps that each pair's level moves, shape (S, n, n), or None without a forecast.
    """

    data: PlanData
    spread: Spread
    forecast: RelationForecast | None
    seed: int
    first: int
    accepted: NDArray[np.bool_]
    effects: NDArray[np.float64]
    synergies: NDArray[np.float64]
    cost_factor: NDArray[np.float64]
    rate_factor: Mapping[str, NDArray[np.float64]]
    moves: NDArray[np.int8] | None

    def __len__(self) -> int:
        """Give how many scenarios there are."""
        return len(self.accepted)

    @cached_property
    def _table(self) -> _EffectTable:
        return _effect_table(self.data)

    @cached_property
    def _bonuses(self) -> tuple[tuple[Bonus, float], ...]:
        """Each synergy with what one point of it counts."""
        options = self.data.options
        objective = {
            row.id: options.objectives.index(row.objective)
            for row in self.data.desk.synergies
            if row.objective in options.objectives
        }
        per_point = options.weights / options.targets
        return tuple((bonus, float(per_point[objective[bonus.record]])) for bonus in self.data.bonuses)

    def outlook(self, number: int, *, accepted: NDArray[np.bool_] | None = None) -> Outlook:
        """Give one scenario; `accepted` replaces the drawn answers, shape (M,)."""
        data, table = self.data, self._table
        goes = self.accepted[number] if accepted is None else accepted
        going = goes[data.mission_of].astype(float)
        points = self.effects[number]
        delta = np.zeros((len(data.options.missions), len(data.options.objectives)))
        drawn = points[table.record] * going[table.option] * table.per_point
        np.add.at(delta, (table.option, table.objective), drawn - table.likely)
        bonuses = [
            Bonus(
                bonus.record,
                bonus.missions,
                per_point * float(self.synergies[number, place]) * bool(goes[list(bonus.missions)].all()),
            )
            for place, (bonus, per_point) in enumerate(self._bonuses)
        ]
        return Outlook(
            name=str(self.first + number),
            delta=delta,
            bonuses=tuple(bonus for bonus in bonuses if bonus.value),
            shift=self._shift(number, points, going),
        )

    def _shift(self, number: int, points: NDArray[np.float64], going: NDArray[np.float64]) -> NDArray[np.float64]:
        relations, table = self.data.relations, self._table
        if relations is None or not len(self.data.spill.actors):
            return self.data.spill.shift
        direct = np.zeros((len(self.data.options.missions), len(relations.actors)))
        rows = points[table.spill_record] * going[table.spill_option] * table.spill_per_point
        np.add.at(direct, (table.spill_option, table.spill_actor), rows)
        weights = relations.weights()
        if self.moves is not None:
            moved = relations.alignment + self.spread.alignment_per_level * self.moves[number]
            weights = replace(relations, alignment=np.clip(moved, -1.0, 1.0)).weights()
        system = np.eye(len(relations.actors)) - self.data.desk.info.settings.spill_alpha * weights
        needed = [relations.actors.index(actor) for actor in self.data.spill.actors]
        shift: NDArray[np.float64] = (np.linalg.solve(system, direct.T).T - direct)[:, needed]
        return shift


@dataclass(frozen=True, eq=False)
class _EffectTable:
    """Effects of the desk's records on options: which record, option and column, and what one point of it counts."""

    record: NDArray[np.int64]
    option: NDArray[np.int64]
    objective: NDArray[np.int64]
    per_point: NDArray[np.float64]
    likely: NDArray[np.float64]
    spill_record: NDArray[np.int64]
    spill_option: NDArray[np.int64]
    spill_actor: NDArray[np.int64]
    spill_per_point: NDArray[np.float64]


def humanitarian_missions(data: PlanData) -> NDArray[np.bool_]:
    """Say which missions are humanitarian, by purpose or instrument, shape (M,)."""
    tree = instrument_tree(data.desk.instruments)
    return np.array(
        [m.purpose == "humanitarian" or is_humanitarian(m.instrument, tree=tree) for m in data.missions], bool
    )


def _effect_table(data: PlanData) -> _EffectTable:
    options, aid = data.options, humanitarian_missions(data)
    column = {name: place for place, name in enumerate(options.objectives)}
    actors = {name: place for place, name in enumerate(data.relations.actors)} if data.relations is not None else {}
    by_mission: defaultdict[str, list[int]] = defaultdict(list)
    for option, mission in enumerate(options.missions):
        by_mission[mission].append(option)
    rows: list[tuple[int, int, int, float, float]] = []
    spill: list[tuple[int, int, int, float]] = []
    per_unit = {indicator.id: indicator.points_per_unit or 0.0 for indicator in data.desk.indicators}
    for number, effect in enumerate(data.desk.effects):
        for option in by_mission.get(effect.mission or "", ()):
            if effect.mode not in {None, options.modes[option]}:
                continue
            left = share_left(effect.fade_months, months=options.horizon)
            if effect.objective in column:
                k = column[effect.objective]
                factor = 1.0 if effect.indicator is None else per_unit[effect.indicator]
                per_point = factor * left / float(options.targets[k])
                rows.append(
                    (number, option, k, per_point, effect.likely * per_point * float(options.accept[1, option]))
                )
            elif effect.actor in actors and not aid[data.mission_of[option]]:
                per_point = left * data.desk.info.settings.relation_per_point
                spill.append((number, option, actors[effect.actor], per_point))
    whole = list(zip(*rows, strict=True)) or [()] * 5
    other = list(zip(*spill, strict=True)) or [()] * 4
    return _EffectTable(
        record=np.array(whole[0], np.int64),
        option=np.array(whole[1], np.int64),
        objective=np.array(whole[2], np.int64),
        per_point=np.array(whole[3], float),
        likely=np.array(whole[4], float),
        spill_record=np.array(other[0], np.int64),
        spill_option=np.array(other[1], np.int64),
        spill_actor=np.array(other[2], np.int64),
        spill_per_point=np.array(other[3], float),
    )


def draw(
    data: PlanData,
    *,
    count: int,
    seed: int = 1,
    first: int = 0,
    spread: Spread | None = None,
    forecast: RelationForecast | None = None,
) -> Draws:
    """Draw scenarios.

    Parameters
    ----------
    data
        The desk.
    count, first
        How many, and the number of the first: scenario 7 is the same whether 8 or 8,000 are drawn.
    seed
        Of the whole run.
    spread
        What is assumed beyond what the desk judged; `Spread()` when left out.
    forecast
        How relations may stand at the plan's end; relations stay as they are without one.

    Raises
    ------
    InputError
        When count, first or seed are out of range, or the forecast speaks of other actors than the relations.
    """
    check_search(seed=seed)
    check_count(count, first=first)
    chosen = spread or Spread()
    if forecast is not None and (data.relations is None or forecast.actors != data.relations.actors):
        raise InputError(
            "The forecast speaks of other actors than the relations.", remedy="Make it from the same snapshot."
        )
    source = _Source(data, chosen, seed=seed, first=first, count=count)
    moves = None if forecast is None else forecast.moves(months=data.horizon, seed=seed, first=first, count=count)
    return Draws(
        data=data,
        spread=chosen,
        forecast=forecast,
        seed=seed,
        first=first,
        accepted=source.accepted(forecast, moves),
        effects=source.effects(),
        synergies=source.synergies(),
        cost_factor=source.costs(),
        rate_factor=source.rates(),
        moves=moves,
    )


class _Source:
    """Draws one kind of quantity after the other."""

    def __init__(self, data: PlanData, spread: Spread, *, seed: int, first: int, count: int) -> None:
        self.data, self.spread, self.seed, self.first, self.count = data, spread, seed, first, count
        self.willing = Willing(data)

    def numbers(self, name: str) -> NDArray[np.float64]:
        return uniforms(name, seed=self.seed, first=self.first, count=self.count)

    def judged(self, u: NDArray[np.float64], low: float, likely: float, high: float) -> NDArray[np.float64]:
        return between(u, low=low, likely=likely, high=high, triangular=self.spread.triangular)

    def effects(self) -> NDArray[np.float64]:
        """Give the points of each effect of a mission that is still open; others are 0."""
        open_missions = {mission.id for mission in self.data.missions}
        out = np.zeros((self.count, len(self.data.desk.effects)))
        for number, effect in enumerate(self.data.desk.effects):
            if effect.mission in open_missions:
                u = self.numbers(f"effect|{effect.key}")
                out[:, number] = self.judged(u, effect.low, effect.likely, effect.high)
        return out

    def synergies(self) -> NDArray[np.float64]:
        rows = {row.id: row for row in self.data.desk.synergies}
        out = np.zeros((self.count, len(self.data.bonuses)))
        for number, bonus in enumerate(self.data.bonuses):
            row = rows[bonus.record]
            out[:, number] = self.judged(self.numbers(f"synergy|{row.id}"), row.low, row.likely, row.high)
        return out

    def costs(self) -> NDArray[np.float64]:
        budgets = self.data.funds.budgets
        factors = [lognormal_factor(self.numbers(f"cost|{name}"), spread=self.spread.costs) for name in budgets]
        return np.array(factors).reshape(len(budgets), self.count).T

    def rates(self) -> dict[str, NDArray[np.float64]]:
        info = self.data.desk.info
        foreign = sorted({cost.currency for cost in self.data.desk.costs} - {info.currency})
        return {name: lognormal_factor(self.numbers(f"rate|{name}"), spread=self.spread.rates) for name in foreign}

    def accepted(self, forecast: RelationForecast | None, moves: NDArray[np.int8] | None) -> NDArray[np.bool_]:
        data = self.data
        out = np.ones((self.count, len(data.missions)), bool)
        aid = humanitarian_missions(data)
        leading = {(lead.mission, lead.actor) for lead in data.desk.leads}
        for number, mission in enumerate(data.missions):
            if mission.status in {"committed", "executing"}:
                continue
            yes, others = np.zeros(self.count, np.int64), 0
            for partner in mission.partners:
                steps = None if aid[number] else _steps(partner, forecast, moves)
                answers = self._answers(mission, partner, steps=steps, aid=bool(aid[number]))
                # nothing goes ahead without those that lead it; the quorum is of the others
                if (mission.id, partner) in leading:
                    out[:, number] &= answers
                else:
                    yes += answers
                    others += 1
            out[:, number] &= yes >= (others if mission.quorum is None else mission.quorum)
        return out

    def _answers(
        self, mission: Mission, partner: str, *, steps: NDArray[np.float64] | None, aid: bool
    ) -> NDArray[np.bool_]:
        chance = self._chance(mission, partner, aid=aid)
        if steps is not None:
            odds = np.clip(chance, _EDGE, 1 - _EDGE)
            moved = np.log(odds / (1 - odds)) + self.spread.willingness_per_level * steps
            # a partner that surely accepts or surely refuses does so whatever the relation
            chance = np.where((chance > 0) & (chance < 1), 1 / (1 + np.exp(-moved)), chance)
        return self.numbers(f"answer|{mission.id}|{partner}") <= chance

    def _chance(self, mission: Mission, partner: str, *, aid: bool) -> NDArray[np.float64]:
        row = self.willing.row(mission, partner)
        if row is None:
            return np.full(self.count, self.data.desk.info.default_willingness)
        # need, not politics, moves the answer to a humanitarian mission: it has its own mood
        mood = self.numbers(f"mood|{partner}|humanitarian" if aid else f"mood|{partner}")
        return self.judged(mood, row.low, row.likely, row.high)


class Willing:
    """Which row says how willing a partner is: that of the mission, of the instrument's branch, or of anything."""

    def __init__(self, data: PlanData) -> None:
        self.rows = {(row.partner, row.mission, row.instrument): row for row in data.desk.willingness}
        self.tree = instrument_tree(data.desk.instruments)

    def row(self, mission: Mission, partner: str) -> Willingness | None:
        """Give the row of a partner for a mission; None where the desk's default holds."""
        line = branch(mission.instrument, tree=self.tree)
        keys = [(partner, mission.id, None), *((partner, None, name) for name in line), (partner, None, None)]
        return next((self.rows[key] for key in keys if key in self.rows), None)


def _steps(
    partner: str, forecast: RelationForecast | None, moves: NDArray[np.int8] | None
) -> NDArray[np.float64] | None:
    if forecast is None or moves is None or partner not in forecast.actors or forecast.observer not in forecast.actors:
        return None
    own, other = forecast.actors.index(forecast.observer), forecast.actors.index(partner)
    return moves[:, own, other].astype(float)
