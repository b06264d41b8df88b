"""Folds docks into one where the window is small, and lays them out again where it is large.

Side by side, two docks and the middle need more width than a small screen has: the middle is what
one looks at, and would be squeezed to nothing. Folded docks share one place, as tabs of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from workbench.gui.state import settings

NARROW, LOW = 1220, 760
"""A window of less width has one dock beside the middle; of less height, none below it."""


@dataclass(frozen=True)
class Fold:
    """A dock that may be folded: where it is at home, and what size it has there."""

    dock: QDockWidget
    area: Qt.DockWidgetArea
    size: int
    across: bool
    """Whether it takes width, else height."""

    def wanted(self, window: QSize) -> bool:
        return window.width() < NARROW if self.across else window.height() < LOW


class Folding(QObject):
    """`fit` after every change of the window's size; a dock moved by hand is left alone."""

    KEY = "window/folded"

    def __init__(self, window: QMainWindow, host: QDockWidget, folds: tuple[Fold, ...]) -> None:
        super().__init__(window)
        self._window, self._host, self._folds = window, host, folds
        self._folded: list[str] = []
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)

    def recall(self) -> None:
        """After the layout of the last time is there again."""
        names = settings.settings().value(self.KEY, [])
        several = names if isinstance(names, list) else [names]
        self.reset([name for name in several if isinstance(name, str)])

    def reset(self, folded: list[str]) -> None:
        """Another layout was put in place, in which these are folded."""
        self._folded = folded
        self._show_titles()
        self.fit(self._window.size())

    def remember(self) -> None:
        settings.remember(self.KEY, self._folded)

    def fit(self, size: QSize) -> None:
        before = list(self._folded)
        for fold in self._folds:
            folded = fold.dock.objectName() in self._folded
            if fold.wanted(size) and not folded:
                self._fold(fold)
            elif folded and not fold.wanted(size):
                self._unfold(fold)
        if before != self._folded:
            self._hide_emptied()

    def _hide_emptied(self) -> None:
        """Qt leaves the tabs of a group on the screen that went elsewhere one after the other."""
        for tabs in self._window.findChildren(
            QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            tabs.hide()
        self._window.restoreState(self._window.saveState())

    def _fold(self, fold: Fold) -> None:
        area = self._window.dockWidgetArea
        if fold.dock.isFloating() or area(fold.dock) == area(self._host):
            return
        hidden = fold.dock.isHidden()
        self._window.tabifyDockWidget(self._host, fold.dock)
        fold.dock.setHidden(hidden)
        self._folded.append(fold.dock.objectName())
        self._show_titles()
        self._host.raise_()

    def _unfold(self, fold: Fold) -> None:
        self._folded.remove(fold.dock.objectName())
        hidden = fold.dock.isHidden()
        self._window.addDockWidget(fold.area, fold.dock)
        for other in self._at_home(fold):
            self._window.tabifyDockWidget(other, fold.dock)
        fold.dock.setHidden(hidden)
        side = Qt.Orientation.Horizontal if fold.across else Qt.Orientation.Vertical
        self._window.resizeDocks([fold.dock], [fold.size], side)
        self._show_titles()

    def _at_home(self, fold: Fold) -> list[QDockWidget]:
        """The others that share its place, as tabs of it."""
        area = self._window.dockWidgetArea
        homes = (one.dock for one in self._folds if one is not fold and one.area == fold.area)
        return [dock for dock in homes if area(dock) == fold.area and not dock.isFloating()]

    def _show_titles(self) -> None:
        """A tab is title enough. Who has a title of its own making keeps it."""
        sharing = {*self._folded, self._host.objectName()} if self._folded else set()
        for dock in (self._host, *(fold.dock for fold in self._folds)):
            own = dock.titleBarWidget()
            if own is None and dock.objectName() in sharing:
                dock.setTitleBarWidget(_NoTitle())
            elif isinstance(own, _NoTitle) and dock.objectName() not in sharing:
                dock.setTitleBarWidget(None)  # type: ignore[arg-type]
                own.deleteLater()


class _NoTitle(QWidget):
    """In place of a dock's title bar."""
