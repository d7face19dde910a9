"""One suite for every engine: the same queries give the same rows."""

from __future__ import annotations

import gc
from datetime import date, timedelta
from pathlib import Path

import duckdb
import ibis
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import FormatError, InputError, StorageError
from legation.evidence import panel
from legation.evidence.engines import queries
from legation.evidence.engines.interface import open_engine
from legation.evidence.engines.panels import dyad_year_panel
from legation.evidence.events import CleanUp, dyad_months, read_events
from legation.evidence.events.formats import EVENT_COLUMNS
from legation.evidence.events.months import months_of
from legation.evidence.events.read import EventFrame

_SCHEMA = {name: dtype for name, (dtype, _) in EVENT_COLUMNS.items()}

_RULES = [
    CleanUp(),
    CleanUp(syndicated=False),
    CleanUp(one_a_day=False),
    CleanUp(missing_actors=False, domestic=False, syndicated=False, one_a_day=False),
    CleanUp(places_elsewhere=True, root_events=True, sources=3),
]


def _events(rows: int = 900) -> pl.DataFrame:
    """Return events with every kind of missing value, copies, and days in two years."""
    actors = ["EST", "FIN", None, "RUS", "CHN"]
    types = ["040", "057", "112", "190", "class 2"]
    return pl.DataFrame(
        {
            "day": [date(2019, 12, 20) + timedelta(days=n * n % 23) for n in range(rows)],
            "source": [actors[n % 5] for n in range(rows)],
            "target": [actors[(n // 5) % 5] for n in range(rows)],
            "code": [None if n % 7 == 0 else types[n % 4] for n in range(rows)],
            "plover": [None if n % 3 == 0 else "CONSULT" for n in range(rows)],
            "type": [types[n % 5] for n in range(rows)],
            "quad": [None if n % 11 == 0 else 1 + n % 4 for n in range(rows)],
            "goldstein": [None if n % 13 == 0 else (n * 37) % 2001 - 1000 for n in range(rows)],
            "sources": [None if n % 5 == 0 else 1 + n % 4 for n in range(rows)],
            "root_event": [None if n % 4 == 0 else n % 3 == 0 for n in range(rows)],
            "place": [None if n % 6 == 0 else actors[n % 4] for n in range(rows)],
            "story": [n % 200 - 3 for n in range(rows)],
        },
        schema=_SCHEMA,
    )


@pytest.mark.parametrize("rules", _RULES)
def test_engines_count_alike(open_named, rules):
    """Months, report and volumes of Spark equal those of DuckDB to the last bit."""
    frame = EventFrame(parts=(_events(),), rows=900)
    found = []
    for name in ("duckdb", "spark"):
        with open_named(name) as engine:
            found.append(months_of(frame, rules=rules, engine=engine))

    one, other = found

    assert one.table.height > 10
    assert_frame_equal(one.table, other.table, check_exact=True)
    assert_frame_equal(one.rules, other.rules, check_exact=True)
    assert_frame_equal(one.volumes, other.volumes, check_exact=True)


@pytest.mark.needs_shared
def test_the_genuine_export_counts_alike(shared_data, open_named):
    """Two thousand real events give the same months on both engines."""
    events = read_events(shared_data("gdelt_v2_20191024143000.export.CSV.gz"))
    with open_named("duckdb") as here, open_named("spark") as there:
        one, other = (months_of(events, engine=engine).table for engine in (here, there))

    assert_frame_equal(one, other, check_exact=True)


def test_a_collector_in_a_thread_of_the_client_ends_no_other_session(open_named):
    """An ended session swept up in one of the client's own threads leaves the next queries alone."""
    client = pytest.importorskip("pyspark.sql.connect.client.reattach", reason="the extra spark is not installed")
    with open_named("spark") as there:
        with open_named("spark") as brief:
            brief.fetch(queries.dyad_months(brief.frame(_events(20)), CleanUp()))
        del brief
        events = there.frame(_events())
        there.fetch(queries.dyad_months(events, CleanUp()))
        iterator = client.ExecutePlanResponseReattachableIterator
        iterator._get_or_create_release_thread_pool().submit(gc.collect).result(timeout=60)

        assert there.fetch(queries.dyad_months(events, CleanUp())).height > 10


def test_types_are_counted_apart(engine):
    """By type the counts of a dyad-month add up to its count."""
    events = engine.frame(_events())

    whole = engine.fetch(queries.dyad_months(events, CleanUp())).select("source", "target", "year", "month", "n")
    apart = engine.fetch(queries.dyad_months(events, CleanUp(), by_type=True))

    keys = ["source", "target", "year", "month"]
    assert_frame_equal(whole.sort(keys), apart.group_by(keys).agg(pl.col("n").sum()).sort(keys))


def test_parquet_files_are_one_table(engine, tmp_path):
    """Several files are read together, and a stored result is read again."""
    frame = _events(100)
    files = [tmp_path / "a.parquet", tmp_path / "it's b.parquet"]
    for file, part in zip(files, (frame[:60], frame[60:]), strict=True):
        part.write_parquet(file)
    table = engine.parquet(files)

    engine.store(queries.dyad_months(table, CleanUp()), tmp_path / "out.parquet")
    again = engine.fetch(engine.parquet([tmp_path / "out.parquet"]))

    expected = engine.fetch(queries.dyad_months(engine.frame(frame), CleanUp()))
    keys = ["source", "target", "year", "month"]
    assert_frame_equal(expected.sort(keys), again.sort(keys))


def test_an_empty_table_gives_an_empty_result(engine):
    """No events, no months, and no error."""
    events = engine.frame(pl.DataFrame(schema=_SCHEMA))

    assert engine.fetch(queries.dyad_months(events, CleanUp())).height == 0


def _states(path: Path) -> Path:
    rows = [
        (2, 1816, 1, 1, 2016, 12, 31),
        (255, 1990, 10, 3, 2016, 12, 31),
        (260, 1955, 5, 5, 1990, 10, 2),
        (265, 1954, 3, 25, 1990, 10, 2),
        (31, 1973, 7, 10, 2016, 12, 31),
    ]
    columns = ["ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"]
    pl.DataFrame(rows, schema=columns, orient="row").write_parquet(path / "states.parquet")
    return path / "states.parquet"


def test_states_that_share_a_year_but_no_day_make_no_dyad(engine, tmp_path):
    """Germany after 3 October 1990 meets neither of the two before it, but all three meet the United States."""
    panel = engine.fetch(dyad_year_panel(engine, _states(tmp_path), first=1990, last=1990, directed=False))

    pairs = set(panel.select("ccode1", "ccode2").iter_rows())
    assert {(2, 31), (2, 255), (2, 260), (2, 265), (31, 255), (31, 260), (31, 265), (260, 265)} == pairs


def test_members_at_the_end_of_the_table_stay(engine, tmp_path):
    """After the table's last day its members are carried on, or not, as asked."""
    states = _states(tmp_path)

    carried, strict = (
        engine.fetch(dyad_year_panel(engine, states, first=2016, last=2018, open_end=flag)).height
        for flag in (True, False)
    )

    assert (carried, strict) == (18, 6)


def test_joins_multiply_no_row_and_know_their_domain(engine, tmp_path):
    """Two disputes in one dyad-year are one row with the higher value; outside the domain the value is missing."""
    disputes = tmp_path / "mid.parquet"
    rows = [(2, 31, 2014, 1, 0), (2, 31, 2014, 1, 1)]
    pl.DataFrame(rows, schema=["ccode1", "ccode2", "year", "cowmidongoing", "cowmidonset"], orient="row").write_parquet(
        disputes
    )

    panel = engine.fetch(
        dyad_year_panel(engine, _states(tmp_path), first=2014, last=2015, tables={"cow_mid_ddydisps": disputes})
    ).sort("year", "ccode1", "ccode2")

    assert panel.height == 12
    assert panel.filter(ccode1=2, ccode2=31, year=2014)["cowmidonset"].to_list() == [1]
    assert panel.filter(ccode1=31, ccode2=2, year=2014)["cowmidonset"].to_list() == [0]
    assert panel.filter(year=2015)["cowmidonset"].null_count() == 6


@pytest.mark.needs_shared
def test_the_panel_is_the_same_on_both_engines_and_in_polars(shared_data, open_named):
    """Capabilities, alliances, disputes and ideal points join to the same dyad-years everywhere."""
    tables = {
        "cow_nmc": shared_data("cow_nmc_v7.parquet"),
        "atop_ddy": shared_data("atop_ddy_v51.parquet"),
        "cow_mid_ddydisps": shared_data("cow_mid_ddydisps.parquet"),
        "ideal_points": shared_data("unga_ideal_points_apr2020.parquet"),
    }
    keys = ["ccode1", "ccode2", "year"]
    panels = []
    for name in ("duckdb", "spark"):
        with open_named(name) as engine:
            query = dyad_year_panel(engine, shared_data("cow_states.parquet"), first=1988, last=1992, tables=tables)
            panels.append(engine.fetch(query).sort(keys))

    one, other = panels

    assert_frame_equal(one, other, check_exact=True)
    assert_frame_equal(_panel_in_polars(shared_data, 1988, 1992).sort(keys), one, check_exact=True)


@pytest.mark.needs_shared
def test_the_panel_equals_the_one_in_memory(shared_data):
    """The engine's panel has the rows and values of `legation.evidence.panel`."""
    folder = shared_data("cow_states.parquet").parent
    made = panel.dyads(system="cow", first=2009, last=2011).add("nmc", "atop_alliance").build(sources=folder).frame
    keys = ["ccode1", "ccode2", "year"]
    with open_engine() as engine:
        tables = {"cow_nmc": folder / "cow_nmc_v7.parquet", "atop_ddy": folder / "atop_ddy_v51.parquet"}
        query = dyad_year_panel(engine, folder / "cow_states.parquet", first=2009, last=2011, tables=tables)
        found = engine.fetch(query).sort(keys)

    assert_frame_equal(made.select(found.columns).sort(keys), found, check_dtypes=False, check_exact=True)


def _panel_in_polars(shared_data, first: int, last: int) -> pl.DataFrame:
    spells = pl.read_parquet(shared_data("cow_states.parquet")).select(
        "ccode",
        pl.date("styear", "stmonth", "stday").alias("first"),
        pl.date("endyear", "endmonth", "endday").alias("last"),
    )
    years = pl.DataFrame({"year": list(range(first, last + 1))}).with_columns(
        pl.date("year", 1, 1).alias("begins"), pl.date("year", 12, 31).alias("ends")
    )
    present = spells.join(years, how="cross").select(
        "ccode",
        "year",
        pl.max_horizontal("first", "begins").alias("first"),
        pl.min_horizontal("last", "ends").alias("last"),
    )
    present = present.filter(pl.col("first") <= pl.col("last"))
    panel = (
        present.join(present, on="year", suffix="2")
        .filter(
            pl.col("ccode") != pl.col("ccode2"),
            pl.max_horizontal("first", "first2") <= pl.min_horizontal("last", "last2"),
        )
        .select(pl.col("ccode").alias("ccode1"), "ccode2", "year")
        .unique()
    )

    nmc = pl.read_parquet(shared_data("cow_nmc_v7.parquet"))
    ideal = pl.read_parquet(shared_data("unga_ideal_points_apr2020.parquet")).select("ccode", "year", "IdealPoint")
    disputes = (
        pl.read_parquet(shared_data("cow_mid_ddydisps.parquet"))
        .group_by("ccode1", "ccode2", "year")
        .agg(pl.col("cowmidongoing", "cowmidonset").max())
    )
    panel = _both_sides(panel, nmc).join(
        pl.read_parquet(shared_data("atop_ddy_v51.parquet")), on=["ccode1", "ccode2", "year"], how="left"
    )
    panel = panel.join(disputes, on=["ccode1", "ccode2", "year"], how="left")
    zero = pl.col("^atop_.*$", "cowmidongoing", "cowmidonset").fill_null(0)
    return _both_sides(panel.with_columns(zero), ideal)


def _both_sides(panel: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    for side in "12":
        named = {name: name if name == "year" else f"{name}{side}" for name in table.columns}
        panel = panel.join(table.rename(named), on=[f"ccode{side}", "year"], how="left")
    return panel


def test_duckdb_spills_and_says_when_it_cannot(tmp_path):
    """With little memory the same query still ends; with far too little the error says what to do."""
    frame = _events(60_000).with_columns(pl.int_range(60_000, dtype=pl.Int64).alias("story"))
    rules = CleanUp(one_a_day=False)
    with open_engine(memory="200MB", spill=tmp_path, threads=1) as engine:
        small = engine.fetch(queries.dyad_months(engine.frame(frame), rules))
    with open_engine() as engine:
        large = engine.fetch(queries.dyad_months(engine.frame(frame), rules))

    keys = ["source", "target", "year", "month"]
    assert_frame_equal(small.sort(keys), large.sort(keys))
    with open_engine(memory="1MB") as engine, pytest.raises(StorageError, match="could not finish"):
        engine.fetch(queries.dyad_months(engine.frame(frame), rules))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "sqlite"}, "not an engine"),
        ({"name": "duckdb", "remote": "sc://localhost"}, "no address"),
        ({"name": "duckdb", "memory": "much"}, "no size of memory"),
        ({"name": "duckdb", "threads": 0}, "no number of threads"),
        ({"name": "spark", "memory": "4GB", "remote": "sc://localhost"}, "set where the cluster runs"),
        ({"name": "spark"}, "no address of a Spark Connect server"),
        ({"name": "spark", "remote": "http://localhost"}, "no address of a Spark Connect server"),
    ],
)
def test_options_that_do_not_fit_are_refused(arguments, message):
    """The error names the option and what would fit."""
    with pytest.raises(InputError, match=message):
        open_engine(**arguments)


