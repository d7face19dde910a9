"""Hypothesis strategies for desks, built from the records' own types."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import msgspec
from hypothesis import strategies as st

from legation.desk.desk import KINDS, Desk, DeskInfo, Settings
from legation.store.folder.schema import FieldSpec, fields_of

# Texts that break careless readers and writers: formulas, separators, quotes, escapes, line ends, look-alikes.
AWKWARD = (
    "", " ", " x ", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =A1", "\\", "\\\\", '\\"', "a;b", ";", "[", "[]",
    '["a"]',
    'say "hi"', "line\nbreak", "cr\rlf\r\nend", "\n", "\r", "null", "true", "1e3", "007", "2027-01", "#N/A",
    "\ufeffbom",
    "\x00", "\x1b[31m", "\x85\u2028\u2029", "_x0041_", "\uff1dA1", "naïve café", "日本語", "🕊️", "'quoted", '"""', "'''",
    "# no comment", "a,b", "\ufffe\uffff", "trailing\\", "\u00a0x\u00a0", 'ends"', '"\n"""\n',
)  # fmt: skip


def texts(max_length: int | None, min_length: int | None) -> st.SearchStrategy[str]:
    """Give any text a field may hold, awkward ones often; lone surrogates, which no file holds, never."""
    low = min_length or 0
    awkward = [text for text in AWKWARD if len(text) >= low]
    free = st.text(st.characters(exclude_categories=("Cs",)), min_size=low, max_size=min(max_length or 30, 30))
    return st.sampled_from(awkward) | free


_decimals = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9) | (
    st.sampled_from([Decimal("0.10"), Decimal(100), Decimal("1E+3"), Decimal("1.50E-7"), Decimal("-0"), Decimal(12)])
)


def values(spec: FieldSpec) -> st.SearchStrategy[object]:
    """Give the values of a field that its type allows."""
    one = _value(spec)
    if spec.is_list:
        return st.lists(one, max_size=3).map(tuple)
    return st.none() | one if spec.optional else one


def _value(spec: FieldSpec) -> st.SearchStrategy[object]:
    match spec.base:
        case "text" if spec.pattern is not None:
            return st.from_regex(spec.pattern.replace(r"$(?!\n)", r"\Z"))
        case "text":
            return texts(spec.max_length, spec.min_length)
        case "choice":
            return st.sampled_from([int(value) if value.isdigit() else value for value in spec.choices])
        case "integer":
            low = -(10**6) if spec.low is None else int(spec.low)
            return st.integers(low, 10**6 if spec.high is None else int(spec.high))
        case "number":
            return st.floats(
                spec.low,
                spec.high,
                exclude_min=spec.low_open,
                exclude_max=spec.high_open,
                allow_nan=False,
                allow_infinity=False,
            )
        case "decimal":
            return _decimals
        case "date":
            return st.dates()
        case "truth":
            return st.booleans()
        case _:
            raise NotImplementedError(spec)


@cache
def records(kind: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    """Give records of a kind that obey their types (not the desk's rules)."""
    fields = {}
    for spec in fields_of(kind).values():
        if spec.base == "table":
            continue
        given = values(spec)
        fields[spec.name] = given if spec.required else st.just(spec.default) | given
    return st.fixed_dictionaries(fields).map(lambda chosen: kind(**chosen))


_settings = st.just(Settings()) | st.builds(
    Settings,
    spill_alpha=st.floats(0, 0.99),
    spill_estimated=st.booleans(),
    risk_limit=st.none() | st.floats(0, 5),
    value_breakpoints=st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=3).map(tuple),
)


@cache
def infos() -> st.SearchStrategy[DeskInfo]:
    """Give descriptions of desks."""
    return st.tuples(records(DeskInfo), _settings).map(lambda pair: msgspec.structs.replace(pair[0], settings=pair[1]))


@st.composite
def desks(draw: st.DrawFn, kinds_at_most: int = 4) -> Desk:
    """Give desks whose records obey their types, keys unique per kind, some kinds filled."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=kinds_at_most, unique=True))
    filled = {
        kind: tuple(draw(st.lists(records(KINDS[kind]), min_size=1, max_size=3, unique_by=lambda record: record.key)))
        for kind in kinds
    }
    return Desk(info=draw(infos()), **filled)
