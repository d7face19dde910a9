"""The regression of the field's standard design (Bremer 1992) on a panel made here, against published estimates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from legation.evidence import panel

pytestmark = pytest.mark.needs_shared

PUBLISHED = {
    "land contiguity": (1.057, 0.058),
    "CINC proportion": (1.055, 0.082),
    "major power": (0.113, 0.059),
    "defence pact": (-0.132, 0.058),
    "peace spell": (-0.146, 0.005),
}
PUBLISHED_ROWS = 106_056

# The published run used version 6 of the capabilities and version 1.1.9 of the package; the tables here are version 7
# and 1.2.9. Revised figures of personnel and population move 25 of 106,056 rows and every estimate by less than a
# quarter of its own published standard error; rounding to three decimals adds half a thousandth.
SHARE_OF_ERROR = 0.25
ROUNDING = 0.0005
ROWS_MOVED = 30


def logit(design: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return maximum-likelihood estimates and standard errors of a logit, by iteratively reweighted least squares."""
    scale = design.std(axis=0)
    scale[scale == 0] = 1.0
    Z = design / scale
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-Z @ beta))
        information = Z.T @ (Z * (p * (1 - p))[:, None])
        step = np.linalg.solve(information, Z.T @ (y - p))
        beta += step
        if np.abs(step).max() < 1e-10:
            return beta / scale, np.sqrt(np.diag(np.linalg.inv(information))) / scale
    raise AssertionError("the logit did not converge")


def test_logit_recovers_a_known_answer() -> None:
    """With one binary predictor the estimate is the log odds ratio, and its error the root of summed reciprocals."""
    x = np.repeat([0.0, 0.0, 1.0, 1.0], [30, 70, 60, 40])
    y = np.repeat([1.0, 0.0, 1.0, 0.0], [30, 70, 60, 40])

    beta, error = logit(np.column_stack([np.ones(200), x]), y)

    assert beta[1] == pytest.approx(np.log((60 / 40) / (30 / 70)), abs=1e-9)
    assert error[1] == pytest.approx(np.sqrt(1 / 60 + 1 / 40 + 1 / 30 + 1 / 70), abs=1e-9)


def test_dangerous_dyads(reference: Path) -> None:
    """Politically relevant undirected dyads to 2010 give the published estimates within a quarter of their errors."""
    made = (
        panel.dyads(directed=False, last=2010)
        .relevant()
        .add(panel.verb("gml_mids", keep="none"), "spells", "nmc", "democracy", "alliances", "gdp_population")
        .build(sources=reference)
    )
    frame = made.frame.select(
        y="gmlmidonset",
        land=pl.col("conttype") == 1,
        cinc=_lower("cinc") / pl.max_horizontal("cinc1", "cinc2"),
        major=pl.max_horizontal("cowmaj1", "cowmaj2"),
        pact="atop_defense",
        democracy=_lower("aeuds"),
        income=_lower("mrgdppc"),
        militarisation=_both(
            pl.min_horizontal(pl.col("milper1") / pl.col("tpop1"), pl.col("milper2") / pl.col("tpop2")), "milper"
        ),
        spell="gmlmidspell",
        squared=pl.col("gmlmidspell").cast(pl.Float64) ** 2,
        cubed=pl.col("gmlmidspell").cast(pl.Float64) ** 3,
    ).drop_nulls()
    design = np.column_stack([np.ones(len(frame)), frame.drop("y").cast(pl.Float64).to_numpy()])

    beta, error = logit(design, frame.get_column("y").cast(pl.Float64).to_numpy())

    assert abs(len(frame) - PUBLISHED_ROWS) <= ROWS_MOVED
    places = dict(zip(PUBLISHED, (1, 2, 3, 4, 8), strict=True))
    for name, (estimate, spread) in PUBLISHED.items():
        place = places[name]
        assert abs(beta[place] - estimate) <= SHARE_OF_ERROR * spread + ROUNDING, (name, beta[place])
        assert abs(error[place] - spread) <= ROUNDING + 0.01 * spread, (name, error[place])


def _both(value: pl.Expr, name: str) -> pl.Expr:
    known = pl.col(f"{name}1").is_not_null() & pl.col(f"{name}2").is_not_null()
    return pl.when(known).then(value)


def _lower(name: str) -> pl.Expr:
    return _both(pl.min_horizontal(f"{name}1", f"{name}2"), name)
