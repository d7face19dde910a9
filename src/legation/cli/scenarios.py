"""The commands on chance: score a plan on scenarios, plan for them, regret, waiting, sweeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.output import (
    WHOLE,
    AsOf,
    Json,
    KnownOn,
    Overwrite,
    Place,
    WorldPath,
    print_answer,
    print_text,
    progress,
)
from legation.cli.plan import Gap, Seconds, Seed, searching, stop_on_interrupt

if TYPE_CHECKING:
    from legation.planning.uncertainty.draws import Spread
    from legation.planning.uncertainty.executors import Executor

__all__ = ["plan", "regret", "score", "sweep", "wait"]

Draws = Annotated[int, WHOLE, Parameter(name="--draws", help="How many scenarios a plan is scored on.")]
Alpha = Annotated[float, Parameter(name="--alpha", help="Which share of the scenarios counts as the worst.")]
CostSpread = Annotated[
    float, Parameter(name="--cost-spread", help="One budget in ten costs more than this share above plan.")
]
RateSpread = Annotated[
    float, Parameter(name="--rate-spread", help="The same for each foreign currency's exchange rate.")
]
Triangular = Annotated[
    bool, Parameter(name="--triangular", show_default=False, help="Triangular draws between low and high, not PERT.")
]
NoDrift = Annotated[
    bool, Parameter(name="--no-drift", show_default=False, help="Let relations stay as they are to the plan's end.")
]
Out = Annotated[
    Path | None, Parameter(name="--out", help="Draw it: a new file that ends in .svg, .png or .json (Vega-Lite).")
]


def score(
    place: Place,
    /,
    *,
    plan: Annotated[
        str | None,
        Parameter(
            help="A plan of the desk; an empty name takes its only one. Without it the best one is searched for."
        ),
    ] = None,
    draws: Draws = 1000,
    alpha: Alpha = 0.1,
    seed: Seed = 1,
    cost_spread: CostSpread = 0.15,
    rate_spread: RateSpread = 0.08,
    triangular: Triangular = False,
    no_drift: NoDrift = False,
    gap: Gap = 0.01,
    seconds: Seconds = 30.0,
    out: Out = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Score a plan on drawn scenarios: how its value spreads, which targets it meets, what had to go wrong."""
    from legation.briefs.charts.files import FORMATS, write_chart
    from legation.desk.labels import label_notice
    from legation.evidence.own import refuse_unwritable
    from legation.service.questions import open_desk
    from legation.service.scenarios import check_settings, score_on_scenarios

    check_settings(alpha=alpha, draws=draws, seed=seed, gap=gap, seconds=seconds)
    if out is not None:
        refuse_unwritable(out, overwrite=overwrite, formats=FORMATS, what="picture format")
    spread = _spread(costs=cost_spread, rates=rate_spread, triangular=triangular)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    label = label_notice(setting.desk)
    with searching("scoring") as (report, stop):
        found = score_on_scenarios(
            setting, plan=plan, draws=draws, seed=seed, alpha=alpha, spread=spread, drift=not no_drift, gap=gap,
            seconds=seconds, progress=report, stop=stop,
        )  # fmt: skip
    if out is not None:
        from legation.briefs.charts.scenarios import outlook_chart

        write_chart(outlook_chart(found, label=label), out, overwrite=overwrite)
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.scenarios import outlook_text

    return print_text(outlook_text(found, label=label))


