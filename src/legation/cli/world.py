"""Commands on worlds: build, show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import Json, WorldPath, print_json, print_text, progress

__all__ = ["build", "show"]


def build(
    sources: Annotated[Path, Parameter(help="The folder that holds the source files.")],
    out: Annotated[Path, Parameter(help="A folder that does not exist yet, or a world, which is then replaced.")],
    /,
    *,
    json: Json = False,
) -> None:
    """Build a world from source files.

    The command names the first file that is missing, and where to get it.
    """
    from legation.evidence import build_world

    with progress("building") as show_progress:

        def report(step: str, done: int, total: int) -> None:
            show_progress(f"{step} ({done} of {total})")

        world = build_world(sources, out, progress=report)
    tables = world.describe()
    if json:
        print_json({"world": str(out), "tables": tables})
    else:
        print_text(f"Built {out} with {len(tables)} tables.")


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
