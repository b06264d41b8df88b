"""The history of the best: each trial's score, and the best of all up to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.search.content import Dots, Picture
from workbench.gui.search.scale import of_scores, without_outliers
from workbench.gui.search.seen import Seen
from workbench.gui.state.series import Array
from workbench.gui.takeaway.graph import Curve, Graph

MANY = 1_000_000
"""Trials that all have their marks."""


def tr(text: str) -> str:
    return QCoreApplication.translate("StudyBest", text)


def draw(seen: Seen, fields: Sequence[str]) -> Picture | None:
    scored = [one for one in seen.trials if one.score is not None and one.over]
    if not scored:
        return None
    scores = [one.score or 0.0 for one in scored]
    near = without_outliers(seen.metric, scores)
    scale = of_scores(seen.metric, near)
    least, most = scale.factor * min(near), scale.factor * max(near)
    numbers = np.array([one.number for one in scored], dtype=float)
    values = np.clip(scale.factor * np.array(scores), least, most)
    whole = np.array([one.state == "complete" for one in scored])
    last = max(seen.trials[-1].number, 1)
    graph = Graph(
        x_title=tr("trial"),
        y_title=scale.title,
        x_range=(-0.03 * last, 1.03 * last),
        y_range=(scale.low, scale.high),
        log=scale.log,
        whole=True,
        curves=[
            _dots(tr("ended early"), "faint", numbers[~whole], values[~whole]),
            _dots(tr("complete"), "after", numbers[whole], values[whole]),
            _steps(seen, last, scale.factor),
        ],
    )
    return Picture(
        "history",
        tr("History of the best"),
        Dots(graph, numbers, values, numbers),
        seen.table(),
        _notes(len(scores) - len(near)),
        graph.keys(),
    )


def _notes(beyond: int) -> tuple[str, ...]:
    return (tr("{0} beyond the edge, drawn at it").format(beyond),) if beyond else ()


def _dots(title: str, token: str, x: Array, y: Array) -> Curve:
    return Curve(title, token, x, y, symbol="o", line=False, crowd=MANY)


def _steps(seen: Seen, last: int, factor: float) -> Curve:
    """Level until the next trial is better."""
    numbers = [float(number) for number, _ in seen.best_so_far]
    values = [factor * value for _, value in seen.best_so_far]
    x = np.repeat([*numbers, float(last)], 2)[1:-1] if numbers else np.empty(0)
    return Curve(tr("best so far"), "before", x, np.repeat(values, 2), width=2.2)