def plan(
    place: Place,
    /,
    *,
    tail_weight: Annotated[
        float, Parameter(name="--tail-weight", help="How much the worst scenarios weigh against the average: 0 to 1.")
    ] = 0.5,
    scenarios: Annotated[
        int, WHOLE, Parameter(name="--scenarios", help="How many scenarios the plan is made for.")
    ] = 100,
    batches: Annotated[
        int,
        WHOLE,
        Parameter(name="--batches", help="Plan for as many other samples and estimate what the plan can lack; 0: no."),
    ] = 0,
    draws: Draws = 1000,
    alpha: Alpha = 0.1,
    seed: Seed = 1,
    cost_spread: CostSpread = 0.15,
    rate_spread: RateSpread = 0.08,
    triangular: Triangular = False,
    no_drift: NoDrift = False,
    gap: Gap = 0.01,
    seconds: Seconds = 60.0,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Make the plan that is best over drawn scenarios, and check it on fresh ones beside the plan for likely values."""
    from legation.desk.labels import label_notice
    from legation.service.questions import open_desk
    from legation.service.scenarios import check_settings, robust_plan_of

    check_settings(
        gap=gap, seconds=seconds, seed=seed, alpha=alpha, draws=draws, tail_weight=tail_weight, scenarios=scenarios,
        batches=batches,
    )  # fmt: skip
    spread = _spread(costs=cost_spread, rates=rate_spread, triangular=triangular)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    label = label_notice(setting.desk)
    with searching("planning for scenarios") as (report, stop):
        found = robust_plan_of(
            setting, tail_weight=tail_weight, scenarios=scenarios, draws=draws, batches=batches, seed=seed,
            alpha=alpha, spread=spread, drift=not no_drift, gap=gap, seconds=seconds, progress=report, stop=stop,
        )  # fmt: skip
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.scenarios import robust_text

    return print_text(robust_text(found, label=label))


def regret(
    place: Place,
    /,
    *,
    cases: Annotated[
        Path | None,
        Parameter(help="A TOML file of cases; without it: as judged, all low, all high, and the great partner lost."),
    ] = None,
    gap: Gap = 0.005,
    seconds: Seconds = 60.0,
    seed: Seed = 1,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Find the plan that lacks least in the case that suits it least, and which missions every case wants."""
    from legation.desk.labels import label_notice
    from legation.service.questions import open_desk
    from legation.service.scenarios import check_settings, read_cases, regret_of

    check_settings(gap=gap, seconds=seconds, seed=seed)
    given = None if cases is None else read_cases(cases)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    label = label_notice(setting.desk)
    with searching("weighing regret") as (report, stop):
        found = regret_of(setting, cases=given, gap=gap, seconds=seconds, seed=seed, progress=report, stop=stop)
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.scenarios import regret_text

    return print_text(regret_text(found, label=label))


def wait(
    place: Place,
    /,
    *,
    fact: Annotated[
        str,
        Parameter(
            name="--for", help="What is not known yet: mission:ID (its answer), partner:FIN, gate:ID or level:FIN."
        ),
    ],
    until: Annotated[str, Parameter(name="--until", help="The first month in which it is known: YYYY-MM.")],
    chance: Annotated[float | None, Parameter(help="How likely a gate is passed; for gates alone.")] = None,
    gap: Gap = 0.002,
    seconds: Seconds = 60.0,
    seed: Seed = 1,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Say what it is worth to choose the later months only once a fact is known, and what holding back costs."""
    from legation.desk.labels import label_notice
    from legation.planning.uncertainty.facts import check_fact
    from legation.service.questions import open_desk
    from legation.service.scenarios import check_settings, wait_for

    check_settings(gap=gap, seconds=seconds, seed=seed)
    check_fact(fact, month=until, chance=chance)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    label = label_notice(setting.desk)
    with searching("weighing the wait") as (report, stop):
        found = wait_for(
            setting, fact, until=until, chance=chance, gap=gap, seconds=seconds, seed=seed, progress=report, stop=stop
        )
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.scenarios import wait_text

    return print_text(wait_text(found, label=label))


def sweep(
    place: Place,
    file: Annotated[Path, Parameter(help="A TOML file with [[cases]] or a [grid].")],
    /,
    *,
    workers: Annotated[int, WHOLE, Parameter(help="Plan as many cases at a time, in processes or on Ray.")] = 1,
    ray: Annotated[
        str | None, Parameter(help="Run on Ray: the address of a cluster, or 'local' for one on this machine.")
    ] = None,
    cost_spread: CostSpread = 0.15,
    rate_spread: RateSpread = 0.08,
    triangular: Triangular = False,
    no_drift: NoDrift = False,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Plan every case of a file: less money, lower effects, a partner that refuses, other seeds.

    The results are the same whoever runs them. Ctrl-C lets the running cases end and starts no more.
    """
    from legation.desk.labels import label_notice
    from legation.service.questions import open_desk
    from legation.service.scenarios import check_settings, read_sweep, sweep_of

    check_settings(workers=workers)
    asked = read_sweep(file)
    spread = _spread(costs=cost_spread, rates=rate_spread, triangular=triangular)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    label = label_notice(setting.desk)
    executor: Executor = "ray" if ray is not None else "processes" if workers > 1 else "serial"
    with progress("sweeping") as show, stop_on_interrupt() as stop:
        found = sweep_of(
            setting, asked, executor=executor, workers=workers, address=None if ray in {None, "local"} else ray,
            spread=spread, drift=not no_drift,
            done=lambda count: show(f"{count} cases done (Ctrl-C starts no more)"), stop=stop,
        )  # fmt: skip
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.scenarios import sweep_text

    return print_text(sweep_text(found, label=label))


def _spread(*, costs: float, rates: float, triangular: bool) -> Spread:
    from legation.planning.uncertainty.draws import Spread

    return Spread(costs=costs, rates=rates, triangular=triangular)
