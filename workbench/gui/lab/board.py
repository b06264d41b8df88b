"""The lab above, and below it what is open of the drawer, with a border that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from workbench.gui.state import settings

SHARE = 0.4
"""Of the height for what is open below, until somebody drags the border."""
LEAST_ABOVE, LEAST_BELOW = 180, 130


class Board(QSplitter):
    """What is below has one height, whichever view it is, and the same again after a restart.

    `roomChanged` carries the height above with something open below, and with nothing.
    """

    KEY = "lab/drawer/height"
    roomChanged = Signal(int, int)

    def __init__(self, above: QWidget, below: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("lab.board")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(10)
        self._below = below
        self._wanted = settings.number(self.KEY, 0)
        self.addWidget(above)
        self.addWidget(below)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self.handle(1).setToolTip(self.tr("Drag to give the view below more room, or less"))
        self.splitterMoved.connect(self._on_dragged)
        below.installEventFilter(self)

    @property
    def height_below(self) -> int:
        """What is below gets when it is open."""
        most = max(self.height() - self.handleWidth() - LEAST_ABOVE, LEAST_BELOW)
        return min(max(self._wanted or int(SHARE * self.height()), LEAST_BELOW), most)

    def fit(self) -> None:
        below = self.height_below
        self.setSizes([self.height() - self.handleWidth() - below, below])
        self.roomChanged.emit(self.height() - self.handleWidth() - below, self.height())

    @Slot(int, int)
    def _on_dragged(self) -> None:
        self._wanted = self.sizes()[1]
        settings.remember(self.KEY, self._wanted)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._below and event.type() == QEvent.Type.ShowToParent:
            self.fit()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
