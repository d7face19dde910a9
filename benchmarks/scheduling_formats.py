"""Read published scheduling instances: RCPSP (Patterson), multi-mode (PSPLIB, MMLIB) and multi-skill (MSPSP, .dzn)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from legation.errors import FormatError
from legation.planning.schedule.problem import Mode, Person, Precedence, Problem, Resource, Task

__all__ = ["FAMILIES", "family_of", "read_instance", "read_mmrcpsp", "read_mspsp", "read_rcpsp"]

_MOST_BYTES = 5_000_000
_MOST_TASKS = 5_000


def _refuse(path: Path, what: str, remedy: str = "Give the file as its library published it.") -> FormatError:
    return FormatError(f"{path.name}: {what}", remedy=remedy)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refuse(path, f"it is larger than {_MOST_BYTES:,} bytes.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise _refuse(path, "it is not UTF-8 text.") from None
    except OSError as error:
        raise _refuse(path, f"it cannot be read: {error.strerror}.") from None


def _whole(path: Path, word: str, what: str) -> int:
    if not re.fullmatch(r"\d{1,7}", word):
        raise _refuse(path, f"{what} is {word!r}, not a whole number from 0 to 9999999.")
    return int(word)


def _task_count(path: Path, count: int) -> int:
    if not 1 <= count <= _MOST_TASKS:
        raise _refuse(path, f"it has {count} tasks, not 1 to {_MOST_TASKS}.")
    return count


class _Words:
    """Whole numbers one after the other, each asked for by its meaning."""

    def __init__(self, path: Path, words: Sequence[str]) -> None:
        self.path, self.words, self.at = path, words, 0

    def next(self, what: str) -> int:
        if self.at >= len(self.words):
            raise _refuse(self.path, f"it ends before {what}.")
        self.at += 1
        return _whole(self.path, self.words[self.at - 1], what)

    def end(self, what: str) -> None:
        if self.at != len(self.words):
            raise _refuse(self.path, f"after {what} there is more: {self.words[self.at]!r}.")


def _links(path: Path, successors: Sequence[Sequence[int]]) -> tuple[Precedence, ...]:
    count = len(successors)
    out = {}
    for before, row in enumerate(successors, 1):
        for after in row:
            if not 1 <= after <= count:
                raise _refuse(path, f"task {before} has successor {after}, and there are {count} tasks.")
            out[before, after] = Precedence(before=str(before), after=str(after))
    return tuple(out.values())


def read_rcpsp(path: Path) -> Problem:
    """Read one mode per task, as in the Patterson format: counts, capacities, then a line per task."""
    words = _Words(path, _text(path).split())
    count, kinds = _task_count(path, words.next("the number of tasks")), words.next("the number of resources")
    if not 1 <= kinds <= 100:
        raise _refuse(path, f"it has {kinds} resources, not 1 to 100.")
    resources = tuple(
        Resource(id=f"R{number}", capacity=words.next(f"the capacity of resource {number}"))
        for number in range(1, kinds + 1)
    )
    tasks, successors = [], []
    for number in range(1, count + 1):
        duration = words.next(f"the duration of task {number}")
        uses = tuple((item.id, words.next(f"the demand of task {number}")) for item in resources)
        many = words.next(f"the number of successors of task {number}")
        successors.append([words.next(f"a successor of task {number}") for _ in range(many)])
        mode = Mode(id="1", duration=duration, uses=tuple(row for row in uses if row[1]))
        tasks.append(Task(id=str(number), modes=(mode,)))
    words.end(f"the {count} tasks")
    return Problem(tasks=tuple(tasks), resources=resources, precedences=_links(path, successors))


def _section(path: Path, text: str, first: str, last: str | None) -> list[list[str]]:
    """Give the lines of words between two headings; rulers of stars and dashes and headings of columns are left out."""
    begin = re.search(rf"^\s*{first}.*$", text, re.MULTILINE)
    if begin is None:
        raise _refuse(path, f"it has no section {first!r}.")
    rest = text[begin.end() :]
    if last is not None:
        end = re.search(rf"^\s*{last}", rest, re.MULTILINE)
        if end is None:
            raise _refuse(path, f"it has no section {last!r}.")
        rest = rest[: end.start()]
    lines = (line.split() for line in rest.splitlines())
    return [words for words in lines if words and not re.match(r"[*-]{3}|jobnr", words[0])]


def _declared(path: Path, text: str, kind: str) -> int:
    found = re.search(rf"-\s*{kind}\s*:\s*(\S+)", text)
    if found is None:
        raise _refuse(path, f"it does not say how many {kind} resources there are.")
    count = _whole(path, found.group(1), f"the number of {kind} resources")
    if count > 100:
        raise _refuse(path, f"it has {count} {kind} resources, more than 100.")
    return count


def read_mmrcpsp(path: Path) -> Problem:
    """Read several modes per task, as PSPLIB (.mm) and MMLIB write them; duration 0 of a job's mode is kept."""
    text = _text(path)
    renewable, used_up = _declared(path, text, "renewable"), _declared(path, text, "nonrenewable")
    if _declared(path, text, "doubly constrained"):
        raise _refuse(path, "doubly constrained resources are not supported.")
    jobs = re.search(r"jobs[^:]*:\s*(\S+)", text)
    if jobs is None:
        raise _refuse(path, "it does not say how many jobs there are.")
    count = _task_count(path, _whole(path, jobs.group(1), "the number of jobs"))
    order = _section(path, text, "PRECEDENCE RELATIONS", "REQUESTS/DURATIONS")
    if len(order) != count:
        raise _refuse(path, f"{len(order)} jobs have a line of successors, and there are {count} jobs.")
    modes_of, successors = [], []
    for number, line in enumerate(order, 1):
        words = _Words(path, line)
        if words.next("a job's number") != number:
            raise _refuse(path, f"job {number} is missing or out of order among the successors.")
        modes_of.append(words.next(f"the number of modes of job {number}"))
        many = words.next(f"the number of successors of job {number}")
        successors.append([words.next(f"a successor of job {number}") for _ in range(many)])
        words.end(f"the {many} successors of job {number}")
    names = [*(f"R{n}" for n in range(1, renewable + 1)), *(f"N{n}" for n in range(1, used_up + 1))]
    requests = _section(path, text, "REQUESTS/DURATIONS", "RESOURCE AVAILABILIT")
    tasks = tuple(_jobs(path, requests, modes_of, names))
    stock = _section(path, text, "RESOURCE AVAILABILIT", None)
    words = _Words(path, stock[-1] if stock else [])
    resources = tuple(
        Resource(id=name, capacity=words.next(f"what there is of {name}"), renewable=name[0] == "R") for name in names
    )
    words.end("what there is of the resources")
    return Problem(tasks=tasks, resources=resources, precedences=_links(path, successors))


