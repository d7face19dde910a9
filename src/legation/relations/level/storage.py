"""Write a model as JSON and plain arrays, and read it back without trusting the files: no pickle, no code."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.errors import CorruptStoreError, InputError
from legation.relations.level.head import CUTS, Head
from legation.relations.level.history import HISTORY_NAMES
from legation.relations.level.model import LevelModel, ModelCard
from legation.relations.level.neighbours import LINK_KINDS, NEIGHBOUR_NAMES, LabelBook, Links
from legation.relations.level.scale import N_LEVELS
from legation.relations.level.trees import Forest

__all__ = ["ARRAYS_FILE", "CARD_FILE", "load_model", "save_model", "write_report"]

CARD_FILE: Final = "level.json"
ARRAYS_FILE: Final = "level.npz"
_VERSION: Final = 1
_MOST_BYTES: Final = 1_000_000_000  # a model of all dyads and years has some ten million
_MOST_CARD_BYTES: Final = 5_000_000
_REBUILD: Final = "Train the model again, or build the world again."
_BOOK: Final = {"a": np.int64, "b": np.int64, "year": np.int64, "level": np.int8}
_LINKS: Final = {"kind": np.int8, "a": np.int64, "b": np.int64, "year": np.int64, "weight": np.float32}
_HEADS: Final = ("unseen", "seen", "contact")


class _Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the JSON file holds beside the card: the columns and the numbers of each head."""

    slope: tuple[float, ...]
    shift: tuple[float, ...]
    centre: float
    spread: float


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: str
    version: int
    names: tuple[str, ...]
    heads: dict[str, _Shape]
    card: ModelCard


def save_model(model: LevelModel, folder: Path) -> None:
    """Write a model into a folder as `level.json` and `level.npz`; files of that name are replaced.

    Raises
    ------
    InputError
        When the folder cannot be written to.
    """
    heads = {name: head for name in _HEADS if (head := getattr(model, name)) is not None}
    described = _File(
        format="legation-relation-level",
        version=_VERSION,
        names=model.names,
        heads={
            name: _Shape(
                slope=tuple(map(float, head.slope)),
                shift=tuple(map(float, head.shift)),
                centre=head.centre,
                spread=head.spread,
            )
            for name, head in heads.items()
        },
        card=model.card,
    )
    arrays: dict[str, NDArray[Any]] = {"coded": np.array(model.links.coded)}
    for name, head in heads.items():
        arrays |= {f"{name}.{part}": array for part, array in head.forest.arrays().items()}
    arrays |= {f"book.{name}": getattr(model.book, name) for name in _BOOK}
    arrays |= {f"links.{name}": getattr(model.links, name) for name in _LINKS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **arrays)
        (folder / CARD_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(described), indent=1) + b"\n")
    except OSError as error:
        raise InputError(
            f"The model cannot be written to {folder}: {error.strerror}.",
            remedy="Name a folder that can be written to.",
        ) from error


