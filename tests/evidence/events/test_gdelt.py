"""GDELT 1 and 2: the publisher's files become events."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import FormatError, InputError
from legation.evidence.events import EVENT_COLUMNS, ReadOptions, read_events


def _reasons(read) -> dict[str, tuple[str, int]]:
    return {row["reason"]: (row["action"], row["rows"]) for row in read.quarantine.iter_rows(named=True)}


@pytest.mark.needs_shared
def test_the_genuine_export_is_read_whole(shared_data):
    """All 2,111 rows become events, with actors, codes and days of the publisher's columns."""
    read = read_events(shared_data("gdelt_v2_20191024143000.export.CSV.gz"))
    raw = pl.read_parquet(shared_data("gdelt_v2_export_20191024143000.parquet"))
    frame = read.frame()

    assert (read.format, read.rows, read.read) == ("gdelt2", 2111, 2111)
    assert list(EVENT_COLUMNS) == frame.columns
    assert raw["EventCode"].to_list() == frame["code"].to_list()
    assert (raw["GoldsteinScale"].cast(pl.Float64) * 100).round().cast(pl.Int16).to_list() == frame[
        "goldstein"
    ].to_list()
    assert raw["NumSources"].cast(pl.Int32).to_list() == frame["sources"].to_list()
    same = raw.filter(pl.col("Actor1CountryCode").is_in(["USA", "GBR", "IRL"])).height
    assert same == frame["source"].is_in(["USA", "GBR", "IRL"]).sum()


@pytest.mark.needs_shared
def test_plain_gzipped_zipped_and_parquet_files_read_alike(shared_data, tmp_path):
    """The packing of a file changes nothing."""
    packed = shared_data("gdelt_v2_20191024143000.export.CSV.gz")
    text = gzip.decompress(packed.read_bytes())
    plain = tmp_path / "a.export.CSV"
    plain.write_bytes(text)
    with zipfile.ZipFile(tmp_path / "a.export.CSV.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.export.CSV", text)
    with zipfile.ZipFile(tmp_path / "stored.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.export.CSV", text)
    expected = read_events(packed).frame()

    for path in (plain, tmp_path / "a.export.CSV.zip", tmp_path / "stored.zip"):
        assert_frame_equal(expected, read_events(path).frame())
    assert_frame_equal(expected, read_events(shared_data("gdelt_v2_export_20191024143000.parquet")).frame())


@pytest.mark.needs_shared
def test_a_spooled_reading_equals_one_in_memory(shared_data, tmp_path):
    """Parquet files in place of memory hold the same events."""
    path = shared_data("gdelt_v2_20191024143000.export.CSV.gz")

    spooled = read_events([path, path], spool=tmp_path)

    assert len(spooled.files) == 2
    assert_frame_equal(read_events([path, path]).frame(), spooled.frame())


def test_both_forms_of_gdelt_1_are_read(gdelt1, write):
    """Files of 58 columns have the address, files of 57 do not."""
    with_address = write([gdelt1()], "20190304.export.CSV")
    without = write([gdelt1(address=False)], "1979.csv")

    one, other = read_events(with_address), read_events(without)

    assert (one.format, other.format) == ("gdelt1", "gdelt1")
    assert_frame_equal(one.frame().drop("story"), other.frame().drop("story"))
    assert one.frame()["story"][0] >= 0 > other.frame()["story"][0]


def test_gdelt_2_called_gdelt_1_is_refused_with_the_right_name(gdelt2, write):
    """The error says which format the columns belong to."""
    with pytest.raises(FormatError, match="gdelt2"):
        read_events(write([gdelt2()]), format="gdelt1")


@pytest.mark.parametrize("extra", [["new"], ["", "", "new"]])
def test_a_version_newer_than_known_is_refused(gdelt2, write, extra):
    """A file of more columns than any known form is not guessed at."""
    with pytest.raises(FormatError, match="newer version"):
        read_events(write([gdelt2() + extra] * 3), format="gdelt2")


def test_a_version_newer_than_known_is_refused_without_its_name(gdelt2, write):
    """Sixty-two columns without a heading are no table of one's own."""
    with pytest.raises(FormatError, match="62 columns, which is no known version"):
        read_events(write([[*gdelt2(), "new"]] * 3))


