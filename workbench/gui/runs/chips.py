"""Tags as chips: a press takes one away, a field beside them adds one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QScrollArea, QToolButton, QWidget

from workbench.gui.style import theme

MOST = 40
MOST_CHIPS = 220
"""Pixels of chips that are in sight before they scroll."""


class Chips(QWidget):
    """`wanted` carries other tags; `show_tags` says what they are then."""

    wanted = Signal(list)

    def __init__(self, known: Callable[[], list[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = known
        self._tags: tuple[str, ...] = ()
        self.chips: list[QToolButton] = []
        self.line = self._make_line()
        self._room = QWidget()
        self._room.setProperty("page", True)
        self._row = QHBoxLayout(self._room)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._scroll(), 2)
        row.addWidget(self.line, 1)

    def show_tags(self, tags: Sequence[str]) -> None:
        if tuple(tags) == self._tags and len(self.chips) == len(tags):
            return
        self._tags = tuple(tags)
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(tag) for tag in tags]
        for place, chip in enumerate(self.chips):
            self._row.insertWidget(place, chip)

        self._area.setVisible(bool(tags))
        self._area.setMinimumWidth(min(self._row.sizeHint().width(), MOST_CHIPS))

    def _scroll(self) -> QScrollArea:
        """Many tags scroll sideways: the field beside them stays in sight."""
        self._area = QScrollArea(self)
        self._area.setObjectName("runs.chips")
        self._area.setAccessibleName(self.tr("Tags"))
        self._area.setWidgetResizable(True)
        self._area.setFixedHeight(34)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._room)
        self._area.hide()
        return self._area

    def _chip(self, tag: str) -> QToolButton:
        chip = QToolButton(self._room)
        chip.setObjectName(f"runs.tag.{tag}")
        chip.setText(f"#{tag}")
        chip.setAccessibleName(self.tr("Tag {0}").format(tag))
        chip.setToolTip(self.tr("Take the tag {0} away").format(tag))
        chip.setProperty("chip", True)
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        theme.current().set_icon(chip, "close", "accent")
        chip.clicked.connect(self._on_chip)
        return chip

    def _make_line(self) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName("runs.tags")
        line.setAccessibleName(self.tr("Add a tag"))
        line.setPlaceholderText(self.tr("Add a tag"))
        line.setToolTip(self.tr("Enter adds it; several with blanks between them"))
        line.setMaxLength(10 * MOST)
        line.setMinimumWidth(90)
        line.returnPressed.connect(self._add)
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        line.setCompleter(completer)
        line.textEdited.connect(self._offer)
        return line

    @Slot()
    def _offer(self) -> None:
        self._offered.setStringList([tag for tag in self._known() if tag not in self._tags])

    @Slot()
    def _add(self) -> None:
        added = self.line.text().replace("#", " ").split()
        if added:
            self.line.clear()
            self.wanted.emit([*self._tags, *added])

    @Slot()
    def _on_chip(self) -> None:
        gone = self.chips.index(self.sender())  # type: ignore[arg-type]
        self.line.setFocus()
        self.wanted.emit([tag for place, tag in enumerate(self._tags) if place != gone])
