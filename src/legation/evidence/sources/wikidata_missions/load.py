"""Embassies and consulates per sending and receiving actor, as of the snapshot."""

from __future__ import annotations

import polars as pl

from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FILE = "diplomatic_missions_wikidata_2022.parquet"
_IGNORED = {
    "operator": "the item names the sender",
    "jurisdictions": "the items name the jurisdictions",
    "country": "the item names the host",
    "city": "posts are counted per host",
    "cityQID": "posts are counted per host",
    "latitude": "posts are counted per host",
    "longitude": "posts are counted per host",
    "type": "the item names the kind",
    "creation": "known for a tenth of the posts only",
    "QID": "checked for repeats, then not needed",
}
_ENTITY = "http://www.wikidata.org/entity/"
_COUNTS = ("embassies", "consulates", "honorary", "covered")


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the counts of posts for each ordered pair with at least one."""
    rows = files.table(
        _FILE,
        {
            "operatorQID": pl.String,
            "countryQID": pl.String,
            "jurisdictionQIDs": pl.String,
            "typeQID": pl.String,
            "QID": pl.String,
        },
        ignored={name: reason for name, reason in _IGNORED.items() if name != "QID"},
    )
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for sender_item, host_item, jurisdictions, kind_item, _ in rows.iter_rows():
        sender, host = files.actor_of("items", sender_item), files.actor_of("items", host_item)
        kind = files.actor_of("kinds", kind_item)
        if sender is None or host is None or kind is None or sender == host:
            continue
        column = {"embassy": "embassies", "consulate": "consulates", "honorary": "honorary"}[kind]
        counts.setdefault((sender, host), dict.fromkeys(_COUNTS, 0))[column] += 1
        if kind == "embassy":
            for other in _covered(files, jurisdictions) - {sender, host}:
                counts.setdefault((sender, other), dict.fromkeys(_COUNTS, 0))["covered"] += 1
    records = [{"sender": sender, "host": host, **row} for (sender, host), row in counts.items()]
    schema = {"sender": pl.String, "host": pl.String, **dict.fromkeys(_COUNTS, pl.Int16)}
    return {"embassies": pl.DataFrame(records, schema=schema)}


def _covered(files: SourceFiles, jurisdictions: str | None) -> set[str]:
    """Return the actors among the items that a post is accredited to; parts of states are passed over."""
    items = (jurisdictions or "").split("|")
    found = (files.description.lookup("items", item.removeprefix(_ENTITY)) for item in items if item)
    return {actor for actor in found if actor}
