"""The menu bar. Only what works stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from workbench.gui import theme

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


def tr(text: str) -> str:
    return QCoreApplication.translate("Menus", text)


def fill(window: MainWindow) -> None:
    bar = window.menuBar()
    bar.setNativeMenuBar(False)
    _file(bar.addMenu(tr("&File")), window)
    _edit(bar.addMenu(tr("&Edit")), window)
    _run(bar.addMenu(tr("&Run")), window)
    _lab(bar.addMenu(tr("&Lab")), window)
    _view(bar.addMenu(tr("&View")), window)
    _help(bar.addMenu(tr("&Help")), window)


def _file(menu: QMenu, window: MainWindow) -> None:
    menu.addMenu(window.recent.scenes)
    menu.addMenu(window.recent.folders)
    menu.addSeparator()
    export = menu.addMenu(tr("Export plot"))
    for figure in window.train.figures():
        export.addMenu(figure.menu.exports(figure.accessibleName(), export))
    menu.addSeparator()
    _add(menu, window, tr("Quit"), "actionQuit", "Ctrl+Q").triggered.connect(window.close)


def _edit(menu: QMenu, window: MainWindow) -> None:
    menu.addAction(window.acts.undo)
    menu.addAction(window.acts.redo)


def _run(menu: QMenu, window: MainWindow) -> None:
    acts = window.acts
    menu.addAction(acts.start)
    menu.addAction(acts.pause)
    step = menu.addMenu(tr("Step"))
    step.addAction(acts.step_outer)
    step.addAction(acts.step_inner)
    menu.addAction(acts.stop)


def _lab(menu: QMenu, window: MainWindow) -> None:
    scenes = window.lab.scenes
    _add(menu, window, tr("Open scene…"), "actionOpenScene", "Ctrl+O").triggered.connect(
        scenes.ask_to_open
    )
    _add(menu, window, tr("Save scene…"), "actionSaveScene", "Ctrl+S").triggered.connect(
        scenes.ask_to_save
    )
    menu.addSeparator()
    menu.addAction(window.acts.resample)
    menu.addAction(window.acts.step_inner)
    menu.addAction(window.lab.draw)
    menu.addAction(window.lab.compared)
    fresh = _add(menu, window, tr("Use untrained weights"), "actionFresh", "")
    fresh.setToolTip(tr("Look at the weights that the settings start from"))
    fresh.triggered.connect(window.workspace.learners.use_fresh)


def _view(menu: QMenu, window: MainWindow) -> None:
    for index in range(window.tabs.count()):
        text = window.tabs.tabText(index)
        action = _add(menu, window, text, f"actionTab{index + 1}", f"Ctrl+{index + 1}")
        action.setData(index)
        action.triggered.connect(window.on_tab_action)
    menu.addSeparator()
    for dock in window.docks():
        menu.addAction(dock.toggleViewAction())
    _add(menu, window, tr("Reset layout"), "actionResetLayout", "").triggered.connect(
        window.reset_layout
    )
    menu.addSeparator()
    _themes(menu.addMenu(tr("Theme")), window)


def _themes(menu: QMenu, window: MainWindow) -> None:
    group = QActionGroup(window)
    titles = {"system": tr("System"), "light": tr("Light"), "dark": tr("Dark")}
    icons = {"system": "system", "light": "sun", "dark": "moon"}
    for mode in theme.MODES:
        action = _add(menu, window, titles[mode], f"actionTheme.{mode}", "")
        action.setCheckable(True)
        action.setData(mode)
        action.setChecked(theme.current().mode == mode)
        theme.current().set_icon(action, icons[mode])
        group.addAction(action)
    group.triggered.connect(window.on_theme_action)


def _help(menu: QMenu, window: MainWindow) -> None:
    explain = _add(menu, window, tr("Explain the focused field"), "actionExplain", "F1")
    explain.triggered.connect(window.explain_focus)
    _add(menu, window, tr("Keyboard shortcuts"), "actionShortcuts", "").triggered.connect(
        window.show_shortcuts
    )
    _add(menu, window, tr("About"), "actionAbout", "").triggered.connect(window.show_about)


def _add(menu: QMenu, window: MainWindow, text: str, name: str, keys: str) -> QAction:
    action = QAction(text, window)
    action.setObjectName(name)
    if keys:
        action.setShortcut(keys)
    menu.addAction(action)
    return action
