"""The world's table of ideal points."""

from __future__ import annotations

import polars as pl
import pytest

from legation.errors import InputError
from legation.relations.ideal_points import bridges_by_resid, ideal_point_table


def _votes():
    """Three seats in sessions 25 to 27; China's changes hands between sessions 26 and 27, and seat 9 is nobody's."""
    rows = []
    holders = {2: "USA", 365: "SUN", 200: "GBR", 9: None}
    for session in (25, 26, 27):
        china = (713, "TWN") if session < 27 else (710, "CHN")
        for number in range(6):
            cast = {2: 3, 365: 1, 200: 2 + number % 2, 9: 1 + number % 3, china[0]: 1 + (number + session) % 3}
            for seat, vote in cast.items():
                holder = china[1] if seat == china[0] else holders[seat]
                rows.append((session * 1000 + number, session, session + 1945, seat, holder, vote))
    return pl.DataFrame(
        rows,
        schema={
            "resid": pl.Int32,
            "session": pl.Int16,
            "year_session": pl.Int16,
            "ccode": pl.Int32,
            "actor": pl.String,
            "vote": pl.Int32,
        },
        orient="row",
    )


def test_the_table_names_holders_and_is_the_same_to_the_byte():
    """Points are under the actor that held the seat in that session; a seat without one is left out."""
    one, other = ideal_point_table(_votes(), bridges=None), ideal_point_table(_votes(), bridges=None)

    assert one.columns == ["actor", "year", "theta", "se", "low", "high", "n_votes"]
    assert one.schema["theta"] == pl.Float32
    assert set(one["actor"]) == {"USA", "SUN", "GBR", "TWN", "CHN"}
    assert one.filter(pl.col("actor") == "CHN")["year"].to_list() == [1972]
    assert one.write_ipc(None).getvalue() == other.write_ipc(None).getvalue()
    assert one.filter(pl.col("actor") == "USA")["theta"].mean() > one.filter(pl.col("actor") == "SUN")["theta"].mean()


def test_a_seat_with_two_holders_is_refused():
    """One seat, one session, two actors: refused, because the point would count twice."""
    votes = _votes()
    doubled = pl.concat([votes, votes.filter(pl.col("ccode") == 2).with_columns(actor=pl.lit("CAN"))])

    with pytest.raises(InputError, match="two holders"):
        ideal_point_table(doubled, bridges=None)


def test_bridges_are_keyed_by_the_votes_own_numbers():
    """Pairs by rcid become pairs by resid; a pair that the crosswalk does not know is left out."""
    matched = pl.DataFrame({"rcid1": [3, 4, 9], "rcid2": [5, 99, 3]})
    crosswalk = pl.DataFrame({"rcid": [3, 4, 5, 9], "resid": [1001, 1002, 2001, 5]})

    found = bridges_by_resid(matched, crosswalk=crosswalk)

    assert found.rows() == [(1001, 2001), (5, 1001)]