def test_a_file_cut_by_columns_is_refused(gdelt2, write):
    """Sixty columns are no version."""
    with pytest.raises(FormatError, match="60 columns"):
        read_events(write([gdelt2()[:-1]] * 3), format="gdelt2")


def test_wrong_column_counts_in_rows_go_to_the_quarantine(gdelt2, write):
    """A long, a short and an empty line are left out with their numbers; the rest is read."""
    rows = [gdelt2(), [*gdelt2(), "x"], gdelt2(), gdelt2()[:40], [""], gdelt2()]

    read = read_events(write(rows), format="gdelt2")

    assert (read.rows, read.read) == (6, 3)
    assert {"62 columns where 61 are known", "40 columns where 61 are known", "an empty line"} == set(_reasons(read))
    assert read.quarantine.sort("lines")["lines"].to_list() == [[2], [4], [5]]


def test_a_short_row_whose_last_field_is_full_is_still_seen(gdelt2, write):
    """A field missing in the middle moves the others; the row is left out, not misread."""
    row = gdelt2()

    read = read_events(write([row, row[:20] + row[21:], row]), format="gdelt2")

    assert (read.rows, read.read) == (3, 2)


@pytest.mark.parametrize("suffix", ["gz", "zip"])
def test_a_truncated_file_is_refused(gdelt2, write, tmp_path, suffix):
    """A file cut short loads nothing."""
    text = write([gdelt2(GLOBALEVENTID=str(n)) for n in range(3000)]).read_bytes()
    path = tmp_path / f"cut.export.CSV.{suffix}"
    if suffix == "gz":
        whole = gzip.compress(text)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.CSV", text)
        whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(FormatError, match="cut short or damaged"):
        read_events(path, format="gdelt2")


def test_a_damaged_sum_is_refused(gdelt2, write):
    """One wrong byte in the check sum is enough."""
    path = write([gdelt2()] * 50, "a.CSV.gz")
    data = bytearray(path.read_bytes())
    data[-6] ^= 1
    path.write_bytes(bytes(data))

    with pytest.raises(FormatError, match="cut short or damaged"):
        read_events(path, format="gdelt2")


def test_all_files_are_held_to_the_format_before_one_is_loaded(gdelt2, write, tmp_path):
    """One bad file of several loads nothing, and no part is left behind."""
    good = write([gdelt2()], "good.CSV")
    bad = write([gdelt2()[:30]] * 3, "bad.CSV")
    spool = tmp_path / "spool"
    spool.mkdir()

    with pytest.raises(FormatError, match="30 columns"):
        read_events([good, bad], format="gdelt2", spool=spool)
    assert list(spool.iterdir()) == []


def test_an_empty_file_is_refused(tmp_path):
    """Nothing is no load."""
    path = tmp_path / "a.CSV"
    path.write_bytes(b"")

    with pytest.raises(FormatError, match="is empty"):
        read_events(path, format="gdelt2")


def test_mixed_encodings_are_read_and_counted(gdelt2, tmp_path, write):
    """A line that is not UTF-8 is read as ISO-8859-1; the others stay as they are."""
    good = "\t".join(gdelt2(ActionGeo_FullName="Tromsø")).encode()
    odd = "\t".join(gdelt2(ActionGeo_FullName="Tromsø")).encode("iso-8859-1")
    path = tmp_path / "a.CSV"
    path.write_bytes(good + b"\n" + odd + b"\n" + good + b"\n")

    read = read_events(path, format="gdelt2")

    assert (read.rows, read.read) == (3, 3)
    assert _reasons(read)["not UTF-8, read as ISO-8859-1"] == ("read after repair", 1)


