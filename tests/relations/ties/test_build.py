"""The table of ties: one schema, every kind from its table, nothing dropped unseen, nothing before it was said."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from legation.errors import CorruptStoreError, EngineError, InputError
from legation.evidence import open_world
from legation.relations.ties_table.build import BUILDERS, build_ties, build_world_ties
from legation.relations.ties_table.kinds import KINDS
from legation.relations.ties_table.origin import Origin
from legation.relations.ties_table.rows import SCHEMA, finished

WORLD = open_world()
BASELINE = build_world_ties(WORLD)
ORIGIN = Origin(
    table="t", source="s", version="1", use="any", lag_days=100, released=None, first=date(1900, 1, 1),
    last=date(2000, 12, 31), ship=True,
)  # fmt: skip


def one(kind: str, frame: pl.DataFrame, **equal: str) -> pl.DataFrame:
    """Return the rows of a kind with the given values."""
    return frame.filter(pl.col("kind") == kind, *(pl.col(name) == value for name, value in equal.items()))


def test_every_builder_makes_documented_kinds():
    """Each kind that a builder names has its meaning, rule of strength and sign; every kind has a builder."""
    assert {kind for builder in BUILDERS for kind in builder.kinds} == set(KINDS)


def test_the_baseline_gives_its_ties():
    """Treaties, organisations, claims, posts, troops, training and conflict: all from tables that may be shipped."""
    kinds = set(BASELINE.frame.get_column("kind"))

    assert kinds == {
        "claim", "consulate", "defence_treaty", "embassy", "opposition", "organisation", "pact", "support", "training",
        "troops", "war",
    }  # fmt: skip
    assert dict(BASELINE.frame.schema) == SCHEMA
    assert all(origin.ship for origin in BASELINE.sources)
    assert set(BASELINE.frame.get_column("use")) <= {"any", "attribution"}


def test_kinds_that_are_not_held_are_named():
    """What the baseline lacks is listed with the tables that would give it."""
    missing = {(entry.kind, entry.tables) for entry in BASELINE.not_held}

    assert ("agreement", ("dcad",)) in missing
    assert ("sanction", ("gsdb_dyads",)) in missing
    assert "none of: agreement" in str(BASELINE)


def test_strengths_and_dates_are_sound():
    """Strength lies in [0, 1], no tie ends before it starts, none is with itself, undirected pairs are in order."""
    frame = BASELINE.frame

    assert frame.get_column("strength").is_between(0, 1).all()
    assert frame.filter(pl.col("end") < pl.col("start")).is_empty()
    assert frame.filter(pl.col("actor_a") == pl.col("actor_b")).is_empty()
    assert frame.filter(~pl.col("directed") & (pl.col("actor_a") > pl.col("actor_b"))).is_empty()
    assert set(frame.get_column("precision")) == {"day", "month", "year"}


def test_building_twice_gives_the_same():
    """The table is a pure function of the tables."""
    assert build_world_ties(WORLD).frame.equals(BASELINE.frame)


def test_collective_clauses_bind_from_the_later_accession():
    """Finland and Sweden are bound by NATO's article 5 from Sweden's accession, and by the Union's clause before."""
    rows = one("defence_treaty", BASELINE.frame, actor_a="FIN", actor_b="SWE").sort("start")

    assert rows.get_column("start").to_list()[:2] == [date(2009, 12, 1), date(2024, 3, 7)]
    assert "North Atlantic" in rows.get_column("label").to_list()[1]


def test_a_shrinking_organisation_begins_no_ties():
    """Open Skies had 34 members once: those who stayed when it shrank to 32 gained nothing by it."""
    assert one("organisation", BASELINE.frame, label="OPEN-SKIES").is_empty()
    assert len(one("organisation", BASELINE.frame, label="NATO", actor_a="FIN")) > 5


def test_suspended_obligations_are_no_tie():
    """New Zealand and the United States: ANZUS binds until August 1986, then their obligations are suspended."""
    rows = one("defence_treaty", BASELINE.frame, actor_a="NZL", actor_b="USA")
    anzus = rows.filter(pl.col("label").str.contains("Australia, New Zealand"))

    assert anzus.select("start", "end").rows() == [(date(1952, 4, 29), date(1986, 8, 10))]


def test_snapshots_answer_only_for_their_day():
    """Embassies begin and end on the day they were seen, and were known then."""
    rows = one("embassy", BASELINE.frame)

    assert set(rows.select("start", "end", "known").unique().rows()) == {(date(2022, 11, 16),) * 3}
    assert rows.filter((pl.col("actor_a") == "BRA") & (pl.col("actor_b") == "PRT")).height == 1


def test_known_is_never_before_what_it_speaks_of():
    """A source speaks of a year once it is over, and after its usual lag."""
    troops = one("troops", BASELINE.frame, actor_b="DEU").filter(pl.col("start") == date(2015, 1, 1))

    assert troops.get_column("known").item() >= date(2015, 12, 31)
    wars = one("war", BASELINE.frame, actor_a="RUS", actor_b="UKR").sort("start")
    assert wars.filter(pl.col("start") == date(2022, 2, 24)).get_column("known").item() >= date(2022, 12, 31)


def test_damage_is_raised_and_absence_is_not():
    """A table that is not there is named; one that cannot be read is an error, never taken for absent."""

    def absent(name: str) -> pl.DataFrame:
        raise InputError(f"no table {name}")

    def damaged(name: str) -> pl.DataFrame:
        raise CorruptStoreError(f"{name} is damaged")

    assert set(build_ties(absent).frame.get_column("source_table")) == {"facts"}
    with pytest.raises(CorruptStoreError):
        build_ties(damaged)


