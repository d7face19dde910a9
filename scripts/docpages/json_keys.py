"""The page on JSON: for each command its keys, and for each kind of record its keys, types and meanings."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

import msgspec

from legation.cohesion.cross_impact_result import CrossImpactResult
from legation.cohesion.result import CohesionReport
from legation.desk.base import Record
from legation.desk.faults import Fault
from legation.evidence.catalogue import Catalogue
from legation.planning.explain.result import Explanation
from legation.planning.frontier.result import FrontierResult
from legation.planning.replan.result import ReplanResult
from legation.planning.result import PlanComparison, PlanResult, PlanScore
from legation.planning.schedule.mission_result import MissionSchedule
from legation.planning.table.reaction_result import CounterResult
from legation.planning.table.result import NegotiationResult
from legation.planning.uncertainty.result import PlanOutlook, RegretResult, RobustResult, SweepResult, WaitResult
from legation.planning.weights.result import WeightsResult
from legation.relations.types import ActorState, Landscape, Relation
from legation.service.commands import Outcome
from legation.store.interface import Entry

__all__ = ["json_page"]

HEAD = """# JSON output

Every command takes `--json`; this page lists the keys of each answer, the type of each value and what it means.

The page is written by `scripts/make_docs.py` from the result types, and a test pins the keys of every command.
A key that is named here stays: new ones may come with a release, and one that goes is announced one release before.
Every key is always there; a value that is not known is `null`.
Days are written `2027-03-31`, months `2027-03`, moments in UTC.
`label_notice` names the highest label of the desk that was asked, and is `null` where none was.

## Each command prints one object

