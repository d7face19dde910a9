"""Defence treaties between actors: bilateral ones, collective-defence clauses, and the status they give a pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from legation.actors._facts import DATA, actor_id, check_spell, distinct_pair, read_facts
from legation.actors.memberships import is_member, load_memberships
from legation.actors.organisations import organisation as find_organisation
from legation.actors.types import ActorId, DefenceTreaty
from legation.errors import FormatError

__all__ = [
    "CollectiveClause",
    "CollectiveTie",
    "Obligation",
    "TreatyStatus",
    "clause_spells",
    "collective_defence_between",
    "collective_ties_between",
    "load_clauses",
    "load_treaties",
    "read_treaties",
    "treaties_between",
    "treaty_status",
]

Obligation = Literal["defence", "consultation", "cooperation", "non_aggression"]

Pair = tuple[ActorId, ActorId]


class CollectiveClause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clause by which an organisation's members, or the listed parties, owe each other something.

    ``parties`` is ``members`` where membership of the organisation binds, and ``listed`` where the pact has its own
    list of parties; ``note`` says what the reader must know before relying on the clause.
    """

    id: str
    organisation: ActorId
    title: str
    article: str
    obligation: Obligation
    start: date | None = None
    end: date | None = None
    parties: Literal["members", "listed"] = "members"
    reference: str
    note: str = ""

    def covers(self, on: date) -> bool:
        """Say whether the clause is in force on the day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


class CollectiveTie(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A collective clause that binds two given parties on a given day."""

    clause: CollectiveClause
    parties: tuple[ActorId, ActorId]

    @property
    def obligation(self) -> Obligation:
        """What the clause obliges the two parties to."""
        return self.clause.obligation

    @property
    def reference(self) -> str:
        """The instrument and article the tie rests on."""
        return f"{self.clause.title}, {self.clause.article}; {self.clause.reference}"


class _Stretch(Protocol):
    @property
    def start(self) -> date | None: ...

    @property
    def end(self) -> date | None: ...


class ClauseSpell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when to when a collective clause binds two actors; an end that is missing is open."""

    clause: CollectiveClause
    a: ActorId
    b: ActorId
    start: date
    end: date | None = None


class TreatyStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How two actors stand by treaty on a day, with everything in force between them.

    ``ally`` needs a defence obligation; ``partner`` a consultation or cooperation obligation. A non-aggression pact is
    among the grounds but makes no partner.
    """

    a: ActorId
    b: ActorId
    on: date
    status: Literal["ally", "partner", "none"]
    grounds: tuple[DefenceTreaty | CollectiveTie, ...] = ()


