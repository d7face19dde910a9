"""What binds two actors at a date: treaties, organisations, troops, training, and posts seen in a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from legation.actors import memberships
from legation.actors.types import DefenceTreaty
from legation.evidence.world import World
from legation.relations.gather import treaty_between
from legation.relations.held import has_table, rows_of
from legation.relations.ties_table.claims import claims_of_pair
from legation.relations.ties_table.kinds import KINDS, TIES_TABLE
from legation.relations.ties_table.read import ties_between as ties_between_rows
from legation.relations.types import Tie

__all__ = ["ties_between"]

_ACTS = "acts of accession and treaties, written by hand with their references"
_UNITED_STATES = "USA"
_DIGITS = {"day": 10, "month": 7, "year": 4}
_HELD_KINDS = (
    "agreement", "exercise", "visit", "base", "arms", "sanction", "dispute", "war", "opposition", "rivalry",
    "aid_humanitarian", "aid_military", "aid_other", "peacekeeping",
)  # fmt: skip
_SCORED = frozenset({"sanction", "dispute", "war", "opposition", "rivalry"})
_RECENT_YEARS = 5  # ties of one year are shown when it lies at most this far back
_SIDE_BY_SIDE_YEARS = 10


def ties_between(world: World, a: str, b: str, *, as_of: date) -> tuple[Tie, ...]:
    """Return what binds two actors on a day, each with its date and source.

    Posts in Wikidata's snapshot are shown as seen then and count in no score; troops and training exist for pairs with
    the United States only, and count in no score for that reason.
    """
    facts = world.facts_on(as_of)
    return (
        *_treaties(a, b, facts),
        *_claims(a, b, facts),
        *_organisations(a, b, facts),
        *_membership(a, b, facts),
        *_side_by_side(world, a, b, as_of),
        *_posts(world, a, b, as_of),
        *_us_posts(world, a, b, as_of),
        *_us_ties(world, a, b, as_of),
        *_neighbours(world, a, b),
        *_held(world, a, b, as_of),
    )


def _treaties(a: str, b: str, as_of: date) -> Iterator[Tie]:
    for ground in treaty_between(min(a, b), max(a, b), as_of).grounds:
        if isinstance(ground, DefenceTreaty):
            day = ground.in_force or ground.signed
            text, dated = f"{ground.title} ({ground.obligation})", day.isoformat() if day else ""
            yield Tie(kind="treaty", text=text, source=ground.reference or _ACTS, dated=dated, in_score=True)
        else:
            text = f"{ground.clause.title}, {ground.clause.article} ({ground.obligation})"
            dated = ground.clause.start.isoformat() if ground.clause.start else ""
            yield Tie(kind="treaty", text=text, source=ground.clause.reference, dated=dated, in_score=True)


def _claims(a: str, b: str, as_of: date) -> Iterator[Tie]:
    for claim in claims_of_pair(a, b):
        if claim.covers(as_of):
            since = "" if claim.start is None else claim.start.isoformat()[: _DIGITS[claim.start_precision]]
            text = f"{claim.kind}: {claim.about}"
            yield Tie(kind="claim", text=text, source=claim.reference, dated=since, in_score=True)


def _held(world: World, a: str, b: str, as_of: date) -> Iterator[Tie]:
    """Yield what the world's table of ties holds beyond the kinds above: one line for each kind and direction."""
    if not world.holds(TIES_TABLE):
        return
    rows = ties_between_rows(world, a, b, as_of=as_of, kinds=_HELD_KINDS)
    groups = rows.group_by("kind", "actor_a", "actor_b", "directed", "source", "version", maintain_order=True).agg(
        pl.len().alias("count"),
        pl.col("start").min().alias("first"),
        pl.col("end").max().alias("last"),
        pl.col("end").is_null().any().alias("open"),
        pl.col("label").filter(pl.col("label") != "").last().alias("label"),
    )
    for row in groups.iter_rows(named=True):
        sender = row["actor_a"] if row["directed"] else ""
        until = "now" if row["open"] else str(row["last"].year)
        since = "" if row["first"] is None else str(row["first"].year)
        counted = f"{row['count']} on record" + (f", the last: {row['label']}" if row["label"] else "")
        way = f"{row['actor_a']} to {row['actor_b']}: " if sender else ""
        yield Tie(
            kind=row["kind"],
            text=f"{way}{KINDS[row['kind']].meaning}, {counted}",
            source=f"{row['source']}, {row['version']}",
            dated=since if since == until else f"{since} to {until}",
            in_score=row["kind"] in _SCORED,
            direction="both" if not sender else "b_to_a" if sender == b else "a_to_b",
        )


def _organisations(a: str, b: str, as_of: date) -> Iterator[Tie]:
    """Yield each organisation in common, dated by the later of the two accessions and sourced by their acts."""
    rows = [
        {str(row.organisation): row for row in memberships(actor, on=as_of) if row.status == "member"}
        for actor in (a, b)
    ]
    for organisation in sorted(rows[0].keys() & rows[1].keys()):
        both = [row[organisation] for row in rows]
        starts = [row.start for row in both if row.start is not None]
        acts = "; ".join(dict.fromkeys(row.act for row in both if row.act))
        yield Tie(
            kind="organisation",
            text=organisation,
            source=acts or _ACTS,
            dated=max(starts).isoformat() if len(starts) == len(both) else "",
            in_score=organisation != "UN",
        )


