"""Hold every number of a trace of KTAB's smpc against an own run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from legation.planning.table.bargaining_run import Run, winning_chances
from legation.planning.table.bargaining_types import Negotiation

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
TABLE_LINE = re.compile(r"^[\s\d.+\-eE]*\d[\s\d.+\-eE]*$")
PAIR = re.compile(r"\[(\d+), *(\d+): *(\d+)\]")


@dataclass
class Comparison:
    """What came of it; `largest` is in units of the last digit printed."""

    printed: int = 0
    compared: int = 0
    equal: int = 0
    largest: float = 0.0
    skipped: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class General:
    """A number printed with six significant digits and no more than it needs."""

    value: float


@dataclass(frozen=True)
class Skip:
    """A number that is not the model's."""

    why: str


IDENTITY, RUN_FACT, FORMULA, NAME = (Skip(why) for why in ("identity", "date, seed or version", "formula", "name"))
Expected = float | int | General | Skip


class Reader:
    """Reads a trace line by line and says of each line which numbers an own run expects there."""

    def __init__(self, negotiation: Negotiation, run: Run) -> None:
        self.run, self.negotiation = run, negotiation
        self.names = [actor.name for actor in negotiation.actors]
        self.count = len(self.names)
        self.turn, self.state = -1, -1
        self.rows: Iterator[Sequence[float]] = iter(())
        self.held: list[tuple[int, str]] = []
        self.holding = False
        self.perspective = 0
        self.bargain = None
        self.actor, self.order = 0, np.arange(0)
        self.orders: dict[int, list[int]] = {}
        self.first_distance = True
        self.chances = [winning_chances(run.table, state) for state in run.states]

    def lines(self, lines: Sequence[str]) -> Iterator[tuple[int, str, list[str], list[Expected] | None]]:
        """Give for each line its number, text, the numbers printed and those expected (None: not understood)."""
        for number, raw in enumerate(lines, 1):
            line = raw.strip()
            if TABLE_LINE.match(line):
                if self.holding:
                    self.held.append((number, line))
                    continue
                row = next(self.rows, None)
                yield number, line, NUMBER.findall(line), None if row is None else list(row)
                continue
            text, expected = self._say(line)
            if re.match(r"\d+ proposes", line):
                expected = self.proposal(line)
            if self.held and not self.holding:
                table = iter(self._utility())
                for at, held in self.held:
                    row = next(table, None)
                    yield at, held, NUMBER.findall(held), None if row is None else list(row)
                self.held = []
            yield number, line, NUMBER.findall(text), expected
        for at, held in self.held:
            yield at, held, NUMBER.findall(held), None

    def _say(self, line: str) -> tuple[str, list[Expected] | None]:
        for prefix, name in PREFIXES:
            if line.startswith(prefix):
                return line, getattr(self, name)(line)
        for number, name in enumerate(self.names):
            if line.startswith((f"{name},", f"{name} ,")):
                return self._history(line[len(name) :].lstrip(" ,"), number)
        about_run = line.startswith(RUN_FACTS) or any(end in line for end in (".csv", ".xml", ".db", ".txt"))
        if about_run or not NUMBER.search(line):
            return line, [RUN_FACT] * len(NUMBER.findall(line))
        return line, None

    def _settlement(self):
        return self.run.turns[self.turn].settlements[self.actor]

    def _utility(self) -> np.ndarray:
        return self._settlement().utility[:, self.order]

    # what stands on its own line

    def facts(self, line: str) -> list[Expected]:
        return [RUN_FACT] * len(NUMBER.findall(line))

    def formula(self, line: str) -> list[Expected]:
        return [FORMULA] * len(NUMBER.findall(line))

    def sizes(self, line: str) -> list[Expected]:
        return [len(self.negotiation.issues) if "dimensions" in line else self.count]

    def dimension(self, line: str) -> list[Expected]:
        return [NAME] * len(NUMBER.findall(line))

    def about_actor(self, line: str) -> list[Expected]:
        found = re.match(r"Actor: *(\d+) power: *\S+$", line)
        if found is None:
            return [NAME] * len(NUMBER.findall(line))
        number = int(found[1])
        return [number, self.negotiation.actors[number].influence]

    def given(self, line: str) -> list[Expected]:
        actor, issue = (int(part) for part in NUMBER.findall(line)[:2])
        one = self.negotiation.actors[actor]
        return [actor, issue, (one.positions if line.startswith("pos") else one.saliences)[issue]]

    def position_matrix(self, _line: str) -> list[Expected]:
        self.rows = iter([actor.positions for actor in self.negotiation.actors])
        return []

    def salience_matrix(self, _line: str) -> list[Expected]:
        self.rows = iter([actor.saliences for actor in self.negotiation.actors])
        return []

    def iteration(self, _line: str) -> list[Expected]:
        self.turn += 1
        return [self.turn + 1]

    def values(self, _line: str) -> list[Expected]:
        self.state += 1
        self.rows = iter(self.run.states[self.state].value)
        return []

    def risks(self, _line: str) -> list[Expected]:
        self.rows = iter(self.run.states[self.state].risk[:, None])
        return []

    def utilities(self, _line: str) -> list[Expected]:
        self.rows = iter(self.run.states[self.state].own_view)
        return []

    def rms_value(self, _line: str) -> list[Expected]:
        state = self.run.states[self.state]
        return [General(float(np.linalg.norm(state.value - state.own_view)) / self.count)]

    def view(self, _line: str) -> list[Expected]:
        self.perspective = int(NUMBER.findall(_line)[0])
        self.rows = iter(self.run.states[self.state].view[self.perspective])
        return [self.perspective]

    def rms_view(self, _line: str) -> list[Expected]:
        state = self.run.states[self.state]
        return [General(float(np.linalg.norm(state.view[self.perspective] - state.own_view)) / self.count)]

    def target(self, line: str) -> list[Expected] | None:
        found = re.match(r"In turn *(\d+) [aA]ctor *(\d+)", line)
        made = self.run.turns[self.turn].challenges[int(found[2])]
        head: list[Expected] = [self.turn, int(found[2])]
        if "no advantageous" in line:
            return head if made is None else None
        return None if made is None else [*head, made.receiver, made.gain_own]

    def no_target(self, line: str) -> list[Expected] | None:
        number = int(NUMBER.findall(line)[0])
        return [number] if self.run.turns[self.turn].challenges[number] is None else None

    def unlikely(self, line: str) -> list[Expected] | None:
        actor = int(NUMBER.findall(line)[1])
        made = self.run.turns[self.turn].challenges[actor]
        return made and [self.turn, actor, made.receiver, General(made.gain_own), General(made.chance)]

    def estimate(self, line: str) -> list[Expected] | None:
        seen_by, _, i, _, to, _ = NUMBER.findall(line.replace(">", " > "))
        made = self.run.turns[self.turn].challenges[int(i)]
        if made is None:
            return None
        own, seen = int(seen_by) == int(i), int(to) == int(i)
        chance = made.chance if own else made.chance_seen
        gain = {
            (True, True): made.gain_own, (True, False): made.gain_other,
            (False, True): made.gain_own_seen, (False, False): made.gain_other_seen,
        }[own, seen]  # fmt: skip
        return [int(seen_by), chance, made.initiator, made.receiver, int(to), gain]

    def bargain_line(self, line: str) -> list[Expected] | None:
        found = PAIR.search(line)
        made = self.run.turns[self.turn].challenges[int(found[2])]
        if made is None:
            return None
        if line.startswith("Power-weighted"):
            self.bargain = made.compromise
            return [IDENTITY, made.initiator, made.receiver]
        seen_by = int(re.search(r"from *(\d+)'s", line)[1])
        self.bargain = made.by_initiator if seen_by == made.initiator else made.by_receiver
        return [IDENTITY, made.initiator, made.receiver, seen_by]

    def proposal(self, line: str) -> list[Expected] | None:
        found = re.match(r"(?:(\d+)|compromise) proposes *(\d+) adopt:", line)
        if self.bargain is None or found is None:
            return None
        mover = int(found[2])
        own = mover == self.bargain.initiator
        if not own and mover != self.bargain.receiver:
            return None
        place = self.bargain.initiator_position if own else self.bargain.receiver_position
        return [*([] if found[1] is None else [int(found[1])]), mover, *(place * 100)]

    def queue(self, line: str) -> list[Expected] | None:
        actor = int(re.search(r"actor *(\d+)", line)[1])
        own = [(b.initiator, b.receiver) for b in self.run.turns[self.turn].settlements[actor].bargains]
        shown = [(int(i), int(j)) for _, i, j in PAIR.findall(line)]
        if sorted(own) != sorted(shown):
            return None
        free = list(enumerate(own))
        order = []
        for pair in shown:
            order.append(next(n for n, candidate in free if candidate == pair))
            free = [(n, candidate) for n, candidate in free if n != order[-1]]
        self.orders[actor] = order
        return [actor, *(part for pair in shown for part in (IDENTITY, *pair))]

    def strengths(self, _line: str) -> list[Expected]:
        self.rows = iter([self.run.table.influence])
        return []

    def hold(self, _line: str) -> list[Expected]:
        self.holding = True
        return []

    def election(self, line: str) -> list[Expected] | None:
        self.actor = int(NUMBER.findall(line)[-1])
        self.holding = False
        self.order = np.array(self.orders.get(self.actor, []), int)
        return [len(self._settlement().bargains), self.actor] if len(self.order) else None

    def options(self, _line: str) -> list[Expected]:
        return [len(self._settlement().bargains)]

    def option_utilities(self, _line: str) -> list[Expected]:
        self.rows = iter(self._utility())
        return []

    def coalitions(self, _line: str) -> list[Expected]:
        self.rows = iter(self._settlement().outcome.strength[np.ix_(self.order, self.order)])
        return []

    def pairwise(self, _line: str) -> list[Expected]:
        self.rows = iter(self._settlement().outcome.wins[np.ix_(self.order, self.order)])
        return []

    def chance(self, _line: str) -> list[Expected]:
        self.rows = iter(self._settlement().outcome.chance[self.order, None])
        return []

    def chosen(self, line: str) -> list[Expected]:
        settled = self._settlement()
        place = self.order.tolist().index(settled.chosen) + 1
        return [*[IDENTITY] * (len(NUMBER.findall(line)) - 2), place, len(settled.bargains)]

    def place(self, line: str) -> list[Expected]:
        number = int(NUMBER.findall(line)[0])
        after = self.run.states[self.turn + 1]
        self.rows = iter([(after.positions if line.startswith("postn") else after.ideals)[number] * 100])
        return [number, 0]

    def lag(self, line: str) -> list[Expected]:
        after = self.run.states[self.turn + 1]
        apart = np.sqrt(((after.positions - after.ideals) ** 2).sum(axis=1))
        if "RMS" in line:
            return [0, float(np.sqrt((apart**2).mean()))]
        number = int(NUMBER.findall(line)[0])
        return [number, 0, apart[number]]

    def lag_rms(self, _line: str) -> list[Expected]:
        after = self.run.states[self.turn + 1]
        return [float(np.sqrt(((after.positions - after.ideals) ** 2).sum(axis=1).mean()))]

    def moved(self, line: str) -> list[Expected]:
        # the first of the two distances that end a turn is that of the first turn, with what keeps it above 0
        first, second = (int(part) for part in re.findall(r"\d+", line)[:2])
        least, self.first_distance = (1e-4 if self.first_distance else 0.0), not self.first_distance
        return [first, second, self.run.turns[first].moved + least]

    def quiet(self, _line: str) -> list[Expected]:
        return [self.run.turns[self.turn].share_of_first, self.run.table.rules.quiet]

    def totals(self, _line: str) -> list[Expected]:
        return [len(self.run.states), len(self.run.turns)]

    def _history(self, rest: str, actor: int) -> tuple[str, list[Expected] | None]:
        kinds: list[tuple[str, list[Expected]]] = [
            (issue, [state.positions[actor, n] * 100 for state in self.run.states])
            for n, issue in enumerate(self.negotiation.issues)
        ]
        kinds.append(("prob", [chance[actor] for chance in self.chances]))
        # the longest name first: one issue's may begin with another's
        for name, values in sorted(kinds, key=lambda kind: -len(kind[0])):
            if rest.startswith(name):
                return rest[len(name) :], values
        return rest, None


