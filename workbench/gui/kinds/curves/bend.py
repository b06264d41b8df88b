"""Two sliders that bend the true curve: its amplitude and its phase."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QSizePolicy,
    QSlider,
    QStyle,
    QWidget,
)

from workbench.gui.kinds.curves.editing import curve_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.tasks.sinusoid import CurveTask

GRAIN = 100
"""Slider positions to one unit."""
KNOB = 16
"""The width of the slider's handle in the style sheet, with its border."""
HEIGHT = 26
"""Room for the handle and for the line under the groove."""
Range = tuple[float, float]
AMPLITUDES: Range = (0.1, 5.0)
PHASES: Range = (0.0, math.pi)
"""What the tasks of training are drawn from; a phase may be set beyond it."""


class RangeSlider(QSlider):
    """A slider with a line under the part of its groove that was trained on."""

    def __init__(self, trained: Range) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._trained = trained

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        start, end = (self._pixel(value) for value in self._trained)
        painter = QPainter(self)
        line = QRectF(start, self.height() / 2 + 8, end - start, 2)
        painter.fillRect(line, paint.colors().muted)

    def _pixel(self, value: float) -> float:
        ends = self.minimum(), self.maximum(), round(value * GRAIN)
        return KNOB / 2 + QStyle.sliderPositionFromValue(*ends, self.width() - KNOB)


class BendRow:
    """One number of the curve: its name, a slider and the number itself."""

    def __init__(self, name: str, title: str, tip: str, reach: Range, trained: Range) -> None:
        self.title, self.trained, self._reach = title, trained, reach
        self.label = label(title, "small")
        self.slider = RangeSlider(trained)
        self.slider.setFixedHeight(HEIGHT)
        self.number = QDoubleSpinBox()
        self.slider.setObjectName(f"lab.{name}")
        self.number.setObjectName(f"lab.{name}Number")
        self.slider.setPageStep(GRAIN // 2)
        self.slider.setSingleStep(GRAIN // 20)
        self.number.setSingleStep(0.1)
        self.number.setFixedWidth(60)
        paint.bare(self.number)
        for widget in (self.slider, self.number):
            widget.setAccessibleName(title)
            widget.setToolTip(tip)

    def show(self, value: float) -> None:
        """A scene from elsewhere may lie beyond the ends; then they give way."""
        low, high = min(self._reach[0], value), max(self._reach[1], value)
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.slider.setRange(round(low * GRAIN), round(high * GRAIN))
            self.slider.setValue(round(value * GRAIN))
            self.number.setRange(low, high)
            self.number.setValue(value)

    def outside(self, value: float) -> bool:
        """Whether no task of training had this number, to the digits shown."""
        low, high = (round(end, 2) for end in self.trained)
        return not low <= round(value, 2) <= high


class Bend(QWidget):
    """Follows the task in view; a slider that moves edits it, and the lab adapts again."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("lab.bend")
        self.setAccessibleName(self.tr("Bend the true curve"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.amplitude = BendRow(
            "amplitude",
            self.tr("Amplitude"),
            self.tr("Height of the true curve; points that lie on it follow"),
            AMPLITUDES,
            AMPLITUDES,
        )
        self.phase = BendRow(
            "phase",
            self.tr("Phase"),
            self.tr("Shift of the true curve to the right; points that lie on it follow"),
            (-math.pi, 2 * math.pi),
            PHASES,
        )
        self.note = label("", "small", wrap=True)
        self.note.setObjectName("lab.bendNote")
        self._lay_out()
        self.amplitude.slider.valueChanged.connect(self._on_amplitude_slid)
        self.phase.slider.valueChanged.connect(self._on_phase_slid)
        self.amplitude.number.valueChanged.connect(self._set_amplitude)
        self.phase.number.valueChanged.connect(self._set_phase)
        state.taskChanged.connect(self.show_task)
        self.show_task()

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._flat: bool | None = None
        self.set_flat(False)

    def set_flat(self, flat: bool) -> None:
        """Both numbers in one row, where the plot above needs the height."""
        if flat == self._flat:
            return
        self._flat = flat
        for number, row in enumerate((self.amplitude, self.phase)):
            line, column = (0, 3 * number) if flat else (number, 0)
            for place, part in enumerate((row.label, row.slider, row.number)):
                self._grid.addWidget(part, line, column + place)
        self._grid.addWidget(self.note, 2, 0 if flat else 1, 1, 6 if flat else 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(4, 1 if flat else 0)

    @property
    def task(self) -> CurveTask | None:
        return curve_in_view(self._state)

    @Slot()
    def show_task(self) -> None:
        task = self.task
        if task is None:
            return
        self.setVisible(task.known)
        values = ((self.amplitude, task.amplitude), (self.phase, task.phase))
        for row, value in values:
            row.show(value)
        far = [row for row, value in values if row.outside(value)]
        text = self.tr("{0} is outside the range trained on, {1:.3g} to {2:.3g}.")
        said = [text.format(row.title, *row.trained) for row in far]
        self.note.setText(" ".join(said) or self.tr("Within the range trained on (underlined)."))

    @Slot(int)
    def _on_amplitude_slid(self, position: int) -> None:
        self._set_amplitude(position / GRAIN)

    @Slot(int)
    def _on_phase_slid(self, position: int) -> None:
        self._set_phase(position / GRAIN)

    @Slot(float)
    def _set_amplitude(self, amplitude: float) -> None:
        if self.task is not None:
            self._state.edit(self.task.bent(amplitude, self.task.phase), "amplitude")

    @Slot(float)
    def _set_phase(self, phase: float) -> None:
        if self.task is not None:
            self._state.edit(self.task.bent(self.task.amplitude, phase), "phase")
