"""How much each field decides how good a trial becomes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.gui.search.content import Dots, Picture
from workbench.gui.search.names import short_title
from workbench.gui.search.seen import Seen
from workbench.gui.takeaway.graph import Band, Graph
from workbench.gui.takeaway.sheet import Table

HALF = 0.28
"""Of a bar's height, where rows stand 1 apart."""


LEAST_ROWS = 4
"""For which there is room, so that bars of two fields are no blocks."""


def tr(text: str) -> str:
    return QCoreApplication.translate("StudyImportance", text)


def draw(seen: Seen, fields: Sequence[str]) -> Picture | None:
    shares = seen.importances
    if not shares:
        return None
    rows = list(enumerate(shares.items()))
    graph = Graph(
        x_title=tr("share of importance, %"),
        y_title="",
        x_range=(0.0, 105.0),
        y_range=(-max(len(rows), LEAST_ROWS) + 0.4, 0.6),
        y_ticks=[(-place, short_title(field)) for place, (field, _) in rows],
        right=[(-place, f"{100 * share:.0f} %") for place, (_, share) in rows],
        bands=[
            Band(
                "",
                "after",
                0.85,
                np.array([0.0, 100 * share]),
                np.array([-place - HALF] * 2),
                np.array([-place + HALF] * 2),
            )
            for place, (_, share) in rows
        ],
    )
    nothing = np.empty(0)
    return Picture(
        "importance",
        tr("Importance of each field"),
        Dots(graph, nothing, nothing, nothing),
        Table(("field", "share"), list(shares.items())),
        (tr("PED-ANOVA over {0} completed trials").format(len(seen.completed)),),
    )
