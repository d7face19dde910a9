"""The commands as data: where each one lives and what it is for, so that the overview needs no parser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["COMMANDS", "GROUPS", "HELP", "Command", "commands_in"]

HELP = """Keep diplomatic missions and military objectives in step.

A PLACE is a desk folder, a workbook (name.xlsx), a SQLite desk (name.db) or
postgresql://user@host/name."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command: the module and function that answer it, and its purpose in a sentence."""

    home: str
    purpose: str


GROUPS: Mapping[str, str] = {
    "desk": "Make, check, convert and follow desks.",
    "measure": "Compute a measure from your own tables.",
    "picture": "Draw relations, votes, balance and blocs as SVG, PNG or Vega-Lite.",
    "scenarios": "Score, make and compare plans where effects, answers, costs and relations are uncertain.",
    "world": "Build and inspect worlds of evidence.",
}

COMMANDS: Mapping[str, Command] = {
    "desk new": Command(home="desk:new", purpose="Make a commented desk folder to start from."),
    "desk generate": Command(
        home="desk_generate:generate", purpose="Invent a desk of a size and tightness, for trials."
    ),
    "desk check": Command(
        home="desk:check", purpose="Report every fault of a desk at once, with file, line, rule and remedy."
    ),
    "desk convert": Command(
        home="desk:convert", purpose="Copy a desk between a folder, XLSX, SQLite and PostgreSQL, without loss."
    ),
    "desk sync": Command(
        home="desk:sync", purpose="Bring the edits of a folder into the store it was made from, all or nothing."
    ),
    "desk history": Command(home="desk:history", purpose="Show who changed what in a store, when and why."),
    "desk import": Command(
        home="desk:import_file", purpose="Bring a CSV or XLSX file into a desk folder through a saved column mapping."
    ),
    "desk schema": Command(home="desk:schema", purpose="Print the JSON Schema of a desk."),
    "world build": Command(home="world:build", purpose="Build a world from the source files that are there."),
    "world sources": Command(
        home="world:sources", purpose="List the sources that can be read, with coverage, licence and age."
    ),
    "world fetch": Command(home="world:fetch", purpose="Fetch a source's files from its publisher."),
    "world licence": Command(home="world:licence", purpose="Say what the licences of the sources in a world allow."),
    "world diff": Command(home="world:diff", purpose="Say what changed between two worlds, and which relations moved."),
    "world show": Command(home="world:show", purpose="List the tables of a world with dates, sources and licences."),
    "measure dyad-months": Command(
        home="measure_dyad_months:dyad_months",
        purpose="Count events by directed dyad and month, cleaned by named rules.",
    ),
    "panel": Command(
        home="panel:panel",
        purpose="Make a panel of states, dyads, leaders or organisations, each column with its source.",
    ),
    "measure similarity": Command(
        home="measure_similarity:similarity",
        purpose="Compare all pairs of actors by their ties or votes: S, kappa, pi, tau-b, A.",
    ),
    "measure ideal-points": Command(
        home="measure_ideal_points:ideal_points",
        purpose="Estimate where actors stand from their votes, session by session, with errors.",
    ),
    "measure balance": Command(
        home="measure_balance:balance",
        purpose="Find each network's two camps, its least frustration, and the ties out of line.",
    ),
    "measure level": Command(
        home="measure_level:level",
        purpose="Learn the level of relations from the years named, and predict others.",
    ),
    "measure blocs": Command(
        home="measure_blocs:blocs",
        purpose="Find blocs: groups with friendly ties inside and hostile ties between.",
    ),
    "relation": Command(
        home="relations:relation", purpose="Say how two actors stand to each other at a date, and why."
    ),
    "landscape": Command(
        home="relations:landscape",
        purpose="Say how an actor stands to all others at a date, with its capability and stability.",
    ),
    "ties": Command(
        home="ties:ties",
        purpose="List the dated ties of an actor, or of two actors, with strength, amount and source.",
    ),
    "picture over-time": Command(
        home="picture:over_time", purpose="Draw how two actors stood at the end of each year."
    ),
    "picture map": Command(home="picture:world_map", purpose="Draw the world by relation level from one actor's seat."),
    "picture network": Command(home="picture:network", purpose="Draw the actors that matter most around one."),
    "picture ideal-points": Command(
        home="picture:ideal_points", purpose="Draw the ideal points of up to eight actors in the UN."
    ),
    "picture balance": Command(home="picture:balance", purpose="Draw the structural balance of each year."),
    "picture blocs": Command(home="picture:blocs", purpose="Draw the blocs of a year on the map."),
    "cohesion": Command(
        home="cohesion:cohesion",
        purpose="Measure how well missions and objectives fit together, with what causes each figure.",
    ),
    "plan": Command(
        home="plan:plan", purpose="Choose, staff and schedule the best affordable missions; or score and compare plans."
    ),
    "schedule": Command(
        home="schedule:schedule", purpose="Say how soon missions can all be done, in what order and by whom."
    ),
    "counter": Command(
        home="counter:counter",
        purpose="Ask how a third nation may react to a plan's key missions, and what anticipating it is worth.",
    ),
    "negotiate": Command(
        home="negotiate:negotiate",
        purpose="Explore a negotiation: who stands where, what bargains follow, what it hangs on; no prediction.",
    ),
    "cross-impact": Command(
        home="cross_impact:cross_impact",
        purpose="Find every scenario that holds together, of objectives and links or of a table of judgements.",
    ),
    "scenarios score": Command(
        home="scenarios:score", purpose="Score a plan on drawn scenarios: how its value spreads, what had to go wrong."
    ),
    "scenarios plan": Command(
        home="scenarios:plan", purpose="Make the plan that is best over drawn scenarios, and check it on fresh ones."
    ),
    "scenarios regret": Command(
        home="scenarios:regret", purpose="Find the plan that lacks least in the case that suits it least."
    ),
    "scenarios wait": Command(
        home="scenarios:wait", purpose="Say what it is worth to choose the later months only once a fact is known."
    ),
    "scenarios sweep": Command(
        home="scenarios:sweep", purpose="Plan every case of a file, in processes or on a Ray cluster."
    ),
    "replan": Command(
        home="replan:replan",
        purpose="Find the best plan after a change that disturbs the old one least, and say what changes for whom.",
    ),
    "explain": Command(
        home="explain:explain",
        purpose="Say why missions are in or out, what more money or people would buy, and which facts decide.",
    ),
    "frontier": Command(
        home="frontier:frontier",
        purpose="Lay out the plans of which none is beaten in all aims at once, with the knee and what value takes.",
    ),
    "weights": Command(
        home="weights:weights",
        purpose="Give goals intervals instead of weights: the plans that can be best, and which missions they share.",
    ),
    "brief": Command(
        home="brief:brief", purpose="Plan a desk and write the plan as one HTML file, a PDF and plain text."
    ),
}


def commands_in(group: str | None) -> Iterator[tuple[str, Command]]:
    """Give the commands of a group by their last word; of no group, those that stand alone."""
    for words, command in COMMANDS.items():
        first, _, last = words.partition(" ")
        if group is None and not last:
            yield first, command
        elif group is not None and first == group and last:
            yield last, command
