"""The keys of every command's JSON are promised: a key that goes or comes is a decision that changes this list."""

from __future__ import annotations

import json

import pytest

KEYS = {
    "desk check": {"place", "errors", "warnings", "faults"},
    "desk check faults": {"kind", "key", "rule", "message", "remedy", "severity", "file", "line", "field"},
    "desk new": {"folder", "files"},
    "desk generate": {"folder", "files", "missions", "seed"},
    "desk convert": {"place", "head", "first", "at", "added", "changed", "removed", "warnings", "notices"},
    "desk history": {
        "seq", "unit", "at", "who", "why", "kind", "key", "version", "before", "after", "hash", "difference",
    },
    "desk import": {"kind", "records", "added", "faults", "written"},
    "world show": {"world", "catalogue"},
    "world show tables": {
        "name", "title", "file", "rows", "bytes", "sha256", "content_hash", "key", "columns", "sources", "licences",
        "attribution", "kind", "first", "last", "complete", "snapshot", "ship", "time", "method",
    },
    "relation": {
        "a", "b", "as_of", "level", "level_probabilities", "basis", "relation_class", "treaty_status", "treaty_grounds",
        "alignment", "alignment_parts", "tension", "drivers", "threat", "ties", "judgements", "sources", "notes",
        "world_hash", "states", "label_notice", "level_score", "level_parts", "trained_level", "not_held",
    },
    "relation states": {"actor", "name", "as_of", "capability", "stability", "notes", "not_held"},
    "relation drivers": {"name", "value", "share", "text", "source", "year", "carried"},
    "relation ties": {"kind", "text", "source", "dated", "seen", "in_score", "direction"},
    "landscape": {
        "actor", "as_of", "state", "relations", "neighbours", "sources", "notes", "world_hash", "label_notice", "since",
        "changes", "shifts", "similar", "tie_changes",
    },
    "landscape relations": {
        "other", "name", "relation_class", "level", "probability", "treaty_status", "alignment", "tension",
        "top_driver", "is_neighbour", "distance_km", "state", "judgements",
    },
    "cohesion": {
        "basis", "desk", "desk_title", "missions", "parts", "objectives", "contradictions", "orphans", "gaps",
        "duplicates", "clashes", "spill_over", "structural", "contributions", "groups", "consistency", "interplay",
        "assumptions", "label", "notice", "label_notice", "contradictions_total", "clashes_total",
    },
    "plan": {
        "desk", "title", "start", "months", "currency", "price_year", "status", "value", "bound", "gap", "seconds",
        "seed", "engine", "engine_version", "benefit", "synergy", "risk", "spill", "cost", "missions", "left_out",
        "objectives", "spending", "staffing", "binding", "sensitivity", "decisive_effects", "comparison", "trace",
        "assumptions", "cohesion", "ended", "started_from", "label_notice",
    },
    "plan missions": {
        "mission", "title", "instrument", "partners", "status", "mode", "mode_title", "start", "end", "start_index",
        "months", "costs", "cost", "people", "accept", "risk", "value_added", "serves", "kept_for", "reason", "reasons",
    },
    "plan missions people": {"role", "position", "title", "person"},
    "plan left_out": {
        "mission", "title", "kind", "reason", "reasons", "loss", "displaces", "what_would_change", "examined",
    },
    "plan objectives": {
        "objective", "title", "goal", "goal_title", "kind", "n", "n_low", "n_high", "phi", "share", "value", "combine",
        "missions",
    },
    "plan comparison": {"value", "cost", "rankings"},
    "plan comparison rankings": {"name", "title", "value", "ratio", "cost", "missions", "skipped"},
    "plan --score": {
        "desk", "title", "value", "bound", "gap", "benefit", "synergy", "risk", "spill", "cost", "broken", "missions",
        "objectives", "spending", "staffing", "keeps_rules", "label_notice",
    },
    "plan --compare": {
        "value_a", "value_b", "cost_a", "cost_b", "both", "only_a", "only_b", "changed", "objectives", "label_notice",
    },
    "brief": {"files", "plan", "label_notice"},
}  # fmt: skip
"""By command; further words lead into the answer, the first item of every list."""


def _answer(answer):
    assert answer.code == 0, answer.out + answer.err
    assert answer.err == ""
    return json.loads(answer.out)


def _agrees(name, found):
    """Compare the keys of an answer, and of what lies below it, with the promised ones."""
    assert set(found) == KEYS[name]
    for longer, keys in KEYS.items():
        if longer.startswith(f"{name} ") and not longer.startswith(f"{name} --"):
            rows = [found]
            for word in longer.removeprefix(f"{name} ").split():
                # a mission may need nobody: what lies below is looked for in every row
                below = [row[word] for row in rows]
                rows = [one for item in below for one in (item if isinstance(item, list) else [item])]
            assert rows, longer
            assert all(set(row) == keys for row in rows), longer


@pytest.mark.parametrize("words", [("relation", "ESP", "MAR", "--as-of", "2024-06-30"), ("landscape", "EST")])
def test_answers_of_the_world(ask, words):
    """Relations and landscapes keep their keys."""
    _agrees(words[0], _answer(ask(*words, "--json")))


def test_answers_of_the_tables(ask):
    """The catalogue of a world keeps its keys, table by table."""
    found = _answer(ask("world", "show", "--json"))

    assert set(found) == KEYS["world show"]
    assert all(set(table) == KEYS["world show tables"] for table in found["catalogue"]["tables"])


