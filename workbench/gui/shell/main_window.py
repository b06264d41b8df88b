"""The main window: three tabs, four docks, a transport; it wires panels, and owns no logic."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QLayout,
    QMainWindow,
    QTabWidget,
    QVBoxLayout,
    QWhatsThis,
    QWidget,
)

from workbench.gui.browse.panel import TasksPanel
from workbench.gui.explorer.explorers import Explorers
from workbench.gui.forms import mending
from workbench.gui.forms.panel import SettingsPanel
from workbench.gui.forms.trust_question import TrustQuestion
from workbench.gui.kinds import known
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.source import FOLLOW
from workbench.gui.plots.panel import TrainPanel
from workbench.gui.plugins.asking import Plugins
from workbench.gui.queue.panel import QueuePanel
from workbench.gui.queue.races import Races
from workbench.gui.runs.panel import RunsPanel
from workbench.gui.search.searches import Searches
from workbench.gui.shell import about, keys, shortcut_list, tab_order
from workbench.gui.shell.actions import Actions
from workbench.gui.shell.closing import Closing
from workbench.gui.shell.dropping import Dropping, dropped
from workbench.gui.shell.folding import Fold, Folding
from workbench.gui.shell.log import LogPanel
from workbench.gui.shell.menus import Menus
from workbench.gui.shell.question_bar import QuestionBar
from workbench.gui.shell.queue_tab import QueueTab
from workbench.gui.shell.recent import Recent
from workbench.gui.shell.status import Status
from workbench.gui.shell.transport import Transport
from workbench.gui.state import settings
from workbench.gui.state.queue_offer import QueueOffer
from workbench.gui.state.remembered import Remembered
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme
from workbench.gui.style.message_bar import MessageBar
from workbench.gui.takeaway import outcome

LAYOUT_VERSION = 3
DEFAULT_SIZE = (1360, 860)
FRAME = 40
"""Pixels that a window manager's frame may take of the height of a small screen."""
MINIMUM_SIZE = (960, 600)
DOCK_WIDTHS = (252, 308)
LOG_HEIGHT = 64
SAID_MS = 6000
"""What was taken away is said for so long."""