def test_unknown_codes_are_counted_and_kept_apart():
    """A code that nobody holds in the year, and an impossible level, stand among the unread with their count."""
    disputes = pl.DataFrame(
        {
            "dispnum": [1, 1, 2, 3],
            "ccode1": [2, 2, 999, 2],
            "ccode2": [200, 200, 200, 220],
            "year": [1900, 1901, 1900, 1950],
            "cowmidonset": [1, 0, 1, 1],
            "stmon": [5, 5, 3, 1],
            "hostlev1": [2, 4, 4, 0],
            "hostlev2": [1, 1, 4, -9],
        }
    )
    result = build_ties({"cow_mid_ddydisps": disputes}.__getitem__)
    rows = one("dispute", result.frame)

    assert rows.select("actor_a", "actor_b", "start", "end", "strength", "amount").rows() == [
        ("GBR", "USA", date(1900, 5, 1), date(1901, 12, 31), 0.8, 4.0)
    ]
    unread = {(row["column"], row["value"]): row["rows"] for row in result.unread.iter_rows(named=True)}
    assert unread["actor_a", "999"] == 1
    assert unread["level", "0"] == 1


def test_a_builder_that_goes_wrong_is_a_defect():
    """A strength outside [0, 1] or an end before its start stops the build."""
    row = {"actor_a": ["A"], "actor_b": ["B"], "precision": ["day"], "start": [date(2000, 1, 2)]}
    too_strong = pl.DataFrame({**row, "end": [date(2000, 1, 3)], "strength": [1.5]})
    backwards = pl.DataFrame({**row, "end": [date(2000, 1, 1)], "strength": [0.5]})

    for frame in (too_strong, backwards):
        with pytest.raises(EngineError, match="came out wrong"):
            finished(frame, kind="visit", origin=ORIGIN)


@pytest.mark.needs_shared
class TestResearch:
    """With the research tables every kind is there, with the publishers' counts."""

    def test_every_kind_is_there(self, research):
        """All kinds of tie come out, and the world says that the table may not be passed on."""
        frame = research.table("ties")

        assert set(frame.get_column("kind")) == set(KINDS)
        assert not research.info("ties").ship
        assert dict(frame.schema) == SCHEMA

    def test_published_counts(self, research):
        """Agreements are all of DCAD that name two actors; those that do not are counted among the unread."""
        agreements = one("agreement", research.table("ties"))
        unread = research.table("ties_unread").filter(pl.col("source_table") == "dcad")

        assert len(agreements) + unread.get_column("rows").sum() == 1871
        assert len(agreements) >= 1850

    def test_a_source_is_known_after_its_usual_lag(self, research):
        """The Pentagon's tables of 2015 were known 75 days after the year."""
        troops = one("troops", research.table("ties"), actor_b="DEU", source_table="us_troops")

        assert troops.filter(pl.col("start") == date(2015, 1, 1)).get_column("known").item() == date(2016, 3, 15)

    def test_alliances_of_atop(self, research):
        """The United Kingdom and the United States are bound to defence by ATOP to its end, and the tie is open."""
        rows = one("defence_treaty", research.table("ties"), actor_a="GBR", actor_b="USA", source_table="atop_ddy")

        assert rows.sort("start").get_column("end").to_list()[-1] is None
        assert rows.sort("start").get_column("start").to_list()[-1] <= date(1949, 12, 31)

    def test_two_germanies_do_not_break_a_spell(self, research):
        """The two codes of Germany in 1990 make one spell with France across the year."""
        rows = one("defence_treaty", research.table("ties"), actor_a="DEU", actor_b="FRA", source_table="atop_ddy")
        after = rows.filter(pl.col("start") > date(1950, 1, 1))

        assert after.select("start", "end").rows() == [(date(1955, 1, 1), None)]

    def test_aid_is_shown_and_weighs_nothing(self, research):
        """Humanitarian aid has an amount and strength 0; no kind of humanitarian aid has a sign."""
        aid = one("aid_humanitarian", research.table("ties"))

        assert len(aid) > 100
        assert aid.get_column("amount").min() > 0
        assert set(aid.get_column("strength")) == {0.0}
        assert KINDS["aid_humanitarian"].sign == "none"

    def test_sanctions_as_a_member_of_the_united_nations_weigh_a_quarter(self, research):
        """All members carry out the Council's decisions; a state's own sanctions weigh in full."""
        rows = one("sanction", research.table("ties"))

        assert rows.filter(pl.col("actor_a") == "USA").get_column("strength").max() == 1.0
        assert rows.get_column("strength").min() == pytest.approx(0.05)

    def test_exercises_of_many_bind_less(self, research):
        """The more took part, the weaker each pair's tie."""
        rows = one("exercise", research.table("ties"))
        two = rows.filter(pl.col("amount") == 2, pl.col("strength") > 0.5)
        many = rows.filter(pl.col("amount") > 20)

        assert set(two.get_column("strength")) == {1.0}
        assert many.get_column("strength").max() < 0.25

    def test_ties_known_on_a_day(self, research):
        """Read as known at the end of 2005, the world holds no tie that was said later."""
        from legation.evidence.world import World

        then = World(research.folder, research.catalogue, known_on=date(2005, 12, 31))
        frame = then.table("ties")

        assert 0 < len(frame) < len(research.table("ties"))
        assert frame.get_column("known").max() <= date(2005, 12, 31)
