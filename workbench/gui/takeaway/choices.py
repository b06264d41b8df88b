"""Submenus that choose the form: size, scale and colours. They stay open while one chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.takeaway import form
from workbench.gui.takeaway.form import COLOURINGS, SCALES, SIZES, Form


class Choice(QMenu):
    """One field or two of the form; the title says what is chosen."""

    changed = Signal()

    def __init__(self, name: str, title: str, fields: tuple[str, ...], parent: QMenu) -> None:
        super().__init__(parent)
        self.setObjectName(f"{parent.objectName()}.{name}")
        self._title, self._fields = title, fields
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._on_chosen)

    def offer(self, text: str, values: tuple[Any, ...]) -> None:
        action = self.addAction(text)
        action.setCheckable(True)
        action.setData(values)
        self._group.addAction(action)

    def show_form(self, chosen: Form, other: str = "") -> None:
        """``other`` is said where none of those offered is chosen."""
        values = tuple(getattr(chosen, name) for name in self._fields)
        for action in self._group.actions():
            action.setChecked(tuple(action.data()) == values)
        checked = self._group.checkedAction()
        self.setTitle(self._title.format(checked.text() if checked is not None else other))

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        values = dict(zip(self._fields, action.data(), strict=True))
        form.remember(replace(form.remembered(), **values))
        self.changed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)


class FormChoices(QWidget):
    """The three submenus of a menu; `otherWanted` asks for a size by hand."""

    otherWanted = Signal()

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self.hide()
        self._size = Choice("size", self.tr("Size: {0}"), ("width", "height"), menu)
        self._scale = Choice("scale", self.tr("Scale of a picture: {0}"), ("scale",), menu)
        self._colours = Choice("colours", self.tr("Colours: {0}"), ("colouring",), menu)
        for width, height in SIZES:
            self._size.offer(self._size_text(width, height), (width, height))
        self._size.addSeparator()
        other = self._size.addAction(self.tr("Another size…"))
        other.setObjectName(f"{menu.objectName()}.otherSize")
        other.triggered.connect(self.otherWanted)
        for scale in SCALES:
            self._scale.offer(self.tr("{0}×").format(scale), (scale,))
        for colouring, text in zip(COLOURINGS, self._colour_texts(), strict=True):
            self._colours.offer(text, (colouring,))
        for choice in (self._size, self._scale, self._colours):
            menu.addMenu(choice)
            choice.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        chosen = form.remembered()
        self._size.show_form(chosen, self._size_text(chosen.width, chosen.height))
        self._scale.show_form(chosen)
        self._colours.show_form(chosen)

    def _size_text(self, width: int, height: int) -> str:
        return self.tr("{0} × {1} pixels").format(width, height)

    def _colour_texts(self) -> Sequence[str]:
        """In the order of `COLOURINGS`."""
        return (
            self.tr("as the window"),
            self.tr("light"),
            self.tr("dark"),
            self.tr("print: black ink on white"),
        )