PREFIXES = (
    ("Number of ", "sizes"), ("Num actors", "sizes"), ("Dimension ", "dimension"), ("Actor: ", "about_actor"),
    ("pos[", "given"), ("sal[", "given"), ("Position matrix", "position_matrix"),
    ("Salience matrix", "salience_matrix"), ("Starting Model::run iteration", "iteration"),
    ("Raw actor-pos value matrix", "values"), ("Inferred risk attitudes", "risks"),
    ("Risk-aware actor-pos utility matrix", "utilities"), ("RMS change in value", "rms_value"),
    ("RMS change in util^h", "rms_view"), ("Estimate by", "view"), ("In turn", "target"),
    ("turn ", "unlikely"), ("Est by", "estimate"), ("Bargain ", "bargain_line"),
    ("Power-weighted compromise", "bargain_line"), ("compromise proposes", "proposal"),
    ("Bargains involving actor", "queue"), ("w:", "strengths"), ("Actor strengths", "strengths"),
    ("Actor ", "no_target"), ("u_im", "hold"),
    ("Doing scalarPCE", "election"), ("Num options", "options"), ("Utility to actors of options", "option_utilities"),
    ("Coalition strengths", "coalitions"), ("Probability Opt_i > Opt_j", "pairwise"), ("Probability Opt_i", "chance"),
    ("Chosen bargain", "chosen"), ("postn-ideal", "lag"), ("postn ", "place"), ("ideal ", "place"),
    ("rms (pstn, ideal)", "lag_rms"), ("sDist", "moved"), ("Fractional change", "quiet"), ("There were", "totals"),
    ("Using One", "formula"), ("Using Two", "formula"), ("Using Half", "formula"), ("Using Full", "formula"),
    ("Using None", "formula"),
)  # fmt: skip
"""The first prefix that fits says what a line is about."""

