"""Add sessions to an estimate without making it anew."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from legation.errors import InputError
from legation.relations.ideal_points.estimate import DROPPED_SESSIONS, Z_90, item_frame, with_items
from legation.relations.ideal_points.likelihood import log_likelihood, point_sums, terms
from legation.relations.ideal_points.panel import Floats, Ints, Panel, make_panel, without_unanimous
from legation.relations.ideal_points.result import Diagnostics, IdealPoints
from legation.relations.ideal_points.sweeps import fit_items
from legation.relations.ideal_points.uncertainty import uncertainty
from legation.relations.ideal_points.votes import clean_votes

__all__ = ["update_ideal_points"]

_SMOOTH = 0.5
_UNKNOWN_PRECISION = 1.0
_MOST_SWEEPS = 500
_TOLERANCE = 0.002


def update_ideal_points(
    previous: pl.DataFrame,
    votes: pl.DataFrame,
    *,
    since_session: int,
    items: pl.DataFrame | None = None,
    bridges: pl.DataFrame | None = None,
    drop_sessions: Collection[int] = DROPPED_SESSIONS,
) -> IdealPoints:
    """Return the ideal points of new sessions on the scale of an earlier estimate; what it held before stays.

    Parameters
    ----------
    previous
        The frame of an earlier estimate: actor, session, year, theta, se, low, high, n_votes.
    votes
        Votes; those of sessions before `since_session` are passed over.
    since_session
        The first new session.
    items
        The items of the earlier estimate; with `bridges` they hold the items of resolutions on the same text.
    bridges
        Columns resolution1, resolution2, as for the whole estimate.

    Raises
    ------
    InputError
        When the earlier estimate holds nothing before that session, or there is no vote since.

    Notes
    -----
    Every session leans on the one before alone, so an earlier point does not change; the standardisation of the whole
    and the items of old bridges are kept as they were.
    """
    past = previous.filter(pl.col("session") < since_session).with_columns(pl.col("actor").cast(pl.String))
    if past.is_empty():
        raise InputError(
            f"The earlier estimate holds no session before {since_session}.",
            remedy="Name the file of an earlier run, and the first session that it does not hold.",
        )
    new = votes.filter(pl.col("session") >= since_session)
    if new.is_empty():
        raise InputError(f"No vote is from session {since_session} or later.", remedy="Bring the new session's votes.")
    cleaned = clean_votes(new, drop_sessions=drop_sessions)
    dropped = dict(cleaned.dropped)
    frames, found, count, pairs, sweeps, change, likelihood = [past], [], 0, 0, 0, 0.0, 0.0
    known = items
    sessions = []
    for (session,), part in sorted(cleaned.frame.partition_by("session", as_dict=True).items()):
        rows, held = _rows(part, known, bridges)
        told = without_unanimous(rows)
        dropped["unanimous resolution"] = dropped.get("unanimous resolution", 0) + rows.height - told.height
        if told.is_empty():
            continue
        step = _Session(told, pl.concat(frames), known, held)
        step.run()
        frames.append(step.frame())
        added = step.items()
        found.append(added)
        known = added if known is None else pl.concat([known, added], how="diagonal_relaxed")
        count, pairs = count + told.height, pairs + len(held)
        sweeps, change = max(sweeps, step.sweeps), max(change, step.change)
        likelihood += step.log_likelihood()
        sessions.append(step.summary(int(str(session)), len(held)))
    if not found:
        raise InputError(
            "On every new resolution all votes are the same.", remedy="Bring votes on which at least two actors differ."
        )
    frame = pl.concat(frames).sort("actor", "session")
    numbers = frame["actor"].cast(pl.Int64, strict=False)
    if previous["actor"].dtype.is_integer() and numbers.null_count() == 0:
        frame = frame.with_columns(actor=numbers).sort("actor", "session")
    every = pl.concat(found)
    return IdealPoints(
        frame=frame,
        items=every,
        sessions=pl.concat(sessions),
        diagnostics=Diagnostics(
            votes=count,
            resolutions=every.height,
            items=every["item"].n_unique(),
            bridge_pairs=pairs,
            dropped=dropped,
            sweeps=sweeps,
            change=change,
            converged=change < _TOLERANCE,
            log_likelihood=likelihood,
        ),
        notes=(
            *cleaned.notes,
            f"Sessions before {since_session} are as the earlier estimate gave them, as are the scale and old items.",
            *(
                ()
                if pairs
                else (
                    "No bridge ties the new sessions to earlier ones: only the random walk places them on the scale.",
                )
            ),
        ),
    )


def _rows(
    part: pl.DataFrame, items: pl.DataFrame | None, bridges: pl.DataFrame | None
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return a session's votes by item, and which of its items an earlier one is: new name to old name."""
    if bridges is None or items is None:
        return with_items(part, bridges)[0], {}
    rows, _ = with_items(part, bridges)
    old = items.select("resolution", "item").unique(subset="resolution", keep="last")
    new = rows.select("resolution", "item").unique()
    both = pl.concat(
        [
            bridges.select("resolution1", "resolution2"),
            bridges.select("resolution2", "resolution1").rename(
                {"resolution2": "resolution1", "resolution1": "resolution2"}
            ),
        ]
    )
    tied = new.join(both, left_on="resolution", right_on="resolution1").join(
        old.rename({"item": "old"}), left_on="resolution2", right_on="resolution"
    )
    held = tied.sort("item", "old").unique(subset="item", keep="first", maintain_order=True)
    return rows, dict(held.select("item", "old").iter_rows())


