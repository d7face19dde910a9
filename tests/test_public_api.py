"""The library's promises: its names, their types, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import legation

ROOT = Path(__file__).resolve().parents[1]

PUBLIC = {
    "Actor", "Brief", "Chosen", "CohesionReport", "Comparison", "Desk", "Fault", "Landscape", "Outcome",
    "PlanComparison", "PlanResult", "PlanScore", "Relation", "RelationsSnapshot", "Setting", "Store", "World",
    "__version__", "actor", "assess", "brief_for", "build_world", "check_desk", "compare", "convert_desk", "errors",
    "find", "landscape", "members", "open_desk", "open_store", "open_world", "plan", "read_desk", "relation",
    "save_plan", "score", "write_brief",
}  # fmt: skip


def test_names_are_pinned():
    """The public names are these; adding or removing one is a decision that changes this list."""
    assert set(legation.__all__) == PUBLIC
    assert dir(legation) == sorted(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_name_is_there_and_explained(name):
    """Every public name can be fetched, again and again the same, and says what it is."""
    found = getattr(legation, name)

    assert found is getattr(legation, name)
    assert isinstance(found, str) or found.__doc__


def test_unknown_name_is_an_attribute_error():
    """A name that is not public is refused as any module refuses it."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        legation.nonsense  # noqa: B018


@pytest.mark.parametrize("order", [("plan", "relation"), ("legation.planning.planner", "legation.relations.answer")])
def test_functions_survive_their_modules(order):
    """A function stays a function, whichever modules were imported before it was asked for."""
    code = (
        "import importlib, legation\n"
        f"for name in {order!r}:\n"
        "    importlib.import_module(name) if '.' in name else getattr(legation, name)\n"
        "for name in ('plan', 'score', 'compare', 'relation', 'landscape'):\n"
        "    assert callable(getattr(legation, name))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_import_loads_nothing():
    """Importing the library loads none of its rooms and no other library."""
    code = "import sys; old = set(sys.modules); import legation; print(*sorted(set(sys.modules) - old))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert set(done.stdout.split()) <= {"legation", "__future__"}


def test_version_is_the_packages():
    """The library and the installed package name the same version."""
    assert legation.__version__ == version("legation")


def test_package_is_typed():
    """The package tells type checkers that it is typed."""
    assert (Path(legation.__file__).parent / "py.typed").is_file()


def test_types_are_what_is_promised():
    """Code that states the types of every public call passes the type checker's strictest mode."""
    pytest.importorskip("mypy", reason="the type checker is a development tool")
    command = [
        sys.executable, "-m", "mypy", "--config-file=", "--strict", "--follow-imports=silent",
        "--ignore-missing-imports", str(ROOT / "tests" / "typing_tests"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_library_plans_a_desk(tmp_path):
    """The calls that the documentation shows give a plan, its score and a brief."""
    setting = legation.open_desk(ROOT / "examples" / "small")
    found = legation.plan(setting.desk, relations=setting.relations)
    judged = legation.score(setting.desk, found.to_selection(), relations=setting.relations)
    report = legation.assess(setting.desk, selection=found.to_selection(), relations=setting.relations)
    brief = legation.brief_for(setting, found.with_cohesion(report))
    files = legation.write_brief(brief, tmp_path, borders=setting.world.borders())

    assert found.missions
    assert found.bound >= found.value
    assert judged.value == pytest.approx(found.value)
    assert judged.keeps_rules
    assert [file.name for file in files] == ["brief.html", "brief.pdf", "brief.txt"]
