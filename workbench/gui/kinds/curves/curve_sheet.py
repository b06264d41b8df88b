"""A curve with its support points and fitted functions, as a sheet to take away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.kinds.curves.room import Ends, room_of, true_curve
from workbench.gui.state.series import Array
from workbench.gui.takeaway.graph import Curve, Graph
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.tasks.sinusoid import CurveTask

MANY = 1_000_000
"""Points that all have their marks, as support points do."""


def tr(text: str) -> str:
    return QCoreApplication.translate("CurveSheet", text)


def sheet(title: str, task: CurveTask, y_range: Ends, curves: Iterable[Curve]) -> Sheet:
    """The true curve, if it is known, from one end to the other, and what else is drawn with it."""
    drawn = [*([_truth(task)] if task.known else []), *curves]
    graph = Graph("x", "y", room_of(task).x, y_range, curves=drawn)
    return Sheet("curve", title, graph, graph.table(), (), graph.keys())


def functions(
    task: CurveTask, outputs: Sequence[tuple[int, Any]], looked_at: int
) -> Iterator[Curve]:
    """Of steps with their ``outputs [Q]`` at the query inputs; the one looked at is bold."""
    last = max((step for step, _ in outputs), default=1) or 1
    for step, values in sorted(outputs, key=lambda found: found[0] == looked_at):
        told, (x, y) = tr("function at step {0}").format(step), _in_order(task, values)
        if step == looked_at:
            yield Curve(told, "accent", x, y, told, width=3.0)
        else:
            alpha = 0.25 + 0.35 * step / last
            title = tr("at other steps, the later the stronger")
            yield Curve(title, "accent", x, y, told, width=1.0, alpha=alpha)


def function(task: CurveTask, outputs: Any) -> Curve:
    """The one that is drawn."""
    title, (x, y) = tr("fitted function"), _in_order(task, outputs)
    return Curve(title, "accent", x, y, title, width=2.4)


def support(task: CurveTask, locked: Collection[int] = ()) -> Iterator[Curve]:
    """Points; those that stay in new draws are squares."""
    x, y = _array(task.support_x), _array(task.support_y)
    kept = np.isin(np.arange(len(x)), list(locked))
    for title, which, symbol in (
        (tr("support points"), ~kept, "o"),
        (tr("support points kept in new draws"), kept, "s"),
    ):
        if which.any():
            yield _dots(title, "before", x[which], y[which], symbol)


def queries(task: CurveTask) -> Curve:
    """Points, on the true curve."""
    y = _array(task.truth(task.query_x))
    return _dots(tr("query points"), "after", _array(task.query_x), y, "o")


def _array(values: Any) -> Array:
    """Of a tensor, or of an array as it is."""
    found: Array = (values.numpy() if hasattr(values, "numpy") else values).astype(float)
    return found


def _in_order(task: CurveTask, outputs: Any) -> tuple[Array, Array]:
    """From left to right."""
    x = _array(task.query_x)
    order = np.argsort(x)
    return x[order], _array(outputs)[order]


def _truth(task: CurveTask) -> Curve:
    name, (x, y) = tr("true curve"), true_curve(task)
    return Curve(name, "muted", x, y, name, dashed=True, width=1.4)


def _dots(title: str, token: str, x: Array, y: Array, symbol: str) -> Curve:
    return Curve(title, token, x, y, title, symbol=symbol, line=False, crowd=MANY)