class _Party(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    clause: str
    party: ActorId
    start: date | None = None
    end: date | None = None
    act: str
    end_act: str = ""

    def covers(self, on: date) -> bool:
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


class _Suspension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    clause: str
    a: ActorId
    b: ActorId
    start: date
    end: date | None = None
    reference: str

    def covers(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


@cache
def load_treaties() -> tuple[DefenceTreaty, ...]:
    """Return every bilateral defence treaty, sorted by id; read once and kept."""
    return read_treaties(DATA / "treaties.csv")


@cache
def load_clauses() -> tuple[CollectiveClause, ...]:
    """Return every collective clause, sorted by id; read once and kept."""
    clauses = read_facts(DATA / "treaties_clauses.csv", CollectiveClause)
    for clause in clauses:
        check_spell(clause.start, clause.end, where=f"treaties_clauses.csv, {clause.id}")
        find_organisation(clause.organisation)
    return tuple(sorted(clauses, key=lambda clause: clause.id))


def treaties_between(a: str, b: str, *, on: date | None = None) -> tuple[DefenceTreaty, ...]:
    """Return the bilateral treaties of two actors, in force on a day or of all time, oldest first.

    Raises
    ------
    InputError
        If both ids are the same, or no actor has one of them.
    """
    found = _by_pair().get(_pair(*distinct_pair(a, b)), ())
    return tuple(treaty for treaty in found if on is None or treaty.covers(on))


def collective_ties_between(a: str, b: str, *, on: date) -> tuple[CollectiveTie, ...]:
    """Return every collective clause that binds two actors to each other on a day.

    A member whose participation in the organisation is suspended is not bound, and no pair whose mutual
    obligations were suspended is.
    """
    pair = _pair(*distinct_pair(a, b))
    shared = _binding(pair[0], on) & _binding(pair[1], on)
    held = (clause for clause in load_clauses() if clause.id in shared and not _is_suspended(clause, pair, on))
    return tuple(CollectiveTie(clause=clause, parties=pair) for clause in held)


def collective_defence_between(a: str, b: str, *, on: date) -> tuple[CollectiveTie, ...]:
    """Return the collective clauses by which two actors owe each other defence on a day.

    Raises
    ------
    InputError
        If both ids are the same, or no actor has one of them.
    """
    return tuple(tie for tie in collective_ties_between(a, b, on=on) if tie.obligation == "defence")


def treaty_status(a: str, b: str, *, on: date) -> TreatyStatus:
    """Say how two actors stand by treaty on a day: ally, partner or none, with the grounds.

    Raises
    ------
    InputError
        If both ids are the same, or no actor has one of them.

    Notes
    -----
    Agreements on cooperation are recorded as a selection; ``none`` says that the record holds nothing in force.

    Examples
    --------
    >>> from datetime import date
    >>> treaty_status("EST", "USA", on=date(2024, 6, 30)).status
    'ally'
    """
    first, second = distinct_pair(a, b)
    ties: tuple[DefenceTreaty | CollectiveTie, ...] = (
        *treaties_between(first, second, on=on),
        *collective_ties_between(first, second, on=on),
    )
    return TreatyStatus(a=first, b=second, on=on, status=_status({tie.obligation for tie in ties}), grounds=ties)


def clause_spells(clause: CollectiveClause) -> Iterator[ClauseSpell]:
    """Yield every stretch in which a clause binds two actors to each other, of all time.

    Read off the days on which its circle can change: accessions, ends, suspensions and the clause's own dates.
    """
    rows = [row for row in load_memberships() if row.organisation == clause.organisation]
    listed = {party: found for (name, party), found in _parties().items() if name == clause.id}
    paused = [row for (name, _), found in _suspensions().items() if name == clause.id for row in found]
    parties = [row for found in listed.values() for row in found]
    body = find_organisation(clause.organisation)
    stretches: tuple[_Stretch, ...] = (*rows, *parties, *paused, *body.spells, clause)
    ends = [one.end for one in stretches if one.end is not None]
    days = {one.start for one in stretches if one.start is not None} | {end + timedelta(days=1) for end in ends}
    actors = sorted({row.member for row in rows} | set(listed))
    open_since: dict[Pair, date] = {}
    for day in sorted(days):
        bound = [actor for actor in actors if clause.covers(day) and _is_party(clause, actor, day)]
        pairs = {pair for pair in combinations(bound, 2) if not _is_suspended(clause, pair, day)}
        for pair in sorted(open_since.keys() - pairs):
            end = day - timedelta(days=1)
            yield ClauseSpell(clause=clause, a=pair[0], b=pair[1], start=open_since.pop(pair), end=end)
        for pair in pairs - open_since.keys():
            open_since[pair] = day
    for pair, start in sorted(open_since.items()):
        yield ClauseSpell(clause=clause, a=pair[0], b=pair[1], start=start)


def read_treaties(path: Path) -> tuple[DefenceTreaty, ...]:
    """Read a table of bilateral treaties.

    Parameters
    ----------
    path
        CSV with the columns id, title, parties (two ids, separated by a semicolon), obligation, signed, in_force,
        ended, reference.

    Raises
    ------
    FormatError
        If the table is malformed, an id occurs twice, a treaty lacks two parties, a date to count from or a
        reference, or its dates run backwards.
    """
    treaties = sorted(read_facts(path, DefenceTreaty, lists=("parties",)), key=lambda treaty: treaty.id)
    seen: set[str] = set()
    for treaty in treaties:
        _check(treaty, where=f"{path.name}, {treaty.id}")
        if treaty.id in seen:
            raise FormatError(f"{path.name}: the id {treaty.id!r} occurs twice.", remedy="keep one row.")
        seen.add(treaty.id)
    return tuple(treaties)


def _check(treaty: DefenceTreaty, *, where: str) -> None:
    parties = {actor_id(party) for party in treaty.parties}
    if len(parties) != 2 or len(treaty.parties) != 2:
        raise FormatError(f"{where}: parties are {';'.join(treaty.parties)}, not two.", remedy="name two actors.")
    if treaty.signed is None and treaty.in_force is None:
        raise FormatError(f"{where}: neither signed nor in force is dated.", remedy="date one, or drop the row.")
    if not treaty.reference:
        raise FormatError(f"{where}: no reference is cited.", remedy="cite the instrument.")
    check_spell(treaty.signed, treaty.in_force, where=where)
    check_spell(treaty.in_force or treaty.signed, treaty.ended, where=where)


def _status(obligations: set[Obligation]) -> Literal["ally", "partner", "none"]:
    if "defence" in obligations:
        return "ally"
    return "partner" if obligations & {"consultation", "cooperation"} else "none"


def _pair(a: ActorId, b: ActorId) -> Pair:
    return (a, b) if a < b else (b, a)


@lru_cache(maxsize=4096)  # a matrix of all pairs on a day asks for each actor two hundred times
def _binding(actor: ActorId, on: date) -> frozenset[str]:
    """Return the ids of the clauses that bind an actor on a day."""
    return frozenset(clause.id for clause in load_clauses() if clause.covers(on) and _is_party(clause, actor, on))


def _is_suspended(clause: CollectiveClause, pair: Pair, on: date) -> bool:
    return any(row.covers(on) for row in _suspensions().get((clause.id, pair), ()))


def _is_party(clause: CollectiveClause, actor: ActorId, on: date) -> bool:
    if clause.parties == "members":
        return is_member(actor, clause.organisation, on=on, include_suspended=False)
    rows = [row for row in _parties().get((clause.id, actor), ()) if row.covers(on)]
    if not rows:
        return False
    member = is_member(actor, clause.organisation, on=on)
    if not member and all(row.start is None for row in rows):
        return False  # the day of ratification is not known, and before joining the organisation nobody ratified
    # A pact's party outlives membership, but not the suspension of it: the organs that decide on help are closed to it.
    return not member or is_member(actor, clause.organisation, on=on, include_suspended=False)


@cache
def _by_pair() -> Mapping[Pair, tuple[DefenceTreaty, ...]]:
    groups: defaultdict[Pair, list[DefenceTreaty]] = defaultdict(list)
    for treaty in sorted(load_treaties(), key=lambda treaty: treaty.signed or treaty.in_force or date.max):
        for a, b in combinations(treaty.parties, 2):
            groups[_pair(a, b)].append(treaty)
    return {pair: tuple(treaties) for pair, treaties in groups.items()}


@cache
def _parties() -> Mapping[tuple[str, ActorId], tuple[_Party, ...]]:
    groups: defaultdict[tuple[str, ActorId], list[_Party]] = defaultdict(list)
    for row in read_facts(DATA / "treaties_parties.csv", _Party):
        check_spell(row.start, row.end, where=f"treaties_parties.csv, {row.clause} {row.party}")
        groups[row.clause, actor_id(row.party)].append(row)
    return {key: tuple(rows) for key, rows in groups.items()}


@cache
def _suspensions() -> Mapping[tuple[str, Pair], tuple[_Suspension, ...]]:
    groups: defaultdict[tuple[str, Pair], list[_Suspension]] = defaultdict(list)
    for row in read_facts(DATA / "treaties_suspensions.csv", _Suspension):
        check_spell(row.start, row.end, where=f"treaties_suspensions.csv, {row.clause} {row.a} {row.b}")
        groups[row.clause, _pair(row.a, row.b)].append(row)
    return {key: tuple(rows) for key, rows in groups.items()}
