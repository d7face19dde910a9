"""Dyad-months against a count in plain Python, rule by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from legation.errors import InputError
from legation.evidence.events import RULES, CleanUp, ReadOptions, dyad_months, read_events
from legation.evidence.events.guards import GuardLimits, month_volumes
from legation.evidence.events.months import DYAD_MONTH_COLUMNS


def _removed(found) -> dict[str, int]:
    return dict(found.rules.select("rule", "removed").iter_rows())


def _by_hand(frame: pl.DataFrame, rules: CleanUp) -> tuple[dict, Counter]:
    """Apply the rules one event at a time, in the words of the documentation."""
    removed: Counter = Counter()
    kept = []
    for event in frame.iter_rows(named=True):
        if rules.missing_actors and (event["source"] is None or event["target"] is None):
            removed["missing_actors"] += 1
        elif rules.domestic and event["source"] == event["target"]:
            removed["domestic"] += 1
        elif rules.places_elsewhere and event["place"] not in (None, event["source"], event["target"]):
            removed["places_elsewhere"] += 1
        elif rules.root_events and event["root_event"] is False:
            removed["root_events"] += 1
        elif event["sources"] is not None and event["sources"] < rules.sources:
            removed["sources"] += 1
        else:
            kept.append(event)
    for name, extra in (("syndicated", ("story",)), ("one_a_day", ())):
        if rules.is_on(name):
            groups = defaultdict(list)
            for event in kept:
                groups[tuple(event[key] for key in ("day", "source", "target", "type", *extra))].append(event)
            removed[name] = len(kept) - len(groups)
            kept = [
                {
                    **group[0],
                    "sources": max(e["sources"] for e in group),
                    "goldstein": min(e["goldstein"] for e in group),
                }
                for group in groups.values()
            ]
    months = defaultdict(list)
    for event in kept:
        months[event["source"], event["target"], event["day"].year, event["day"].month].append(event)
    return months, removed


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    "rules",
    [
        CleanUp(),
        CleanUp(syndicated=False),
        CleanUp(one_a_day=False),
        CleanUp(syndicated=False, one_a_day=False),
        CleanUp(places_elsewhere=True, root_events=True, sources=2),
        CleanUp(domestic=False),
    ],
)
def test_dyad_months_equal_a_count_by_hand(shared_data, rules):
    """Every count, sum and share of the genuine export is what plain Python finds."""
    path = shared_data("gdelt_v2_20191024143000.export.CSV.gz")
    expected, removed = _by_hand(read_events(path).frame(), rules)

    found = dyad_months(path, rules=rules)

    assert {name: count for name, count in _removed(found).items() if count} == +removed
    assert len(expected) == found.table.height
    per_month = Counter()
    for (_, _, year, month), events in expected.items():
        per_month[year, month] += len(events)
    for row in found.table.iter_rows(named=True):
        events = expected[row["source"], row["target"], row["year"], row["month"]]
        quads = Counter(event["quad"] for event in events)
        cooperation, conflict = quads[1] + quads[2], quads[3] + quads[4]
        assert len(events) == row["n"]
        assert [quads[q] for q in (1, 2, 3, 4)] == [row[name] for name in list(DYAD_MONTH_COLUMNS)[5:9]]
        assert (cooperation, conflict) == (row["cooperation"], row["conflict"])
        assert float(Fraction(cooperation - conflict, cooperation + conflict)) == row["net"]
        total = sum(event["goldstein"] for event in events)
        assert total / 100 == row["goldstein_sum"]
        assert total / (100 * len(events)) == row["goldstein_mean"]
        assert sum(event["sources"] == 1 for event in events) / len(events) == row["one_source_share"]
        assert (per_month[row["year"], row["month"]], len(events) < 10) == (row["month_events"], row["few"])
        assert len(events) / row["month_events"] == row["share"]


@pytest.mark.needs_shared
def test_rules_that_look_at_one_event_say_what_they_remove(shared_data):
    """Of the export's 2,111 rows 1,259 are root events and 77 have two sources or more."""
    path = shared_data("gdelt_v2_20191024143000.export.CSV.gz")
    only = {"missing_actors": False, "domestic": False, "syndicated": False, "one_a_day": False}

    roots = dyad_months(path, rules=CleanUp(**only, root_events=True))
    sources = dyad_months(path, rules=CleanUp(**only, sources=2))

    assert (_removed(roots)["root_events"], _removed(sources)["sources"]) == (2111 - 1259, 2111 - 77)