def _membership(a: str, b: str, as_of: date) -> Iterator[Tie]:
    """Yield the membership of one in the other, where one is an organisation."""
    for member, organisation in ((a, b), (b, a)):
        for row in memberships(member, on=as_of):
            if str(row.organisation) == organisation:
                since = row.start.isoformat() if row.start else ""
                text = f"{member} in {organisation}: {row.status}"
                yield Tie(kind="organisation", text=text, source=row.act or _ACTS, dated=since)


def _side_by_side(world: World, a: str, b: str, as_of: date) -> Iterator[Tie]:
    rows = rows_of(
        world,
        "conflict_dyads",
        pl.col("a") == min(a, b),
        pl.col("b") == max(a, b),
        pl.col("together") > 0,
        pl.col("year").is_between(as_of.year - _SIDE_BY_SIDE_YEARS, as_of.year),
        (pl.col("year") < as_of.year) | (pl.col("support_since") <= as_of),
    )
    if not rows.is_empty():
        seen = sorted(rows.get_column("year").to_list())
        years = f"{seen[0]} to {seen[-1]}"
        source = world.citation("conflict_dyads")
        text = "troops of one supported the other in armed conflict"
        yield Tie(kind="side_by_side", text=text, source=source, dated=years, in_score=True)


def _posts(world: World, a: str, b: str, as_of: date) -> Iterator[Tie]:
    if not has_table(world, "embassies"):
        return
    info, source = world.info("embassies"), world.citation("embassies")
    for sender, host, way in ((a, b, "a_to_b"), (b, a, "b_to_a")):
        for _, _, embassies, consulates, honorary, covered in world.select(
            "embassies", sender=sender, host=host
        ).iter_rows():
            counts = ((embassies, "embassy"), (consulates, "consulate"), (honorary, "honorary consulate"))
            parts = [f"{count} {word}{_plural(word, count)}" for count, word in counts if count]
            parts += ["an embassy elsewhere accredited"] if covered and not embassies else []
            yield Tie(
                kind="embassy",
                text=f"{sender} in {host}: {', '.join(parts)}",
                source=source,
                dated=info.snapshot,
                seen=as_of.isoformat() != info.snapshot,
                direction="a_to_b" if way == "a_to_b" else "b_to_a",
            )


def _plural(word: str, count: int) -> str:
    if count == 1:
        return ""
    return "s" if not word.endswith("y") else " posts"


def _us_posts(world: World, a: str, b: str, as_of: date) -> Iterator[Tie]:
    """Yield the posts between the United States and the other, as the Factbook counts them."""
    if _UNITED_STATES not in {a, b} or not has_table(world, "us_representation"):
        return
    other = b if a == _UNITED_STATES else a
    info, source = world.info("us_representation"), world.citation("us_representation")
    for _, embassy_in, consulates_in, embassy_from, consulates_from in world.select(
        "us_representation", actor=other
    ).iter_rows():
        for sender, host, embassy, consulates in (
            (other, _UNITED_STATES, embassy_in, consulates_in),
            (_UNITED_STATES, other, embassy_from, consulates_from),
        ):
            parts = ["an embassy" if embassy else "no embassy"]
            parts += [f"{consulates} consulate{_plural('consulate', consulates)}"] if consulates else []
            yield Tie(
                kind="embassy",
                text=f"{sender} in {host}: {', '.join(parts)}",
                source=source,
                dated=info.snapshot,
                seen=as_of.isoformat() != info.snapshot,
                direction="a_to_b" if sender == a else "b_to_a",
            )


def _us_ties(world: World, a: str, b: str, as_of: date) -> Iterator[Tie]:
    if _UNITED_STATES not in {a, b}:
        return
    other, from_a = (b, True) if a == _UNITED_STATES else (a, False)
    troops = _last(world, "us_troops", other, as_of, months=9)
    if troops is not None:
        yield Tie(
            kind="troops",
            text=f"{troops['active']:,} active-duty personnel of the United States",
            source=world.citation("us_troops"),
            dated=f"{troops['year']}-09",
            direction="a_to_b" if from_a else "b_to_a",
        )
    training = _last(world, "us_training", other, as_of, months=9)
    if training is not None:
        cost = training["cost_usd"] / 1e6
        yield Tie(
            kind="training",
            text=f"{training['activities']:,} training activities, {training['trainees']:,} people, {cost:.1f} M USD",
            source=world.citation("us_training"),
            dated=f"fiscal year {training['year']}",
            direction="a_to_b" if from_a else "b_to_a",
        )


def _last(world: World, table: str, actor: str, as_of: date, *, months: int) -> dict[str, int] | None:
    """Return the last row of an actor whose year had run for so many months by the date, at most five years back."""
    year = as_of.year if as_of.month > months else as_of.year - 1
    in_time = pl.col("year").is_between(year - _RECENT_YEARS, year)
    rows = rows_of(world, table, pl.col("actor") == actor, in_time).sort("year")
    return None if rows.is_empty() else rows.row(-1, named=True)


def _neighbours(world: World, a: str, b: str) -> Iterator[Tie]:
    low, high = min(a, b), max(a, b)
    pair = (pl.col("a") == low, pl.col("b") == high)
    for contiguous in rows_of(world, "distance", *pair).get_column("contiguous"):
        if contiguous:
            info = world.info("distance")
            yield Tie(
                kind="border", text="common land border", source=world.citation("distance"), dated=str(info.last.year)
            )
    for shared, official in rows_of(world, "languages", *pair).select("shared", "official").iter_rows():
        text = f"two people share a language with probability {shared:.2f}"
        text += "; an official language in common" if official else ""
        info = world.info("languages")
        yield Tie(kind="language", text=text, source=world.citation("languages"), dated=str(info.last.year))