def _jobs(path: Path, lines: Sequence[Sequence[str]], modes_of: Sequence[int], names: Sequence[str]) -> Iterator[Task]:
    rows = iter(lines)
    for number, many in enumerate(modes_of, 1):
        if not 1 <= many <= 100:
            raise _refuse(path, f"job {number} has {many} modes, not 1 to 100.")
        modes = []
        for at in range(1, many + 1):
            words = _Words(path, next(rows, []))
            if at == 1 and words.next(f"the number of job {number}") != number:
                raise _refuse(path, f"job {number} is missing or out of order among the requests.")
            if words.next(f"the number of mode {at} of job {number}") != at:
                raise _refuse(path, f"mode {at} of job {number} is missing or out of order.")
            duration = words.next(f"the duration of job {number}")
            uses = tuple((name, words.next(f"the request of job {number} for {name}")) for name in names)
            words.end(f"mode {at} of job {number}")
            modes.append(Mode(id=str(at), duration=duration, uses=tuple(row for row in uses if row[1])))
        yield Task(id=str(number), modes=tuple(modes))
    if next(rows, None) is not None:
        raise _refuse(path, "there are more requests than modes.")


def _value(path: Path, text: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=\s*([^;]*);", text)
    if found is None:
        raise _refuse(path, f"it has no {name!r} that ends with a semicolon.")
    return found.group(1).strip()


def _list(path: Path, text: str, name: str) -> list[int]:
    inner = re.fullmatch(r"\[([^\[\]|]*)\]", _value(path, text, name))
    if inner is None:
        raise _refuse(path, f"{name!r} is not a list.")
    words = [word.strip() for word in inner.group(1).split(",")]
    if words and not words[-1]:
        words.pop()
    return [_whole(path, word, f"an entry of {name!r}") for word in words]


def _table(path: Path, text: str, name: str, shape: tuple[int, int]) -> list[list[str]]:
    inner = re.fullmatch(r"\[\|(.*)\|\s*\]", _value(path, text, name), re.DOTALL)
    if inner is None:
        raise _refuse(path, f"{name!r} is not a table.")
    rows = [[word.strip() for word in row.strip().rstrip(",").split(",")] for row in inner.group(1).split("|")]
    if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
        raise _refuse(path, f"{name!r} is not a table of {shape[0]} rows and {shape[1]} columns.")
    return rows


def read_mspsp(path: Path) -> Problem:
    """Read people with skills, as MSPSP-InstLib writes them; what follows from the rest (useful lists) is not read."""
    text = re.sub(r"%[^\n]*", "", _text(path))
    count = _task_count(path, _whole(path, _value(path, text, "nActs"), "'nActs'"))
    skills = _whole(path, _value(path, text, "nSkills"), "'nSkills'")
    people = _whole(path, _value(path, text, "nResources"), "'nResources'")
    if not (1 <= skills <= 100 and 1 <= people <= 10_000):
        raise _refuse(path, f"it has {skills} skills and {people} people.")
    durations = _list(path, text, "dur")
    if len(durations) != count:
        raise _refuse(path, f"'dur' has {len(durations)} entries, and there are {count} tasks.")
    places = _table(path, text, "sreq", (count, skills))
    mastery = _table(path, text, "mastery", (people, skills))
    wrong = {word for row in mastery for word in row} - {"true", "false"}
    if wrong:
        raise _refuse(path, f"'mastery' has {min(wrong)!r}, not true or false.")
    before, after = _list(path, text, "pred"), _list(path, text, "succ")
    if len(before) != len(after):
        raise _refuse(path, f"'pred' has {len(before)} entries and 'succ' {len(after)}.")
    successors: list[list[int]] = [[] for _ in range(count)]
    for first, then in zip(before, after, strict=True):
        if not 1 <= first <= count:
            raise _refuse(path, f"'pred' names task {first}, and there are {count} tasks.")
        successors[first - 1].append(then)
    tasks = []
    for number, (duration, row) in enumerate(zip(durations, places, strict=True), 1):
        counts = [_whole(path, word, "an entry of 'sreq'") for word in row]
        asked = tuple((f"S{skill}", many) for skill, many in enumerate(counts, 1) if many)
        tasks.append(Task(id=str(number), modes=(Mode(id="1", duration=duration, skills=asked),)))
    persons = tuple(
        Person(id=f"P{number}", skills=tuple(f"S{skill}" for skill, word in enumerate(row, 1) if word == "true"))
        for number, row in enumerate(mastery, 1)
    )
    return Problem(tasks=tuple(tasks), people=persons, precedences=_links(path, successors))


FAMILIES: dict[str, tuple[Callable[[Path], Problem], str]] = {
    "rcpsp": (read_rcpsp, "*.txt"),
    "mmrcpsp": (read_mmrcpsp, "*.txt"),
    "mspsp": (read_mspsp, "*.dzn"),
}


def family_of(path: Path) -> str:
    """Tell the format of a file by its ending and its first words."""
    if path.suffix.lower() == ".dzn":
        return "mspsp"
    text = _text(path)
    return "mmrcpsp" if "REQUESTS/DURATIONS" in text else "rcpsp"


def read_instance(path: Path, *, family: str | None = None) -> Problem:
    """Read an instance of a family; told by the file when left out."""
    return FAMILIES[family or family_of(path)][0](path)
