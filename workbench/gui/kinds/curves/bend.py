"""Sliders that bend the true curve: amplitude and phase of a sine, the numbers of another."""

from __future__ import annotations

from functools import partial
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
    from workbench.tasks.functions import Function, Number
    from workbench.tasks.sinusoid import CurveTask

GRAIN = 100
"""Slider positions to one unit."""
KNOB = 16
"""The width of the slider's handle in the style sheet, with its border."""
HEIGHT = 26
"""Room for the handle and for the line under the groove."""
Range = tuple[float, float]


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

    def __init__(self, number: Number) -> None:
        self.title = number.name[:1].upper() + number.name[1:]
        self.trained = (number.low, number.high)
        self._reach = number.reach or self.trained
        name = "".join(word.title() for word in number.name.split())
        name = name[:1].lower() + name[1:]
        self.label = label(self.title, "small")
        self.slider = RangeSlider(self.trained)
        self.slider.setFixedHeight(HEIGHT)
        self.number = QDoubleSpinBox()
        self.slider.setObjectName(f"lab.{name}")
        self.number.setObjectName(f"lab.{name}Number")
        self.slider.setPageStep(GRAIN // 2)
        self.slider.setSingleStep(GRAIN // 20)
        self.number.setSingleStep(0.1)
        self.number.setFixedWidth(60)
        paint.bare(self.number)
        for widget in self.parts[1:]:
            widget.setAccessibleName(self.title)
            widget.setToolTip(number.tip)

    @property
    def parts(self) -> tuple[QWidget, QWidget, QWidget]:
        return self.label, self.slider, self.number

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
        self._function: Function | None = None
        self.rows: list[BendRow] = []
        self._flat = False
        self.note = label("", "small", wrap=True)
        self.note.setObjectName("lab.bendNote")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        state.taskChanged.connect(self.show_task)
        self.show_task()

    def set_flat(self, flat: bool) -> None:
        """Two numbers in a row, where the plot above needs the height."""
        if flat != self._flat:
            self._flat = flat
            self._lay_out()

    def _lay_out(self) -> None:
        """More than two have a row each: their sliders need the width."""
        abreast = 2 if self._flat and len(self.rows) <= 2 else 1
        for number, row in enumerate(self.rows):
            line, column = divmod(number, abreast)
            for place, part in enumerate(row.parts):
                self._grid.addWidget(part, line, 3 * column + place)
        width, below = 3 * abreast, len(self.rows)
        self._grid.addWidget(self.note, below, 0 if abreast > 1 else 1, 1, width)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(4, 1 if abreast > 1 else 0)

    def _build(self, function: Function) -> None:
        for row in self.rows:
            for part in row.parts:
                self._grid.removeWidget(part)
                part.hide()
                part.deleteLater()
        self._function = function
        self.rows = [BendRow(number) for number in function.numbers]
        for place, row in enumerate(self.rows):
            row.slider.valueChanged.connect(partial(self._on_slid, place))
            row.number.valueChanged.connect(partial(self._set, place))
        self._lay_out()

    @property
    def task(self) -> CurveTask | None:
        return curve_in_view(self._state)

    @Slot()
    def show_task(self) -> None:
        task = self.task
        if task is None:
            return
        self.setVisible(task.known)
        if task.function is not self._function:
            self._build(task.function)
        used = task.function.used
        shown = range(len(self.rows)) if used is None else used(task.numbers)
        for place, (row, value) in enumerate(zip(self.rows, task.numbers, strict=True)):
            row.show(value)
            for part in row.parts:
                part.setVisible(place in shown)
        far = [self.rows[at] for at in shown if self.rows[at].outside(task.numbers[at])]
        text = self.tr("{0} is outside the range trained on, {1:.3g} to {2:.3g}.")
        said = [text.format(row.title, *row.trained) for row in far]
        self.note.setText(" ".join(said) or self.tr("Within the range trained on (underlined)."))

    def _on_slid(self, place: int, position: int) -> None:
        self._set(place, position / GRAIN)

    def _set(self, place: int, value: float) -> None:
        task = self.task
        if task is not None:
            numbers = [*task.numbers[:place], value, *task.numbers[place + 1 :]]
            self._state.edit(task.bent(*numbers), task.function.numbers[place].name)