def write_report(report: msgspec.Struct, path: Path) -> None:
    """Write a report as JSON.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    except OSError as error:
        raise InputError(
            f"The report cannot be written to {path}: {error.strerror}.", remedy="Name a file that can be written."
        ) from error


def load_model(folder: Path) -> LevelModel:
    """Read a model from a folder.

    Raises
    ------
    InputError
        When the folder holds none.
    CorruptStoreError
        When a file is damaged, too large, holds objects, or contradicts itself.
    """
    if not (folder / CARD_FILE).is_file() or not (folder / ARRAYS_FILE).is_file():
        raise InputError(
            f"{folder} holds no relation-level model.", remedy=f"Name a folder with {CARD_FILE} and {ARRAYS_FILE}."
        )
    described = _card(folder / CARD_FILE)
    arrays = _arrays(folder / ARRAYS_FILE)
    heads = {name: _head(name, shape, described.names, arrays) for name, shape in described.heads.items()}
    if "unseen" not in heads or not set(heads) <= set(_HEADS):
        raise _damaged(folder / CARD_FILE, "its heads are not those of a model")
    book = LabelBook(**{name: _part(arrays, f"book.{name}", kind) for name, kind in _BOOK.items()})
    coded = arrays.get("coded")
    if coded is None or coded.dtype != np.bool_ or coded.ndim:
        raise _damaged(folder / ARRAYS_FILE, "it does not say what its actors are")
    links = Links(**{name: _part(arrays, f"links.{name}", kind) for name, kind in _LINKS.items()}, coded=bool(coded))
    _check_rows(book, links, folder / ARRAYS_FILE)
    return LevelModel(
        unseen=heads["unseen"],
        seen=heads.get("seen"),
        contact=heads.get("contact"),
        book=book,
        links=links,
        names=described.names,
        card=described.card,
    )


def _card(path: Path) -> _File:
    try:
        if path.stat().st_size > _MOST_CARD_BYTES:
            raise _damaged(path, "it is far larger than a card")
        described = msgspec.json.decode(path.read_bytes(), type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
        raise _damaged(path, str(error)) from error
    if described.format != "legation-relation-level" or described.version != _VERSION:
        raise _damaged(path, f"it is {described.format!r} version {described.version}, not version {_VERSION}")
    return described


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(member.file_size for member in packed.infolist()) > _MOST_BYTES:
                raise _damaged(path, "it unpacks to more than a model can hold")
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError) as error:
        raise _damaged(path, str(error)) from error


def _head(name: str, shape: _Shape, names: tuple[str, ...], arrays: Mapping[str, NDArray[Any]]) -> Head:
    prefix = f"{name}."
    forest = Forest.from_arrays(
        {key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)}
    )
    columns = {
        "unseen": (*names, *NEIGHBOUR_NAMES),
        "seen": (*names, *NEIGHBOUR_NAMES, *HISTORY_NAMES),
        "contact": names,
    }.get(name, ())
    cuts = 1 if name == "contact" else CUTS
    numbers = np.array([*shape.slope, *shape.shift, shape.centre, shape.spread])
    if (
        forest.width != len(columns)
        or len(forest.baseline) % cuts
        or len(shape.slope) != cuts
        or len(shape.shift) != cuts
        or not np.isfinite(numbers).all()
    ):
        raise CorruptStoreError(f"The head {name} of a relation-level model contradicts itself.", remedy=_REBUILD)
    return Head(
        names=columns,
        forest=forest,
        slope=np.array(shape.slope),
        shift=np.array(shape.shift),
        centre=shape.centre,
        spread=shape.spread,
    )


def _part(arrays: Mapping[str, NDArray[Any]], name: str, kind: type) -> Any:  # noqa: ANN401 - of the kind asked for
    array = arrays.get(name)
    if array is None or array.dtype != np.dtype(kind) or array.ndim != 1:
        raise CorruptStoreError(f"A relation-level model lacks its {name}.", remedy=_REBUILD)
    return array


def _check_rows(book: LabelBook, links: Links, path: Path) -> None:
    same = all(
        len({len(getattr(part, name)) for name in names}) == 1 for part, names in ((book, _BOOK), (links, _LINKS))
    )
    if not same or not len(book.year) or (np.diff(book.year) < 0).any() or (np.diff(links.year) < 0).any():
        raise _damaged(path, "its rows are not as many everywhere, or not in order")
    levels = (book.level < 0) | (book.level >= N_LEVELS)
    kinds = (links.kind < 0) | (links.kind >= len(LINK_KINDS))
    ids = [book.a, book.b, links.a, links.b]
    if levels.any() or kinds.any() or any((part < 0).any() or (part > 2**31).any() for part in ids):
        raise _damaged(path, "a level, a tie or an actor is out of its range")


def _damaged(path: Path, reason: str) -> CorruptStoreError:
    return CorruptStoreError(f"{path} is no sound relation-level model: {reason}.", remedy=_REBUILD)
