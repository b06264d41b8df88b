"""Two columns of measurements with what is predicted, as a sheet to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from workbench.gui.kinds.measured.words import tr
from workbench.gui.takeaway.graph import Curve, Graph
from workbench.gui.takeaway.sheet import Sheet

Ends = tuple[float, float]
MANY = 1_000_000
"""Points that all have their marks."""


class Drawn(NamedTuple):
    names: tuple[str, str]
    support: tuple[Any, Any]
    asked: tuple[Any, Any]
    predicted: Any
    """Of each row that is asked; None before there is a step."""
    functions: Sequence[tuple[int, Any, Any]]
    """Step, places and values, with one input."""


def sheet(title: str, drawn: Drawn, room: tuple[Ends, Ends]) -> Sheet:
    """Support rows, those that are asked, and the function or the predictions of the step."""
    curves = [_dots(tr("support rows"), "before", *drawn.support)]
    if np.isfinite(drawn.asked[1]).any():
        curves.append(_dots(tr("what is asked"), "after", *drawn.asked))
    for step, x, y in drawn.functions:
        told = tr("function at step {0}").format(step)
        curves.append(Curve(told, "accent", x, y, told, width=3.0))
    if drawn.predicted is not None:
        curves.append(_dots(tr("predicted"), "accent", drawn.asked[0], drawn.predicted, "x"))
    graph = Graph(*drawn.names, *room, curves=curves)
    return Sheet("measurements", title, graph, graph.table(), (), graph.keys())


def _dots(title: str, token: str, x: Any, y: Any, symbol: str = "o") -> Curve:
    return Curve(title, token, x, y, title, symbol=symbol, line=False, crowd=MANY)
