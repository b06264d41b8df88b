"""What a plot of a training offers: scale, smoothing, fit."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

REACHES = (0, 5, 25, 100)
"""Steps on either side that a smoothed value is the mean of."""


class FigureMenu(QMenu):
    """Says what is wanted; the figure, its parent, does it."""

    logWanted = Signal(bool)
    smoothingWanted = Signal(int)
    fitWanted = Signal()
    allWanted = Signal()

    def __init__(self, figure: QWidget) -> None:
        super().__init__(figure)
        self.setObjectName(f"{figure.objectName()}.options")
        self._log = self.addAction(self.tr("Logarithmic axis"))
        self._log.setObjectName(f"{figure.objectName()}.log")
        self._log.setCheckable(True)
        self._log.toggled.connect(self.logWanted)
        self._reaches = self._add_smoothing()
        fit = self.addAction(self.tr("Fit to view"))
        fit.setObjectName(f"{figure.objectName()}.fit")
        fit.triggered.connect(self.fitWanted)
        whole = self.addAction(self.tr("View all, outliers too"))
        whole.setObjectName(f"{figure.objectName()}.all")
        whole.triggered.connect(self.allWanted)

    def show_settings(self, log: bool, reach: int) -> None:
        self._log.setChecked(log)
        for action in self._reaches.actions():
            action.setChecked(action.data() == reach)

    def _add_smoothing(self) -> QActionGroup:
        menu = self.addMenu(self.tr("Smoothing"))
        group = QActionGroup(self)
        for reach in REACHES:
            text = self.tr("Mean of ±{n} steps").format(n=reach) if reach else self.tr("Off")
            action = menu.addAction(text)
            action.setData(reach)
            action.setCheckable(True)
            group.addAction(action)
        group.triggered.connect(self._on_smoothing)
        return group

    @Slot(QAction)
    def _on_smoothing(self, action: QAction) -> None:
        self.smoothingWanted.emit(int(action.data()))
