"""The highest label among records, for whatever leaves the desk while labels are not yet enforced."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args, get_type_hints

from legation.desk.base import Record
from legation.desk.context import Label
from legation.desk.desk import KINDS, Desk
from legation.errors import UnknownRecordError

__all__ = ["NOT_ENFORCED", "NO_LABEL", "highest_label", "label_notice"]

NOT_ENFORCED = "label not enforced"
"""Printed beside the highest label: Legation carries labels and does not yet decide by them who may read."""

NO_LABEL = "no label"
"""Printed where nothing carries a label; not the same as unclassified, which is a decision somebody took."""

_ORDER = {name: order for order, name in enumerate(get_args(get_type_hints(Label)["classification"]))}


def highest_label(source: Desk | Iterable[Record], *, labels: Iterable[Label] = ()) -> str:
    """Give policy and classification of the highest label that a desk or some of its records carry.

    Policies are not comparable with one another: where several reach the same classification, all are named.

    Parameters
    ----------
    source
        A desk, or records of one.
    labels
        The desk's labels, when `source` is not the desk itself.

    Returns
    -------
    str
        For example ``NATO SECRET``, ``EU RESTRICTED / NATO RESTRICTED`` or ``no label``.

    Raises
    ------
    UnknownRecordError
        When a record names a label that is not there: the highest cannot be known.

    Examples
    --------
    >>> from legation.desk.aims import Goal
    >>> secret = Label(id="ns", policy="NATO", classification="secret")
    >>> highest_label([Goal(id="baltic", title="Baltic security", label="ns")], labels=[secret])
    'NATO SECRET'
    """
    records = _records(source) if isinstance(source, Desk) else source
    known = {label.id: label for label in (source.labels if isinstance(source, Desk) else labels)}
    carried = [_label(name, known) for name in sorted(_names(records))]
    if not carried:
        return NO_LABEL
    top = max(_ORDER[label.classification] for label in carried)
    texts = {_text(label) for label in carried if _ORDER[label.classification] == top}
    return " / ".join(sorted(texts))


def label_notice(source: Desk | Iterable[Record], *, labels: Iterable[Label] = ()) -> str:
    """Give the line that everything leaving a desk prints: the highest label, and that it is not enforced."""
    return f"{highest_label(source, labels=labels)} ({NOT_ENFORCED})"


def _records(desk: Desk) -> Iterable[Record]:
    yield desk.info
    for kind in KINDS:
        yield from desk.records(kind)


def _names(records: Iterable[Record]) -> set[str]:
    return {name for record in records if (name := getattr(record, "label", None)) is not None}


def _label(name: str, known: dict[str, Label]) -> Label:
    if name not in known:
        raise UnknownRecordError(
            f"Label {name!r} is not in labels, so the highest label cannot be known.",
            remedy=f"Add the label {name}, or remove it from the records that name it.",
        )
    return known[name]


def _text(label: Label) -> str:
    return f"{label.policy} {label.classification.replace('_', ' ').upper()}"
