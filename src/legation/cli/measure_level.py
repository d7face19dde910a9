"""The command that trains relation levels on coded dyad-years and predicts others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from legation.cli.beside import Overwrite, first_rows, paths_beside, write_all
from legation.cli.output import WHOLE, Json, print_json, print_text, progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from legation.relations.level.run import LevelRun

__all__ = ["level"]

Evidence = Annotated[
    Path | None,
    Parameter(
        help="Your evidence by dyad-year: a, b, year, any columns of numbers, and level if not given with --labels."
    ),
]
Labels = Annotated[
    Path | None,
    Parameter(
        name="--labels",
        help="Coded dyad-years: a, b, year, level (or ccode1, ccode2, year, peace_level); no level: to be predicted.",
    ),
]
Sources = Annotated[
    Path | None,
    Parameter(name="--sources", help="A folder of source tables to make the evidence from, by COW code."),
]
World = Annotated[Path | None, Parameter(name="--world", help="A world to make the evidence from, by COW code.")]
Train = Annotated[str, Parameter(name="--train-years", help="The years whose levels are learned from: 1900-1990.")]
Predict = Annotated[
    str | None,
    Parameter(name="--predict-years", help="The years to predict; left out: rows without a level, or all."),
]
Group = Annotated[
    Literal["dyad"] | None,
    Parameter(name="--group", help="dyad: also predict each training row by a model that never saw its dyad."),
]
LeaveOut = Annotated[
    str | None,
    Parameter(
        name="--leave-out",
        help="With --sources or --world: groups of evidence to leave out, with commas: disputes,rivalries.",
    ),
]
NoHistory = Annotated[
    bool,
    Parameter(name="--no-history", show_default=False, help="Do not use a dyad's own last known level."),
]
Seed = Annotated[int, WHOLE, Parameter(name="--seed", help="Of every fold, bag and tree.")]
Out = Annotated[
    Path | None, Parameter(name="--out", help="Write the predictions (.parquet, .csv, .tsv, .arrow, .json, .duckdb).")
]
Report = Annotated[Path | None, Parameter(name="--report", help="Write figures and the model's card here, as JSON.")]
Model = Annotated[Path | None, Parameter(name="--save-model", help="Write the trained model into this folder.")]


def level(
    evidence: Evidence = None,
    /,
    *,
    train_years: Train,
    labels: Labels = None,
    sources: Sources = None,
    world: World = None,
    predict_years: Predict = None,
    group: Group = None,
    leave_out: LeaveOut = None,
    no_history: NoHistory = False,
    seed: Seed = 0,
    out: Out = None,
    report: Report = None,
    save_model: Model = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Learn the level of relations from the years named, and predict others with calibrated probabilities.

    Bring a table of evidence, or name source tables or a world to make it from. Levels of other years than the training
    years are never learned from; where there are any, the figures say how well they were predicted.
    """
    from legation.errors import InputError
    from legation.relations.level.own import years_of_span

    paths = paths_beside(out, ("levels",), overwrite=overwrite)
    if report is not None and report.exists() and not overwrite:
        raise InputError(f"{report} is there already.", remedy="Name another file, or say --overwrite.")
    trained = years_of_span(train_years, option="--train-years")
    predicted = None if predict_years is None else years_of_span(predict_years, option="--predict-years")
    if sum(given is not None for given in (evidence, sources, world)) != 1:
        raise InputError(
            "Evidence comes from exactly one place.", remedy="Give a table of evidence, or --sources, or --world."
        )
    with progress("Levels") as tell:
        if evidence is not None:
            if leave_out is not None:
                raise InputError(
                    "--leave-out names groups of source tables.", remedy="Take columns out of your own table instead."
                )
            run = _own(evidence, labels, trained, predicted, group, seed, tell, history=not no_history)
        else:
            run = _made(
                sources, world, labels, trained, predicted, leave_out, group, seed, tell, history=not no_history
            )
    write_all(paths, {"levels": run.frame}, overwrite=overwrite)
    _write_beside(run, report, save_model)
    if json:
        print_json({"report": run.report, "files": [str(path) for path in paths.values()]})
    else:
        print_text(_text(run, paths))


def _own(  # noqa: PLR0917 - the command's own options, passed on as they are
    evidence: Path,
    labels: Path | None,
    trained: tuple[int, int],
    predicted: tuple[int, int] | None,
    group: str | None,
    seed: int,
    tell: Callable[[str], None],
    *,
    history: bool,
) -> LevelRun:
    from legation.relations.level.own import read_evidence, read_labels
    from legation.relations.level.run import run_own

    return run_own(
        read_evidence(evidence, None if labels is None else read_labels(labels)),
        train_years=trained,
        predict_years=predicted,
        hold_out_dyads=group is not None,
        with_history=history,
        seed=seed,
        progress=tell,
    )


def _made(  # noqa: PLR0917 - the command's own options, passed on as they are
    sources: Path | None,
    world: Path | None,
    labels: Path | None,
    trained: tuple[int, int],
    predicted: tuple[int, int] | None,
    leave_out: str | None,
    group: str | None,
    seed: int,
    tell: Callable[[str], None],
    *,
    history: bool,
) -> LevelRun:
    from legation.errors import InputError
    from legation.evidence import open_world
    from legation.relations.level.own import read_labels
    from legation.relations.level.run import run_sources
    from legation.relations.level.tables import tables_of_folder, tables_of_world

    if labels is None:
        raise InputError(
            "--labels is missing.", remedy="Name the table of coded dyad-years: ccode1, ccode2, year, peace_level."
        )
    tables = tables_of_folder(sources) if sources is not None else tables_of_world(open_world(world))
    return run_sources(
        tables,
        read_labels(labels),
        labels,
        train_years=trained,
        predict_years=predicted,
        left_out=() if leave_out is None else tuple(name.strip() for name in leave_out.split(",")),
        hold_out_dyads=group is not None,
        with_history=history,
        seed=seed,
        progress=tell,
    )


def _write_beside(run: LevelRun, report: Path | None, folder: Path | None) -> None:
    from legation.relations.level.storage import save_model, write_report

    if report is not None:
        write_report(run.report, report)
    if folder is not None:
        save_model(run.model, folder)


def _text(run: LevelRun, paths: dict[str, Path]) -> str:
    from legation.briefs.text import table

    card = run.report.card
    lines = [
        (
            f"Trained on {card.coded_rows:,} coded dyad-years of {card.dyads:,} dyads, "
            f"{card.train_from}-{card.train_to}; {run.report.predicted_rows:,} rows predicted."
        ),
        "",
    ]
    figures = (*run.report.figures, *card.figures)
    rows = [
        [
            each.split,
            f"{each.rows:,}",
            f"{each.dyads:,}",
            f"{each.kappa:.3f}",
            "-" if each.kappa_persistence is None else f"{each.kappa_persistence:.3f}",
            f"{each.calibration_error:.3f}",
            f"{each.exact:.1%}",
        ]
        for each in figures
    ]
    heads = ["rows", "n", "dyads", "kappa", "naive", "calibration error", "exact"]
    lines += [table(heads, rows, align=["left", "right", "right", "right", "right", "right", "right"]), ""]
    lines += ["naive: quadratic kappa of each dyad's last known level, on the same rows.", *run.report.notes, ""]
    shown = run.frame.select("a", "b", "year", "level", *(f"p{place}" for place in range(5)), "expected")
    lines.append(f"Written: {', '.join(str(path) for path in paths.values())}." if paths else first_rows(shown))
    return "\n".join(lines)
