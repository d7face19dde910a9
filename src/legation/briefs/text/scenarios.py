"""Plans under uncertainty as text: sentences first, the numbers behind them after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from legation.actors import name
from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import amount, percent
from legation.planning.points import points
from legation.planning.uncertainty.result import (
    EntryTitles,
    MissionStatus,
    PlanOutlook,
    RegretResult,
    RobustResult,
    SearchRecord,
    SweepResult,
    WaitResult,
)

__all__ = ["outlook_text", "regret_text", "robust_text", "sweep_text", "wait_text"]

_STANDINGS = {"core": "In every plan", "borderline": "In some", "out": "In none"}
_MOST = 40


def outlook_text(outlook: PlanOutlook, *, label: str) -> str:
    """Write how a plan fares on scenarios: its value, its targets, its money, and what had to go wrong."""
    shares = {q.share: q.value for q in outlook.quantiles}
    least = min(outlook.targets, key=lambda t: t.target_met, default=None)
    sure = sum(target.target_met >= 0.5 for target in outlook.targets)
    lines = [
        *([] if outlook.search is None else [_search(outlook.search)]),
        (
            f"Over {outlook.draws:,} scenarios (seed {outlook.seed}) the plan {outlook.plan!r} is worth "
            f"{points(outlook.mean)} on average; with everything as judged likely it would be "
            f"{points(outlook.judged_value)}."
        ),
        f"One scenario in ten stays below {points(shares[0.1])}, one in ten comes above {points(shares[0.9])}.",
        (
            f"The worst {outlook.alpha:.0%} are worth {points(outlook.cvar)} on average (standard error "
            f"{points(outlook.cvar_error)}; of the mean {points(outlook.mean_error)})."
        ),
        f"{sure} of {len(outlook.targets)} targets are more likely met than not"
        + ("." if least is None else f"; the least likely is {least.title!r} at {least.target_met:.0%}."),
    ]
    risky = max(outlook.budgets, key=lambda b: b.broken, default=None)
    if risky is not None and risky.broken > 0:
        lines.append(
            f"Budget {risky.title!r} does not cover its missions in {risky.broken:.0%} of the scenarios; it then lacks "
            f"{amount(risky.shortfall)} on average."
        )
    return "\n".join(
        (
            f"{outlook.title} under uncertainty   [{label}]",
            bullets(lines),
            heading("What had to go wrong in the worst scenarios"),
            bullets(outlook.tail) or "Nothing sets them apart.",
            *(
                paragraph(f"Scenario {case.scenario}, {points(case.value)}: {' '.join(case.reasons)}")
                for case in outlook.worst
            ),
            heading("Chance that each target is met"),
            _targets(outlook),
            heading("Money when costs vary"),
            table(
                ("Budget", "Planned", "One in ten above", "Not covered", "Interval"),
                [
                    (b.title, amount(b.planned), amount(b.cost_high), percent(b.broken), _span(b.low, b.high))
                    for b in outlook.budgets
                ],
                align=("left", "right", "right", "right", "right"),
            ),
            heading("How often missions go ahead"),
            _missions(outlook),
            heading("Assumptions"),
            bullets(item.words for item in outlook.assumptions),
        )
    )


_ENDS = {
    "optimal": "proven best",
    "within_gap": "as near to the best as asked",
    "feasible": "the time ran out first, and a better plan may exist",
    "stopped": "the search was stopped by hand, and a better plan may exist: this one may be barely begun",
}


def _search(record: SearchRecord) -> str:
    return (
        f"The plan was searched for: value {points(record.value)}, proven bound {points(record.bound)}, gap "
        f"{record.gap:.2%} where {record.asked:.2%} was asked: {_ENDS[record.status]}."
    )


def robust_text(result: RobustResult, *, label: str) -> str:
    """Write the plan made for scenarios: what it gains, how it differs, how far from the best it can be."""
    own, beside = result.outlook, result.judged_outlook
    parts = [
        f"{result.title}: a plan for scenarios   [{label}]",
        bullets(result.words),
        *(
            paragraph(f"{whose} {_search(outlook.search)}")
            for whose, outlook in (("Of the plan kept:", own), ("Of the plan for likely values:", beside))
            if outlook.search is not None and outlook.search.status in {"stopped", "feasible"}
        ),
        paragraph(
            f"Its aim weighs the worst {result.alpha:.0%} with {result.tail_weight:g} and the average with "
            f"{1 - result.tail_weight:g}. On the {result.scenarios} scenarios it was made for, the aim is "
            f"{points(result.value)} with a proven bound of {points(result.bound)} (gap {result.gap:.2%}, "
            f"{_ENDS[result.status]}; {result.seconds:.1f} s)."
        ),
        table(
            ("On fresh scenarios", "For scenarios", "For likely values"),
            [
                ("Average", points(own.mean), points(beside.mean)),
                (f"Worst {result.alpha:.0%}", points(own.cvar), points(beside.cvar)),
                ("Spread", points(own.deviation), points(beside.deviation)),
            ],
            align=("left", "right", "right"),
        ),
        heading("Only in the plan for scenarios"),
        bullets(result.only_here) or "None.",
        heading("Only in the plan for likely values"),
        bullets(result.only_judged) or "None.",
        heading("The plan"),
        _entries(result.entry_titles),
        heading("Standing of missions over the plans found"),
        _standings(result.statuses),
        heading("Assumptions"),
        bullets(row.words for row in result.assumptions),
    ]
    return "\n".join(parts)


def regret_text(result: RegretResult, *, label: str) -> str:
    """Write the plan of least regret and what it lacks in each case."""
    return "\n".join(
        (
            f"{result.title}: least regret   [{label}]",
            bullets(result.words),
            heading("This plan in each case"),
            _regrets([(r.title, r.value, r.best, r.bound, r.regret, r.regret_high) for r in result.scenarios]),
            heading("The plan for likely values in each case"),
            _regrets(
                [
                    (r.title, r.judged_value, r.best, r.bound, r.judged_regret, r.judged_regret_high)
                    for r in result.scenarios
                ]
            ),
            heading("The plan"),
            _entries(result.entry_titles),
            heading("Standing of missions over the cases' own best plans"),
            _standings(result.statuses),
            heading("Assumptions"),
            bullets(row.words for row in result.assumptions),
        )
    )


def _regrets(rows: Sequence[tuple[str, float, float, float, float, float]]) -> str:
    return table(
        ("Case", "Value", "Best known", "Bound", "Lacks at least", "Lacks at most"),
        [(title, *(points(figure) for figure in figures)) for title, *figures in rows],
        align=_figures(6),
    )


def wait_text(result: WaitResult, *, label: str) -> str:
    """Write what waiting is worth, what it costs, and what would be done on each outcome."""
    parts = [
        f"{result.title}: waiting until it is known {result.fact}   [{label}]",
        bullets(result.words),
        table(
            ("Plan", "Value found", "Proven bound"),
            [
                ("Fixed today", points(result.now), points(result.now_bound)),
                (f"Chosen again from {result.month}", points(result.adaptive), points(result.adaptive_bound)),
                ("If it were known today", points(result.known), points(result.known_bound)),
                (
                    f"Fixed today, missions concerned held back to {result.month}",
                    "none" if result.held is None else points(result.held),
                    "none" if result.held_bound is None else points(result.held_bound),
                ),
            ],
            align=("left", "right", "right"),
        ),
    ]
    for branch in result.branches:
        parts.append(heading(f"If {branch.outcome} ({branch.probability:.0%}): {points(branch.value)}"))
        changes = (("Then also", branch.added), ("No longer", branch.dropped), ("In other months", branch.moved))
        parts.append(
            bullets(f"{word}: {', '.join(titles)}." for word, titles in changes if titles)
            or "As the plan that is fixed today."
        )
    parts += [heading("Missions concerned"), bullets(result.touched) or "None."]
    parts += [heading("Assumptions"), bullets(row.words for row in result.assumptions)]
    return "\n".join(parts)


def sweep_text(result: SweepResult, *, label: str) -> str:
    """Write every case of a sweep with its plan's value, or why there is none."""
    scored = any(row.mean is not None for row in result.cases)
    header = ("Case", "Value", "Bound", "Gap", "Cost", "Missions", *(("Mean", "Worst") if scored else ()))
    rows = [
        (
            row.title,
            _value(row.value),
            _value(row.bound),
            percent(row.gap, 2),
            amount(row.cost),
            str(len(row.entries)),
            *((_value(row.mean), _value(row.cvar)) if scored else ()),
        )
        for row in result.cases
        if row.error is None
    ]
    failed = [row for row in result.cases if row.error is not None]
    parts = [
        f"{result.title}: a sweep of {_cases(result)}   [{label}]",
        bullets(result.words),
        table(header, rows, align=_figures(len(header))),
    ]
    if scored:
        parts.append(
            paragraph("Value is judged as the case says; mean and worst are over drawn scenarios of the same case.")
        )
    if failed:
        parts += [
            heading("Cases without a plan"),
            bullets(f"{row.title}: {row.error} {row.remedy or ''}" for row in failed),
        ]
    if result.statuses:
        parts += [heading("Standing of missions over the cases"), _standings(result.statuses)]
    if result.assumptions:
        parts += [heading("Assumptions"), bullets(row.words for row in result.assumptions)]
    return "\n".join(parts)