def test_a_token_is_in_no_message():
    """What stands behind an address stays there."""
    with pytest.raises(InputError) as refused:
        open_engine("spark", remote="sc://localhost:1/;token=secret")

    assert "localhost:1" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    """The error names the file."""
    path = tmp_path / "a.parquet"
    path.write_bytes(b"nothing")

    with open_engine() as engine, pytest.raises(FormatError, match=r"a\.parquet"):
        engine.parquet([path])


@pytest.mark.needs_shared
def test_dyad_months_run_on_a_server_by_its_address(shared_data, spark_server):
    """The one function for files takes the engine and its address."""
    path = shared_data("gdelt_v2_20191024143000.export.CSV.gz")

    assert_frame_equal(dyad_months(path).table, dyad_months(path, engine="spark", remote=spark_server).table)


def _ibis_on_duckdb() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    ibis.duckdb.from_connection(connection).table("t")


def _ibis_on_spark(address: str) -> None:
    with open_engine("spark", remote=address) as engine:
        engine.frame(pl.DataFrame({"a": [1, 2]}))
        backend = ibis.pyspark.connect(engine.session)
        backend.to_pyarrow(backend.sql("SELECT CAST(1 AS TINYINT) AS a"))


@pytest.mark.xfail(
    raises=DeprecationWarning,
    strict=True,
    reason="duckdb: ibis 12 calls fetch_arrow_table, deprecated by DuckDB 2; engines compile and run themselves",
)
def test_ibis_runs_duckdb_itself():
    """A gap of an engine is marked here; the test fails once it is gone."""
    _ibis_on_duckdb()


@pytest.mark.xfail(
    raises=Warning,
    strict=True,
    reason="spark: ibis 12 fetches through pandas 3, which deprecates what pyspark 4.0 calls; engines fetch Arrow",
)
def test_ibis_runs_spark_itself(spark_server):
    """A gap of an engine is marked here; the test fails once it is gone."""
    _ibis_on_spark(spark_server)


def test_one_module_knows_ibis():
    """The queries are written once: no other module imports ibis when it runs."""
    home = Path(queries.__file__).parents[2]

    knowing = [
        file.name
        for file in home.rglob("*.py")
        if any(line.startswith(("import ibis", "from ibis")) for line in file.read_text(encoding="utf-8").splitlines())
    ]

    assert knowing == ["queries.py"]
