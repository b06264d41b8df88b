"""Which columns the table has, and by which it is sorted: a menu that the keyboard reaches."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from workbench.gui.runs import columns
from workbench.gui.runs.columns import Column
from workbench.gui.runs.shown import Look
from workbench.gui.style import theme


class LookButton(QToolButton):
    """`hideWanted` and `sortWanted` name a column; `restWanted` asks for the first look of all."""

    hideWanted = Signal(str, bool)
    sortWanted = Signal(str)
    restWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs.columns")
        self.setText(self.tr("Columns"))
        self.setAccessibleName(self.tr("Columns and sorting"))
        self.setToolTip(self.tr("Show and hide columns, and sort by one"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setProperty("compact", True)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        theme.current().set_icon(self, "chevron-down", "muted")
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)
        self._columns: Sequence[Column] = ()
        self._look = Look()

    def tell(self, found: Sequence[Column], look: Look) -> None:
        """What there is to choose from, and what is chosen."""
        self._columns, self._look = found, look

    @Slot()
    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        self._add_sorting(menu.addMenu(self.tr("Sort by")))
        menu.addSeparator()
        for column in self._columns:
            if column.key != columns.NAME:
                action = self._add(menu, column)
                action.setChecked(column.key not in self._look.hidden)
                action.toggled.connect(self._on_shown)
        menu.addSeparator()
        menu.addAction(self.tr("As at first")).triggered.connect(self.restWanted)

    def _add_sorting(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for column in self._columns:
            action = self._add(menu, column)
            action.setChecked(column.key == self._look.sort)
            action.triggered.connect(self._on_sort)
            group.addAction(action)

    def _add(self, menu: QMenu, column: Column) -> QAction:
        action = menu.addAction(column.title.replace("&", "&&"))
        action.setCheckable(True)
        action.setData(column.key)
        action.setToolTip(column.help)
        return action

    @Slot(bool)
    def _on_shown(self, shown: bool) -> None:
        self.hideWanted.emit(self._asked(), not shown)

    @Slot()
    def _on_sort(self) -> None:
        self.sortWanted.emit(self._asked())

    def _asked(self) -> str:
        action = self.sender()
        assert isinstance(action, QAction)
        return str(action.data())
