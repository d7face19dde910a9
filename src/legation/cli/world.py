"""Commands on worlds: build, show."""

from __future__ import annotations

from pathlib import Path

from legation.cli.output import Json, WorldPath, print_json, print_text, progress

__all__ = ["build", "show"]


def build(sources: Path, out: Path, *, json: Json = False) -> None:
    """Build a world from source files.

    Parameters
    ----------
    sources
        The folder that holds the source files, as `legation world show` names them.
    out
        A folder that does not exist yet or is empty.
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


def show(*, world: WorldPath = None, verify: bool = False, json: Json = False) -> None:
    """List the tables of a world with dates, sources and licences.

    Parameters
    ----------
    verify
        Check every file's bytes and every table's content against the catalogue first.
    """
    from legation.briefs.text.world import world_text
    from legation.evidence import open_world

    opened = open_world(None if world is None else Path(world))
    if verify:
        opened.verify()
    if json:
        print_json({"world": "baseline" if world is None else world, "catalogue": opened.catalogue})
    else:
        print_text(world_text(opened.catalogue))
