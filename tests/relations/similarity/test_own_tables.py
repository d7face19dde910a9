"""A user's own ties and votes through files and the command line."""

from __future__ import annotations

import json
import math

import polars as pl
import pytest

from legation.cli.run import run
from legation.errors import FormatError, InputError
from legation.relations.similarity.own import codes_as_numbers, read_members, read_ties, read_votes, read_weights


@pytest.fixture
def ask(capsys):
    """Run a command in this process and give its exit code and what it printed."""

    def call(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            run([str(word) for word in words])
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def ties(tmp_path):
    """Write a table of ties with COW codes."""
    path = tmp_path / "ties.csv"
    path.write_text("ccode1,ccode2,year,value\n70,200,1950,3\n200,365,1950,1\n70,365,1951,2\n")
    return path


@pytest.fixture
def votes(tmp_path):
    """Write votes under the names of the published release."""
    path = tmp_path / "votes.csv"
    rows = ["rcid,session,ccode,vote,year"]
    rows += [
        f"{rcid},{rcid % 2 + 1},{state},{(rcid * state) % 3 + 1},1946" for rcid in range(12) for state in (2, 70, 200)
    ]
    path.write_text("\n".join([*rows, "3,2,900,8,1946"]))
    return path


def test_ties_from_a_file(ask, ties, tmp_path):
    """The command writes the pairs of each year's members, numbers in the order of numbers, and answers in JSON."""
    out = tmp_path / "found.parquet"
    code, printed, _ = ask("measure", "similarity", ties, "--out", out, "--json")
    answer = json.loads(printed)
    frame = pl.read_parquet(out)

    assert code == 0
    assert answer["pairs"] == len(frame) == 4
    assert answer["table"] == []
    assert frame.filter(pl.col("year") == 1950).select("a", "b").rows() == [(70, 200), (70, 365), (200, 365)]
    # rows of 1950: 70 is (3, 3, 0), 365 is (0, 1, 3)
    row = frame.row(by_predicate=(pl.col("year") == 1950) & (pl.col("b") == 365) & (pl.col("a") == 70), named=True)
    assert math.isclose(row["s_abs"], 1 - 2 * 8 / 9)
    assert ask("measure", "similarity", ties, "--out", out)[0] == 2
    assert ask("measure", "similarity", ties, "--out", out, "--overwrite")[0] == 0


def test_members_spells_weights_and_levels(ask, ties, tmp_path):
    """Members may be spells; weights go by their aliases; levels and the self tie are given by hand."""
    spells = tmp_path / "system.csv"
    spells.write_text(
        "ccode,start,end\n70,1900-01-01,2016-12-31\n200,1900-01-01,1950-06-30\n365,1900-01-01,2016-12-31\n"
    )
    weights = tmp_path / "weights.csv"
    weights.write_text("ccode,year,cinc\n70,1950,0.2\n200,1950,0.3\n365,1950,NA\n70,1951,0.1\n365,1951,0.1\n")
    words = ("--members", spells, "--weights", weights, "--levels", "0,1,2,3", "--self", "0", "--json")
    code, printed, _ = ask("measure", "similarity", ties, *words)
    table = json.loads(printed)["table"]

    assert code == 0
    assert [(row["a"], row["b"], row["year"], row["n"]) for row in table][-1] == (70, 365, 1951, 2)
    assert "s_abs_w" in table[0]
    # 70 is (0, 3, 0), 200 is (3, 0, 1) in 1950; the third position has no weight
    assert math.isclose(table[0]["s_abs_w"], 1 - 2 * (0.2 * 3 + 0.3 * 3) / (3 * 0.5))


def test_votes_by_their_published_names(ask, votes):
    """The release's names are read, sessions can be compared instead of years, absence is no vote."""
    code, printed, _ = ask("measure", "similarity", votes, "--kind", "votes", "--json")
    by_year = json.loads(printed)
    _, printed, _ = ask("measure", "similarity", votes, "--kind", "votes", "--period", "session", "--json")
    by_session = json.loads(printed)

    assert code == 0
    assert [row["n"] for row in by_year["table"]] == [12] * 3
    assert {row["year"]: row["n"] for row in by_session["table"]} == {1: 6, 2: 6}
    assert by_year["notes"] == ["1 rows of absent states and non-members are no votes."]


@pytest.mark.needs_shared
def test_published_tables_as_they_are(ask, shared_data, tmp_path):
    """ATOP's dyad-years with the system's spells and CINC give the published values of 1914."""
    out = tmp_path / "atop.parquet"
    code, _, _ = ask(
        "measure", "similarity", shared_data("atop_ddy_v51.parquet"), "--kind", "atop",
        "--members", shared_data("isard_cow_system.parquet"), "--weights", shared_data("cow_nmc_v7.parquet"),
        "--out", out,
    )  # fmt: skip
    frame = pl.read_parquet(out).filter((pl.col("year") == 1914) & (pl.col("a") == 255) & (pl.col("b") == 365))

    assert code == 0
    assert [round(frame[name].item(), 6) for name in ("s_abs", "kappa", "pi")] == [0.659259, 0.222222, 0.158879]


def test_text_shows_the_last_year_and_what_is_missing(ask, votes):
    """Without a file the last year's pairs are shown, and what is undefined is said with its reason."""
    code, printed, _ = ask("measure", "similarity", votes, "--kind", "votes", "--measures", "kappa, s_abs")

    assert code == 0
    assert "The last year, by kappa:" in printed
    assert "tau_b" not in printed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--levels", "0,x"), "are no numbers"),
        (("--levels", "0,1"), "has value 3"),
        (("--measures", "cosine"), "no measure 'cosine'"),
        (("--measures", "s_abs_w"), "needs weights"),
        (("--self", "9"), "self tie 9"),
        (("--period", "session"), "--period means nothing for ties"),
        (("--kind", "atop"), "no column 'atop_defense'"),
        (("--members", "nowhere.csv"), "no file nowhere.csv"),
        (("--out", "found.xyz"), "no known format"),
        (("--kind", "votes"), "no column 'resolution'"),
        (("--kind", "votes", "--self", "3"), "--self means nothing for votes"),
    ],
)
def test_wrong_options_are_refused(ask, ties, words, message):
    """Each wrong option is refused in a sentence with a remedy, without a traceback."""
    code, printed, error = ask("measure", "similarity", ties, *words)

    assert code == 2
    assert printed == ""
    assert message in error
    assert "remedy: " in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (b"", FormatError, "is empty"),
        (b"a,b,year,value\n", FormatError, "no rows"),
        (b"a,b,year,value\n1,2,1950,\n", InputError, "row 1 is empty"),
        (b"a,b,year,value\n1,2,1950.5,1\n", InputError, "1950.5"),
        (b"a,b,year\n1,2,1950\n", InputError, "no column 'value'"),
        (b"\xff\xfe\x00", FormatError, "no UTF-8"),
    ],
)
def test_hostile_files_are_refused(tmp_path, content, kind, message):
    """Empty, cut, mistyped and binary files name what is wrong."""
    path = tmp_path / "ties.csv"
    path.write_bytes(content)
    with pytest.raises(kind, match=message):
        read_ties(path)