RUN_FACTS = (
    "Software version", "Start time", "Finish time", "Elapsed time", "Scenario", "Using PRNG", "Grp", "Created",
    "Successfully opened", "SQL", "Read", "Found", "Adding", "VictoryProbModel", "InterVecBrgn", "Record",
)  # fmt: skip


def compare(lines: Sequence[str], negotiation: Negotiation, run: Run) -> Comparison:
    """Compare a trace with an own run."""
    out, reader = Comparison(), Reader(negotiation, run)
    for number, line, printed, expected in reader.lines(lines):
        out.printed += len(printed)
        if expected is None or len(expected) != len(printed):
            own = "nothing" if expected is None else expected
            out.odd.append(f"line {number}: {line[:100]} (own run expects {own})")
            out.skipped["not understood"] += len(printed)
            continue
        for shown, own in zip(printed, expected, strict=True):
            _one(out, shown, own, number, line)
    return out


def _one(out: Comparison, shown: str, own: Expected, number: int, line: str) -> None:
    if isinstance(own, Skip):
        out.skipped[own.why] += 1
        return
    out.compared += 1
    value = float(own.value if isinstance(own, General) else own)
    same, unit = as_printed(shown, own)
    out.equal += same
    apart = abs(float(shown) - value) / unit
    if same:
        return
    out.largest = max(out.largest, apart)
    out.odd.append(f"line {number}: {line[:80]} prints {shown}, own run has {value!r}")


def as_printed(shown: str, own: Expected) -> tuple[bool, float]:
    """Say whether an own number, rounded as the printed one was, is the same, and the unit of the last digit."""
    if isinstance(own, General):
        digits = 10.0 ** (np.floor(np.log10(abs(own.value))) - 5) if own.value else 1e-6
        return float(format(own.value, ".6g")) == float(shown), float(digits)
    mantissa, _, exponent = shown.lower().partition("e")
    places = len(mantissa.partition(".")[2])
    if exponent:
        return float(format(float(own), f".{places}e")) == float(shown), 10.0 ** (int(exponent) - places)
    return float(format(float(own), f".{places}f")) == float(shown), 10.0**-places
