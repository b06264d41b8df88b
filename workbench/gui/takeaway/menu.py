"""The one menu with which any plot is taken away, and the button that opens it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from workbench.gui.style import theme
from workbench.gui.takeaway import taking
from workbench.gui.takeaway.choices import FormChoices
from workbench.gui.takeaway.sheet import Source
from workbench.gui.takeaway.size_dialog import SizeDialog
from workbench.gui.takeaway.write import KINDS, Kind

SIDE = 24
"""Pixels of the button: rows of a title are no higher for it."""


class TakeAwayMenu(QMenu):
    """Of one plot, whose sheet is taken at the moment something is chosen."""

    def __init__(self, source: Source, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.take = source
        self.setObjectName(f"{name}.takeAway")
        self.setTitle(self.tr("Take away"))
        self._taking: list[QAction] = []
        self.aboutToShow.connect(self.refresh)

    def _fill(self) -> None:
        """When it is first looked at: there are many plots, and a window is to open at once."""
        self._empty = self.addAction(self.tr("Nothing is drawn yet"))
        self._empty.setEnabled(False)
        self._taking = [self._add_kind(kind) for kind in KINDS]
        self.addSeparator()
        self._taking += [
            self._add("copyPicture", self.tr("Copy the picture"), self._copy_picture),
            self._add("copyNumbers", self.tr("Copy the numbers"), self._copy_numbers),
        ]
        self.addSeparator()
        self._choices = FormChoices(self)
        self._choices.otherWanted.connect(self._ask_size)

    def _add_kind(self, kind: Kind) -> QAction:
        texts = {
            "png": self.tr("Picture (PNG)…"),
            "svg": self.tr("Drawing (SVG)…"),
            "pdf": self.tr("Drawing (PDF)…"),
            "csv": self.tr("Numbers (CSV)…"),
        }
        return self._add(kind, texts[kind], partial(self._save, kind))

    def _add(self, name: str, text: str, do: object) -> QAction:
        action = self.addAction(text)
        action.setObjectName(f"{self.objectName()}.{name}")
        action.triggered.connect(do)
        return action

    @Slot()
    def refresh(self) -> None:
        """Only what is drawn can be taken."""
        if not self._taking:
            self._fill()
        there = self.take() is not None
        self._empty.setVisible(not there)
        for action in self._taking:
            action.setEnabled(there)
        self._choices.refresh()

    def _save(self, kind: Kind, checked: bool = False) -> None:
        sheet = self.take()
        if sheet is not None:
            taking.ask_and_save(sheet, kind, self._above())

    @Slot()
    def _copy_picture(self) -> None:
        sheet = self.take()
        if sheet is not None:
            taking.copy_picture(sheet)

    @Slot()
    def _copy_numbers(self) -> None:
        sheet = self.take()
        if sheet is not None:
            taking.copy_numbers(sheet)

    @Slot()
    def _ask_size(self) -> None:
        SizeDialog(self._above()).open()

    def _above(self) -> QWidget:
        """What a dialog stands before: no menu, which is gone by then."""
        above = self.parent()
        while isinstance(above, QMenu):
            above = above.parent()
        assert isinstance(above, QWidget)
        return above


class TakeAwayButton(QToolButton):
    """Beside ``plots`` that are taken away as one sheet; a right click on them opens its menu too.

    Not so where ``clicks`` says that they have a menu of their own.
    """

    def __init__(self, source: Source, name: str, *plots: QWidget, clicks: bool = True) -> None:
        super().__init__()
        self.plots: tuple[QWidget, ...] = ()
        self.take = source
        self.setObjectName(f"{name}.takeAwayButton")
        self.setAccessibleName(self.tr("Take this plot away"))
        self.setToolTip(self.tr("Take away: picture, drawing or numbers, to a file or copied"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet(
            "QToolButton { padding: 1px; } QToolButton::menu-indicator { image: none; }"
        )
        self.setFixedSize(SIDE, SIDE)
        theme.current().set_icon(self, "export", "muted")
        self.take_away = TakeAwayMenu(source, name, self)
        self.setMenu(self.take_away)
        self.stand_for(*plots, clicks=clicks)

    def stand_for(self, *plots: QWidget, clicks: bool = True) -> None:
        """These, and no longer those before."""
        self.plots = plots
        for plot in plots if clicks else ():
            plot.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            plot.customContextMenuRequested.connect(partial(self._on_asked, plot))

    def _on_asked(self, plot: QWidget, place: QPoint) -> None:
        self.take_away.popup(plot.mapToGlobal(place))
