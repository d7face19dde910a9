"""Our own work: types and rules, no input or output.

Names are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legation.desk.aims import Goal, Indicator, Link, Objective
    from legation.desk.base import Record, clearance_order, language_order, rank_order
    from legation.desk.constraints import (
        Absorption,
        Ban,
        Commitment,
        Exclusion,
        Gate,
        Pin,
        PlaceRisk,
        Prerequisite,
        SafetyLimit,
        Sanction,
        Synergy,
        Willingness,
    )
    from legation.desk.context import Activity, Agreement, Duty, Embassy, Judgement, Label, Report
    from legation.desk.desk import KINDS, Desk, DeskInfo, Settings
    from legation.desk.diff import Change, FieldChange, diff_desks, diff_records
    from legation.desk.faults import Fault
    from legation.desk.instruments import instrument_tree, is_below, is_humanitarian
    from legation.desk.labels import NO_LABEL, NOT_ENFORCED, highest_label, label_notice
    from legation.desk.limits import RiskCap, SpillCap
    from legation.desk.missions import Cost, Effect, Instrument, Lead, Mission, Mode, StaffNeed, Window
    from legation.desk.money import Converter
    from legation.desk.months import first_day, last_day, month_number, month_of, month_text, months_overlapping
    from legation.desk.people import Absence, Holder, Person, Position, TravelTime
    from legation.desk.plans import Plan, PlanEntry
    from legation.desk.resources import Allotment, Authority, Budget, ExchangeRate, PriceIndex
    from legation.desk.rules import RULES, Rule, check_desk
    from legation.desk.sanctions import SANCTION_FORBIDS, forbidden_branches
    from legation.desk.scales import EFFECT_ANCHORS, EFFECT_MAX, EFFECT_MIN

__all__ = [
    "EFFECT_ANCHORS",
    "EFFECT_MAX",
    "EFFECT_MIN",
    "KINDS",
    "NOT_ENFORCED",
    "NO_LABEL",
    "RULES",
    "SANCTION_FORBIDS",
    "Absence",
    "Absorption",
    "Activity",
    "Agreement",
    "Allotment",
    "Authority",
    "Ban",
    "Budget",
    "Change",
    "Commitment",
    "Converter",
    "Cost",
    "Desk",
    "DeskInfo",
    "Duty",
    "Effect",
    "Embassy",
    "ExchangeRate",
    "Exclusion",
    "Fault",
    "FieldChange",
    "Gate",
    "Goal",
    "Holder",
    "Indicator",
    "Instrument",
    "Judgement",
    "Label",
    "Lead",
    "Link",
    "Mission",
    "Mode",
    "Objective",
    "Person",
    "Pin",
    "PlaceRisk",
    "Plan",
    "PlanEntry",
    "Position",
    "Prerequisite",
    "PriceIndex",
    "Record",
    "Report",
    "RiskCap",
    "Rule",
    "SafetyLimit",
    "Sanction",
    "Settings",
    "SpillCap",
    "StaffNeed",
    "Synergy",
    "TravelTime",
    "Willingness",
    "Window",
    "check_desk",
    "clearance_order",
    "diff_desks",
    "diff_records",
    "first_day",
    "forbidden_branches",
    "highest_label",
    "instrument_tree",
    "is_below",
    "is_humanitarian",
    "label_notice",
    "language_order",
    "last_day",
    "month_number",
    "month_of",
    "month_text",
    "months_overlapping",
    "rank_order",
]

_HOMES = {
    "EFFECT_ANCHORS": "scales",
    "EFFECT_MAX": "scales",
    "EFFECT_MIN": "scales",
    "KINDS": "desk",
    "NOT_ENFORCED": "labels",
    "NO_LABEL": "labels",
    "RULES": "rules",
    "SANCTION_FORBIDS": "sanctions",
    "Absence": "people",
    "Absorption": "constraints",
    "Activity": "context",
    "Agreement": "context",
    "Allotment": "resources",
    "Authority": "resources",
    "Ban": "constraints",
    "Budget": "resources",
    "Change": "diff",
    "Commitment": "constraints",
    "Converter": "money",
    "Cost": "missions",
    "Desk": "desk",
    "DeskInfo": "desk",
    "Duty": "context",
    "Effect": "missions",
    "Embassy": "context",
    "ExchangeRate": "resources",
    "Exclusion": "constraints",
    "Fault": "faults",
    "FieldChange": "diff",
    "Gate": "constraints",
    "Goal": "aims",
    "Holder": "people",
    "Indicator": "aims",
    "Instrument": "missions",
    "Judgement": "context",
    "Label": "context",
    "Lead": "missions",
    "Link": "aims",
    "Mission": "missions",
    "Mode": "missions",
    "Objective": "aims",
    "Person": "people",
    "Pin": "constraints",
    "PlaceRisk": "constraints",
    "Plan": "plans",
    "PlanEntry": "plans",
    "Position": "people",
    "Prerequisite": "constraints",
    "PriceIndex": "resources",
    "Record": "base",
    "Report": "context",
    "RiskCap": "limits",
    "Rule": "rules",
    "SafetyLimit": "constraints",
    "Sanction": "constraints",
    "Settings": "desk",
    "SpillCap": "limits",
    "StaffNeed": "missions",
    "Synergy": "constraints",
    "TravelTime": "people",
    "Willingness": "constraints",
    "Window": "missions",
    "check_desk": "rules",
    "clearance_order": "base",
    "diff_desks": "diff",
    "diff_records": "diff",
    "first_day": "months",
    "forbidden_branches": "sanctions",
    "highest_label": "labels",
    "instrument_tree": "instruments",
    "is_below": "instruments",
    "is_humanitarian": "instruments",
    "label_notice": "labels",
    "language_order": "base",
    "last_day": "months",
    "month_number": "months",
    "month_of": "months",
    "month_text": "months",
    "months_overlapping": "months",
    "rank_order": "base",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes have any type
    """Load a public name from the module that holds it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"legation.desk.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
