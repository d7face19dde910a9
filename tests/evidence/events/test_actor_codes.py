"""Codes and names of event data become actors at the day of the event."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.actors import actor, all_actors, find
from legation.errors import InputError
from legation.evidence.events.actor_codes import FIPS, REGIONS, actors_of, fips_actor


def _actors(codes: list[str | None], days: list[date], scheme: str) -> tuple[list[str | None], dict[str, str]]:
    series, refused = actors_of(pl.DataFrame({"code": codes, "day": days}), "code", scheme=scheme)
    return series.to_list(), dict(refused.iter_rows())


def test_cameo_codes_of_their_own_are_understood():
    """CAMEO writes Romania, East Timor and Kosovo in its own way."""
    found, refused = _actors(["ROM", "TMP", "KSV", "EST"], [date(2019, 1, 1)] * 4, "cameo")

    assert (found, refused) == (["ROU", "TLS", "XKX", "EST"], {})


def test_regions_and_unknown_codes_are_no_actors():
    """A region is refused as one, an unknown code as unknown, and a missing code is not refused."""
    found, refused = _actors(["EUR", "QQQ", None], [date(2019, 1, 1)] * 3, "cameo")

    assert found == [None, None, None]
    assert {"EUR", "QQQ"} == set(refused)
    assert "region" in refused["EUR"]


def test_russia_is_the_soviet_union_before_its_end():
    """A code names the state that had its place in the state system on the day."""
    days = [date(1985, 5, 1), date(1991, 12, 25), date(1995, 5, 1)]

    found, _ = _actors(["RUS"] * 3, days, "cameo")

    assert found[0] == "SUN"
    assert found[2] == "RUS"


def test_a_state_that_did_not_exist_is_refused():
    """Ukraine was no actor in 1985."""
    found, refused = _actors(["UKR", "UKR"], [date(1985, 5, 1), date(1995, 5, 1)], "cameo")

    assert found == [None, "UKR"]
    assert "did not exist" in refused["UKR"]


def test_names_are_understood_as_the_record_of_actors_understands_them():
    """Asking the indexes first leaves out no name, code or id that `find` knows, in any language."""
    names = [one.name for one in all_actors()] + ["Allemagne", "EE", "cow:365", "ESPAÑA", "Ivory Coast", "NATO"]
    days = [date(2019, 6, 1)] * len(names)

    found, refused = _actors(names, days, "any")

    for name, identifier in zip(names, found, strict=True):
        try:
            expected = find(name)
        except InputError:
            assert name in refused
            continue
        assert identifier == expected.id or not expected.exists(days[0])


def test_fips_and_iso_codes_are_not_mixed():
    """Two-letter place codes are FIPS: GM is Germany, GA the Gambia, AU Austria, AS Australia."""
    assert [fips_actor(code) for code in ("GM", "GA", "AU", "AS", "OS")] == ["DEU", "GMB", "AUT", "AUS", None]


def test_every_fips_code_names_an_actor_of_the_record():
    """No code leads to an id that the record of actors lacks, and none is a region."""
    assert all(actor(identifier).id == identifier for identifier in FIPS.values())
    assert REGIONS.isdisjoint(FIPS.values())