| command | keys |
|---|---|
| `desk new` | `folder`, `files` |
| `desk generate` | `folder`, `files`, `missions` (how many), `seed` |
| `desk check` | `place`, `errors` and `warnings` (how many), `faults` (each a [Fault](#fault)) |
| `desk convert`, `desk sync` | those of an [Outcome](#outcome) |
| `desk history` | `entries` (each an [Entry](#entry) with `difference`, the entry in a line), `label_notice` |
| `desk import` | `kind`, `records` (how many were read), `added` (how many are new), `faults`, `written` (or `null`) |
| `desk schema` | a JSON Schema; see [the desk folder](desk-folder.md) |
| `world build` | `world`, `tables` (each a [TableInfo](#tableinfo)), `absent`, `files_of_no_source` (names) |
| `world show` | `world`, `catalogue` (a [Catalogue](#catalogue)) |
@EVIDENCE@
| `relation` | those of a [Relation](#relation), `states` (each an [ActorState](#actorstate)), `label_notice` |
| `landscape` | those of a [Landscape](#landscape), `label_notice` |
| `cohesion` | those of a [CohesionReport](#cohesionreport), `label_notice` |
| `plan` | those of a [PlanResult](#planresult), `label_notice` |
| `plan --score` | those of a [PlanScore](#planscore), `keeps_rules`, `label_notice` |
| `plan --compare` | those of a [PlanComparison](#plancomparison), `label_notice` |
| `brief` | `files`, `plan` (a [PlanResult](#planresult)), `label_notice` |

An error prints nothing to standard output, and its exit code says of what kind it is.
`desk check` and `desk import` print their answer with faults too.

## Each kind of object has its own keys
"""

ANSWERS: Mapping[str, str] = {
    "schedule": "those of a [MissionSchedule](#missionschedule), `label_notice`",
    "replan": "those of a [ReplanResult](#replanresult), `label_notice`",
    "explain": "those of an [Explanation](#explanation), `label_notice`",
    "frontier": "those of a [FrontierResult](#frontierresult), `label_notice`",
    "weights": "those of a [WeightsResult](#weightsresult), `label_notice`",
    "world sources": (
        "`today`, `sources` (each with `name`, `title`, `publisher`, `version`, `url`, `schedule`, "
        "`first`, `last`, `kind`, `licence`, `use`, `may_be_passed_on`, `age_days`, `tables`, `files`, "
        "`found`, `fetchable`, `in_baseline`)"
    ),
    "world fetch": "`source`, `files` (each with `path`, `url`, `bytes`, `sha256`, `resumed_at`, `already_there`)",
    "world licence": (
        "`use`, `may_be_passed_on`, `hindering`, `non_commercial`, `research`, `sentences`, `sources` "
        "(each a [SourceInfo](#sourceinfo))"
    ),
    "world diff": (
        "`as_of`, `change` (`hash_before`, `hash_after`, `sources`, `tables`, `same_tables`), `moved` "
        "(pairs with alignment, tension and level before and after)"
    ),
    "panel": "`panel` (what it is), `files`, `in_parts`, `sums` (by column), `cite` (by source)",
    "ties": "`as_of`, `rows`, `ties` (the columns of [ties](ties.md) and `current`), `not_held`, `files`",
    "measure similarity": "`pairs`, `measures`, `levels`, `undefined`, `notes`, `out`, `table`",
    "measure ideal-points": (
        "`actors`, `sessions`, `votes`, `resolutions`, `items`, `bridge_pairs`, `dropped`, `sweeps`, "
        "`change`, `converged`, `log_likelihood`, `notes`, `out`, `table`, `table_of_items`"
    ),
    "measure balance": "`periods`, `camps`, `ties`, `actors`, `notes`, `out`",
    "measure blocs": "`periods`, `members`, `blocs`, `pairs`, `notes`, `out`",
    "measure dyad-months": (
        "`format`, `engine`, `rows`, `dyad_months`, `out`, `rules`, `quarantine`, `volumes`, `table`"
    ),
    "measure level": "`report` (with the model's card and figures), `files`",
    "picture ...": "`picture` (the file)",
    "scenarios score": "those of a [PlanOutlook](#planoutlook), `label_notice`",
    "scenarios plan": "those of a [RobustResult](#robustresult), `label_notice`",
    "scenarios regret": "those of a [RegretResult](#regretresult), `label_notice`",
    "scenarios wait": "those of a [WaitResult](#waitresult), `label_notice`",
    "scenarios sweep": "those of a [SweepResult](#sweepresult), `label_notice`",
    "counter": "those of a [CounterResult](#counterresult), `label_notice`",
    "negotiate": "those of a [NegotiationResult](#negotiationresult), `label_notice`",
    "cross-impact": "those of a [CrossImpactResult](#crossimpactresult), `label_notice`",
}
"""What the commands on evidence print, beside those whose answers are described by their types."""

ROOTS: tuple[type[msgspec.Struct], ...] = (
    Fault, Outcome, Entry, Catalogue, Relation, ActorState, Landscape, CohesionReport, PlanResult, PlanScore,
    PlanComparison, PlanOutlook, RobustResult, RegretResult, WaitResult, SweepResult,
    CounterResult, NegotiationResult, CrossImpactResult, FrontierResult, WeightsResult, ReplanResult, Explanation,
    MissionSchedule,
)  # fmt: skip


def json_page() -> str:
    """Give the page."""
    found: dict[str, type[msgspec.Struct]] = {}
    for root in ROOTS:
        _collect(root, found)
    answers = "".join(f"| `{command}` | {keys} |\n" for command, keys in ANSWERS.items())
    parts = [HEAD.replace("@EVIDENCE@\n", answers)]
    for name in sorted(found):
        parts += _section(found[name])
    return "\n".join(parts)


def _collect(kind: type[msgspec.Struct], found: dict[str, type[msgspec.Struct]]) -> None:
    if issubclass(kind, Record) or kind.__name__ in found:
        if kind.__name__ in found and found[kind.__name__] is not kind:
            found[f"{kind.__module__}.{kind.__name__}"] = kind
        return
    found[kind.__name__] = kind
    for hint in _hints(kind).values():
        for inner in _structs(hint):
            _collect(inner, found)


def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {name: hints[name] for name in kind.__struct_fields__}


def _structs(hint: Any) -> Iterator[type[msgspec.Struct]]:  # noqa: ANN401 - any annotation
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    for part in typing.get_args(hint):
        yield from _structs(part)


def _section(kind: type[msgspec.Struct]) -> Iterator[str]:
    summary, meanings = _documented(kind)
    yield f"### {kind.__name__}\n"
    yield "\n".join(f"{sentence}" for sentence in re.split(r"(?<=[.:]) (?=[A-Z`])", summary)) + "\n"
    rows = [(name, _type(hint), meanings.get(name, "")) for name, hint in _hints(kind).items()]
    explained = any(meaning for _, _, meaning in rows)
    yield "| key | value | meaning |" if explained else "| key | value |"
    yield "|---|---|---|" if explained else "|---|---|"
    for name, value, meaning in rows:
        yield f"| `{name}` | {value} |" + (f" {meaning} |" if explained else "")
    yield ""


def _documented(kind: type[msgspec.Struct]) -> tuple[str, dict[str, str]]:
    """Split a docstring into its summary and the meanings under Attributes, each folded to one line."""
    text = inspect.cleandoc(kind.__doc__ or "")
    summary, _, attributes = text.partition("\nAttributes\n----------\n")
    meanings: dict[str, str] = {}
    names: list[str] = []
    for line in attributes.splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.partition(":")[0].split(",")]
        elif line.strip():
            for name in names:
                meanings[name] = f"{meanings.get(name, '')} {line.strip()}".strip().replace("|", "\\|")
    return " ".join(summary.split()), meanings


_PLAIN: Mapping[Any, str] = {
    str: "text", int: "whole number", float: "number", bool: "true or false", date: "day", datetime: "moment",
    type(None): "`null`", Any: "any value", object: "any value",
}  # fmt: skip


def _type(hint: Any) -> str:  # noqa: ANN401 - any annotation
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is typing.Annotated:
        return _type(parts[0])
    if origin is Literal:
        return "one of " + ", ".join(f"`{part}`" for part in parts)
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(_type(part) for part in parts)
    if origin in {tuple, list} or (isinstance(origin, type) and issubclass(origin, tuple)):
        return _list(parts)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"object of {_type(parts[1])}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "one of " + ", ".join(f"`{one.value}`" for one in hint)
    if isinstance(hint, type) and issubclass(hint, Record):
        return "a record as [the desk folder](desk-folder.md) describes it"
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    supertype = getattr(hint, "__supertype__", None)
    if supertype is not None:
        return _type(supertype)
    raise TypeError(f"the page has no word for {hint!r}")


def _list(parts: tuple[Any, ...]) -> str:
    if len(parts) == 2 and parts[1] is not Ellipsis:
        return f"a pair of {_type(parts[0])} and {_type(parts[1])}"
    return f"list of {_type(parts[0])}"
