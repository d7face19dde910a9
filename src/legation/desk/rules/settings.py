"""The desk's own numbers make a plan that can be solved and read."""

from __future__ import annotations

import math
from itertools import pairwise

from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "settings-alpha",
    "The strength of spill-over is at most its upper bound.",
    remedy="Lower spill_alpha, or raise spill_alpha_max.",
)
def settings_alpha(facts: Facts) -> Findings:
    """Spill-over is shown as a band from none to the upper bound, and the value used must lie in it."""
    settings = facts.desk.info.settings
    if settings.spill_alpha > settings.spill_alpha_max:
        text = f"spill_alpha {settings.spill_alpha} is above spill_alpha_max {settings.spill_alpha_max}."
        yield Finding(facts.desk.info, text, field="settings")


@rule(
    "settings-breakpoints",
    "The value of an objective rises in steps whose slopes fall and are never negative.",
    remedy="Write pairs of (points as a share of the target, slope): ends rising, slopes falling, as in (1.0, 1.0), "
    "(1.5, 0.2).",
)
def settings_breakpoints(facts: Facts) -> Findings:
    """A concave value needs no whole-number variables and says that the first help counts most."""
    steps = facts.desk.info.settings.value_breakpoints
    ends, slopes = [end for end, _ in steps], [slope for _, slope in steps]
    rising = all(before < after for before, after in zip([0.0, *ends], ends, strict=False))
    falling = all(before >= after for before, after in pairwise(slopes))
    finite = all(map(math.isfinite, (*ends, *slopes)))
    if not (steps and finite and rising and falling and slopes[0] > 0 and slopes[-1] >= 0):
        yield Finding(facts.desk.info, f"value_breakpoints {list(steps[:6])} are not concave.", field="settings")


@rule(
    "settings-finite",
    "The settings are finite numbers.",
    remedy="Write a number.",
)
def settings_finite(facts: Facts) -> Findings:
    """An infinite weight or limit would hide everything else in the objective."""
    settings = facts.desk.info.settings
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        if isinstance(value, float) and not math.isfinite(value):
            yield Finding(facts.desk.info, f"{name} is {value}.", field="settings")