def test_answers_of_desks(ask, small, tmp_path):
    """The commands on desks keep their keys, those of faults included."""
    assert set(_answer(ask("desk", "new", tmp_path / "new", "--json"))) == KEYS["desk new"]
    assert (
        set(_answer(ask("desk", "generate", tmp_path / "made", "--missions", "9", "--json"))) == KEYS["desk generate"]
    )
    assert set(_answer(ask("desk", "convert", small, tmp_path / "a.db", "--json"))) == KEYS["desk convert"]
    found = _answer(ask("desk", "history", tmp_path / "a.db", "--json"))
    entries = found["entries"]
    (small / "goals.toml").write_text("broken")
    check = json.loads(ask("desk", "check", small, "--json").out)

    assert "label not enforced" in found["label_notice"]
    assert all(set(entry) == KEYS["desk history"] for entry in entries)
    assert set(check) == KEYS["desk check"]
    assert set(check["faults"][0]) == KEYS["desk check faults"]


def test_answers_about_plans(ask, small, tmp_path):
    """Cohesion, plans, scores, comparisons and briefs keep their keys; a kept plan scores as it was found."""
    _agrees("cohesion", _answer(ask("cohesion", small, "--json")))
    found = _answer(ask("plan", small, "--json", "--save", "first", "--out", tmp_path / "plan.xlsx"))
    _answer(ask("plan", small, "--json", "--save", "second", "--seed", "2"))
    score = _answer(ask("plan", small, "--json", "--score", "first"))
    compared = _answer(ask("plan", small, "--json", "--compare", "first", "second"))
    brief = _answer(ask("brief", small, "--json", "--out", tmp_path / "out"))

    _agrees("plan", found)
    _agrees("plan", brief["plan"] | {"label_notice": brief["label_notice"]})
    assert (tmp_path / "plan.xlsx").stat().st_size > 0
    assert set(score) == KEYS["plan --score"]
    assert score["keeps_rules"]
    assert score["value"] == pytest.approx(found["value"])
    assert set(compared) == KEYS["plan --compare"]
    assert set(brief) == KEYS["brief"]


def test_a_plan_is_kept_once(ask, small):
    """A plan of the same id is not overwritten, and the id must be one."""
    assert ask("plan", small, "--save", "first").code == 0
    before = sorted(path.read_bytes() for path in small.rglob("*.csv"))
    again = ask("plan", small, "--save", "first", "--seed", "7")
    bad = ask("plan", small, "--save", "../first")

    assert (again.code, bad.code) == (3, 2)
    assert "first" in again.err
    assert sorted(path.read_bytes() for path in small.rglob("*.csv")) == before


def test_a_plan_is_kept_in_a_store(ask, small_store, tmp_path):
    """In a store the plan is kept as one operation with its history; a workbook is not written to."""
    import shutil

    place = shutil.copy(small_store, tmp_path / "kept.db")
    assert ask("plan", place, "--save", "first").code == 0
    history = _answer(ask("desk", "history", place, "--kind", "plans", "--json"))["entries"]
    assert ask("desk", "convert", place, tmp_path / "kept.xlsx").code == 0

    assert [entry["key"] for entry in history] == ["first"]
    assert history[0]["why"] == "keep the plan"
    assert ask("plan", tmp_path / "kept.xlsx", "--save", "second").code == 2


def test_impossible_desk_names_the_rules(ask, small):
    """A desk whose required mission the budget cannot pay ends with exit code 4 and names both rules."""
    allotments = small / "allotments.csv"
    allotments.write_text(allotments.read_text().replace("190000", "1000"))
    answer = ask("plan", small)

    assert (answer.code, answer.out, answer.has_traceback) == (4, "", False)
    assert answer.err.startswith("error: ")
    assert "Engagement" in answer.err
    assert "Army staff talks in Riga" in answer.err


def test_score_without_a_name_takes_the_only_plan(ask, small):
    """A bare --score scores the one plan that the desk keeps; without any it says how to keep one."""
    refused = ask("plan", small, "--json", "--score")
    ask("plan", small, "--save", "only")
    scored = _answer(ask("plan", small, "--score", "--json"))

    assert refused.code == 2
    assert "keeps no plan" in refused.err
    assert scored["keeps_rules"]


def test_score_without_a_name_takes_what_missions_note(ask, small):
    """Without a kept plan the missions' own modes and first months are scored, with every rule they break."""
    rows = (small / "missions.csv").read_text().splitlines()
    noted = [
        rows[0] + ",mode,start",
        *(row + (",standard,2027-03" if row.startswith("fin-talks") else ",,") for row in rows[1:]),
    ]
    (small / "missions.csv").write_text("\n".join(noted) + "\n")

    scored = _answer(ask("plan", small, "--json", "--score"))

    assert [mission["mission"] for mission in scored["missions"]] == ["fin-talks"]
    assert not scored["keeps_rules"]


def test_score_without_a_name_asks_which_of_several(ask, small):
    """With two kept plans a bare --score names both and asks for one."""
    for name in ("one", "two"):
        ask("plan", small, "--save", name)

    refused = ask("plan", small, "--score")

    assert refused.code == 2
    assert "one, two" in refused.err
