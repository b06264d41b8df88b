"""Slices: the score against each field by itself, the best marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.search.content import Dots, Picture, Side
from workbench.gui.search.scale import Scale, of_field, of_scores
from workbench.gui.search.seen import Seen
from workbench.gui.takeaway.graph import Curve, Graph

COLUMNS = 3
MANY = 1_000_000


def tr(text: str) -> str:
    return QCoreApplication.translate("StudySlices", text)


def draw(seen: Seen, fields: Sequence[str]) -> Picture | None:
    if not seen.completed:
        return None
    scores = of_scores(seen.metric, [one.score or 0.0 for one in seen.completed])
    parts = tuple(_slice(seen, one.field, of_field(one), scores) for one in seen.space)
    return Picture(
        "slices",
        tr("Score by each field"),
        Side(parts, min(len(parts), COLUMNS)),
        seen.table(),
        (),
        parts[0].graph.keys(),
    )


def _slice(seen: Seen, field: str, across: Scale, up: Scale) -> Dots:
    """Trials without the field, as another algorithm lacks it, have no place."""
    have = [one for one in seen.completed if field in one.values]
    numbers = np.array([one.number for one in have], dtype=float)
    x = np.array([across.at(one.values[field]) for one in have], dtype=float)
    y = np.array([up.factor * (one.score or 0.0) for one in have], dtype=float)
    best = numbers == (-1 if seen.best is None else seen.best.number)
    graph = Graph(
        x_title=across.title,
        y_title=up.title,
        x_range=(across.low, across.high),
        y_range=(up.low, up.high),
        log=up.log,
        x_ticks=across.ticks,
        curves=[
            Curve(tr("trial"), "after", x, y, symbol="o", line=False, alpha=0.75, crowd=MANY),
            Curve(tr("the best"), "star", x[best], y[best], symbol="o", line=False),
        ],
    )
    return Dots(graph, x, y, numbers)
