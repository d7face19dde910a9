"""A model learns what there is to learn, is the same for the same seed, and survives its files."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from legation.errors import CorruptStoreError, InputError, MissingEvidenceError
from legation.relations.level.evaluation import Case, predict_held_out
from legation.relations.level.run import run_own
from legation.relations.level.scale import calibration_error, quadratic_kappa
from legation.relations.level.storage import ARRAYS_FILE, CARD_FILE, load_model, save_model

PROBABILITIES = [f"p{level}" for level in range(5)]


def test_later_years_are_predicted_well(run):
    """Trained to 1995, later years are named nearly as coded, and probabilities hold what they say."""
    first = run.report.figures[0]

    assert first.rows == 66 * 8
    assert first.kappa > 0.75
    assert first.calibration_error < 0.12
    assert first.kappa_persistence is not None
    sums = run.frame.select(pl.sum_horizontal(PROBABILITIES)).to_series()
    assert ((sums - 1).abs() < 1e-12).all()
    assert (run.frame.select(pl.min_horizontal(PROBABILITIES)).to_series() >= 0).all()
    assert run.frame["forward"].all()
    assert not run.frame["extrapolated"].any()


def test_levels_of_later_years_are_never_read(case, run):
    """Any other levels after the training years give the same predictions to the bit."""
    other = replace(case, level=np.where(case.evidence.year > 1995, 0, case.level).astype(np.int8))

    again = run_own(other, train_years=(1984, 1995), predict_years=(1996, 2003))

    assert again.frame.equals(run.frame)


def test_unseen_dyads_are_predicted_from_evidence(case):
    """Each dyad is held out whole, and named far better than by chance."""
    kept = case.level >= 0
    pair = np.unique(np.stack([case.evidence.a, case.evidence.b]), axis=1, return_inverse=True)[1]
    whole = Case(evidence=case.evidence.where(kept), level=case.level[kept], dyad=pair[kept], links=case.links)
    found, fold = predict_held_out(whole, folds=3)

    assert [len(np.unique(fold[pair == number])) for number in np.unique(pair)] == [1] * 66
    assert quadratic_kappa(whole.level, found["code"].to_numpy()) > 0.6
    assert calibration_error(found.select(PROBABILITIES).to_numpy(), whole.level) < 0.2


def test_training_rows_can_be_held_out_by_dyad(case):
    """Every training row has the fold its dyad was held out in and no history; later rows have none."""
    done = run_own(case, train_years=(1984, 1995), predict_years=(1994, 1997), hold_out_dyads=True, with_history=False)

    folds = done.frame.group_by("a", "b").agg(pl.col("fold").drop_nulls().n_unique())
    assert folds["fold"].to_list() == [1] * 66
    assert done.frame.filter(pl.col("year") > 1995)["fold"].null_count() == 66 * 2
    assert done.frame.height == 66 * (12 + 2)
    assert not done.frame["history"].any()
    assert [each.rows for each in done.report.figures] == [66 * 12, 66 * 2, 66 * 2]


def test_a_seed_out_of_range_is_refused(case):
    """A seed below zero is refused in words."""
    with pytest.raises(InputError, match="-1 is no seed"):
        run_own(case, train_years=(1984, 1995), seed=-1)


def test_files_give_back_the_same_model(case, run, tmp_path):
    """Read back, the model predicts the same bits, and its card is the same."""
    save_model(run.model, tmp_path)

    again = load_model(tmp_path)

    assert again.card == run.model.card
    rows = case.evidence.where(case.evidence.year == 2000)
    assert again.predict(rows).equals(run.model.predict(rows))


def test_a_missing_column_is_named(case, run):
    """Evidence without a column that was learned from is refused, not filled."""
    fewer = replace(case.evidence, names=("ties", "other", "noise"))

    with pytest.raises(MissingEvidenceError, match="hostility"):
        run.model.predict(fewer)


def test_extrapolation_is_flagged(case, run):
    """Years after 2020 are flagged, whatever was trained on."""
    late = replace(case.evidence.where(np.arange(3)), year=np.array([2020, 2021, 2030]))

    assert run.model.predict(late)["extrapolated"].to_list() == [False, True, True]


@pytest.fixture
def stored(run, tmp_path):
    """Return a folder with a sound model."""
    save_model(run.model, tmp_path)
    return tmp_path


def _rewrite(folder, **changes):
    with np.load(folder / ARRAYS_FILE) as file:
        arrays = {name: file[name] for name in file.files}
    arrays |= {name.replace("__", "."): value for name, value in changes.items()}
    np.savez_compressed(folder / ARRAYS_FILE, **arrays)


def test_objects_in_the_file_are_refused(stored):
    """An array of objects would need pickle; it is never opened."""
    _rewrite(stored, book__a=np.array([{"a": 1}, print], dtype=object))

    with pytest.raises(CorruptStoreError, match="no sound"):
        load_model(stored)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("book__level", np.array([9], dtype=np.int8)),
        ("book__a", np.array([1.5])),
        ("unseen__left", np.zeros(4, dtype=np.int32)),
        ("unseen__baseline", np.zeros(3)),
        ("links__year", np.array([1, 2], dtype=np.int64)),
        ("coded", np.array([True])),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(stored, name, value):
    """Wrong kinds, lengths and values are refused when the file is read."""
    _rewrite(stored, **{name: value})

    with pytest.raises(CorruptStoreError):
        load_model(stored)


def test_cut_and_swollen_files_are_refused(stored):
    """A file cut short, one that unpacks without end, and a card of another kind are refused."""
    whole = (stored / ARRAYS_FILE).read_bytes()
    (stored / ARRAYS_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CorruptStoreError):
        load_model(stored)
    with (
        zipfile.ZipFile(stored / ARRAYS_FILE, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("bomb.npy", "w", force_zip64=True) as member,
    ):
        for _ in range(1100):
            member.write(bytes(1_000_000))
    with pytest.raises(CorruptStoreError, match="unpacks"):
        load_model(stored)
    (stored / ARRAYS_FILE).write_bytes(whole)
    card = json.loads((stored / CARD_FILE).read_text())
    (stored / CARD_FILE).write_text(json.dumps(card | {"version": 99}))
    with pytest.raises(CorruptStoreError, match="version 99"):
        load_model(stored)
    (stored / CARD_FILE).write_text(json.dumps(card | {"surprise": 1}))
    with pytest.raises(CorruptStoreError):
        load_model(stored)


def test_a_folder_without_a_model_is_refused(tmp_path):
    """The folder is named."""
    with pytest.raises(InputError, match="holds no relation-level model"):
        load_model(tmp_path)


@pytest.mark.parametrize(("years", "words"), [((1900, 1950), "has a level"), ((1984, 1988), "too few")])
def test_too_little_to_learn_from_is_refused(case, years, words):
    """No coded row in the training years, or one year of few rows: said, with what is needed."""
    few = replace(case, level=np.where(np.arange(len(case.level)) % 40 == 0, case.level, -1).astype(np.int8))

    with pytest.raises(InputError, match=words):
        run_own(few, train_years=years)
