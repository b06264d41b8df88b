"""The popup with the sheet to draw a picture on; who opened it is told of every stroke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kinds.pictures.canvas import InkCanvas, Strokes

Drawn = Callable[[Any, Strokes], None]
"""Given the ink, as `InkCanvas.ink` has it, and the strokes."""
Wiped = Callable[[], None]
"""Nothing stands on the sheet any more."""


class DrawingPopup(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._drawn: Drawn | None = None
        self._wiped: Wiped | None = None
        self.setObjectName("lab.drawing")
        self.setAccessibleName(self.tr("Draw a picture"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._heading = QLabel()
        self._heading.setProperty("role", "heading")
        self.canvas = InkCanvas(self)
        self.undo = self._button("lab.canvas.undo", self.tr("Undo stroke"))
        self.clear = self._button("lab.canvas.clear", self.tr("Clear"))
        self.done = self._button("lab.canvas.done", self.tr("Done"))
        self._lay_out()
        self.undo.clicked.connect(self.canvas.undo_stroke)
        self.clear.clicked.connect(self.canvas.clear)
        self.done.clicked.connect(self.hide)
        self.canvas.inkChanged.connect(self._on_ink)

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(text)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.undo)
        row.addWidget(self.clear)
        row.addStretch(1)
        row.addWidget(self.done)
        layout = QVBoxLayout(self)
        layout.addWidget(self._heading)
        layout.addWidget(self.canvas, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(row)

    def open_for(
        self, heading: str, strokes: Strokes, at: QPoint, drawn: Drawn, wiped: Wiped
    ) -> None:
        """Show the sheet at a point of the screen, with what was drawn there before."""
        self._drawn, self._wiped = drawn, wiped
        self.canvas.show_strokes(strokes)
        self._heading.setText(heading)
        self.adjustSize()
        area = self.screen().availableGeometry()
        x = min(at.x(), area.right() - self.width())
        y = min(at.y(), area.bottom() - self.height())
        self.move(max(x, area.left()), max(y, area.top()))
        self.show()
        self.canvas.setFocus()

    @Slot()
    def _on_ink(self) -> None:
        if self._drawn is None or self._wiped is None:
            return
        if self.canvas.empty:
            self._wiped()
        else:
            self._drawn(self.canvas.ink(), self.canvas.strokes())
