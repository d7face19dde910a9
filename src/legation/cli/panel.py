"""The command that makes panels: states, dyads, leaders and organisations by year, month or day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from legation.cli.output import WHOLE, Json, WorldPath, print_json, print_text, progress

if TYPE_CHECKING:
    from legation.evidence.panel import Panel, PanelDesign, Step
    from legation.evidence.world import World

__all__ = ["panel"]

_SHOWN_ROWS = 8


def panel(
    kind: Annotated[
        Literal["states", "dyads", "leaders", "leader-dyads", "organisations", "members", "verbs"],
        Parameter(help="What a row is about; `verbs` lists what can be added."),
    ],
    /,
    *names: Annotated[str, Parameter(help="Organisations, for panels of organisations and of members.")],
    system: Annotated[
        Literal["cow", "gw"] | None,
        Parameter(
            help="The state system: cow or gw (Gleditsch-Ward). For leaders, whose members count.", show_default=False
        ),
    ] = None,
    period: Annotated[Literal["year", "month", "day"], Parameter(help="What a row's time is.")] = "year",
    first: Annotated[
        int | None, Parameter(name="--from", help="The first year; the earliest if left out."), WHOLE
    ] = None,
    last: Annotated[int | None, Parameter(name="--to", help="The last year; the latest if left out."), WHOLE] = None,
    directed: Annotated[
        bool,
        Parameter(show_default=False, help="Rows for both directions of a dyad: so it is unless you say otherwise."),
    ] = False,
    undirected: Annotated[
        bool, Parameter(show_default=False, help="One row per dyad, the lower number first.")
    ] = False,
    overlap: Annotated[
        Literal["day", "year"], Parameter(help="What two states must share to make a dyad: a day, or a calendar year.")
    ] = "day",
    add: Annotated[
        list[str] | None,
        Parameter(
            help="Verbs to add, separated by commas, in this order: nmc,gml_mids,table:NAME. See: legation panel verbs."
        ),
    ] = None,
    reduce: Annotated[
        list[str] | None, Parameter(help="Reductions: relevant (politically relevant dyads). They come before --add.")
    ] = None,
    reduce_last: Annotated[bool, Parameter(show_default=False, help="Take --reduce after --add instead.")] = False,
    whittle: Annotated[
        list[str] | None,
        Parameter(
            help="How to choose among disputes of one dyad-year, in this order: onset, fatality, hostility, duration, "
            "max_duration, reciprocation, start_month, first_listed."
        ),
    ] = None,
    set: Annotated[  # noqa: A002 - the word users type
        list[str] | None, Parameter(help="An option of a verb: VERB.OPTION=VALUE; may be given several times.")
    ] = None,
    carry_forward: Annotated[
        list[str] | None, Parameter(help="Verbs whose last year stands in all later ones, each marked in a column.")
    ] = None,
    codes: Annotated[
        Literal["published", "missing"],
        Parameter(help="Keep publishers' codes for `not known` (-9), or turn them into missing values."),
    ] = "published",
    table: Annotated[
        list[str] | None, Parameter(help="A table of your own: NAME=FILE; add it as table:NAME or similarity:NAME.")
    ] = None,
    world: WorldPath = None,
    sources: Annotated[
        Path | None, Parameter(help="Read from a folder of source files instead of a world.", show_default=False)
    ] = None,
    memory: Annotated[float, Parameter(help="Gigabytes that may be used; what is larger is written in parts.")] = 4.0,
    out: Annotated[
        Path | None,
        Parameter(help="Write it: .parquet, .csv, .tsv, .arrow, .feather, .duckdb or .json.", show_default=False),
    ] = None,
    overwrite: Annotated[bool, Parameter(show_default=False, help="Replace a file that is there.")] = False,
    json: Json = False,
) -> None:
    """Make a panel of states, dyads, leaders or organisations, each column with its source, years and licence."""
    if kind == "verbs":
        _list_verbs(json=json)
        return
    if directed and undirected:
        from legation.errors import InputError

        raise InputError("A panel is directed or undirected.", remedy="Leave out one of --directed and --undirected.")
    design = _design(
        kind, names, system=system, period=period, first=first, last=last, directed=not undirected, overlap=overlap
    )
    for given in table or ():
        design = _own_table(design, given)
    steps = _steps(_words(add), whittle=_words(whittle), settings=_settings(set or ()))
    for reduction in () if reduce_last else _words(reduce):
        design = design.reduce(reduction)
    design = design.add(*steps).carry(*_words(carry_forward))
    for reduction in _words(reduce) if reduce_last else ():
        design = design.reduce(reduction)
    opened = _world(world, sources)
    where: dict[str, Any] = {"world": opened, "sources": sources}
    with progress("panel") as show:
        show("reading and placing")
        reader = design.reader(**where)
        if out is not None and out.suffix.lower() == ".parquet" and not design.fits(reader, memory):
            _write_parts(design, out, where=where, memory=memory, overwrite=overwrite, codes=codes, json=json)
            return
        made = design.build(**where, memory=memory)
    if codes == "missing":
        made = made.blank_codes()
    _answer(made, out=out, overwrite=overwrite, json=json)


def _world(path: Path | None, sources: Path | None) -> World | None:
    if path is None:
        return None
    from legation.evidence import open_world

    if sources is not None:
        from legation.errors import InputError

        raise InputError("A panel reads from one place only.", remedy="Leave out one of --world and --sources.")
    return open_world(path)


def _design(
    kind: str,
    names: tuple[str, ...],
    *,
    system: str | None,
    directed: bool,
    overlap: str,
    **span: Any,  # noqa: ANN401 - handed on
) -> PanelDesign:
    from legation.errors import InputError
    from legation.evidence import panel as panels

    if names and kind not in {"organisations", "members"}:
        raise InputError(
            f"A panel of {kind} takes no names: {names[0]!r}.",
            remedy="Leave it out, or ask for organisations or members.",
        )
    if kind == "states":
        return panels.states(system=system or "cow", **span)
    if kind == "dyads":
        return panels.dyads(system=system or "cow", directed=directed, overlap=overlap, **span)
    if kind == "leaders":
        return panels.leaders(standard=system or "none", **span)
    if kind == "leader-dyads":
        return panels.leader_dyads(standard=system or "gw", directed=directed, **span)
    if kind == "organisations":
        return panels.organisations(*names, system=system or "cow", **span)
    return panels.members(*names, system=system or "cow", **span)


def _words(given: list[str] | None) -> tuple[str, ...]:
    return tuple(word.strip() for text in given or () for word in text.split(",") if word.strip())


def _settings(given: list[str] | tuple[str, ...]) -> dict[str, dict[str, str]]:
    from legation.errors import InputError

    found: dict[str, dict[str, str]] = {}
    for text in given:
        place, equals, value = text.partition("=")
        verb, dot, option = place.partition(".")
        if not (equals and dot and verb and option):
            raise InputError(
                f"--set {text!r} is not VERB.OPTION=VALUE.", remedy="For example: contiguity.changes=last."
            )
        found.setdefault(verb, {})[option] = value
    return found


def _steps(names: tuple[str, ...], *, whittle: tuple[str, ...], settings: dict[str, dict[str, str]]) -> list[Step]:
    from legation.errors import InputError
    from legation.evidence.panel import verb
    from legation.evidence.panel.registry import find_verb

    steps, used = [], set[str]()
    for name in names:
        found = find_verb(name.partition(":")[0])
        options: dict[str, Any] = {}
        for place in {found.name, name} & settings.keys():
            used.add(place)
            for option, value in settings[place].items():
                default = found.options.get(option)
                options[option] = tuple(value.split("+")) if isinstance(default, tuple) else value
        if whittle and "whittle" in found.options:
            options["whittle"] = whittle
            used.add("--whittle")
        steps.append(verb(name, **options))
    for place in settings:
        if place not in used:
            raise InputError(f"--set speaks of {place}, which is not added.", remedy="Add it, or leave the option out.")
    if whittle and "--whittle" not in used:
        raise InputError("--whittle chooses among disputes, and none are added.", remedy="Add gml_mids or cow_mids.")
    return steps


def _own_table(design: PanelDesign, given: str) -> PanelDesign:
    from legation.errors import InputError
    from legation.evidence.own import read_own_table

    name, equals, path = given.partition("=")
    if not (name and equals and path):
        raise InputError(f"--table {given!r} is not NAME=FILE.", remedy="For example: --table ties=ties.csv.")
    return design.with_table(name, read_own_table(Path(path), (), keep_others=True))


def _write_parts(
    design: PanelDesign,
    out: Path,
    *,
    where: dict[str, Any],
    memory: float,
    overwrite: bool,
    codes: str,
    json: bool,
) -> None:
    from legation.evidence.panel import write_batches

    parts = design.batches(**where, memory=memory)
    rows = write_batches(
        (part.blank_codes() if codes == "missing" else part for part in parts), out, overwrite=overwrite
    )
    if json:
        print_json({"rows": rows, "files": [str(out)], "in_parts": True})
    else:
        print_text(f"Wrote {rows:,} rows in parts to {out}.")


def _answer(made: Panel, *, out: Path | None, overwrite: bool, json: bool) -> None:
    from legation.evidence.panel import write_panel
    from legation.evidence.panel.write import describe

    files = [] if out is None else [str(path) for path in write_panel(made, out, overwrite=overwrite)]
    if json:
        sums = {row["column"]: row for row in made.sums().to_dicts()}
        print_json(
            {
                "panel": describe(made),
                "files": files,
                "in_parts": False,
                "sums": sums,
                "cite": made.cite().to_dicts(),
            }
        )
        return
    print_text(_text(made, files))


def _text(made: Panel, files: list[str]) -> str:
    import polars as pl

    what = f"{made.unit.replace('_', ' ')} {made.period}s"
    lines = [f"{len(made):,} {what}, {made.first} to {made.last}, {made.frame.width} columns."]
    lines += [f"Wrote {file}." for file in files]
    lines += [f"Note: {note}" for note in made.notes]
    with pl.Config(
        tbl_rows=_SHOWN_ROWS,
        tbl_cols=10,
        tbl_hide_dataframe_shape=True,
        tbl_formatting="ASCII_MARKDOWN",
        tbl_hide_column_data_types=True,
        fmt_str_lengths=24,
    ):
        lines += ["", str(made.frame.head(_SHOWN_ROWS)), "", "Sources:"]
    lines += [
        f"  {row['table']}: {row['source']}{', ' + row['version'] if row['version'] else ''}"
        f"{_years(row['first'], row['last'])}. Licence: {row['licence'] or 'not stated'}. Columns: {row['columns']}."
        for row in made.cite().to_dicts()
    ]
    return "\n".join(lines)


def _years(first: int | None, last: int | None) -> str:
    return "" if first is None or last is None else f", {first} to {last}"


def _list_verbs(*, json: bool) -> None:
    from legation.evidence.panel import all_verbs

    if json:
        print_json(
            [
                {
                    "name": verb.name,
                    "purpose": verb.purpose,
                    "units": sorted(verb.units),
                    "tables": verb.tables,
                    "options": dict(verb.options),
                    "published": verb.published,
                }
                for verb in all_verbs().values()
            ]
        )
        return
    lines = []
    for verb in all_verbs().values():
        lines.append(f"{verb.name}: {verb.purpose}")
        lines.append(f"    for {', '.join(sorted(unit.replace('_', ' ') for unit in verb.units))}")
        for option, default in verb.options.items():
            shown = "+".join(default) if isinstance(default, tuple) else default
            lines.append(f"    {option} = {shown or '(none)'}")
    print_text("\n".join(lines))
