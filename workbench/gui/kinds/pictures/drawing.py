"""The popup with the sheet to draw a support picture on; the slot changes with every stroke."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.kinds.pictures.canvas import InkCanvas, Strokes
from workbench.gui.style import paint


class DrawingPopup(QFrame):
    """`drawn` carries way, shot, ink and strokes; an empty sheet gives `wiped`."""

    drawn = Signal(int, int, object, object)
    wiped = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._way = self._shot = 0
        self.setObjectName("lab.drawing")
        self.setAccessibleName(self.tr("Draw a support picture"))
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

    def open_for(self, way: int, shot: int, strokes: Strokes, at: QPoint) -> None:
        """Show the sheet of a slot at a point of the screen, with what was drawn there before."""
        self._way, self._shot = way, shot
        self.canvas.show_strokes(strokes)
        text = self.tr("Draw class {0}, picture {1}").format(paint.letter(way), shot + 1)
        self._heading.setText(text)
        self.adjustSize()
        area = self.screen().availableGeometry()
        x = min(at.x(), area.right() - self.width())
        y = min(at.y(), area.bottom() - self.height())
        self.move(max(x, area.left()), max(y, area.top()))
        self.show()
        self.canvas.setFocus()

    @Slot()
    def _on_ink(self) -> None:
        if self.canvas.empty:
            self.wiped.emit(self._way, self._shot)
        else:
            canvas = self.canvas
            self.drawn.emit(self._way, self._shot, canvas.ink(), canvas.strokes())
