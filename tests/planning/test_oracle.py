"""The planner against brute force: on small desks every plan is tried, with rules checked record by record."""

import numpy as np
import pytest
from small_desks import FEATURES, START, check_against_oracle, relations, small_desk

from legation.desk.months import first_day, last_day, month_number, month_text


@pytest.mark.parametrize("feature", FEATURES)
def test_each_rule_alone_gives_the_best_plan_that_brute_force_finds(feature):
    """With one kind of rule at a time, the plan's value equals the best of all plans."""
    for seed in (1, 2):
        check_against_oracle(small_desk(seed, [feature]), relations() if feature in {"spill", "spill_cap"} else None)


@pytest.mark.parametrize("seed", range(20))
def test_rules_together_give_the_best_plan_that_brute_force_finds(seed):
    """With a random mixture of rules, the plan's value equals the best of all plans, or none exists for either."""
    rng = np.random.default_rng(1000 + seed)
    features = [name for name in FEATURES if rng.random() < 0.35]
    check_against_oracle(small_desk(seed, features), relations() if {"spill", "spill_cap"} & set(features) else None)


@pytest.mark.parametrize(
    ("seed", "features"),
    [
        (100154, "authority absence holder must_do executing spill long expiry best nested spill_cap days leads"),
        (648, "authority two_posts absorption synergy pin done expiry spill_cap days leads"),
        (101976, "absence two_posts exclusion must_do committed spill expiry days bound"),
        (105276, "ban sanction prerequisite commitment committed done nested spill_cap bound leads"),
        (107904, "windows ban activity absence commitment done minimum risk_limit nested days bound"),
    ],
)
def test_what_the_solver_settles_without_looking_is_asked_again(seed, features):
    """Desks on which HiGHS 1.13.1 lost the best plan, with presolve or without, are planned to their best."""
    assert check_against_oracle(small_desk(seed, features.split()), relations()) == "feasible"


def test_the_oracle_meets_both_outcomes():
    """The random mixtures contain desks with plans and desks without, so that both are tested."""
    assert check_against_oracle(small_desk(1, []), None) == "feasible"
    assert check_against_oracle(small_desk(1, ["executing", "pin", "must_do", "prerequisite"]), None) == "infeasible"


def test_months_count_from_the_start():
    """The helper's months are those of the desk."""
    assert month_number(month_text(3, start=START), start=START) == 3
    assert first_day(START) < last_day(START)
