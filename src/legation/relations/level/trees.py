"""Boosted trees as plain arrays: read out of scikit-learn once, then evaluated with NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from legation.errors import CorruptStoreError

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

__all__ = ["Forest"]

_CELLS: Final = 100_000  # rows times trees that are walked at once: they stay in the processor's cache
_WORKERS: Final = 2
_REBUILD: Final = "Train the model again."


@dataclass(frozen=True, kw_only=True)
class Forest:
    """Trees of g boosted classifiers of a yes-or-no question, one after the other.

    `feature`, `threshold`, `missing_left`, `left`, `right` and `value` have one entry a node; a leaf is its own child.
    `root` and `owner` have one entry a tree: its first node, and which classifier it belongs to (ascending). `baseline`
    has shape (g,). `depth` is the longest path, `width` the number of columns.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    root: NDArray[np.int32]
    owner: NDArray[np.int32]
    baseline: NDArray[np.float64]
    depth: int
    width: int

    @classmethod
    def of(cls, classifiers: Sequence[HistGradientBoostingClassifier]) -> Forest:
        """Read the trees out of classifiers that scikit-learn fitted."""
        parts: dict[str, list[NDArray[Any]]] = {name: [] for name in _NODE_FIELDS}
        roots, owners, depth, offset = [], [], 0, 0
        for owner, classifier in enumerate(classifiers):
            for (tree,) in classifier._predictors:  # noqa: SLF001 - scikit-learn exports trees nowhere else
                nodes = tree.nodes
                own = np.arange(len(nodes)) + offset
                leaf = nodes["is_leaf"].astype(bool)
                parts["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
                parts["threshold"].append(np.where(leaf, 0.0, nodes["num_threshold"]))
                parts["missing_left"].append(nodes["missing_go_to_left"].astype(bool))
                parts["left"].append(np.where(leaf, own, nodes["left"] + offset))
                parts["right"].append(np.where(leaf, own, nodes["right"] + offset))
                parts["value"].append(np.where(leaf, nodes["value"], 0.0))
                roots.append(offset)
                owners.append(owner)
                depth, offset = max(depth, int(nodes["depth"].max())), offset + len(nodes)
        return cls(
            **{name: np.concatenate(parts[name]).astype(kind) for name, kind in _NODE_FIELDS.items()},
            root=np.array(roots, dtype=np.int32),
            owner=np.array(owners, dtype=np.int32),
            baseline=np.array([float(each._baseline_prediction.item()) for each in classifiers]),  # noqa: SLF001
            depth=depth,
            width=int(classifiers[0].n_features_in_),
        )

    def predict(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return each classifier's probability of yes, shape (k, g); equal to scikit-learn's to rounding."""
        wide = np.ascontiguousarray(values, dtype=np.float64)
        rows = max(1, _CELLS // len(self.root))
        parts = [wide[start : start + rows] for start in range(0, len(wide), rows)]
        if len(parts) < _WORKERS:
            chunks = [self._raw(part) for part in parts]
        else:
            with ThreadPoolExecutor(_WORKERS) as pool:
                chunks = list(pool.map(self._raw, parts))
        raw = np.concatenate(chunks) if chunks else np.zeros((0, len(self.baseline)))
        return 1.0 / (1.0 + np.exp(-(raw + self.baseline)))

    def _raw(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Walk all rows down all trees at once: one step a level, without a branch."""
        flat, first = values.ravel(), (np.arange(len(values)) * self.width)[:, None]
        at = np.broadcast_to(self.root.astype(np.int64), (len(values), len(self.root))).copy()
        for _ in range(self.depth):
            seen = flat.take(first + self._features.take(at))
            left = seen <= self.threshold.take(at)
            left |= np.isnan(seen) & self.missing_left.take(at)
            at *= 2
            at += left
            at = self._children.take(at)
        starts = np.searchsorted(self.owner, np.arange(len(self.baseline)))
        sums: NDArray[np.float64] = np.add.reduceat(self.value.take(at), starts, axis=1)
        return sums

    @cached_property
    def _children(self) -> NDArray[np.int64]:
        return np.stack([self.right, self.left], axis=1).ravel().astype(np.int64)

    @cached_property
    def _features(self) -> NDArray[np.int64]:
        return self.feature.astype(np.int64)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all parts as arrays, to be written."""
        return {each.name: np.asarray(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Forest:
        """Make a forest of arrays from a file, and hold it to what makes every walk end.

        Raises
        ------
        CorruptStoreError
            When a part is missing, of the wrong kind or size, or points outside.
        """
        kinds = {**_NODE_FIELDS, "root": np.int32, "owner": np.int32, "baseline": np.float64}
        for name, kind in kinds.items():
            array = arrays.get(name)
            if array is None or array.dtype != np.dtype(kind) or array.ndim != 1:
                raise CorruptStoreError(f"A relation-level model lacks its trees' {name}.", remedy=_REBUILD)
        for name in ("depth", "width"):
            if name not in arrays or arrays[name].ndim or arrays[name].dtype.kind not in "iu":
                raise CorruptStoreError(f"A relation-level model lacks its trees' {name}.", remedy=_REBUILD)
        forest = cls(**{name: arrays[name] for name in kinds}, depth=int(arrays["depth"]), width=int(arrays["width"]))
        forest._check()
        return forest

    def _check(self) -> None:
        n, own = len(self.value), np.arange(len(self.value))
        if {len(getattr(self, name)) for name in _NODE_FIELDS} != {n}:
            raise CorruptStoreError("The trees of a relation-level model are of different sizes.", remedy=_REBUILD)
        leaf = (self.left == own) & (self.right == own)
        inside = (self.left < n) & (self.right < n) & (leaf | ((self.left > own) & (self.right > own)))
        sound = (
            bool(inside.all())
            and bool(((self.feature >= 0) & (self.feature < self.width)).all())
            and bool(np.isfinite(self.value).all() and np.isfinite(self.baseline).all())
            and not bool(np.isnan(self.threshold).any())
            and len(self.root) == len(self.owner) > 0
            and bool(((self.root >= 0) & (self.root < n)).all())
            and np.array_equal(np.unique(self.owner), np.arange(len(self.baseline)))
            and bool((np.diff(self.owner) >= 0).all())
            and 0 <= self.depth <= n
        )
        if not sound:
            raise CorruptStoreError("The trees of a relation-level model contradict themselves.", remedy=_REBUILD)


_NODE_FIELDS: Final[dict[str, type]] = {
    "feature": np.int32,
    "threshold": np.float64,
    "missing_left": np.bool_,
    "left": np.int32,
    "right": np.int32,
    "value": np.float64,
}
