"""The switch that gives a person the policy's place, and what the keys do meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.gui.kinds.control.driving import Driving
from workbench.gui.style import theme, words
from workbench.gui.style.widgets import label


class DriveBar(QWidget):
    """`keyboardWanted` when driving begins: the map has the keys."""

    keyboardWanted = Signal()

    def __init__(self, driving: Driving) -> None:
        super().__init__()
        self._driving = driving
        self.toggle = QPushButton()
        self.told = label("", "small", wrap=True)
        self.toggle.setObjectName("lab.control.drive")
        self.toggle.setAccessibleName(self.tr("Drive yourself"))
        self.toggle.setToolTip(
            self.tr("Take the policy's place with the arrow keys: it then imitates your trajectory")
        )
        self.toggle.setCheckable(True)
        self.toggle.setProperty("compact", True)
        self.told.setObjectName("lab.control.driven")
        self.told.setAccessibleName(self.tr("How far you have driven"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.toggle)
        row.addWidget(self.told, 1)
        self.toggle.toggled.connect(self._on_toggled)
        driving.changed.connect(self.refresh)
        theme.current().follow(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        driving = self._driving
        with QSignalBlocker(self.toggle):
            self.toggle.setChecked(driving.on)
        off, on = self.tr("Drive yourself"), self.tr("Stop driving")
        self.toggle.setText(on if driving.on else off)
        if not driving.on:
            self.told.setText(self.tr("Off: arrow keys walk through the steps."))
            return
        text = self.tr("{0} of {1} steps, return {2}. Arrows drive, Enter ends, ⌫ takes back.")
        taken = (len(driving.actions), driving.horizon, words.short(driving.earned))
        self.told.setText(text.format(*taken))

    @Slot(object)
    def on_key(self, event: QKeyEvent) -> None:
        """A key that the map was given: all of them are the driver's, or nobody's."""
        self._driving.press(event.key())

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        if on:
            self._driving.start()
            self.keyboardWanted.emit()
        else:
            self._driving.give_up()
