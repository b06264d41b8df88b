"""The score over two fields: trials as points, and levels of their smoothed mean below them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.core.metric import named
from workbench.gui.search.content import Dots, Picture
from workbench.gui.search.scale import of_field, of_scores
from workbench.gui.search.seen import Seen
from workbench.gui.state.series import Array
from workbench.gui.takeaway.density import Density
from workbench.gui.takeaway.graph import Curve, Graph

CELLS = 240
WIDTH = 0.11
"""Of the kernel, as a share of each axis."""
REACH = 1.7
"""Kernel widths from a single trial beyond which nothing is claimed."""
LEVELS = 8
LEAST = 3
"""Trials before there is anything to smooth."""
MANY = 1_000_000


def tr(text: str) -> str:
    return QCoreApplication.translate("StudyContour", text)


def draw(seen: Seen, fields: Sequence[str]) -> Picture | None:
    """Of the first field across and the second upwards."""
    across, up = fields
    have = [one for one in seen.completed if across in one.values and up in one.values]
    if len(have) < LEAST or across == up:
        return None
    known = {one.field: of_field(one) for one in seen.space}
    x_scale, y_scale = known[across], known[up]
    scores = of_scores(seen.metric, [one.score or 0.0 for one in have])
    x = np.array([x_scale.at(one.values[across]) for one in have])
    y = np.array([y_scale.at(one.values[up]) for one in have])
    good = np.array([scores.share(one.score) for one in have])
    if not named(seen.metric).larger_is_better:
        good = 1 - good
    shares = np.array(
        [[x_scale.share_of(a), y_scale.share_of(b)] for a, b in zip(x, y, strict=True)]
    )
    numbers = np.array([one.number for one in have], dtype=float)
    best = numbers == (-1 if seen.best is None else seen.best.number)
    x_range, y_range = (x_scale.low, x_scale.high), (y_scale.low, y_scale.high)
    graph = Graph(
        x_title=x_scale.title,
        y_title=y_scale.title,
        x_range=x_range,
        y_range=y_range,
        x_ticks=x_scale.ticks,
        y_ticks=y_scale.ticks,
        curves=[
            Curve(tr("trial"), "text", x, y, symbol="o", line=False, alpha=0.7, crowd=MANY),
            Curve(tr("the best"), "star", x[best], y[best], symbol="o", line=False),
        ],
        density=Density(tr("better"), "third", _levels(shares, good), x_range, y_range),
    )
    return Picture(
        "contour",
        tr("{0} over {1} and {2}").format(scores.title, x_scale.title, y_scale.title),
        Dots(graph, x, y, numbers),
        seen.table(),
        (tr("Levels: mean of the trials near by"),),
        graph.keys(),
    )


def _levels(points: Array, good: Array) -> Array:
    """``[CELLS, CELLS]``: Nadaraya-Watson mean in steps, as a density counts; 0 far from trials.

    ``points [trials, 2]`` and ``good [trials]`` are shares of the axes. The kernel is Gaussian and
    so a product of one along each axis.
    """
    middle = (np.arange(CELLS) + 0.5)[:, None] / CELLS
    across, up = (np.exp(-((middle - points[:, n]) ** 2) / (2 * WIDTH**2)) for n in (0, 1))
    weight = across @ up.T
    mean = ((across * good) @ up.T) / np.maximum(weight, 1e-12)
    level = np.floor(np.clip(mean, 0, 0.999) * LEVELS) + 0.5
    near = weight >= np.exp(-(REACH**2) / 2)
    found: Array = np.where(near, np.expm1(level / LEVELS), 0.0)
    return found
