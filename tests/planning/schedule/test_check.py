"""The checker catches each kind of violation, one at a time, and the problem refuses what makes no sense."""

import msgspec
import pytest

from legation.errors import InputError
from legation.planning.schedule.check import violations
from legation.planning.schedule.problem import Group, Mode, Person, Precedence, Problem, Resource, Task, Travel
from legation.planning.schedule.result import Placed

PROBLEM = Problem(
    tasks=(
        Task(
            id="talks", place="Riga", release=1, due=9,
            modes=(
                Mode(id="m", duration=2, uses=(("room", 2), ("money", 3)), skills=(("lv", 1),), starts=(1, 2, 3, 4)),
            ),
        ),
        Task(id="visit", place="Oslo", modes=(Mode(id="m", duration=2, uses=(("room", 2),), skills=(("lv", 1),)),)),
        Task(id="extra", optional=True, modes=(Mode(id="m", duration=1),)),
        Task(id="other", optional=True, modes=(Mode(id="m", duration=1, uses=(("money", 2),)),)),
    ),
    resources=(
        Resource(id="room", capacity=3, changes=((20, 1),)),
        Resource(id="money", capacity=3, changes=((10, 5),), renewable=False),
    ),
    people=(Person(id="ann", skills=("lv",), away=((14, 16),)), Person(id="bob", skills=())),
    precedences=(Precedence(before="talks", after="visit", lag=1), Precedence(before="extra", after="other")),
    groups=(Group(id="one", tasks=("extra", "other"), most=2),),
    travels=(Travel(origin="Riga", destination="Oslo", periods=3),),
)  # fmt: skip


def row(task, start, length=2, *people):
    """Give a placed task."""
    return Placed(task=task, mode="m", start=start, end=start + length, people=people)


ANN = ("ann", "lv")
GOOD = (row("talks", 1, 2, ANN), row("visit", 6, 2, ANN))


def test_a_valid_schedule_breaks_nothing():
    """A schedule that keeps every rule has no violation, with optional tasks or without."""
    assert violations(PROBLEM, GOOD) == ()
    assert violations(PROBLEM, (*GOOD, row("extra", 0, 1), row("other", 10, 1))) == ()


@pytest.mark.parametrize(
    ("kind", "placed"),
    [
        ("unknown", (*GOOD, row("nothing", 0))),
        ("unknown", (GOOD[0], row("visit", 6, 2, ("eve", "lv")))),
        ("twice", (*GOOD, row("visit", 30, 2, ANN))),
        ("missing", GOOD[:1]),
        ("duration", (GOOD[0], row("visit", 6, 3, ANN))),
        ("start", (row("talks", 5, 2, ANN), row("visit", 12, 2, ANN))),
        ("release", (row("talks", 0, 2, ANN), GOOD[1])),
        ("due", (row("talks", 8, 2, ANN), row("visit", 17, 2, ANN))),
        ("resource", (GOOD[0], row("visit", 2, 2, ANN))),
        ("resource", (*GOOD, row("extra", 0, 1), row("other", 9, 1))),
        ("resource", (GOOD[0], row("visit", 19, 2, ANN))),
        ("skill", (GOOD[0], row("visit", 6))),
        ("skill", (GOOD[0], row("visit", 6, 2, ("bob", "lv")))),
        ("person", (GOOD[0], row("visit", 2, 2, ANN))),
        ("away", (GOOD[0], row("visit", 13, 2, ANN))),
        ("travel", (GOOD[0], row("visit", 5, 2, ANN))),
        ("precedence", (GOOD[0], row("visit", 3, 2, ANN))),
        ("precedence", (*GOOD, row("other", 10, 1))),
        ("group", (*GOOD, row("extra", 0, 1), row("other", 10, 1))),
    ],
)
def test_each_violation_is_caught(kind, placed):
    """The rule that is broken is among those named, in words."""
    problem = PROBLEM
    if kind == "group":
        problem = msgspec.structs.replace(PROBLEM, groups=(Group(id="one", tasks=("extra", "other"), most=1),))

    found = violations(problem, placed)

    assert kind in {one.kind for one in found}
    assert all(one.words.endswith(".") for one in found)


A = Task(id="a", modes=(Mode(id="m", duration=1),))
B = Task(id="b", modes=(Mode(id="m", duration=1),))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"tasks": (A, A)}, "given twice"),
        ({"tasks": (Task(id="a", modes=()),)}, "no mode"),
        ({"tasks": (Task(id="a", modes=(Mode(id="m", duration=-1),)),)}, "duration"),
        ({"tasks": (Task(id="a", modes=(Mode(id="m", duration=10**9),)),)}, "duration"),
        ({"tasks": (Task(id="a", modes=(Mode(id="m", duration=1, uses=(("R", 1),)),)),)}, "unknown resources"),
        ({"tasks": (Task(id="a", modes=(Mode(id="m", duration=1, skills=(("x", 1), ("x", 1))),)),)}, "twice"),
        ({"resources": (Resource(id="R", capacity=-1),)}, "capacity"),
        ({"resources": (Resource(id="R", capacity=1, changes=((3, 1), (2, 1))),)}, "order of time"),
        ({"resources": (Resource(id="N", capacity=4, changes=((2, 1),), renewable=False),)}, "shrinks"),
        ({"people": (Person(id="p", skills=(), away=((4, 4),)),)}, "cannot be away"),
        ({"precedences": (Precedence(before="a", after="z"),)}, "unknown tasks"),
        (
            {"precedences": (Precedence(before="a", after="b"), Precedence(before="b", after="a"))},
            "circle: (a - b - a|b - a - b)",
        ),
        ({"groups": (Group(id="g", tasks=("a",), least=2, most=1),)}, "asks for"),
        ({"travels": (Travel(origin="A", destination="B", periods=1),) * 2}, "given twice"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(fields, words):
    """The fault is named by value, whatever field it is in."""
    with pytest.raises(InputError, match=words):
        Problem(**({"tasks": (A, B)} | fields))