class _Session:
    """One new session, given all before it."""

    def __init__(
        self, told: pl.DataFrame, past: pl.DataFrame, items: pl.DataFrame | None, held: dict[str, str]
    ) -> None:
        self.told, self.held = told, held
        self.panel: Panel = make_panel(told)
        last = past.sort("actor", "session").group_by("actor", maintain_order=True).last()
        points = self.panel.points.join(
            last.select("actor", "theta", "se", pl.col("n_votes").alias("_before")),
            on="actor",
            how="left",
            maintain_order="left",
        )
        votes, before = (
            points["n_votes"].to_numpy().astype(float),
            points["_before"].fill_null(0).to_numpy().astype(float),
        )
        known = points["theta"].is_not_null().to_numpy()
        self.known = known
        self.prior: Floats = points["theta"].fill_null(float(last["theta"].to_numpy().mean())).to_numpy()
        self.carried: Floats = points["se"].fill_null(0.0).to_numpy()
        self.precision: Floats = np.where(known, (votes + before) / (_SMOOTH * votes), _UNKNOWN_PRECISION)
        self.theta = self.prior.copy()
        self.sweeps, self.change = 0, np.inf
        self.beta, self.cuts, self.fixed = self._start(items)

    def _start(self, items: pl.DataFrame | None) -> tuple[Floats, Floats, Ints]:
        shares = self.panel.counts / self.panel.counts.sum(axis=1, keepdims=True)
        cuts = np.stack([-1 + 2 * shares[:, 0], -1 + 2 * (shares[:, 0] + shares[:, 1])], axis=1)
        beta = np.zeros(len(self.panel.items))
        fixed = []
        if items is not None and self.held:
            old = {row["item"]: row for row in items.iter_rows(named=True)}
            for place, name in enumerate(self.panel.items):
                row = old.get(self.held.get(name, ""))
                if row is None or row["g1"] is None or row["g2"] is None:
                    continue
                # Without abstentions then but with some now, the old item has no room between its cutpoints.
                if row["g1"] == row["g2"] and not self.panel.single[place]:
                    continue
                beta[place], cuts[place] = row["beta"], (row["g1"], row["g2"])
                fixed.append(place)
        return beta, cuts, np.array(fixed, dtype=np.int64)

    def run(self) -> None:
        """Sweep until no point moves."""
        panel, held = self.panel, (self.beta[self.fixed].copy(), self.cuts[self.fixed].copy())
        for sweep in range(1, _MOST_SWEEPS + 1):
            self.beta, self.cuts = fit_items(panel, self.theta, self.beta, self.cuts)
            self.beta[self.fixed], self.cuts[self.fixed] = held
            found = terms(panel, self.theta, self.beta, self.cuts)
            outer, inner = self.beta[panel.outer_item], self.beta[panel.inner_item]
            slope = point_sums(panel, -outer * found.outer_slope, -inner * (found.low_slope + found.high_slope))
            information = point_sums(panel, outer**2, inner**2)
            better = (slope + information * self.theta + self.precision * self.prior) / (information + self.precision)
            if not len(self.fixed):
                better = self._in_place(better)
            self.change, self.sweeps = float(np.abs(better - self.theta).max()), sweep
            self.theta = better
            if self.change < _TOLERANCE:
                break
        self.errors = uncertainty(panel, self.theta, self.beta, self.cuts, walk=self.precision)

    def _in_place(self, theta: Floats) -> Floats:
        """Give the members of before their mean and spread of before: no bridge tells of any other place or scale."""
        before, now = self.prior[self.known], theta[self.known]
        if len(before) < 2 or now.std() == 0 or before.std() == 0:
            return theta
        placed: Floats = (theta - now.mean()) * (before.std() / now.std()) + before.mean()
        return placed

    def frame(self) -> pl.DataFrame:
        """Return the new points; what was uncertain about the place of the session before is carried on."""
        # No error before is smaller than that of the whole session's place, which moves all new points alike.
        common = float(self.carried[self.carried > 0].min()) if (self.carried > 0).any() else 0.0
        own = np.maximum(self.carried**2 - common**2, 0.0)
        se = np.sqrt(self.errors.theta**2 + common**2 + self.share() ** 2 * own)
        return self.panel.points.select("actor", "session", "year").with_columns(
            theta=pl.Series(self.theta),
            se=pl.Series(se),
            low=pl.Series(self.theta - Z_90 * se),
            high=pl.Series(self.theta + Z_90 * se),
            n_votes=self.panel.points["n_votes"],
        )

    def share(self) -> Floats:
        """Return how much of each point is what it leans on."""
        found = terms(self.panel, self.theta, self.beta, self.cuts)
        outer, inner = self.beta[self.panel.outer_item] ** 2, self.beta[self.panel.inner_item] ** 2
        curve = point_sums(
            self.panel,
            -outer * found.outer_curve,
            -inner * (found.low_curve + found.high_curve + 2 * found.cross_curve),
        )
        leaning: Floats = self.precision / (self.precision + curve)
        return leaning

    def items(self) -> pl.DataFrame:
        """Return the session's items; a bridged one under the name it had."""
        frame = item_frame(self.panel, self.told, self.beta, self.cuts, self.errors.beta)
        return frame.with_columns(pl.col("item").replace(self.held))

    def log_likelihood(self) -> float:
        """Return the log likelihood of the session's votes."""
        return log_likelihood(self.panel, self.theta, self.beta, self.cuts)

    def summary(self, session: int, bridged: int) -> pl.DataFrame:
        """Return the session's row."""
        points = self.panel.points
        return pl.DataFrame(
            {
                "session": [session],
                "year": [points["year"].min()],
                "actors": [points.height],
                "resolutions": [self.told["resolution"].n_unique()],
                "bridged": [bridged],
                "drift_se": [float(self.errors.drift[0])],
                "spread_se": [float(self.errors.spread[0])],
            }
        )
