"""Rows of scheduling runs, and their summary as Markdown tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from result_rows import markdown

__all__ = ["Row", "group_of", "summary"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One run: what was asked, what came out, what was known before."""

    instance: str
    family: str
    seconds: float
    workers: int
    seed: int
    status: str
    makespan: int | None
    bound: int
    took: float
    cpu: float
    best: int | None
    proved_before: bool | None
    fault: str

    @classmethod
    def of(cls, cells: Mapping[str, str]) -> Row:
        """Read a row of the CSV."""
        try:
            return cls(
                instance=cells["instance"],
                family=cells["family"],
                seconds=float(cells["seconds"]),
                workers=int(cells["workers"]),
                seed=int(cells["seed"]),
                status=cells["status"],
                makespan=int(cells["makespan"]) if cells["makespan"] else None,
                bound=int(cells["bound"]),
                took=float(cells["took"]),
                cpu=float(cells["cpu"]),
                best=int(cells["best"]) if cells["best"] else None,
                proved_before={"1": True, "0": False}.get(cells["proved_before"]),
                fault=cells["fault"],
            )
        except (TypeError, ValueError) as error:
            raise SystemExit(f"The CSV has a damaged row: {dict(cells)} ({error}). Take it out.") from None

    def cells(self) -> dict[str, object]:
        """Give the row for the CSV."""
        proved = "" if self.proved_before is None else int(self.proved_before)
        return {key: "" if value is None else value for key, value in asdict(self).items()} | {"proved_before": proved}

    def __str__(self) -> str:
        if self.fault:
            return f"{self.instance}: {self.fault}"
        known = "" if self.best is None else f", known {self.best}"
        return f"{self.instance}: {self.status} {self.makespan} (bound {self.bound}{known}) in {self.took:.1f} s"


def group_of(row: Row) -> str:
    """Give the library a file belongs to, by its name."""
    if row.family == "rcpsp":
        found = re.match(r"([A-Za-z]+\d+)_", row.instance)
    elif row.family == "mspsp":
        found = re.match(r"(?:inst_)?(set\d+[a-z]*)", row.instance)
    else:
        found = re.match(r"(J50|J100|[a-z]\d\d)", row.instance)
        return {"J50": "MMLIB50", "J100": "MMLIB100"}.get(found.group(1), found.group(1)) if found else row.family
    return found.group(1) if found else row.family


def _share(values: Sequence[float]) -> str:
    return f"{100 * sum(values) / len(values):.2f} %" if values else "-"


def summary(rows: Sequence[Row]) -> str:
    """Give one line per library, and the faults below."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[group_of(row)].append(row)
    head = ("library", "instances", "limit s", "proved", "mean gap to best known", "mean gap to own bound",
            "shorter than known", "longer", "shorter on open ones", "mean s", "mean CPU s")  # fmt: skip
    names = sorted(
        groups, key=lambda text: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]
    )
    lines = [_line(name, [row for row in groups[name] if not row.fault]) for name in names]
    faults = [f"- {row.instance}: {row.fault}" for row in rows if row.fault]
    return "\n".join([markdown(head, lines), *(["", "Refused:", *faults] if faults else [])])


def _line(name: str, own: Sequence[Row]) -> list[str]:
    proved = [row for row in own if row.status == "optimal"]
    known = [(row.makespan, row.best) for row in own if row.makespan is not None and row.best]
    gaps = [(row.makespan - row.bound) / row.makespan for row in own if row.makespan]
    still_open = [row for row in own if row.proved_before is False and row.best is not None]
    shorter = [row for row in still_open if row.makespan is not None and row.makespan < (row.best or 0)]
    return [
        name,
        str(len(own)),
        "/".join(f"{limit:g}" for limit in sorted({row.seconds for row in own})),
        f"{len(proved)} ({100 * len(proved) / max(1, len(own)):.1f} %)",
        _share([(value - best) / best for value, best in known]),
        _share(gaps),
        str(sum(value < best for value, best in known)),
        str(sum(value > best for value, best in known)),
        f"{len(shorter)} of {len(still_open)}" if still_open else "-",
        f"{sum(row.took for row in own) / max(1, len(own)):.1f}",
        f"{sum(row.cpu for row in own) / max(1, len(own)):.1f}",
    ]
