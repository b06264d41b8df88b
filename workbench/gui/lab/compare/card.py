"""One column on the screen: who it is, its number at the step looked at, and its query items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.lab import face
from workbench.gui.lab.compare import column_look, column_words
from workbench.gui.lab.compare.column import Column
from workbench.gui.state import methods
from workbench.gui.style import theme
from workbench.gui.style.widgets import label, plain
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep
    from workbench.core.episode import Episode
    from workbench.core.task import ProblemSpec, Task

WIDTHS = (126, 240)
"""Least and most of a card: six fit a large window, and a small one scrolls."""

CORNER = 22


class ColumnCard(QFrame):
    """`removeWanted` carries the column; the lab's own has no cross."""

    removeWanted = Signal(object)

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = column
        name = f"lab.compare.column.{column.place}"
        self.setObjectName(name)
        self.setProperty("card", True)
        self.chip = column_look.Chip(column.place)
        self.title = _part(f"{name}.title", self.tr("Method"), "heading")
        self.source = _part(f"{name}.source", self.tr("Where the weights come from"), "small")
        self.figure = _part(f"{name}.figure", self.tr("Query metric"), "figure", wrap=False)
        self.start = _part(f"{name}.start", self.tr("Before adapting"), "small", wrap=False)
        self.best = _part(f"{name}.best", self.tr("Best at this step"), "best", wrap=False)
        self.details = _part(f"{name}.details", self.tr("Loss and protocol"), "small")
        self.problem = _part(f"{name}.problem", self.tr("Problem"), "error")
        self.busy = QProgressBar()
        self.busy.setObjectName(f"{name}.busy")
        self.busy.setAccessibleName(self.tr("Computing"))
        self.busy.setToolTip(self.tr("Computing; the cross or Esc takes this column away"))
        self.busy.setTextVisible(False)
        self.busy.setRange(0, 0)
        self.busy.setFixedHeight(4)
        self._task: Task | None = None
        self._kind = ""
        self.outputs: Any = QWidget()
        """What the learner says of the query set, as the face of the task shows it."""
        self.best.setText(self.tr("★ best"))
        self._lay_out(name)

    def _lay_out(self, name: str) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.chip)
        top.addWidget(self.best)
        top.addStretch(1)
        top.addWidget(self._corner(name))
        numbers = QHBoxLayout()
        numbers.setSpacing(4)
        numbers.addWidget(self.figure)
        numbers.addStretch(1)
        numbers.addWidget(self.start, 0, Qt.AlignmentFlag.AlignVCenter)
        self.away = TakeAwayButton(self.sheet, f"{name}.outputs")
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.details, 1)
        below.addWidget(self.away, 0, Qt.AlignmentFlag.AlignBottom)
        self.head = QWidget()
        head = QVBoxLayout(self.head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(1)
        head.addLayout(top)
        head.addWidget(self.title)
        head.addWidget(self.source)
        head.addStretch(1)
        self._parts = layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 5, 7, 8)
        layout.setSpacing(2)
        layout.addWidget(self.head)
        layout.addLayout(numbers)
        layout.addLayout(below)
        for part in (self.busy, self.problem):
            layout.addWidget(part)
        layout.addWidget(self.outputs)
        layout.addStretch(0)

    def _corner(self, name: str) -> QWidget:
        if self.column.choice is None:
            own = label(self.tr("lab"), "small")
            own.setFixedHeight(CORNER)
            return own
        cross = QToolButton()
        cross.setObjectName(f"{name}.remove")
        cross.setAccessibleName(self.tr("Remove this column"))
        cross.setToolTip(self.tr("Remove this column"))
        cross.setStyleSheet("QToolButton { padding: 1px; }")
        cross.setFixedSize(CORNER, CORNER)
        theme.current().set_icon(cross, "close", "muted")
        cross.clicked.connect(self._on_cross)
        return cross

    @Slot()
    def _on_cross(self) -> None:
        self.removeWanted.emit(self.column)

    def show_task(self, task: Task, episode: Episode, images: Sequence[QImage]) -> None:
        """Another task; ``images`` are its query items as pictures, where it has such."""
        kind = face.of(task)
        if kind.name != self._kind:
            self._kind, old = kind.name, self.outputs
            self.outputs = kind.column(f"{self.objectName()}.outputs")
            self._parts.replaceWidget(old, self.outputs)
            grows = bool(self.outputs.sizePolicy().expandingDirections() & Qt.Orientation.Vertical)
            self._parts.setStretchFactor(self.outputs, int(grows))
            old.hide()
            old.deleteLater()
            self.away.setVisible(hasattr(self.outputs, "sheet"))
            self.away.stand_for(self.outputs)
        self._task = task
        self.outputs.show_task(task, episode, images)

    def sheet(self) -> Sheet | None:
        """What the learner says of the query set, under its name and number."""
        taken: Sheet | None = self.outputs.sheet() if hasattr(self.outputs, "sheet") else None
        if taken is None:
            return None
        title = self.tr("{0}: {1}").format(self.title.text(), taken.title)
        said = (self.source.text(), self.details.text())
        notes = (self.accessibleName(), *(text.replace("\n", " · ") for text in said if text))
        return replace(taken, title=title, notes=(*notes, *taken.notes))

    def show_column(self, spec: ProblemSpec, cursor: int, best: bool) -> None:
        column, step = self.column, self.column.at(cursor)
        config = column.config
        name = "–" if config is None else methods.title(config)
        self.title.setText(name)
        self.source.setText(column_words.source(column))
        self.chip.show_closed(config is not None and not column.stepwise)
        self._show_numbers(spec, step)
        self._show_best(best)
        self.problem.setText(column_words.trouble(column))
        self.problem.setVisible(bool(self.problem.text()))
        if step is not None and step.met is not None and self._task is not None:
            self.outputs.show_task(self._task, step.met, ())
        outputs = None if step is None else step.query_outputs
        self.outputs.show_outputs(outputs, column_look.color(column.place))
        self.setAccessibleName(f"{name}, {self.figure.text()}")
        self.setToolTip(self._help())

    def _help(self) -> str:
        choice = self.column.choice
        if choice is None:
            return self.tr("The learner chosen in the lab")
        return self.tr("Run {0}").format(plain(choice.name)) if choice.name else ""

    def _show_numbers(self, spec: ProblemSpec, step: AdaptStep | None) -> None:
        if step is not None:
            self.busy.hide()
            self.figure.setText(column_words.figure(spec, step.query_metric))
            self.start.setText("" if spec.chance is None else column_words.start(self.column, spec))
            self.details.setText(column_words.details(self.column, step, spec))
            return
        self.busy.setVisible(not self.column.problem)
        self.figure.setText("–")
        self.start.setText("")
        waiting = self.tr("Reading…") if self.column.learner is None else self.tr("Adapting…")
        self.details.setText("" if self.column.problem else waiting)

    def _show_best(self, best: bool) -> None:
        self.best.setVisible(best)
        if best != bool(self.property("best")):
            self.setProperty("best", best)
            self.style().unpolish(self)
            self.style().polish(self)


def _part(name: str, meaning: str, role: str, wrap: bool = True) -> QLabel:
    part = label("", role, wrap=wrap)
    part.setObjectName(name)
    part.setAccessibleName(meaning)
    return part
