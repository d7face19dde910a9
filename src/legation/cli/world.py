"""Commands on worlds: build, show, sources, licence, fetch, diff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import WHOLE, AsOf, Json, WorldPath, print_json, print_text, progress, today

__all__ = ["build", "diff", "fetch", "licence", "show", "sources"]

_Names = Annotated[str, Parameter(help="Sources to read, separated by commas, all of which must be there.")]


def build(
    sources: Annotated[Path, Parameter(help="The folder that holds the source files.")],
    out: Annotated[Path, Parameter(help="A folder that does not exist yet, or a world, which is then replaced.")],
    /,
    *,
    only: _Names = "",
    shipped: Annotated[
        bool, Parameter(show_default=False, help="Keep only what may be passed on: this makes the baseline.")
    ] = False,
    tables_only: Annotated[
        bool, Parameter(show_default=False, help="Leave out the measures: ideal points, ties, balance, levels.")
    ] = False,
    json: Json = False,
) -> None:
    """Build a world from the source files that are there, with the measures that they allow.

    A source of which the folder holds no file is left out and named; `legation world sources` lists the names of files.
    """
    from legation.service.worlds import build_world, files_of_no_source

    names = tuple(name.strip() for name in only.split(",") if name.strip())
    with progress("building") as show_progress:

        def report(step: str, done: int, total: int) -> None:
            show_progress(f"{step} ({done} of {total})")

        world = build_world(sources, out, only=names, shipped=shipped, with_measures=not tables_only, progress=report)
    tables, ignored = world.describe(), files_of_no_source(sources)
    if json:
        absent = [one.name for one in world.catalogue.absent]
        print_json({"world": str(out), "tables": tables, "absent": absent, "files_of_no_source": ignored})
        return
    print_text(f"Built {out} with {len(tables)} tables from {len(world.catalogue.sources)} sources.")
    if world.catalogue.absent:
        print_text("Built without: " + ", ".join(one.name for one in world.catalogue.absent) + ".")
    if ignored:
        print_text("Files of no source or of a version that is not described: " + ", ".join(ignored) + ".")


def show(
    *,
    world: WorldPath = None,
    verify: Annotated[
        bool,
        Parameter(show_default=False, help="Check every file's bytes and every table against the catalogue first."),
    ] = False,
    json: Json = False,
) -> None:
    """List the tables of a world with dates, sources and licences."""
    from legation.briefs.text.world import world_text
    from legation.evidence import open_world

    opened = open_world(world)
    if verify:
        opened.verify()
    if json:
        print_json({"world": "baseline" if world is None else str(world), "catalogue": opened.catalogue})
    else:
        if verify:
            print_text("Every file and every table is as the catalogue says.")
        print_text(world_text(opened.catalogue))


def sources(
    folder: Annotated[Path | None, Parameter(help="A folder of source files: say which of them are there.")] = None,
    /,
    *,
    json: Json = False,
) -> None:
    """List the sources that can be read, with coverage, licence and age, and what each may be used for."""
    from legation.briefs.text.world import sources_text
    from legation.service.worlds import list_sources

    day = today()
    listings = list_sources(folder=folder, today=day)
    if json:
        print_json({"today": day, "sources": listings})
    else:
        print_text(sources_text(listings))


def licence(*, world: WorldPath = None, json: Json = False) -> None:
    """Say what the licences of the sources in a world allow, each by name and all together."""
    from legation.briefs.text.world import terms_text
    from legation.evidence import open_world
    from legation.evidence.terms import terms_of

    catalogue = open_world(world).catalogue
    terms = terms_of(catalogue)
    if json:
        print_json({**vars(terms), "sources": catalogue.sources})
    else:
        print_text(terms_text(terms, catalogue))


def fetch(
    source: Annotated[str, Parameter(help="A source's name, as `legation world sources` gives it.")],
    folder: Annotated[Path, Parameter(help="The folder that holds your source files.")],
    /,
    *,
    json: Json = False,
) -> None:
    """Fetch a source's files from its publisher; a transfer that broke off is continued."""
    from legation.briefs.text.world import fetched_text
    from legation.evidence.fetch import fetch_source

    with progress("fetching") as show_progress:

        def report(file: str, have: int, total: int) -> None:
            show_progress(f"{file} {have:,} of {total:,} bytes" if total else f"{file} {have:,} bytes")

        fetched = fetch_source(source, folder, progress=report)
    if json:
        print_json({"source": source, "files": fetched})
    else:
        print_text(fetched_text(fetched))


def diff(
    before: Annotated[Path, Parameter(help="A world.")],
    after: Annotated[Path, Parameter(help="Another world.")],
    /,
    *,
    as_of: AsOf = None,
    most: Annotated[int, Parameter(help="The most relations to name."), WHOLE] = 20,
    json: Json = False,
) -> None:
    """Say what changed between two worlds, and which relations moved by it."""
    from legation.briefs.text.world import difference_text
    from legation.errors import InputError
    from legation.evidence import open_world
    from legation.service.worlds import compare_worlds

    if most < 0:
        raise InputError(f"--most is {most}; it counts relations.", remedy="Give 0 or more.")
    day = as_of or today()
    found = compare_worlds(open_world(before), open_world(after), as_of=day, most=most)
    if json:
        print_json({"as_of": found.as_of, "change": found.change, "moved": found.moved})
    else:
        print_text(difference_text(found))
