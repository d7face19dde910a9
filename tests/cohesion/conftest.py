"""A small builder of desks for hand-worked examples."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from legation.desk.aims import Goal, Link, Objective
from legation.desk.constraints import Willingness
from legation.desk.desk import Desk, DeskInfo, Settings
from legation.desk.missions import Cost, Effect, Mission, Mode
from legation.relations.snapshot import RelationsSnapshot

JUDGED = date(2026, 11, 1)


class Builder:
    """Make desks whose targets are 1, so that effect points are contributions; effects may be a number or a triple."""

    def effect(self, value, **where):
        """Make an effect from one value or from low, likely and high."""
        low, likely, high = value if isinstance(value, tuple) else (value, value, value)
        return Effect(low=low, likely=likely, high=high, judge="desk", judged=JUDGED, basis="assessment", **where)

    def mission(self, name, **fields):
        """Make a mission; fields replace the defaults."""
        return Mission(
            **{
                "id": name,
                "title": f"Mission {name}",
                "instrument": "visit",
                "format": "bilateral",
                "purpose": "cooperation",
                "partners": ("LVA",),
                **fields,
            }
        )

    def desk(
        self,
        missions,
        *,
        objectives=("k1", "k2"),
        weights=None,
        kinds=None,
        fields=None,
        costs=None,
        links=(),
        months=12,
        mode_months=1,
        targets=None,
        settings=None,
        aims=None,
        **records,
    ):
        """`missions` maps an id to {objective: effect}; an actor's code (capitals) makes an effect on a relation."""
        fields = fields or {}
        own = aims or tuple(
            Objective(
                id=name,
                title=f"Objective {name}",
                kind=(kinds or {}).get(name, "diplomatic"),
                parent="goal",
                weight=(weights or {}).get(name, 1.0),
                target=(targets or {}).get(name, 1.0),
            )
            for name in objectives
        )
        effects = [
            self.effect(value, mission=mission, **({"actor": on} if on.isupper() else {"objective": on}))
            for mission, on_all in missions.items()
            for on, value in on_all.items()
        ]
        extra = records.pop("effects", ())
        info = DeskInfo(
            id="desk",
            title="A desk",
            observer="EST",
            start="2027-01",
            months=months,
            currency="EUR",
            price_year=2026,
            settings=settings or Settings(),
        )
        return Desk(
            info=info,
            goals=(Goal(id="goal", title="Goal"),),
            objectives=own,
            links=tuple(
                Link(source=a, target=b, kind=kind, strength=strength, reason="judged")
                for a, kind, b, strength in links
            ),
            missions=tuple(self.mission(name, **fields.get(name, {})) for name in missions),
            modes=tuple(Mode(mission=name, id="std", months=mode_months) for name in missions),
            costs=tuple(
                Cost(mission=name, mode="std", budget="main", amount=Decimal(amount), currency="EUR", price_year=2026)
                for name, amount in (costs or {}).items()
            ),
            effects=(*effects, *extra),
            **records,
        )

    def relations(self, alignment, *, actors, observer="EST"):
        """Make a snapshot with the given alignments."""
        size = len(actors)
        values = np.zeros((size, size))
        for (left, right), value in alignment.items():
            i, j = actors.index(left), actors.index(right)
            values[i, j] = values[j, i] = value
        return RelationsSnapshot(
            as_of=JUDGED,
            observer=observer,
            actors=tuple(actors),
            alignment=values,
            tension=np.zeros((size, size)),
            level=np.full((size, size), -1, np.int8),
            treaty=np.zeros((size, size), np.int8),
        )

    def willing(self, partner, low, likely, high):
        """Make a partner's probability of accepting anything."""
        return Willingness(partner=partner, low=low, likely=likely, high=high, judged=JUDGED)


@pytest.fixture(scope="session")
def build():
    """Return the builder."""
    return Builder()