def _cases(result: SweepResult) -> str:
    count = len(result.cases) + result.not_run
    return "1 case" if count == 1 else f"{count} cases"


def _figures(columns: int) -> list[Literal["left", "right"]]:
    """Give the sides of a table whose first column is a name and the others figures."""
    return ["right" if column else "left" for column in range(columns)]


def _value(value: float | None) -> str:
    return "" if value is None else points(value)


def _span(low: float, high: float) -> str:
    return f"{low:.0%} to {high:.0%}"


def _targets(outlook: PlanOutlook) -> str:
    return table(
        ("Objective", "Met", "Interval", "Net on average", "9 in 10 lie in"),
        [
            (
                t.title,
                percent(t.target_met),
                _span(t.low, t.high),
                f"{t.n_mean:.2f}",
                f"{t.n_low:.2f} to {t.n_high:.2f}",
            )
            for t in outlook.targets
        ],
        align=("left", "right", "right", "right", "right"),
    )


def _missions(outlook: PlanOutlook) -> str:
    rows = sorted(outlook.missions, key=lambda m: (m.accepted, m.title))
    shown = [
        (m.title, ", ".join(name(one) for one in m.partners), percent(m.accepted), percent(m.in_tail))
        for m in rows[:_MOST]
    ]
    more = len(rows) - len(shown)
    text = table(("Mission", "Partners", "Goes ahead", "In the worst"), shown, align=("left", "left", "right", "right"))
    return text if more <= 0 else f"{text}\n{more} more, all of them likelier, stand in the JSON."


def _entries(entries: Sequence[EntryTitles]) -> str:
    return table(
        ("Month", "Mission", "Mode", "People"), [(e.month, e.title, e.mode, ", ".join(e.people)) for e in entries]
    )


def _standings(statuses: Sequence[MissionStatus]) -> str:
    lines = []
    for standing, words in _STANDINGS.items():
        own = [row for row in statuses if row.standing == standing]
        if not own:
            continue
        names = "; ".join(
            row.title if standing != "borderline" else f"{row.title} ({row.plans} of {row.of})" for row in own
        )
        lines.append(f"{words} ({len(own)}): {names}.")
    return bullets(lines) or "Nothing can be said without plans."
