"""Malformed and hostile desks are refused with file, rule and remedy; nothing is evaluated, followed or lost."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _row(desk: Path, name: str, **cells: str) -> None:
    """Add a record to one of the desk's CSV files, by column."""
    columns = (desk / name).read_text(encoding="utf-8").splitlines()[0].split(",")
    assert set(cells) <= set(columns), columns
    _append(desk / name, ",".join(cells.get(column, "") for column in columns) + "\n")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _bad_toml(desk):
    _append(desk / "goals.toml", "\n[[goals]\nid = \n")


def _two_roots(desk):
    _append(desk / "objectives.toml", "\n[desk]\nid = 'other'\n")


def _unknown_field(desk):
    _append(desk / "goals.toml", "wieght = 3\n")


def _formula(desk):
    _append(desk / "missions.csv", '=HYPERLINK("http://x"),+1,-1,@SUM(A1)\n')


def _nul(desk):
    _append(desk / "missions.csv", "a\0b,c\n")


def _not_utf8(desk):
    with (desk / "missions.csv").open("ab") as file:
        file.write(b"\xff\xfe,\xc3\n")


def _open_quote(desk):
    _append(desk / "missions.csv", '"never closed,a,b\n')


def _utf16(desk):
    text = (desk / "missions.csv").read_text(encoding="utf-8")
    (desk / "missions.csv").write_bytes(text.encode("utf-16"))


def _objective_cycle(desk):
    (desk / "objectives").mkdir()
    (desk / "objectives" / "cycle.toml").write_text(
        "".join(
            f"[[objectives]]\nid = '{a}'\ntitle = '{a}'\nkind = 'military'\nparent = '{b}'\nweight = 1\n\n"
            for a, b in (("round-a", "round-b"), ("round-b", "round-a"))
        )
    )


def _prerequisite_cycle(desk):
    missions = [line.split(",")[0] for line in (desk / "missions.csv").read_text().splitlines()[1:3]]
    (desk / "prerequisites.csv").write_text(
        f"mission,requires\n{missions[0]},{missions[1]}\n{missions[1]},{missions[0]}\n"
    )


def _unknown_actor(desk):
    _replace(desk / "desk.toml", '"EST"', '"ATLANTIS"')


def _overlapping_holders(desk):
    position = (desk / "positions.csv").read_text().splitlines()[1].split(",")[0]
    (desk / "persons.toml").write_text(
        "".join(f"[[persons]]\nid = '{one}'\nname = 'The {one} holder'\nrank = 'OF-4'\n" for one in ("first", "second"))
    )
    (desk / "holders.csv").write_text(
        f"position,person,start,end\n{position},first,2027-01-01,2027-08-31\n{position},second,2027-06-01,\n"
    )


def _negative_money(desk):
    text = (desk / "costs.csv").read_text().splitlines()
    column = text[0].split(",").index("amount")
    cells = text[1].split(",")
    cells[column] = "-5"
    (desk / "costs.csv").write_text("\n".join([text[0], ",".join(cells), *text[2:]]) + "\n")


def _window_before_start(desk):
    mission = (desk / "missions.csv").read_text().splitlines()[1].split(",")[0]
    (desk / "windows.csv").write_text(f"mission,start,end\n{mission},2019-01,2019-03\n")


def _effect_out_of_range(desk):
    text = (desk / "effects.csv").read_text().splitlines()
    column = text[0].split(",").index("likely")
    cells = text[1].split(",")
    cells[column] = "9"
    (desk / "effects.csv").write_text("\n".join([text[0], ",".join(cells), *text[2:]]) + "\n")


def _link_out(desk):
    (desk.parent / "secret.csv").write_text("id,title\nsecret,leaked\n")
    (desk / "labels.csv").symlink_to(desk.parent / "secret.csv")


def _folder_out(desk):
    (desk.parent / "others").mkdir()
    (desk / "labels").symlink_to(desk.parent / "others", target_is_directory=True)


def _pipe(desk):
    os.mkfifo(desk / "labels.csv")


def _deeper(desk):
    (desk / "labels" / "more").mkdir(parents=True)


def _climbing_id(desk):
    _row(desk, "missions.csv", id="../../etc/passwd", title="x", instrument="visit")


def _no_desk(desk):
    (desk / "desk.toml").unlink()


def _unknown_file(desk):
    (desk / "mission.csv").write_text("id,title\n")


def _lone_surrogate(desk):
    _append(desk / "goals.toml", '\n[[goals]]\nid = "x"\ntitle = "\\uD800"\n')


def _endless_number(desk):
    text = (desk / "costs.csv").read_text().splitlines()
    column = text[0].split(",").index("amount")
    cells = text[1].split(",")
    cells[column] = "1e999999999"
    (desk / "costs.csv").write_text("\n".join([text[0], ",".join(cells), *text[2:]]) + "\n")


def _deep_toml(desk):
    _append(desk / "goals.toml", "\nx = " + "[" * 5000 + "]" * 5000 + "\n")