class MainWindow(QMainWindow):
    """``remembers``: it leaves its layout and its settings to the next window."""

    def __init__(self, workspace: Workspace, remembers: bool = True) -> None:
        super().__init__()
        known.register()
        self._remembers = remembers
        self.setObjectName("mainWindow")
        self.setWindowTitle(self.tr("Meta-learning workbench"))
        self.workspace = workspace
        self.plugins = Plugins(workspace, self)
        self.acts = Actions(workspace, self)
        self.messages = MessageBar(self)
        self.question = QuestionBar(workspace.waiting, self.tr("a run"), self)
        self.asked = QuestionBar(self.plugins, self.tr("a plug-in"), self, "pluginBar")
        self.lined_up = QueueOffer(workspace.queue, self)
        self.offer = QuestionBar(self.lined_up, self.tr("the queue"), self, "queueBar")
        self.train = TrainPanel(workspace)
        self.lab = LabPanel(workspace)
        self.runs = RunsPanel(workspace)
        self.log = LogPanel(workspace)
        self.queue = QueuePanel(workspace)
        self.explorers = Explorers(workspace, self)
        self.races = Races(workspace, self)
        self.searches = Searches(workspace, self)
        self.tabs = self._make_tabs()
        self._settings_panel = SettingsPanel(workspace)
        self._side_panels = (TasksPanel(workspace), self._settings_panel, self.log, self.queue)
        self._make_docks(*self._side_panels[:2])
        self.transport = Transport(workspace, self.acts, self)
        self.addToolBar(self.transport)
        self.setStatusBar(Status(workspace, self))
        self._closing = Closing(workspace, self)
        self._recent = Recent(workspace, self.lab.scenes, self._to_lab, self)
        self._dropping = Dropping(workspace, self.lab.scenes, self._to_lab, self)
        self._dropping.leave_files_to(self)
        self.setAcceptDrops(True)
        theme.current().follow(self._show_icons)
        self._show_icons()
        self._trust = TrustQuestion(workspace, self)
        self._fill_menu_bar()
        if remembers:
            self._draft = Remembered(workspace.draft, workspace.in_view, self)
        keys.take_clicks(self, *self._docks, self.train, self.lab, self.runs, *self._side_panels)
        self._keys = keys.PlainKeys(self)
        self._connect()
        layout = self.layout()
        assert layout is not None
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(*MINIMUM_SIZE)
        self._default = self.saveState(LAYOUT_VERSION)
        self._restore()
        self.tabs.currentChanged.connect(self._focus_tab)
        self._focus_tab()

    def _connect(self) -> None:
        """Who hears whom: troubles, what was taken away, and ways from one panel to another."""
        workspace = self.workspace
        workspace.troubles.said.connect(self._on_trouble)
        self.messages.mends.wanted.connect(self._settings_panel.mend)
        workspace.troubles.over.connect(self.messages.end_trouble)
        outcome.current().failed.connect(self._on_not_taken)
        outcome.current().done.connect(self._on_taken)
        self.runs.labWanted.connect(self._to_lab)
        self.runs.trainWanted.connect(self._to_train)
        self.runs.tasksWanted.connect(self.explorers.open_run)
        self.train.tasksWanted.connect(self.explorers.open_live)
        self.explorers.labWanted.connect(self._show_task)
        workspace.stepInnerRequested.connect(self._to_lab)
        self.acts.begun.connect(self._to_train)
        self.queue.trainWanted.connect(self._to_train)
        self.queue.raceWanted.connect(self.races.open)
        self.races.runWanted.connect(self._show_run)
        self.acts.race.triggered.connect(self.races.ask)
        self.acts.open_race.triggered.connect(self.races.ask_for_folder)
        self.queue.searchWanted.connect(self.searches.open)
        self.searches.runWanted.connect(self._show_run)
        self.acts.search.triggered.connect(self.searches.ask)
        self.acts.open_search.triggered.connect(self.searches.ask_for_folder)
        self._settings_panel.searchWanted.connect(self.searches.ask)

    def docks(self) -> tuple[QDockWidget, ...]:
        return tuple(self._docks)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setObjectName("mainTabs")
        tabs.setAccessibleName(self.tr("Views"))
        tabs.setDocumentMode(False)
        for panel, title in (
            (self.train, self.tr("Train")),
            (self.lab, self.tr("Lab")),
            (self.runs, self.tr("Runs")),
        ):
            index = tabs.addTab(panel, title)
            tabs.setTabToolTip(index, f"{title} (Ctrl+{index + 1})")
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.messages)
        layout.addWidget(self.question)
        layout.addWidget(self.offer)
        layout.addWidget(self.asked)
        layout.addWidget(tabs, 1)
        self.setCentralWidget(centre)
        return tabs

    def _make_docks(self, tasks: QWidget, settings: QWidget) -> None:
        area = Qt.DockWidgetArea
        self._docks = [
            self._dock("dock.tasks", self.tr("Data and tasks"), tasks, area.LeftDockWidgetArea),
            self._dock("dock.settings", self.tr("Settings"), settings, area.RightDockWidgetArea),
            self._dock("dock.log", self.tr("Log"), self.log, area.BottomDockWidgetArea),
            self._dock("dock.queue", self.tr("Queue"), self.queue, area.BottomDockWidgetArea),
        ]
        self.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)
        tasks_dock, settings_dock, log_dock, queue_dock = self._docks
        log_dock.setTitleBarWidget(self.log.bar)
        self._queue_tab = QueueTab(self, queue_dock, log_dock, self.queue)
        horizontal = Qt.Orientation.Horizontal
        self.resizeDocks([tasks_dock, settings_dock], DOCK_WIDTHS, horizontal)
        self.resizeDocks([log_dock], [LOG_HEIGHT], Qt.Orientation.Vertical)
        folds = (
            Fold(tasks_dock, area.LeftDockWidgetArea, DOCK_WIDTHS[0], across=True),
            Fold(queue_dock, area.BottomDockWidgetArea, LOG_HEIGHT, across=False),
            Fold(log_dock, area.BottomDockWidgetArea, LOG_HEIGHT, across=False),
        )
        self._folding = Folding(self, settings_dock, folds)

    def _dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setAccessibleName(title)
        dock.setWidget(_framed(panel))
        self.addDockWidget(area, dock)
        return dock

    def _fill_menu_bar(self) -> None:
        menus, recent = Menus(self), self._recent
        menus.add_file((recent.scenes, recent.folders), self.train.figures())
        menus.add_edit(self.acts)
        menus.add_run(self.acts)
        menus.add_lab(self.lab, self.acts, self.workspace.learners.use_fresh)
        menus.add_view(self.tabs, self._docks, self.reset_layout, self.workspace.forecast)
        menus.add_help(self.explain_focus, self.show_shortcuts, self.show_about)

    # --- what is remembered ------------------------------------------------------------------

    def _restore(self) -> None:
        stored = settings.settings()
        geometry, state = stored.value("window/geometry"), stored.value("window/state")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            screen = self.screen().availableGeometry()
            width, height = DEFAULT_SIZE
            self.resize(min(width, screen.width()), min(height, screen.height() - FRAME))
        if isinstance(state, QByteArray):
            self.restoreState(state, LAYOUT_VERSION)
        self._folding.recall()
        self.tabs.setCurrentIndex(settings.number("window/tab", self.tabs.indexOf(self.lab)))

    def remember(self) -> None:
        stored = settings.settings()
        stored.setValue("window/geometry", self.saveGeometry())
        stored.setValue("window/state", self.saveState(LAYOUT_VERSION))
        self._folding.remember()
        stored.setValue("window/tab", self.tabs.currentIndex())
        self._draft.keep()

    @Slot()
    def reset_layout(self) -> None:
        self.restoreState(self._default, LAYOUT_VERSION)
        self._folding.reset([])

    @Slot()
    def _show_icons(self) -> None:
        """In the colours of the theme."""
        self.setWindowIcon(theme.current().icon("app", "accent"))
        for index, name in enumerate(("train", "lab", "runs")):
            self.tabs.setTabIcon(index, theme.current().icon(name, "muted"))

    # --- slots -------------------------------------------------------------------------------

    @Slot()
    def _focus_tab(self) -> None:
        """The panel itself, not its first button: Space is to pause. Tab bars keep the focus."""
        if not self.tabs.tabBar().hasFocus():
            self.tabs.currentWidget().setFocus()

    @Slot()
    def _to_train(self) -> None:
        self.tabs.setCurrentWidget(self.train)
        self.train.setFocus()

    @Slot(object)
    def _show_run(self, path: Path) -> None:
        """Of a contender or a trial: its curves, and its weights in the lab."""
        self.workspace.open_run(path)
        self._to_train()
        self.raise_()
        self.activateWindow()

    @Slot()
    def _to_lab(self) -> None:
        self.tabs.setCurrentWidget(self.lab)

    @Slot(int)
    def _show_task(self, steps: int) -> None:
        """A task that the explorer has put in view, adapted to as it was measured."""
        self.lab.state.choose(FOLLOW)
        self.lab.state.set_planned(steps)
        self._to_lab()
        self.raise_()
        self.activateWindow()

    @Slot(object)
    def _on_trouble(self, trouble: object) -> None:
        draft = self.workspace.draft
        self.messages.show_trouble(trouble, mending.offers(trouble, draft.values))

    @Slot(object)
    def _on_not_taken(self, problem: object) -> None:
        self.workspace.troubles.say("takeAway", problem)

    @Slot(str)
    def _on_taken(self, sentence: str) -> None:
        self.workspace.troubles.end("takeAway")
        self.statusBar().showMessage(sentence, SAID_MS)

    @Slot()
    def explain_focus(self) -> None:
        """The longer explanation of the field that has the focus, in a bubble beside it."""
        widget = QApplication.focusWidget()
        while widget is not None and not widget.whatsThis():
            widget = widget.parentWidget()
        if widget is not None:
            place = widget.mapToGlobal(widget.rect().bottomLeft())
            QWhatsThis.showText(place, widget.whatsThis(), widget)

    @Slot()
    def show_about(self) -> None:
        about.about_box(self, self.plugins.review).open()

    @Slot()
    def show_shortcuts(self) -> None:
        shortcut_list.Shortcuts(self).open()

    def close_without_asking(self) -> None:
        """Stop, keep and close: for signals and the end of the session."""
        self._closing.begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._folding.fit(event.size())

    def focusNextPrevChild(self, forward: bool) -> bool:
        moved = tab_order.move(self, QApplication.focusWidget(), forward)
        return moved or super().focusNextPrevChild(forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Of what nothing below the mouse wants for itself."""
        if dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self._dropping.take(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing.may_close():
            event.ignore()
            return
        if self._remembers:
            self.remember()
        self.explorers.close()
        self.races.close()
        self.searches.close()
        self.log.close_log()
        event.accept()


def _framed(panel: QWidget) -> QFrame:
    """A panel as a card, like the plots in the middle."""
    frame = QFrame()
    frame.setProperty("card", True)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.addWidget(panel)
    return frame
