"""What a plot offers: scale, smoothing, fit, and its export as picture, drawing or numbers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

REACHES = (0, 5, 25, 100)
"""Steps on either side that a smoothed value is the mean of."""


class FigureMenu(QMenu):
    """Says what is wanted; the figure, its parent, does it. Exports suggest ``file_name``."""

    logWanted = Signal(bool)
    smoothingWanted = Signal(int)
    fitWanted = Signal()
    allWanted = Signal()
    saveWanted = Signal(object)

    def __init__(self, figure: QWidget, file_name: str) -> None:
        super().__init__(figure)
        self._figure, self._file_name = figure, file_name
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
        self.addSeparator()
        self._add_exports(self)

    def show_settings(self, log: bool, reach: int) -> None:
        self._log.setChecked(log)
        for action in self._reaches.actions():
            action.setChecked(action.data() == reach)

    def exports(self, title: str, parent: QMenu) -> QMenu:
        """The same exports for the window's own menu."""
        menu = QMenu(title, parent)
        self._add_exports(menu)
        return menu

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

    def _add_exports(self, menu: QMenu) -> None:
        for kind in ("png", "svg", "csv"):
            action = menu.addAction(self.tr("Export {kind}…").format(kind=kind.upper()))
            action.setObjectName(f"{self._figure.objectName()}.{kind}")
            action.setData(kind)
            action.triggered.connect(self._on_export)

    @Slot(QAction)
    def _on_smoothing(self, action: QAction) -> None:
        self.smoothingWanted.emit(int(action.data()))

    @Slot()
    def _on_export(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        kind = str(action.data())
        title = self.tr("Export {kind}").format(kind=kind.upper())
        name = f"{self._file_name}.{kind}"
        file, _ = QFileDialog.getSaveFileName(self._figure, title, name, f"*.{kind}")
        if file:
            self.saveWanted.emit(Path(file))
