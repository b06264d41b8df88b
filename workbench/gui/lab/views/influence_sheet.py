"""The influence of the support items on one query item, as a plot: a stroke from 0 for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.plots.lines import whiskers
from workbench.gui.style import paint
from workbench.gui.takeaway.graph import Curve, Graph, Level
from workbench.gui.takeaway.sheet import Sheet, Table

ROOM = 0.1
MANY = 1_000_000
"""Points that all have their marks."""


def tr(text: str) -> str:
    return QCoreApplication.translate("InfluenceLine", text)


def sheet(title: str, values: Sequence[float], ways: Sequence[int] | None) -> Sheet:
    """``ways`` has the class of every support item; None where there are no classes."""
    y, names = np.array(values, dtype=float), _names(len(values), ways)
    finite = np.append(y[np.isfinite(y)], 0.0)
    room = ROOM * float(np.ptp(finite)) or 0.5
    helped = _strokes(tr("helped it"), "after", "t1", y, y > 0)
    hurt = _strokes(tr("hurt it"), "before", "t", y, y < 0)
    graph = Graph(
        x_title=tr("support item"),
        y_title=tr("rise of the query item's loss without it"),
        x_range=(-0.6, len(values) - 0.4),
        y_range=(float(finite.min()) - room, float(finite.max()) + room),
        curves=[*helped, *hurt],
        levels=(Level("", "faint", 0.0),),
        x_ticks=list(enumerate(names)),
    )
    table = Table(("support item", "rise of the loss"), list(zip(names, values, strict=True)))
    return Sheet("influence", title, graph, table, (), graph.keys())


def _strokes(
    title: str, token: str, symbol: str, y: np.ndarray, which: np.ndarray
) -> tuple[Curve, Curve]:
    """From 0 to the number of each, and the marks at their ends."""
    x = np.arange(len(y), dtype=float)[which]
    ends = whiskers(x, np.zeros(len(x)), y[which])
    stems = Curve("", token, *ends, width=2.4)
    return stems, Curve(title, token, x, y[which], symbol=symbol, line=False, crowd=MANY)


def _names(count: int, ways: Sequence[int] | None) -> list[str]:
    """``A1``, ``A2``, ``B1``; numbers where there are no classes."""
    if ways is None:
        return [str(place + 1) for place in range(count)]
    seen = [ways[: place + 1].count(way) for place, way in enumerate(ways)]
    return [f"{paint.letter(way)}{number}" for way, number in zip(ways, seen, strict=True)]
