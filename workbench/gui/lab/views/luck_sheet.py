"""The luck of a support set as a plot: its loss among those of all others, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.lab.views import tables
from workbench.gui.style import words
from workbench.gui.takeaway.graph import Curve, Graph, Level
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.experiments.insight.luck import Luck

ROOM = 0.06
"""Above and below the losses, as a part of their range."""


def tr(text: str) -> str:
    return QCoreApplication.translate("LuckMeter", text)


def sheet(found: Luck, said: str) -> Sheet:
    """Support sets that diverge are counted at the right and have no point."""
    sign = -1.0 if found.judged_by else 1.0
    losses, held = sign * np.sort(np.array(found.others)), sign * found.own
    finite = losses[np.isfinite(losses)]
    ends = np.append(finite, held if np.isfinite(held) else [])
    low, high = (float(ends.min()), float(ends.max())) if len(ends) else (0.0, 1.0)
    room = ROOM * (high - low) or 0.5
    places = np.arange(1.0, len(losses) + 1)
    name = tr("other support sets")
    others = Curve(name, "after", places, np.where(np.isfinite(losses), losses, np.nan), name)
    own = (Level(tr("the support set in hand"), "before", held),)
    graph = Graph(
        x_title=tr("support sets, the luckiest first"),
        y_title=_counted(found),
        x_range=(0.0, float(len(losses) + 1)),
        y_range=(low - room, high + room),
        curves=[others],
        levels=own if np.isfinite(held) else (),
        whole=True,
    )
    title = tr("Luck of the support set")
    return Sheet("luck", title, graph, tables.luck(found), (said,), graph.keys())


def _counted(found: Luck) -> str:
    if not found.judged_by:
        return tr("query loss after the last inner step")
    metric = words.metric_name(found.judged_by)
    return tr("query {0} after the last inner step").format(metric)
