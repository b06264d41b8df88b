"""The queue: what waits, what runs, what came of it; its buttons stand in the title of the dock."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.queue import rows
from workbench.gui.queue.bar import WIDE, QueueBar
from workbench.gui.queue.model import QueueModel
from workbench.gui.queue.removal import Removal
from workbench.gui.queue.view import QueueView
from workbench.gui.state.queue_list import Line
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.widgets import label


class QueuePanel(QWidget):
    """`counted` carries how many wait; `raceWanted` the folder of a race to be shown.

    `searchWanted` carries that of a study.
    """

    counted = Signal(int)
    raceWanted = Signal(object)
    searchWanted = Signal(object)
    trainWanted = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.queue")
        self.setAccessibleName(self.tr("Queue"))
        self._workspace, self._queue = workspace, workspace.queue
        self._follow = ""
        """The entry that is to be chosen when it is there."""
        self.model = QueueModel(self._queue.move, self)
        self.view = QueueView(self.model)
        self.bar = QueueBar(self)
        """The controls; the window puts them into the title of the dock."""
        self.standing = label("", "small", wrap=True)
        """What the bar has no room for where the panel is narrow."""
        self.standing.setObjectName("queue.narrowStanding")
        self.standing.setContentsMargins(10, 8, 10, 4)
        self.buttons = self._make_buttons()
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show()

    @property
    def chosen(self) -> Line | None:
        index = self.view.currentIndex()
        return self.model.lines[index.row()] if index.isValid() else None

    def _make_buttons(self) -> dict[str, QPushButton]:
        table = (
            ("up", self.tr("Up"), "up", self.tr("Move it up (Ctrl+Up)")),
            ("down", self.tr("Down"), "down", self.tr("Move it down (Ctrl+Down)")),
            ("take", self.tr("Into the form"), "pencil", self.tr("The form takes its settings")),
            (
                "put",
                self.tr("From the form"),
                "sliders",
                self.tr("It takes the settings of the form, and keeps its place"),
            ),
            ("open", self.tr("Open"), "runs", self.tr("Show its run, race or search (Enter)")),
            ("remove", self.tr("Remove"), "trash", self.tr("Take it out (Del); its run stays")),
        )
        return {row[0]: self.bar.button(*row) for row in table}

    def _lay_out(self) -> None:
        self.bar.add(list(self.buttons.values()))
        self.view.setObjectName("queue.list")
        self.view.setAccessibleName(self.tr("Experiments of the queue"))
        self.view.setToolTip(self.tr("Drag what waits to another place; Del removes it"))
        empty = label(
            self.tr("Nothing waits. Add to queue (F6) lines the form up."), "muted", wrap=True
        )
        empty.setMargin(10)
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages.addWidget(empty)
        self._pages.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.standing)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self._queue.changed.connect(self._show)
        self._workspace.history.told.connect(self._tell)
        self._workspace.history.began.connect(self._tell)
        self._workspace.training.stateChanged.connect(self._refresh)
        self._workspace.draft.changed.connect(self._refresh)
        self.view.selectionModel().currentChanged.connect(self._refresh)
        self.view.moveWanted.connect(self.shift)
        self.view.removeWanted.connect(self.remove)
        self.view.openWanted.connect(self.open)
        self.bar.go_on.clicked.connect(self._queue.toggle)
        self.buttons["up"].clicked.connect(lambda: self.shift(-1))
        self.buttons["down"].clicked.connect(lambda: self.shift(1))
        self.buttons["take"].clicked.connect(self.take)
        self.buttons["put"].clicked.connect(self.put)
        self.buttons["open"].clicked.connect(self.open)
        self.buttons["remove"].clicked.connect(self.remove)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_standing()

    def _show_standing(self) -> None:
        """The page without entries says itself that nothing waits."""
        self.standing.setVisible(self.width() < WIDE and bool(self.model.lines))

    # --- what is shown -----------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        """What was chosen stays chosen, wherever it stands now."""
        kept = self._follow or (self.chosen.entry.id if self.chosen else "")
        row = self.view.currentIndex().row()
        with QSignalBlocker(self.view.selectionModel()):
            self.model.show_all(self._queue.lines, self._queue.list.elsewhere)
            found = self.model.row_of(kept)
            row = found if found >= 0 else min(row, len(self.model.lines) - 1)
            if row >= 0:
                self.view.setCurrentIndex(self.model.index(row))
        self._follow = "" if found >= 0 else self._follow
        self._pages.setCurrentIndex(1 if self.model.lines else 0)
        self._tell()
        self._refresh()
        self.counted.emit(len(self._queue.list.waiting))

    @Slot()
    def _tell(self) -> None:
        training, history = self._workspace.training, self._workspace.history
        if self._queue.working and training.config is not None:
            share = history.iteration / history.total if history.total else 0.0
            self.model.tell(rows.progress(history, training.part), share)
        else:
            self.model.tell("", -1.0)

    @Slot()
    def _refresh(self) -> None:
        queue, line = self._queue, self.chosen
        standing = rows.standing(queue)
        self.bar.tell(standing)
        self.standing.setText(standing)
        self._show_standing()
        self._tell_go_on()
        waits = line is not None and line.entry.pending
        valid = self._workspace.draft.config is not None
        for name, possible in {
            "up": waits,
            "down": waits,
            "take": line is not None and line.entry.work is not None,
            "put": waits and valid and line is not None and line.entry.path is None,
            "open": line is not None and line.entry.path is not None,
            "remove": line is not None and line.entry.state != "running",
        }.items():
            self.buttons[name].setEnabled(bool(possible))

    def _tell_go_on(self) -> None:
        queue = self._queue
        if queue.goes:
            tip = self.tr("Begin no further experiment; what trains goes on to its end")
            self.bar.say(self.tr("Pause"), "pause", tip)
        else:
            tip = self.tr("Train what waits, one after the other; what fails does not end it")
            self.bar.say(self.tr("Go on"), "play", tip)
        self.bar.go_on.setEnabled(queue.goes or queue.can_go_on)

    # --- what is done ------------------------------------------------------------------------

    @Slot(int)
    def shift(self, steps: int) -> None:
        line = self.chosen
        waiting = [one.entry.id for one in self._queue.list.waiting]
        if line is not None and line.entry.id in waiting:
            self._follow = line.entry.id
            self._queue.move(line.entry.id, max(waiting.index(line.entry.id) + steps, 0))

    @Slot()
    def remove(self) -> None:
        line = self.chosen
        removed = None if line is None else self._queue.remove(line.entry.id)
        if line is not None and removed is not None:
            undo = self._workspace.draft.undo
            undo.push(Removal(self._queue, line.entry.id, removed))

    @Slot()
    def take(self) -> None:
        line = self.chosen
        if line is not None and line.entry.work is not None:
            self._workspace.draft.use_config(line.entry.work.config)

    @Slot()
    def put(self) -> None:
        if self.chosen is not None:
            self._queue.replace(self.chosen.entry.id)

    @Slot()
    def open(self) -> None:
        """A run's curves and weights, the standings of a race, or the pictures of a study."""
        from workbench.experiments.queue.work import RaceOfMany, SearchOfMany

        line = self.chosen
        if line is None or line.entry.path is None:
            return
        if isinstance(line.entry.work, RaceOfMany):
            self.raceWanted.emit(line.entry.path)
        elif isinstance(line.entry.work, SearchOfMany):
            self.searchWanted.emit(line.entry.path)
        else:
            self._workspace.open_run(line.entry.path)
            self.trainWanted.emit()
