"""When each trial ran, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.search.content import Dots, Picture
from workbench.gui.search.seen import Seen, state_text
from workbench.gui.takeaway.graph import Band, Graph

if TYPE_CHECKING:
    from workbench.experiments.search.trial import Trial

TOKENS = {
    "running": "third",
    "stopped": "text",
    "complete": "after",
    "pruned": "faint",
    "diverged": "warning",
    "failed": "danger",
}
HALF, NAMED = 0.36, 14
"""Half a bar's height, where rows stand 1 apart; and rows that have a number at most."""
SAMPLES = 24
"""Places of a bar where it can be clicked."""
LONG = 600.0
"""Seconds from which on an axis counts minutes."""


def tr(text: str) -> str:
    return QCoreApplication.translate("StudyTimeline", text)


def draw(seen: Seen, fields: Sequence[str]) -> Picture | None:
    if not seen.trials:
        return None
    start = min(one.began for one in seen.trials)
    spans = [_span(seen, one, start) for one in seen.trials]
    end = max(until for _, until in spans) or 1.0
    unit = 60.0 if end > LONG else 1.0
    title = tr("minutes since the first trial") if unit > 1 else tr("seconds since the first trial")
    every = -(-len(seen.trials) // NAMED)
    graph = Graph(
        x_title=title,
        y_title=tr("trial"),
        x_range=(0.0, 1.02 * end / unit),
        y_range=(-seen.trials[-1].number - 0.6, 0.6),
        y_ticks=[(-one.number, str(one.number)) for one in seen.trials[::every]],
        bands=[
            Band(
                state_text(str(one.state)),
                TOKENS[str(one.state)],
                0.85,
                np.array(span) / unit,
                np.array([-one.number - HALF] * 2),
                np.array([-one.number + HALF] * 2),
            )
            for one, span in zip(seen.trials, spans, strict=True)
        ],
    )
    x = np.concatenate([np.linspace(*span, SAMPLES) / unit for span in spans])
    numbers = np.repeat([float(one.number) for one in seen.trials], SAMPLES)
    return Picture(
        "timeline",
        tr("When each trial ran"),
        Dots(graph, x, -numbers, numbers),
        seen.table(),
        (),
        graph.keys(),
    )


def _span(seen: Seen, trial: Trial, start: float) -> tuple[float, float]:
    """In seconds since the first; one may have been stopped before its end was noted."""
    began = trial.began - start
    if trial.ended is not None:
        return began, trial.ended - start
    return began, seen.at - start if trial.state == "running" else began
