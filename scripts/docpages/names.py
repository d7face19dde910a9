"""The page on the Python library: every public name with its signature, its meaning and an example."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import legation

__all__ = ["names_page"]

HEAD = """# Python

This page lists every public name of `import legation` with its signature and meaning, and shows the common calls.

The page is written by `scripts/make_docs.py` from the library itself, and a test pins the names.
Importing the library costs about two milliseconds; rooms are imported when one of their names is first used.
Names below `legation.<room>` may change between releases; those listed here change with notice.

## A plan takes five calls

```python
from pathlib import Path

import legation

setting = legation.open_desk("examples/small")
found = legation.plan(setting.desk, relations=setting.relations, gap=0.01, seconds=30.0, seed=1)
print(f"{found.value:.3f} of at most {found.bound:.3f}, gap {found.gap:.2%}")
for mission in found.missions:
    print(mission.start, mission.title, mission.reason)
report = legation.assess(setting.desk, selection=found.to_selection(), relations=setting.relations)
brief = legation.brief_for(setting, found.with_cohesion(report))
legation.write_brief(brief, Path("out"), borders=setting.world.borders())
```

## The world answers questions of its own

```python
from datetime import date

import legation

relation = legation.relation("ESP", "MAR", as_of=date(2024, 6, 30))
print(relation.level, relation.treaty_status, relation.tension)
landscape = legation.landscape("EST", as_of=date(2024, 6, 30))
print(landscape.relations[0].name)
```

## Errors say what to do

```python
import legation

try:
    legation.find("Portgal")
except legation.errors.UnknownActorError as error:
    print(error.message, error.suggestions, error.remedy)
```

[Errors](errors.md) lists all of them; `legation.errors` is the module that holds them.
"""


def names_page() -> str:
    """Give the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield HEAD
    functions = [name for name in legation.__all__ if inspect.isfunction(getattr(legation, name))]
    kinds = [name for name in legation.__all__ if inspect.isclass(getattr(legation, name))]
    yield "## Functions\n"
    for name in functions:
        found = getattr(legation, name)
        yield f"### {name}\n"
        yield f"```python\n{name}{_signature(found)}\n```\n"
        yield f"{_first(found)}\n"
    yield "## Types\n"
    yield "| type | what it is |"
    yield "|---|---|"
    for name in kinds:
        yield f"| `{name}` | {_first(getattr(legation, name))} |"
    yield "\n`legation.__version__` is the version, and `legation.errors` the module of [errors](errors.md)."
    yield "The keys of results are on the page on [JSON output](json.md), which names them as Python does."
    yield ""


def _first(found: object) -> str:
    text = inspect.cleandoc(found.__doc__ or "").split("\n\n", maxsplit=1)[0]
    return " ".join(text.split()).replace("|", "\\|")


def _signature(found: object) -> str:
    signature = inspect.signature(found)  # type: ignore[arg-type]
    parts, named = [], False
    for one in signature.parameters.values():
        if one.kind is inspect.Parameter.KEYWORD_ONLY and not named:
            parts.append("*")
            named = True
        shown = getattr(one.default, "__name__", None) if inspect.isfunction(one.default) else repr(one.default)
        default = "" if one.default is inspect.Parameter.empty else f" = {shown}"
        parts.append(f"{one.name}: {one.annotation}{default}")
    end = f") -> {signature.return_annotation}"
    flat = f"({', '.join(parts)}{end}"
    return flat if len(flat) < 90 else "(\n    " + ",\n    ".join(parts) + f",\n{end}"