def test_many_lines_of_two_encodings_keep_their_numbers(gdelt2, tmp_path):
    """In a long file every tenth line in ISO-8859-1 is found, and a line of wrong length among them, too."""
    good = "\t".join(gdelt2(ActionGeo_FullName="Tromsø")).encode()
    odd = "\t".join(gdelt2(ActionGeo_FullName="Tromsø")).encode("iso-8859-1")
    lines = [odd if number % 10 == 0 else good for number in range(1, 2001)]
    lines[1499] = odd + b"\tmore"
    path = tmp_path / "a.CSV.gz"
    path.write_bytes(gzip.compress(b"\n".join(lines) + b"\n"))

    read = read_events(path, format="gdelt2")

    assert (read.rows, read.read) == (2000, 1999)
    assert _reasons(read)["not UTF-8, read as ISO-8859-1"] == ("read after repair", 200)
    lines_of = dict(read.quarantine.select("reason", "lines").iter_rows())
    assert lines_of["not UTF-8, read as ISO-8859-1"] == [10, 20, 30, 40, 50]
    assert lines_of["62 columns where 61 are known"] == [1500]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"EventCode": "999"}, "not a CAMEO code"),
        ({"EventCode": ""}, "not a CAMEO code"),
        ({"SQLDATE": "20191301"}, "the date is no date"),
        ({"SQLDATE": "yesterday"}, "the date is no date"),
        ({"SQLDATE": "20990101", "DATEADDED": "20990101143000"}, "the date is in the future (after 2026-01-01)"),
        ({"SQLDATE": "20190305"}, "dated after it was added to GDELT"),
        ({"QuadClass": "7"}, "QuadClass is not 1 to 4, or IsRootEvent not 0 or 1"),
        ({"NumSources": "-1"}, "NumSources is no count"),
        ({"NumSources": "many"}, "NumSources is no count"),
    ],
)
def test_bad_values_go_to_the_quarantine_with_their_reason(gdelt2, write, change, reason):
    """One bad row among good ones is left out, counted and shown."""
    read = read_events(
        write([gdelt2(), gdelt2(**change)]), format="gdelt2", options=ReadOptions(until=date(2026, 1, 1))
    )

    assert (read.rows, read.read) == (2, 1)
    assert _reasons(read)[reason] == ("left out", 1)
    assert read.quarantine.filter(pl.col("reason") == reason)["lines"][0].to_list() == [2]


def test_a_file_without_one_good_row_is_refused(gdelt2, write):
    """A load of nothing says why."""
    with pytest.raises(InputError, match="not a CAMEO code"):
        read_events(write([gdelt2(EventCode="999")] * 3), format="gdelt2")


def test_1920_is_read_as_2020_or_left_out(gdelt2, write):
    """The rule repairs a day a century before it was added; switched off, the row is left out."""
    path = write([gdelt2(), gdelt2(SQLDATE="19200204", DATEADDED="20200204143000")])

    repaired = read_events(path, format="gdelt2")
    strict = read_events(path, format="gdelt2", options=ReadOptions(repair_century=False))

    assert date(2020, 2, 4) in repaired.frame()["day"].to_list()
    assert _reasons(repaired)["dated a century before it was added, read as meant"] == ("read after repair", 1)
    assert strict.read == 1


def test_goldstein_values_come_from_the_list_that_is_asked_for(gdelt2, write):
    """016 is -5 in one published list and -2 in GDELT's; the file's own value is the default."""
    path = write([gdelt2(EventCode="016", GoldsteinScale="-2.0")])

    values = [
        read_events(path, options=ReadOptions(goldstein=which)).frame()["goldstein"][0]
        for which in ("published", "cameo", "gdelt")
    ]

    assert values == [-200, -500, -200]


def test_quad_classes_come_from_the_root_or_the_file(gdelt2, write):
    """GDELT files investigations under material cooperation; the root says verbal conflict."""
    path = write([gdelt2(EventCode="090", QuadClass="2")])

    quads = [read_events(path, options=ReadOptions(quads=which)).frame()["quad"][0] for which in ("roots", "published")]

    assert quads == [3, 2]


def test_an_unknown_actor_code_is_counted_and_the_event_kept(gdelt2, write):
    """The event stays without that actor, so that the clean-up can count it."""
    read = read_events(write([gdelt2(), gdelt2(Actor1CountryCode="QQQ")]), format="gdelt2")

    assert sorted(read.frame()["source"].to_list(), key=lambda value: value or "") == [None, "EST"]
    assert _reasons(read)["source: no actor has this code or name"] == ("read without actor", 1)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    """The error names the path."""
    with pytest.raises(InputError, match="There is no file"):
        read_events(tmp_path / "none.CSV", format="gdelt2")


def test_an_archive_of_two_files_is_refused(gdelt2, tmp_path):
    """Which of them is meant is not guessed."""
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.CSV", "b.CSV"):
            archive.writestr(name, "\t".join(gdelt2()) + "\n")

    with pytest.raises(FormatError, match="2 files"):
        read_events(path, format="gdelt2")