@pytest.mark.needs_shared
def test_places_elsewhere_are_not_found_by_other_filters(shared_data):
    """Of 119 events placed in the country of neither actor 75 are root events and 4 have two sources."""
    path = shared_data("gdelt_v2_20191024143000.export.CSV.gz")
    only = {"domestic": False, "syndicated": False, "one_a_day": False}
    every = _removed(dyad_months(path, rules=CleanUp(**only, places_elsewhere=True)))["places_elsewhere"]

    frame = read_events(path).frame()
    elsewhere = frame.filter(pl.col("place") != pl.col("source"), pl.col("place") != pl.col("target"))

    assert every == elsewhere.height == 119
    assert (elsewhere["root_event"].sum(), (elsewhere["sources"] >= 2).sum()) == (75, 4)


def test_the_report_names_every_rule_in_order(gdelt2, write):
    """Rules that are off stand in the report with nothing removed; counts run on from rule to rule."""
    found = dyad_months(write([gdelt2(), gdelt2()]), format="gdelt2")

    assert [rule.name for rule in RULES] == found.rules["rule"].to_list()
    assert [rule.default for rule in RULES] == found.rules["on"].to_list()
    left = 2
    for row in found.rules.iter_rows(named=True):
        assert left == row["before"]
        left -= row["removed"]
    assert left == found.table["n"].sum() == 1


def test_copies_of_a_report_are_one_event(gdelt2, write):
    """The same headline at another paper is a copy; another report of the act is removed by the one-a-day rule only."""
    rows = [
        gdelt2(),
        gdelt2(SOURCEURL="https://other.example/world/talks-between-two-neighbours-begin/", NumSources="4"),
        gdelt2(SOURCEURL="https://third.example/quite-another-report-of-the-talks"),
        gdelt2(SQLDATE="20190303"),
    ]

    found = dyad_months(write(rows), format="gdelt2")

    assert (_removed(found)["syndicated"], _removed(found)["one_a_day"]) == (1, 1)
    assert (found.table["n"][0], found.table["one_source_share"][0]) == (2, 0.5)


def test_events_without_a_class_count_by_the_sign_of_their_value(write):
    """A value of zero is neither cooperation nor conflict; net is missing without either."""
    rows = [["2019-03-04", "EST", "FIN", "5"], ["2019-03-05", "EST", "FIN", "-1"], ["2019-03-05", "FIN", "EST", "0"]]
    path = write(rows, "own.tsv", heading=["date", "source", "target", "goldstein"])

    table = dyad_months(path).table

    assert list(table.select("n", "cooperation", "conflict", "net").iter_rows()) == [(2, 1, 1, 0.0), (1, 0, 0, None)]
    assert table["one_source_share"].to_list() == [None, None]


def test_a_jump_or_a_gap_in_volume_is_marked():
    """Growth is measured over the mean of the 12 months before; the month after a gap is marked, too."""
    rows = [(2019, month, 0, 100) for month in range(1, 7)] + [(2019, 7, 0, 300), (2019, 9, 0, 120)]
    counts = pl.DataFrame(rows, schema=["year", "month", "rule", "rows"], orient="row")

    volumes = month_volumes(counts, GuardLimits())

    assert volumes["growth"].to_list()[:7] == [None, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0]
    assert volumes["coverage_change"].to_list() == [False] * 6 + [True, True]


def test_stored_events_are_counted_without_their_files(gdelt2, write, tmp_path):
    """Parquet files of events give the same months as the export they came from."""
    path = write([gdelt2(), gdelt2(SQLDATE="20190201"), gdelt2(Actor1CountryCode="")])
    stored = tmp_path / "events.parquet"
    read_events(path, format="gdelt2").frame().write_parquet(stored)

    assert dyad_months(path, format="gdelt2").table.equals(dyad_months(stored).table)


def test_options_reach_the_reading(gdelt2, write):
    """A last day asked for leaves later events out."""
    path = write([gdelt2(), gdelt2(SQLDATE="20190201")])

    found = dyad_months(path, format="gdelt2", options=ReadOptions(until=date(2019, 2, 28)))

    assert list(found.table.select("year", "month", "n").iter_rows()) == [(2019, 2, 1)]


def test_types_of_a_dyad_month_stand_apart(gdelt2, write):
    """By type the rows have a column of PLOVER types and add up to the dyad-month; statements have no type."""
    rows = [gdelt2(), gdelt2(EventCode="042"), gdelt2(EventCode="112", QuadClass="3"), gdelt2(EventCode="010")]

    table = dyad_months(write(rows), format="gdelt2", by_type=True).table

    assert list(table.select("plover", "n").iter_rows()) == [("ACCUSE", 1), ("CONSULT", 2), (None, 1)]
    assert table["share"].sum() == 1.0


@pytest.mark.parametrize("wrong", [{"on": ["everything"]}, {"on": ["domestic"], "off": ["domestic"]}])
def test_a_rule_that_is_none_is_refused(wrong):
    """The error lists the rules."""
    with pytest.raises(InputError, match="rule"):
        CleanUp.with_changes(**wrong)


def test_no_number_of_sources_is_refused():
    """At least one source is the least."""
    with pytest.raises(InputError, match="number of sources"):
        CleanUp(sources=0)