CASES = {
    _bad_toml: "goals.toml",
    _two_roots: "objectives.toml",
    _unknown_field: "wieght",
    _formula: "missions.csv",
    _nul: "missions.csv",
    _not_utf8: "missions.csv",
    _open_quote: "missions.csv",
    _utf16: "missions.csv",
    _objective_cycle: "round-",
    _prerequisite_cycle: "prerequisites",
    _unknown_actor: "ATLANTIS",
    _overlapping_holders: "holders",
    _negative_money: "-5",
    _window_before_start: "2019-0",
    _effect_out_of_range: "9",
    _link_out: "labels.csv",
    _folder_out: "labels",
    _pipe: "labels.csv",
    _deeper: "labels/more",
    _climbing_id: "../../etc/passwd",
    _no_desk: "desk.toml",
    _unknown_file: "mission.csv",
    _lone_surrogate: "goals.toml",
    _endless_number: "1e999999999",
    _deep_toml: "goals.toml",
}


@pytest.mark.parametrize(
    ("spoil", "named"), CASES.items(), ids=lambda case: getattr(case, "__name__", "_").removeprefix("_")
)
def test_fault_is_found_with_its_place(ask, small, spoil, named):
    """Each fault of a desk is reported with its place, rule and remedy, and ends with exit code 2."""
    spoil(small)
    answer = ask("desk", "check", small, "--json")

    assert (answer.code, answer.err) == (2, "")
    faults = json.loads(answer.out)["faults"]
    errors = [fault for fault in faults if fault["severity"] == "error"]
    assert errors
    assert all(fault["rule"] and fault["remedy"] and fault["message"] for fault in errors)
    assert any(named in f"{fault['file']} {fault['kind']} {fault['key']} {fault['message']}" for fault in errors), (
        errors
    )


@pytest.mark.parametrize("spoil", CASES, ids=lambda case: case.__name__.removeprefix("_"))
def test_faulty_desk_is_not_copied(ask, small, tmp_path, spoil):
    """A faulty desk is not converted, and nothing is left where the copy would have been."""
    spoil(small)
    target = tmp_path / "copy.db"
    answer = ask("desk", "convert", small, target)

    assert answer.code == 2
    assert answer.err.startswith("error: ")
    assert not answer.has_traceback
    assert list(tmp_path.glob("*copy*")) == []


def test_many_faults_come_at_once(ask, small):
    """Faults in several files come in one report, each on a line of its own with file and line."""
    for spoil in (_bad_toml, _nul, _unknown_file, _unknown_field):
        spoil(small)
    out = ask("desk", "check", small).out.splitlines()

    assert any(line.startswith("goals.toml:") for line in out)
    assert any(line.startswith("missions.csv:") for line in out)
    assert any(line.startswith("mission.csv: error") for line in out)
    assert out[-1].endswith(f"{len(out) - 1} errors, 0 warnings.")


def test_rule_faults_come_at_once(ask, small):
    """Faults against the desk's rules come together too."""
    for spoil in (_effect_out_of_range, _negative_money, _prerequisite_cycle):
        spoil(small)
    out = ask("desk", "check", small).out

    assert "effects.csv:2: error" in out
    assert "costs.csv:2: error" in out
    assert "prerequisites.csv:" in out


def test_harmless_variants_are_read(ask, small):
    """A byte-order mark, CRLF line ends and a missing last line end change nothing."""
    before = json.loads(ask("cohesion", small, "--json").out)
    for path in small.glob("*.csv"):
        text = path.read_text(encoding="utf-8").rstrip("\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert json.loads(ask("cohesion", small, "--json").out) == before


def test_huge_line_is_refused_quickly(ask, small):
    """A line of 100 MB is refused for its length; it is not taken into a report."""
    with (small / "missions.csv").open("ab") as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
    answer = ask("desk", "check", small)

    assert answer.code == 2
    assert len(answer.out) < 20_000
    assert "missions.csv" in answer.out


def test_secret_outside_is_not_read(ask, small):
    """A link out of the folder is refused and what it points to does not appear."""
    _link_out(small)
    answer = ask("desk", "check", small)

    assert "leaked" not in answer.out + answer.err


def _bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 600_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 cut short", b"id,title\nno,workbook\n", None], ids=["empty", "cut", "csv", "bomb"]
)
def test_workbook_that_is_none_or_a_bomb(ask, tmp_path, content):
    """What is no workbook, or unpacks to hundreds of megabytes, is refused before it is unpacked."""
    place = tmp_path / "desk.xlsx"
    place.write_bytes(_bomb() if content is None else content)
    for words in (("desk", "check", place), ("desk", "convert", place, tmp_path / "out"), ("cohesion", place)):
        answer = ask(*words)

        assert (answer.code, answer.out, answer.has_traceback) == (2, "", False)
        assert "desk.xlsx" in answer.err
    assert not (tmp_path / "out").exists()


def test_terminal_is_not_steered(ask, small):
    """Control characters in a desk's texts are shown, never sent to the terminal."""
    _replace(small / "goals.toml", 'title = "', 'title = "\\u001b[2J\\u0007')
    for words in (("desk", "check", small), ("cohesion", small)):
        answer = ask(*words)

        assert "\x1b" not in answer.out + answer.err
        assert "\x07" not in answer.out + answer.err
