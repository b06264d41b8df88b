"""Walks through the inner steps: slider, arrows, play, and how many steps there are."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.limits import MAX_STEPS
from workbench.gui.lab.walk import Walk
from workbench.gui.style import paint, theme

PLAY_MS = 450
WHOLE_MS = 8000
"""A long adaptation is played in about this time."""


class StepSlider(QSlider):
    """Left and right walk, Space plays."""

    def __init__(self, player: Scrubber) -> None:
        super().__init__(Qt.Orientation.Horizontal, player)
        self._player = player

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("The slider of steps"), ((self.tr("Play"), "Space"),)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._player.play.click()
        else:
            super().keyPressEvent(event)


class Scrubber(QWidget):
    def __init__(self, walk: Walk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._walk = walk
        self.play = QToolButton(self)
        self.slider = StepSlider(self)
        self.label = QLabel()
        self.steps = QSpinBox()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self._name_parts()
        self._lay_out()
        self.play.clicked.connect(self._toggle)
        self.slider.valueChanged.connect(walk.set_cursor)
        self.steps.valueChanged.connect(walk.set_planned)
        walk.stepsChanged.connect(self.refresh)
        walk.cursorChanged.connect(self.refresh)
        walk.plannedChanged.connect(self.refresh)
        self.refresh()

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def _name_parts(self) -> None:
        self.setObjectName("lab.scrubberBar")
        self.play.setObjectName("lab.play")
        self.play.setAccessibleName(self.tr("Play the adaptation"))
        self.play.setToolTip(self.tr("Play the steps one after the other (Space)"))
        self.slider.setObjectName("lab.scrubber")
        self.slider.setAccessibleName(self.tr("Inner step looked at"))
        self.slider.setToolTip(self.tr("The inner step looked at (left and right arrow)"))
        self.slider.setPageStep(1)
        self.steps.setObjectName("lab.steps")
        self.steps.setAccessibleName(self.tr("Number of inner steps"))
        self.steps.setToolTip(
            self.tr(
                "Inner steps taken here; may exceed the number trained with (at most {0})"
            ).format(MAX_STEPS)
        )
        self.steps.setRange(0, MAX_STEPS)
        self.steps.setFixedWidth(52)
        paint.bare(self.steps)
        theme.current().set_icon(self.play, "play")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.play)
        row.addWidget(self.label)
        row.addWidget(QLabel(self.tr("of")))
        row.addWidget(self.steps)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.slider)
        layout.addLayout(row)

    @Slot()
    def refresh(self) -> None:
        last = max(len(self._walk.steps) - 1, 0)
        for widget in (self.slider, self.steps):
            widget.blockSignals(True)
        self.slider.setRange(0, last)
        self.slider.setValue(self._walk.cursor)
        self.steps.setValue(self._walk.planned)
        for widget in (self.slider, self.steps):
            widget.blockSignals(False)
        self.slider.setEnabled(last > 0)
        self.play.setEnabled(last > 0)
        self.label.setText(self.tr("step {0}").format(self._walk.cursor))
        widest = self.tr("step {0}").format("0" * len(str(last)))
        self.label.setMinimumWidth(self.fontMetrics().horizontalAdvance(widest) + 2)

    @Slot()
    def _toggle(self) -> None:
        if self.playing:
            self._stop()
            return
        if self._walk.cursor >= len(self._walk.steps) - 1:
            self._walk.set_cursor(0)
        self._timer.start(min(PLAY_MS, WHOLE_MS // len(self._walk.steps)))
        theme.current().set_icon(self.play, "pause")

    @Slot()
    def _advance(self) -> None:
        self._walk.set_cursor(self._walk.cursor + 1)
        if self._walk.cursor >= len(self._walk.steps) - 1:
            self._stop()

    def _stop(self) -> None:
        self._timer.stop()
        theme.current().set_icon(self.play, "play")
