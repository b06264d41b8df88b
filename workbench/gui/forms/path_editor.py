"""A path: a line that shows where it begins and ends, and a button that looks for another."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QStyle,
    QStyleOptionFrame,
    QToolButton,
    QWidget,
)

from workbench.core.errors import printable
from workbench.gui.forms.text_editor import TextEditor
from workbench.gui.style import theme

if TYPE_CHECKING:
    from workbench.core.params import ParamInfo

MARGIN = 2
"""Pixels that Qt leaves at either side of the text of a line."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Forms", text)


class PathLine(TextEditor):
    """Without the focus a path that is too long is elided in its middle; with it, it is text."""

    @property
    def shown(self) -> str:
        """What can be read of it now."""
        if self.hasFocus():
            return self.text()
        room = self._room.width() - 2 * MARGIN
        middle = Qt.TextElideMode.ElideMiddle
        return self.fontMetrics().elidedText(printable(self.text()), middle, room)

    @property
    def _room(self) -> Any:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        place = QStyle.SubElement.SE_LineEditContents
        return self.style().subElementRect(place, option, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.shown == self.text():
            super().paintEvent(event)
            return
        option, painter = QStyleOptionFrame(), QPainter(self)
        self.initStyleOption(option)
        panel = QStyle.PrimitiveElement.PE_PanelLineEdit
        self.style().drawPrimitive(panel, option, painter, self)
        painter.setPen(self.palette().text().color())
        box = self._room.adjusted(MARGIN, 0, -MARGIN, 0)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.shown
        )


def kinds_of_path(info: ParamInfo) -> tuple[bool, bool]:
    """Whether a path may be a file, and whether it may be a folder; its help says so."""
    told = info.help.lower()
    return ("file" in told or ".zip" in told), "folder" in told


class PathEditor(QWidget):
    """A path as text, with a button that looks for it."""

    edited = Signal(object)
    settled = Signal()

    def __init__(self, info: ParamInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files, self._folders = kinds_of_path(info)
        self.line = PathLine(self)
        self.help = ""
        """What the parameter means, for the tooltip below the path."""
        self.line.setPlaceholderText(tr("Choose") if self._folders else tr("Choose a file"))
        self.line.edited.connect(self.edited.emit)
        self.line.settled.connect(self.settled.emit)
        self.button = QToolButton(self)
        theme.current().set_icon(self.button, "folder", "muted")
        self.button.setToolTip(tr("Browse"))
        self.button.setAccessibleName(tr("Browse for {name}").format(name=info.label))
        self.button.clicked.connect(self.browse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)

    def show_value(self, value: Any) -> None:
        self.line.show_value(value)
        whole = html.escape(printable(self.line.text()))
        self.line.setToolTip(f"{whole}<br>{self.help}" if whole else self.help)

    @Slot()
    def browse(self) -> None:
        if not (self._files and self._folders):
            self.ask(self._files)
            return
        menu = QMenu(self)
        menu.addAction(tr("A file…")).triggered.connect(lambda: self.ask(True))
        menu.addAction(tr("A folder…")).triggered.connect(lambda: self.ask(False))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def ask(self, file: bool) -> None:
        """For a file, or for a folder."""
        chosen_before = self.line.text()
        start = str(Path(chosen_before).parent if chosen_before else Path.home())
        if file:
            chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"), start)
        else:
            chosen = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), start)
        if chosen:
            self.line.setText(chosen)
            self.edited.emit(chosen)
            self.settled.emit()