def test_codes_with_a_leading_zero_stay_text():
    """A code is a number only if it comes back as it was."""
    whole = codes_as_numbers(pl.DataFrame({"a": ["70", "0"], "b": ["200", "-1"]}), ("a", "b"))
    text = codes_as_numbers(pl.DataFrame({"a": ["70", "07"], "b": ["200", "1"]}), ("a", "b"))

    assert whole.dtypes == [pl.Int64, pl.Int64]
    assert text.dtypes == [pl.String, pl.String]


def test_members_need_years_or_spells(tmp_path):
    """A list of members without time is refused; a weight below 0 and a vote of 1.5 are, too."""
    path = tmp_path / "members.csv"
    path.write_text("actor\n70\n")
    with pytest.raises(InputError, match="neither a column 'year' nor 'start' and 'end'"):
        read_members(path, first=1950, last=1951)
    path.write_text("actor,year,weight\n70,1950,-0.1\n")
    with pytest.raises(InputError, match="at least 0"):
        read_weights(path)
    path.write_text("year,resolution,actor,vote\n1950,1,70,maybe\n")
    with pytest.raises(InputError, match="row 1 holds 'maybe', which is no vote"):
        read_votes(path)


def test_votes_may_be_words(ask, tmp_path):
    """Yes, abstain and no are read as 1, 2 and 3, absent as no vote; 1.5 is none of the levels."""
    path = tmp_path / "votes.csv"
    rows = ["year,rcid,country,vote", "1950,1,Estonia,yes", "1950,1,Latvia,Abstain", "1950,2,Estonia,no"]
    path.write_text("\n".join([*rows, "1950,2,Latvia,absent"]))
    code, printed, _ = ask("measure", "similarity", path, "--kind", "votes", "--json")
    row = json.loads(printed)["table"][0]

    assert code == 0
    assert (row["a"], row["b"], row["n"], row["s_abs"]) == ("Estonia", "Latvia", 1, 0.0)
    path.write_text("\n".join([*rows, "1950,2,Latvia,1.5"]))
    assert "has vote 1.5" in ask("measure", "similarity", path, "--kind", "votes")[2]


