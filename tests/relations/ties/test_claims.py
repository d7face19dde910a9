"""The record of claims is sound, dated as exactly as it is known, and refuses what it cannot read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.actors import actor
from legation.errors import FormatError
from legation.relations.ties_table.claims import claims_of_pair, load_claims, partial_day, read_claims

HEADER = "a,b,about,kind,start,end,reference\n"


def test_every_claim_is_between_known_actors_and_cites_an_act():
    """Both sides are actors that share a day with the claim, and each row names its reference."""
    for claim in load_claims():
        last = claim.end or date(2026, 11, 23)
        assert actor(claim.a).exists(last), claim
        assert actor(claim.b).exists(last), claim
        assert claim.reference


def test_claims_are_found_either_way_round():
    """The order of the two does not matter, and a pair without a claim has none."""
    assert claims_of_pair("MAR", "ESP") == claims_of_pair("ESP", "MAR")
    assert claims_of_pair("ESP", "MAR")[0].about == "Ceuta and Melilla"
    assert claims_of_pair("ESP", "PRT") == ()


def test_a_claim_ends_when_it_was_settled():
    """Egypt and Israel: sovereignty contested until the treaty of peace, not after."""
    (claim,) = claims_of_pair("EGY", "ISR")

    assert claim.covers(date(1973, 10, 6))
    assert not claim.covers(date(1979, 3, 27))


@given(st.dates(min_value=date(1816, 1, 1), max_value=date(2100, 12, 31)))
def test_partial_days_round_trip(day):
    """A whole date is itself; a month and a year run from their first to their last day."""
    text = day.isoformat()

    assert partial_day(text) == (day, "day")
    assert partial_day(text[:7])[0] <= day <= partial_day(text[:7], last=True)[0]
    assert partial_day(text[:4])[0] <= day <= partial_day(text[:4], last=True)[0]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ESP,MAR,x,quarrel,1975,,act", "kind 'quarrel'"),
        ("MAR,ESP,x,territory,1975,,act", "out of order"),
        ("ESP,ESP,x,territory,1975,,act", "out of order"),
        ("ESP,MAR,x,territory,1975,,", "no reference"),
        ("ESP,MAR,x,territory,soon,,act", "soon"),
        ("ESP,MAR,x,territory,1975-13,,act", "month must be in"),
        ("ESP,MAR,x,territory,1975,1970,act", "ends before"),
    ],
)
def test_faulty_rows_are_refused_with_their_line(row, said):
    """A wrong kind, order, reference or date is an error that names the line."""
    with pytest.raises(FormatError, match="line 2") as caught:
        read_claims(HEADER + row + "\n", where="claims.csv")
    assert said in str(caught.value)


def test_a_claim_of_a_year_counts_once_the_year_is_over():
    """Of Ceuta and Melilla only the year 1975 is recorded: in its summer the claim may not have been made yet."""
    (claim,) = claims_of_pair("ESP", "MAR")

    assert not claim.covers(date(1975, 7, 1))
    assert claim.covers(date(1975, 12, 31))


def test_other_columns_are_refused():
    """A table with other columns is no table of claims."""
    with pytest.raises(FormatError, match="columns"):
        read_claims("a,b\nESP,MAR\n", where="claims.csv")
