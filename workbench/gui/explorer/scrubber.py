"""The step at which tasks are compared: a slider, and its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from workbench.gui.explorer import told
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState


class Scrubber(QWidget):
    """Hidden where there is one step alone."""

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("explorer.step")
        self.slider.setAccessibleName(self.tr("Step at which tasks are compared"))
        self.slider.setToolTip(self.tr("The step at which tasks are compared (← and →)"))
        self.slider.setPageStep(1)
        self.said = label("", "value")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 10, 4)
        row.setSpacing(12)
        row.addWidget(self.slider, 1)
        row.addWidget(self.said)
        self.slider.valueChanged.connect(state.set_step)
        state.changed.connect(self.refresh)
        state.stepChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        seen = self._state.seen
        self.setVisible(seen is not None and seen.last > 0)
        if seen is None:
            return
        self.slider.blockSignals(True)
        self.slider.setRange(0, seen.last)
        self.slider.setValue(self._state.step)
        self.slider.blockSignals(False)
        self.said.setText(told.after_text(seen, self._state.step))
