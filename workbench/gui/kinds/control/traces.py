"""Worlds without a map: what is earned, and what a state does, as time goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.kinds.control import sheets
from workbench.gui.kinds.control.film import Film
from workbench.gui.kinds.control.strokes import shown_steps
from workbench.gui.kinds.control.task import control_in_view, family_of, lengths, lived_at
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.lab.state import LabState
from workbench.gui.state.series import Array
from workbench.gui.style import theme
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.graph import Curve, Graph
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.tasks.control.family import ControlFamily
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

What = str | int
EARNED = ""
"""In place of the number of a state: the sum of rewards so far. A name is of what is followed."""
MOST = 20
"""Trajectories that are drawn of a step."""


class GraphView(Drawing, QWidget):
    """A graph as it is drawn in a file, in the room there is."""

    def __init__(self, name: str, meaning: str) -> None:
        super().__init__()
        self.graph: Graph | None = None
        self.setObjectName(name)
        self.setAccessibleName(meaning)
        self.setToolTip(meaning)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_graph(self, graph: Graph | None) -> None:
        self.graph = graph
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 120)

    def draw(self, painter: QPainter) -> None:
        if self.graph is not None:
            self.graph.draw(painter, QRectF(0, 0, self.room.width(), self.room.height()))


class Traces(QWidget):
    """Query trajectories of all steps, the one looked at strong."""

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self.what = QComboBox()
        self.what.setObjectName("lab.control.trace")
        self.what.setAccessibleName(self.tr("What is drawn over time"))
        self.what.setToolTip(self.tr("The return so far, or one number of the state"))
        self.what.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.view = GraphView("lab.control.traces", self.tr("Query trajectories over time"))
        row = QHBoxLayout()
        row.addWidget(label(self.tr("Drawn"), "small"))
        row.addWidget(self.what)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)
        self.film = Film(state)
        layout.addWidget(self.film)
        self.what.activated.connect(self.refresh)
        for signal in (state.taskChanged, state.cursorChanged):
            signal.connect(self.refresh)
        state.stepsChanged.connect(state.turns.take(self.refresh))
        theme.current().follow(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        task = control_in_view(self._state)
        if task is None or map_of(task) is not None:
            return
        lived = lived_at(self._state.current, support=False)
        if lived is None:
            self.view.show_graph(None)
            return
        self._offer(task, lived)
        self.view.show_graph(self._graph())

    def _offer(self, task: ControlTask, lived: Lived) -> None:
        """What the world follows first, since that is what it is about."""
        family, observed = family_of(task), range(lived.observations.shape[-1])
        numbered = [self.tr("State, number {0}").format(place + 1) for place in observed]
        offered: list[tuple[str, What]] = [(name, name) for name in family.followed(lived)]
        offered.append((self.tr("Return so far"), EARNED))
        offered += zip(family.seen_names or numbered, observed, strict=True)
        if [text for text, _ in offered] == [
            self.what.itemText(place) for place in range(self.what.count())
        ]:
            return
        self.what.clear()
        for text, what in offered:
            self.what.addItem(text, what)

    def _graph(self) -> Graph | None:
        state, what = self._state, self.what.currentData()
        curves = [
            curve
            for number in shown_steps(len(state.steps), state.cursor)
            for curve in self._curves(number, what)
        ]
        values = np.concatenate([curve.y for curve in curves]) if curves else np.zeros(1)
        longest = max((len(curve.x) for curve in curves), default=2) - 1
        low, high = float(values.min()), float(values.max())
        room = 0.05 * (high - low) or 0.5
        ends = (0.0, float(max(longest, 1))), (low - room, high + room)
        return Graph(self.tr("step in the world"), self.what.currentText(), *ends, curves=curves)

    def _curves(self, number: int, what: What) -> list[Curve]:
        task = control_in_view(self._state)
        lived = lived_at(self._state.steps[number], support=False)
        if lived is None or task is None:
            return []
        own, last = number == self._state.cursor, max(len(self._state.steps) - 1, 1)
        title = self.tr("at step {0}").format(number) if own else self.tr("at other steps")
        width, alpha = (1.6, 0.9) if own else (1.0, 0.15 + 0.2 * number / last)
        token = "accent" if own else "before"
        told = self.tr("step {0}, trajectory {1}")
        return [
            Curve(title, token, x, y, told.format(number, place + 1), width=width, alpha=alpha)
            for place, (x, y) in enumerate(_over_time(family_of(task), lived, what)[:MOST])
        ]

    def sheet(self) -> Sheet | None:
        graph, lived = self.view.graph, lived_at(self._state.current, support=False)
        if graph is None or lived is None:
            return None
        title, table = self.view.accessibleName(), sheets.trajectories(lived)
        return Sheet("traces", title, Drawn(self.view), table, (), graph.keys())


def _over_time(family: ControlFamily, lived: Lived, what: What) -> list[tuple[Array, Array]]:
    """Of every trajectory, to its end."""
    if isinstance(what, int):
        values = lived.observations[..., what].numpy()
    elif what == EARNED:
        values = np.cumsum(np.pad(lived.rewards.numpy(), ((0, 0), (1, 0))), -1)
    else:
        values = family.followed(lived)[what].numpy()
    counts = lengths(lived)
    return [
        (np.arange(count + 1, dtype=float), row[: count + 1].astype(float))
        for row, count in zip(values, counts, strict=True)
    ]
