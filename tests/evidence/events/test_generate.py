"""The generated load keeps what the sample holds, and is new where it must be."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import InputError
from legation.evidence.events import CleanUp, dyad_months, read_events
from legation.evidence.events.generate import Load, generate_events, generate_export

pytestmark = pytest.mark.needs_shared
_SAMPLE = "gdelt_v2_20191024143000.export.CSV.gz"


def test_the_files_are_read_as_genuine_ones(shared_data, tmp_path):
    """No row of a generated export is left out, and volume grows from file to file."""
    load = Load(rows=6000, days=3, growth=2.0)

    files = generate_export(shared_data(_SAMPLE), tmp_path, load)
    read = read_events(files, format="gdelt2")

    assert (read.rows, read.read) == (6000, 6000)
    assert load.per_day() == [read_events(file).rows for file in files]
    assert load.per_day()[2] > 1.8 * load.per_day()[0]
    assert {"20191024143000.export.CSV.gz", "20191026143000.export.CSV.gz"} < {file.name for file in files}


def test_marginals_are_those_of_the_sample(shared_data, tmp_path):
    """Shares of classes, missing actors and single sources are near the sample's."""
    sample = read_events(shared_data(_SAMPLE)).frame()
    drawn = read_events(generate_export(shared_data(_SAMPLE), tmp_path, Load(rows=40_000, days=1))).frame()

    for what in (pl.col("quad") == 1, pl.col("quad") == 4, pl.col("source").is_null(), pl.col("sources") == 1):
        before, after = (frame.select(what.mean()).item() for frame in (sample, drawn))
        # articles are drawn whole, so 40,000 rows are about 8,000 draws: four standard errors are 0.03
        assert abs(before - after) < 0.03


def test_days_and_copies_are_drawn_as_asked(shared_data, tmp_path):
    """Copies are merged by the clean-up, and no day is later than its file's."""
    none = generate_events(shared_data(_SAMPLE), tmp_path, Load(rows=8000, days=2, copies=0.0))
    plain = dyad_months(list(none), rules=CleanUp(one_a_day=False))
    folder = tmp_path / "copied"
    folder.mkdir()
    many = generate_events(shared_data(_SAMPLE), folder, Load(rows=8000, days=2, copies=0.5, first=date(2019, 10, 24)))
    copied = dyad_months(list(many), rules=CleanUp(one_a_day=False))

    removed = [dict(each.rules.select("rule", "share").iter_rows())["syndicated"] for each in (plain, copied)]

    assert removed[1] > removed[0] + 0.1
    assert copied.table["year"].max() == 2019


def test_the_same_seed_draws_the_same_load(shared_data, tmp_path):
    """A load can be drawn again; another seed draws another."""
    folders = [tmp_path / name for name in "abc"]
    for folder, seed in zip(folders, (3, 3, 4), strict=True):
        folder.mkdir()
        generate_export(shared_data(_SAMPLE), folder, Load(rows=500, days=1, seed=seed))
    one, again, other = (next(folder.iterdir()).read_bytes() for folder in folders)

    assert one == again
    assert one != other


def test_events_are_those_that_the_export_would_give(shared_data, tmp_path):
    """Both generators draw the same rows from the same seed; only days and stories are written anew."""
    load = Load(rows=700, days=1, mix=0.4)
    export = read_events(generate_export(shared_data(_SAMPLE), tmp_path, load)).frame()
    events = pl.read_parquet(list(generate_events(shared_data(_SAMPLE), tmp_path, load)))

    assert_frame_equal(export.drop("story"), events.drop("story"))


def test_mixing_makes_more_dyads_of_the_same_actors(shared_data, tmp_path):
    """Second actors drawn anew give many more pairs, and no new actor."""
    pairs = []
    for mix in (0.0, 0.5):
        folder = tmp_path / str(mix)
        folder.mkdir()
        files = generate_events(shared_data(_SAMPLE), folder, Load(rows=20_000, days=1, mix=mix))
        frame = pl.read_parquet(list(files)).drop_nulls(["source", "target"])
        pairs.append(set(frame.select("source", "target").iter_rows()))

    assert len(pairs[1]) > 4 * len(pairs[0])
    assert {one for pair in pairs[1] for one in pair} <= set(
        read_events(shared_data(_SAMPLE)).frame().select(pl.concat([pl.col("source"), pl.col("target")]))["source"]
    )


def test_a_load_that_cannot_be_drawn_is_refused():
    """Fewer rows than files, or only copies, are no load."""
    with pytest.raises(InputError, match="no load"):
        Load(rows=1, days=2)
    with pytest.raises(InputError, match="cannot be drawn"):
        Load(rows=10, copies=1.0)
