"""Which two columns a plot of measurements shows: an input across, an output upwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from workbench.gui.kinds.measured.rows import Part
from workbench.gui.kinds.measured.words import tr
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.core.units import Scale, Units


class Axes(QWidget):
    """A list of each; where there is nothing to choose it is not there."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.across = self._box("lab.measured.x", tr("Input that is drawn"))
        self.up = self._box("lab.measured.y", tr("Output that is drawn"))
        self._titles = (label(tr("across"), "small"), label(tr("drawn"), "small"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self._titles[1], self.up, self._titles[0], self.across):
            row.addWidget(part)
        row.addStretch(1)

    def _box(self, name: str, meaning: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(meaning)
        box.setToolTip(meaning)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.currentIndexChanged.connect(self._on_changed)
        return box

    def show_units(self, units: Units) -> None:
        """Offer these columns; a choice stays where its name is there still."""
        for box, title, scale in zip(
            (self.across, self.up), self._titles, (units.x, units.y), strict=True
        ):
            _offer(box, scale)
            for part in (box, title):
                part.setVisible(len(scale.names) > 1)
        self.setVisible(len(units.x.names) > 1 or len(units.y.names) > 1)

    @property
    def parts(self) -> tuple[Part, Part]:
        """The input and the output that are drawn."""
        x, y = (max(box.currentIndex(), 0) for box in (self.across, self.up))
        return Part("x", x), Part("y", y)

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


def _offer(box: QComboBox, scale: Scale) -> None:
    names = [box.itemText(at) for at in range(box.count())]
    if names == list(scale.names):
        return
    before = box.currentText()
    box.blockSignals(True)
    box.clear()
    box.addItems(list(scale.names))
    box.setCurrentIndex(max(box.findText(before), 0))
    box.blockSignals(False)