def test_codes_are_text_in_all_tables_or_in_none(ask, ties, tmp_path):
    """Members with a code that is no number turn the codes of ties into texts, too."""
    members = tmp_path / "members.csv"
    members.write_text("actor,year\n70,1950\n200,1950\n365,1950\nX1,1950\n")
    code, printed, _ = ask("measure", "similarity", ties, "--members", members, "--json")
    pairs = [(row["a"], row["b"]) for row in json.loads(printed)["table"]]

    assert code == 0
    assert pairs == [("200", "365"), ("200", "70"), ("200", "X1"), ("365", "70"), ("365", "X1"), ("70", "X1")]


def test_a_closed_list_goes_on_and_an_ended_state_does_not(tmp_path):
    """Spells without an end go on, and so do those ending on the day a list was closed; a single last end is an end."""
    path = tmp_path / "system.csv"
    path.write_text(
        "actor,start,end\nA,1900-01-01,2016-12-31\nB,1900-01-01,2016-12-31\nC,1900-01-01,1990-10-03\nD,2018-05-01,\n"
    )
    closed = read_members(path, first=1989, last=2018)
    path.write_text("actor,start,end\nA,1900-01-01,1990-12-31\nB,1900-01-01,1980-12-31\nC,1900-01-01,1970-10-03\n")
    ended = read_members(path, first=1989, last=2018)

    last = closed.group_by("actor").agg(pl.col("year").min().alias("first"), pl.col("year").max().alias("last"))
    assert last.sort("actor").rows() == [("A", 1989, 2018), ("B", 1989, 2018), ("C", 1989, 1990), ("D", 2018, 2018)]
    assert ended.rows() == [("A", 1989), ("A", 1990)]


def test_spells_that_all_go_on_are_members_to_the_last_year(tmp_path):
    """A list in which no spell has an end is read: all go on."""
    path = tmp_path / "system.csv"
    path.write_text("actor,start,end\nA,1900-01-01,\nB,2000-05-01,\n")

    assert read_members(path, first=1999, last=2000).rows() == [("A", 1999), ("A", 2000), ("B", 2000)]


def test_too_many_levels_are_refused(ask, ties):
    """More levels than a table of pairs can hold are refused."""
    code, _, error = ask("measure", "similarity", ties, "--levels", ",".join(str(n) for n in range(21)))

    assert code == 2
    assert "21 levels are too many" in error
