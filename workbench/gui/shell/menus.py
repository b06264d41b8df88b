"""The menu bar. Only what works stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabWidget

from workbench.gui.shell.actions import Actions
from workbench.gui.state import settings
from workbench.gui.state.training import PLACE
from workbench.gui.style import theme
from workbench.gui.takeaway.menu import TakeAwayMenu

if TYPE_CHECKING:
    from workbench.gui.lab.panel import LabPanel
    from workbench.gui.plots.figure import Figure
    from workbench.gui.state.forecasting import Forecasting

Command = Callable[[], object]


class Menus(QObject):
    """Fills the bar of a window, menu by menu; each is given what it offers."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.menuBar().setNativeMenuBar(False)

    def add_file(self, lately: Iterable[QMenu], figures: Sequence[Figure]) -> None:
        menu = self._menu(self.tr("&File"))
        for recent in lately:
            menu.addMenu(recent)
        menu.addSeparator()
        away = menu.addMenu(self.tr("Take a plot away"))
        for figure in figures:
            taken = TakeAwayMenu(figure.sheet, f"file.{figure.name}", away)
            taken.setTitle(figure.accessibleName())
            away.addMenu(taken)
        menu.addSeparator()
        self._add(menu, self.tr("Quit"), "actionQuit", self._window.close, "Ctrl+Q")

    def add_edit(self, acts: Actions) -> None:
        self._menu(self.tr("&Edit")).addActions([acts.undo, acts.redo])

    def add_run(self, acts: Actions) -> None:
        menu = self._menu(self.tr("&Run"))
        menu.addActions([acts.start, acts.start_from, acts.queue])
        menu.addActions([acts.race, acts.open_race, acts.search, acts.open_search])
        menu.addAction(acts.work_through)
        menu.addSeparator()
        menu.addAction(acts.pause)
        menu.addMenu(self.tr("Step")).addActions([acts.step_outer, acts.step_inner])
        menu.addAction(acts.stop)
        menu.addSeparator()
        self._add_places(menu.addMenu(self.tr("Train in")))

    def add_lab(self, lab: LabPanel, acts: Actions, use_fresh: Command) -> None:
        menu, scenes = self._menu(self.tr("&Lab")), lab.scenes
        self._add(menu, self.tr("Open scene…"), "actionOpenScene", scenes.ask_to_open, "Ctrl+O")
        self._add(menu, self.tr("Save scene…"), "actionSaveScene", scenes.ask_to_save, "Ctrl+S")
        menu.addMenu(lab.adapted)
        menu.addAction(lab.keeping.action)
        menu.addSeparator()
        menu.addActions([acts.resample, acts.step_inner, lab.draw, lab.compared])
        fresh = self._add(menu, self.tr("Use untrained weights"), "actionFresh", use_fresh)
        fresh.setToolTip(self.tr("Look at the weights that the settings start from"))

    def add_view(
        self,
        tabs: QTabWidget,
        docks: Iterable[QDockWidget],
        reset: Command,
        forecast: Forecasting,
    ) -> None:
        menu = self._menu(self.tr("&View"))
        for index in range(tabs.count()):
            name, keys = f"actionTab{index + 1}", f"Ctrl+{index + 1}"
            action = self._add(menu, tabs.tabText(index), name, keys=keys)
            action.triggered.connect(lambda _=False, tab=index: tabs.setCurrentIndex(tab))
        menu.addSeparator()
        menu.addActions([dock.toggleViewAction() for dock in docks])
        self._add(menu, self.tr("Reset layout"), "actionResetLayout", reset)
        menu.addSeparator()
        told = self._add(menu, self.tr("Forecast before Start"), "actionForecast")
        told.setToolTip(self.tr("Measure a few steps of the settings while nothing trains"))
        told.setCheckable(True)
        told.setChecked(forecast.wanted)
        told.toggled.connect(forecast.want)
        self._add_themes(menu.addMenu(self.tr("Theme")))

    def add_help(self, explain: Command, shortcuts: Command, about: Command) -> None:
        menu = self._menu(self.tr("&Help"))
        title = self.tr("Explain the focused field")
        self._add(menu, title, "actionExplain", explain, "F1")
        self._add(menu, self.tr("Keyboard shortcuts"), "actionShortcuts", shortcuts)
        self._add(menu, self.tr("About"), "actionAbout", about)

    def _add_places(self, menu: QMenu) -> None:
        """The values are those of `hosting.choosing.Place`."""
        group, chosen = QActionGroup(self._window), settings.text(PLACE, "auto")
        for place, title, tip in (
            (
                "auto",
                self.tr("Automatic"),
                self.tr("A process of its own on a GPU and for code of yours, else this one"),
            ),
            ("here", self.tr("This process"), self.tr("It ends when the window does")),
            (
                "apart",
                self.tr("A process of its own"),
                self.tr("It goes on when the window crashes or is closed, and can be taken up"),
            ),
        ):
            action = self._add(menu, title, f"actionPlace.{place}")
            action.setToolTip(tip)
            action.setCheckable(True)
            action.setData(place)
            action.setChecked(chosen == place)
            group.addAction(action)
        menu.setToolTipsVisible(True)
        group.triggered.connect(self._on_place)

    @Slot(QAction)
    def _on_place(self, action: QAction) -> None:
        settings.remember(PLACE, action.data())

    def _add_themes(self, menu: QMenu) -> None:
        group = QActionGroup(self._window)
        titles = {
            "system": self.tr("System"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        icons = {"system": "system", "light": "sun", "dark": "moon"}
        for mode in theme.MODES:
            action = self._add(menu, titles[mode], f"actionTheme.{mode}")
            action.setCheckable(True)
            action.setData(mode)
            action.setChecked(theme.current().mode == mode)
            theme.current().set_icon(action, icons[mode])
            group.addAction(action)
        group.triggered.connect(self._on_theme)

    @Slot(QAction)
    def _on_theme(self, action: QAction) -> None:
        theme.current().use(action.data())
        settings.remember("theme", action.data())

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(
        self, menu: QMenu, text: str, name: str, do: Command | None = None, keys: str = ""
    ) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(name)
        if keys:
            action.setShortcut(keys)
        if do is not None:
            action.triggered.connect(do)
        menu.addAction(action)
        return action
