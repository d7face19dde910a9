"""Estimate ideal points of actors, session by session, from their votes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import polars as pl

from legation.errors import InputError
from legation.relations.ideal_points.anchors import Anchors
from legation.relations.ideal_points.bridges import bridge_items, pairs_with_votes
from legation.relations.ideal_points.likelihood import log_likelihood
from legation.relations.ideal_points.panel import Floats, Panel, make_panel, without_unanimous
from legation.relations.ideal_points.result import Diagnostics, IdealPoints
from legation.relations.ideal_points.sweeps import Estimate, run_sweeps, starting_values
from legation.relations.ideal_points.uncertainty import Uncertainty, uncertainty
from legation.relations.ideal_points.votes import clean_votes

__all__ = ["DROPPED_SESSIONS", "Z_90", "estimate_ideal_points", "with_items"]

# Session 19 took one contested vote: the Assembly met without voting (Bailey, Strezhnev and Voeten 2017 leave it out).
DROPPED_SESSIONS = (19,)
# A tenth of a usual standard error: points that move less in a pass do so by less than anybody can tell.
_TOLERANCE = 0.01
_MOST_SWEEPS = 500
# Standardising fixes two of them; what is left has to say how uncertain each is.
_FEWEST_POINTS = 5
Z_90 = 1.6448536269514722


def estimate_ideal_points(
    votes: pl.DataFrame,
    *,
    bridges: pl.DataFrame | None = None,
    anchors: Anchors | None = None,
    issue: Sequence[str] = (),
    issues: pl.DataFrame | None = None,
    drop_sessions: Collection[int] = DROPPED_SESSIONS,
    tolerance: float = _TOLERANCE,
    most_sweeps: int = _MOST_SWEEPS,
) -> IdealPoints:
    """Return the ideal point of every actor in every session.

    Parameters
    ----------
    votes
        Columns actor, session, resolution, vote (1 yes, 2 abstain, 3 no, as number or word; 8 and 9 are left out);
        year, date, issue, paragraph and amendment where known.
    bridges
        Columns resolution1, resolution2: pairs on the same text, which share one item.
    anchors
        Who stands on the positive and on the negative side; the usual ones when left out.
    issue, issues
        Use only resolutions on these issues, by the column issue or by a table with resolution and issue.
    drop_sessions
        Sessions that are left out.
    tolerance, most_sweeps
        When to stop: no point moves by more in a sweep, or so many sweeps were made.

    Raises
    ------
    InputError
        When a vote is none or contradicts another, no two actors differ, or no anchor votes.

    Notes
    -----
    The model of Bailey, Strezhnev and Voeten (2017): a latent vote beta_v theta_ct + e with two cutpoints, theta_ct
    normal around theta_c,t-1 with variance .5 n_t / (n_t + n_t-1). All points are standardised to mean 0 and spread 1.
    """
    if not tolerance > 0 or most_sweeps < 1:
        raise InputError(
            f"Tolerance {tolerance} and {most_sweeps} sweeps ask for nothing.",
            remedy="Give a tolerance above 0 and at least 1 sweep.",
        )
    cleaned = clean_votes(votes, drop_sessions=drop_sessions, issue=issue, issues=issues)
    rows, pairs = with_items(cleaned.frame, bridges)
    told = without_unanimous(rows)
    dropped = {**cleaned.dropped, "unanimous resolution": rows.height - told.height}
    if told.is_empty():
        raise InputError(
            "On every resolution all votes are the same, so no actor can be told from another.",
            remedy="Bring votes on which at least two actors differ.",
        )
    panel = make_panel(told)
    if panel.points.height < _FEWEST_POINTS:
        raise InputError(
            f"{panel.points.height} points (actors by session) that differ in a vote make no scale: its mean and "
            "spread take two of them.",
            remedy=f"Bring votes of at least {_FEWEST_POINTS} points.",
        )
    sides = (anchors or Anchors()).sides(panel.points["actor"].to_list())
    found = run_sweeps(panel, starting_values(panel, sides), sides=sides, tolerance=tolerance, most=most_sweeps)
    found = _oriented(found, sides)
    errors = uncertainty(panel, found.theta, found.beta, found.cuts)
    return _result(panel, told, found, errors, pairs=pairs, dropped=dropped, notes=cleaned.notes)


def with_items(frame: pl.DataFrame, bridges: pl.DataFrame | None) -> tuple[pl.DataFrame, int]:
    """Return the votes with the item of each resolution, and the number of bridges between them."""
    names = frame.select("session", "resolution").unique().sort("session", "resolution")["resolution"]
    pairs = None if bridges is None else pairs_with_votes(bridges, names)
    items = pl.DataFrame({"resolution": names, "item": bridge_items(names, pairs=pairs)})
    return frame.join(items, on="resolution", maintain_order="left"), 0 if pairs is None else pairs.height


def _oriented(found: Estimate, sides: Floats) -> Estimate:
    """Turn the scale so that the positive anchors stand above the negative ones."""
    means = [float(found.theta[sides == side].mean()) if (sides == side).any() else 0.0 for side in (1, -1)]
    if means[0] >= means[1]:
        return found
    return Estimate(
        theta=-found.theta,
        beta=-found.beta,
        cuts=found.cuts,
        sweeps=found.sweeps,
        change=found.change,
        converged=found.converged,
    )


def _result(
    panel: Panel,
    told: pl.DataFrame,
    found: Estimate,
    errors: Uncertainty,
    *,
    pairs: int,
    dropped: Mapping[str, int],
    notes: tuple[str, ...],
) -> IdealPoints:
    frame = panel.points.select("actor", "session", "year").with_columns(
        theta=pl.Series(found.theta),
        se=pl.Series(errors.theta),
        low=pl.Series(found.theta - Z_90 * errors.theta),
        high=pl.Series(found.theta + Z_90 * errors.theta),
        n_votes=panel.points["n_votes"],
    )
    items = item_frame(panel, told, found.beta, found.cuts, errors.beta)
    sessions = _session_frame(frame, items, errors)
    diagnostics = Diagnostics(
        votes=told.height,
        resolutions=items.height,
        items=len(panel.items),
        bridge_pairs=pairs,
        dropped=dropped,
        sweeps=found.sweeps,
        change=found.change,
        converged=found.converged,
        log_likelihood=log_likelihood(panel, found.theta, found.beta, found.cuts),
    )
    return IdealPoints(
        frame=_plain_actors(frame),
        items=items,
        sessions=sessions,
        diagnostics=diagnostics,
        notes=(*notes, *_notes(sessions, found)),
    )


def item_frame(panel: Panel, told: pl.DataFrame, beta: Floats, cuts: Floats, se: Floats) -> pl.DataFrame:
    """Return one row per resolution with what its item says; a cutpoint nobody votes beyond is missing."""
    yes, no = panel.counts[:, 0] > 0, panel.counts[:, 2] > 0
    by_item = pl.DataFrame(
        {
            "item": panel.items,
            "beta": beta,
            "g1": pl.Series(np.where(yes, cuts[:, 0], np.nan)).fill_nan(None),
            "g2": pl.Series(np.where(no, cuts[:, 1], np.nan)).fill_nan(None),
            "se_beta": se,
        }
    )
    resolutions = told.select("resolution", "session", "item").unique().sort("session", "resolution")
    return resolutions.join(by_item, on="item", maintain_order="left")


def _session_frame(frame: pl.DataFrame, items: pl.DataFrame, errors: Uncertainty) -> pl.DataFrame:
    elsewhere = items.group_by("item").agg(pl.col("session").n_unique().alias("_sessions"))
    voted = (
        items.join(elsewhere, on="item")
        .group_by("session")
        .agg(pl.len().alias("resolutions"), (pl.col("_sessions") > 1).sum().alias("bridged"))
    )
    return (
        frame.group_by("session")
        .agg(pl.col("year").min(), pl.len().alias("actors"))
        .sort("session")
        .join(voted, on="session", maintain_order="left")
        .with_columns(drift_se=pl.Series(errors.drift), spread_se=pl.Series(errors.spread))
    )


def _plain_actors(frame: pl.DataFrame) -> pl.DataFrame:
    """Give actors back as numbers where all of them are whole numbers, sorted by them."""
    numbers = frame["actor"].cast(pl.Int64, strict=False)
    same = numbers.null_count() == 0 and bool((numbers.cast(pl.String) == frame["actor"]).all())
    return (frame.with_columns(actor=numbers) if same else frame).sort("actor", "session")


def _notes(sessions: pl.DataFrame, found: Estimate) -> list[str]:
    notes = []
    alone = sessions.filter(pl.col("bridged") == 0)
    if sessions.height > 1 and alone.height:
        drift = alone["drift_se"].to_list()
        notes.append(
            f"No bridge ties session {_ranges(alone['session'].to_list(), sessions['session'].to_list())} to another: "
            "only the random walk places these on the common scale, and their standard errors hold that "
            f"(a whole session's own: {min(drift):.2f} to {max(drift):.2f})."
        )
    if not found.converged:
        notes.append(
            f"Stopped after {found.sweeps} sweeps with a last change of {found.change:.3f}: more may move points."
        )
    return notes


def _ranges(chosen: list[int], every: list[int]) -> str:
    """Write sessions as 1-5, 75-78, counting those as neighbours that follow each other in the table."""
    place = {session: index for index, session in enumerate(every)}
    runs: list[list[int]] = []
    for session in chosen:
        if runs and place[session] == place[runs[-1][-1]] + 1:
            runs[-1].append(session)
        else:
            runs.append([session])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
