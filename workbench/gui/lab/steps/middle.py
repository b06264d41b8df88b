"""The middle of the lab: curves with their scrubber, or the one result of a closed form."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.steps.curves import AdaptationCurves
from workbench.gui.lab.steps.one_step import OneStep
from workbench.gui.lab.steps.scrubber import Scrubber
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.menu import SIDE


class Middle(QWidget):
    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("lab.middle")
        self.setAccessibleName(self.tr("Adaptation"))
        self.curves = AdaptationCurves(state)
        self.scrubber = Scrubber(state)
        self.one_step = OneStep(state)
        self._title = label("", "heading")
        self._title.setMinimumHeight(SIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self.curves, 1)
        layout.addWidget(self.scrubber)
        layout.addWidget(self.one_step, 1)
        state.stepsChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        stepwise = self._state.stepwise
        self._title.setText(self.tr("Adaptation") if stepwise else self.tr("In one step"))
        self.one_step.setVisible(not stepwise)
        for part in (self.curves, self.scrubber):
            part.setVisible(stepwise)
