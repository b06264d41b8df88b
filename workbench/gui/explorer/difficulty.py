"""What makes a task hard: its result against a number of its own, a dot a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from workbench.gui.explorer import told
from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import NOTHING, Line
from workbench.gui.plots.range import Range
from workbench.gui.style import theme, words
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState


@dataclass
class Dots(Line):
    """Marks without a line between them; all are drawn."""

    def draw(self, points: int, reach: int, part: Range | None = None) -> None:
        self.item.setData(self.x, self.y)

    def paint(self) -> None:
        self.item.setPen(None)
        self.item.setSymbol("o")
        self.item.setSymbolSize(5)
        self.item.setSymbolPen(None)
        self.item.setSymbolBrush(pg.mkBrush(theme.current().color(self.token, self.alpha)))


class Difficulty(QWidget):
    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.trait = QComboBox(self)
        self.trait.setObjectName("explorer.trait")
        self.trait.setAccessibleName(self.tr("What tasks are compared by"))
        self.trait.setToolTip(self.tr("A number of the tasks that may make them hard"))
        self.said = label("", wrap=True)
        self.figure = Figure(
            "explorer.difficulty", self.tr("Difficulty"), "", self.tr("No tasks to show yet")
        )
        self.figure.whole = False
        dots = Dots(self.tr("a task each"), "after", alpha=0.45, symbol="o", joined=False)
        self.figure.add(dots, "tasks")
        self.figure.add_line("pointed", "", "before", symbol="o", width=3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 12, 10, 0)
        layout.setSpacing(6)
        layout.addWidget(self.trait)
        layout.addWidget(self.said)
        layout.addWidget(self.figure, 1)
        self.trait.currentIndexChanged.connect(self.refresh)
        for signal in (state.changed, state.drawnChanged):
            signal.connect(self._offer)
        state.stepChanged.connect(self.refresh)
        state.pointedChanged.connect(self._show_pointed)
        self._offer()

    @Slot()
    def _offer(self) -> None:
        """The traits of these tasks; the one that was chosen stays where it is among them."""
        names, before = list(self._state.drawn.traits), self.trait.currentText()
        self.trait.blockSignals(True)
        self.trait.clear()
        self.trait.addItems(names)
        self.trait.setCurrentIndex(
            names.index(before) if before in names else min(len(names), 1) - 1
        )
        self.trait.blockSignals(False)
        self.trait.setVisible(bool(names))
        self.figure.setVisible(bool(names))
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """What nobody sees is not computed."""
        if not self.isVisible():
            return
        seen, values = self._state.seen, self._state.drawn.traits.get(self.trait.currentText())
        if seen is None or values is None:
            self.figure.clear()
            self.said.setText(self._why_none())
            return
        scale, step = words.scale(seen.metric), self._state.step
        self.figure.set_x_axis(self.trait.currentText())
        self.figure.set_axis_title(words.axis_title(seen.metric))
        title = self.tr("{name}, {after}")
        name = words.metric_title(seen.metric)
        self.figure.set_title(title.format(name=name, after=told.after_text(seen, step)))
        self.figure.set_line("tasks", values.numpy(), seen.values[:, step].numpy() * scale)
        self.said.setText(self._correlation())
        self._show_pointed()

    @Slot()
    def _show_pointed(self) -> None:
        seen, task = self._state.seen, self._state.pointed
        values = self._state.drawn.traits.get(self.trait.currentText())
        if seen is None or values is None or not 0 <= task < seen.tasks:
            self.figure.set_line("pointed", NOTHING, NOTHING)
            return
        x, y = values[task : task + 1], seen.values[task : task + 1, self._state.step]
        self.figure.set_line_title("pointed", self.tr("task {n}").format(n=task))
        self.figure.set_line("pointed", x.numpy(), y.numpy() * words.scale(seen.metric))

    def _correlation(self) -> str:
        from workbench.experiments.tasks_seen.difficulty import rank_correlation

        seen = self._state.seen
        assert seen is not None
        values = self._state.drawn.traits[self.trait.currentText()]
        found = rank_correlation(values, seen.values[:, self._state.step])
        if found is None:
            return self.tr("Too few different tasks for a correlation · {0}").format(
                told.protocol_text(seen)
            )
        text = self.tr("Rank correlation (Spearman) {0:+.2f} · {1}")
        return text.format(found, told.protocol_text(seen))

    def _why_none(self) -> str:
        state = self._state
        if state.seen is None:
            return ""
        if state.drawn.tasks:
            return self.tr("These tasks tell no number that they could be compared by.")
        return state.why_not or self.tr("Drawing the tasks once more…")
