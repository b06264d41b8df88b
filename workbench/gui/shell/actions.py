"""Everything the window can be told to do: one action each, wherever it appears."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.gui.state.training import IDLE
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme
from workbench.gui.style.message_bar import sentence


def tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


class Actions(QObject):
    """The transport and editing actions; enabled exactly when they would do something.

    `begun` says that a training was asked for, not that one goes on again.
    """

    begun = Signal()

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.start = self._make("actionStart", tr("Start"), "play", "F5", tr("Meta-train"))
        self.start_from = self._make(
            "actionStartFrom",
            tr("Start from weights…"),
            "folder",
            "",
            tr("Meta-train from the weights of a file: safetensors, or tensors of torch"),
        )
        self.queue = self._make(
            "actionQueue",
            tr("Add to queue"),
            "queue",
            "F6",
            tr("Line this experiment up, to train after those that wait"),
        )
        self.race = self._make(
            "actionRace",
            tr("Race…"),
            "compare",
            "Shift+F6",
            tr("Several algorithms on equal terms, with the settings of the form"),
        )
        self.open_race = self._make(
            "actionOpenRace", tr("Open race…"), "folder", "", tr("The standings of a race's folder")
        )
        self.search = self._make(
            "actionSearch",
            tr("Search…"),
            "search",
            "Alt+F6",
            tr("Hyper-parameters: many runs over ranges of fields, with the settings of the form"),
        )
        self.open_search = self._make(
            "actionOpenSearch",
            tr("Open search…"),
            "folder",
            "",
            tr("The pictures of a study's folder"),
        )
        self.work_through = self._make(
            "actionWorkThrough",
            tr("Go on with the queue"),
            "play",
            "Ctrl+F6",
            tr("Train what waits, one after the other"),
        )
        self.pause = self._make("actionPause", tr("Pause"), "pause", "Space", tr("Pause or go on"))
        self.step_outer = self._make(
            "actionStepOuter",
            tr("Step outer"),
            "step-outer",
            "F10",
            tr("One meta-batch, then pause"),
        )
        self.step_inner = self._make(
            "actionStepInner", tr("Step inner"), "step-inner", "F11",
            tr("One gradient step of adaptation in the lab"),
        )  # fmt: skip
        self.stop = self._make(
            "actionStop", tr("Stop"), "stop", "Shift+F5", tr("Stop and keep: saves a checkpoint")
        )
        self.resample = self._make(
            "actionResample", tr("Resample"), "dice", "R", tr("Draw another task")
        )
        self.undo = self._make("actionUndo", tr("Undo"), "undo", "Ctrl+Z", tr("Undo a change"))
        self.redo = self._make("actionRedo", tr("Redo"), "redo", "Ctrl+Y", tr("Redo a change"))
        self.pause.setCheckable(True)
        self.redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self._connect()
        self.refresh()

    def _make(self, name: str, text: str, icon: str, keys: str, help: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(f"{help} ({action.shortcut().toString()})" if keys else help)
        action.setStatusTip(help)
        theme.current().set_icon(action, icon)
        return action

    def _connect(self) -> None:
        workspace = self._workspace
        self.start.triggered.connect(self._on_start)
        self.start_from.triggered.connect(self._on_start_from)
        self.queue.triggered.connect(workspace.queue.add)
        self.work_through.triggered.connect(workspace.queue.toggle)
        workspace.queue.changed.connect(self.refresh)
        self.pause.triggered.connect(self._on_pause)
        self.step_outer.triggered.connect(self._on_step_outer)
        self.step_inner.triggered.connect(workspace.stepInnerRequested)
        self.stop.triggered.connect(self._on_stop)
        self.resample.triggered.connect(self._on_resample)
        self.undo.triggered.connect(workspace.draft.undo.undo)
        self.redo.triggered.connect(workspace.draft.undo.redo)
        workspace.training.stateChanged.connect(self.refresh)
        workspace.catalogReady.connect(self.refresh)
        workspace.draft.changed.connect(self.refresh)
        workspace.learners.changed.connect(self.refresh)
        workspace.data.changed.connect(self.refresh)
        workspace.draft.undo.canUndoChanged.connect(self.refresh)
        workspace.draft.undo.canRedoChanged.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Follow the state; see `training` for the states there are."""
        state, problems = self._workspace.training.state, self._workspace.draft.problems
        startable = self._workspace.ready and state in (IDLE, "FINISHED") and not problems
        self.start.setEnabled(startable or state == "PAUSED")
        self.start_from.setEnabled(startable)
        self._refresh_queue(self._workspace.ready and not problems)
        self.start.setText(tr("Resume") if state == "PAUSED" else tr("Start"))
        self.start.setToolTip(self._start_help())
        self.pause.setEnabled(state in ("RUNNING", "PAUSING", "PAUSED"))
        self.pause.setChecked(state in ("PAUSING", "PAUSED"))
        self.step_outer.setEnabled(startable or state in ("RUNNING", "PAUSED"))
        self.stop.setEnabled(state in ("RUNNING", "PAUSING", "PAUSED"))
        has_family = self._workspace.data.family is not None
        self.step_inner.setEnabled(has_family and self._adapts_in_steps())
        self.resample.setEnabled(has_family)
        self.undo.setEnabled(self._workspace.draft.undo.canUndo())
        self.redo.setEnabled(self._workspace.draft.undo.canRedo())

    def _refresh_queue(self, sound: bool) -> None:
        queue = self._workspace.queue
        self.queue.setEnabled(sound)
        self.race.setEnabled(sound)
        self.open_race.setEnabled(self._workspace.ready)
        self.search.setEnabled(sound)
        self.open_search.setEnabled(self._workspace.ready)
        paused = tr("Pause the queue") if queue.goes else tr("Go on with the queue")
        self.work_through.setText(paused)
        self.work_through.setEnabled(queue.goes or queue.can_go_on)

    def _start_help(self) -> str:
        """What Start does, or what has to be corrected first."""
        if self._workspace.draft.problems:
            return sentence(self._workspace.draft.problems[0])
        if self._workspace.training.state in ("RUNNING", "PAUSING", "STOPPING"):
            return tr("A training goes on: Add to queue (F6) lines this experiment up behind it")
        help = f"{self.start.statusTip()} ({self.start.shortcut().toString()})"
        if self._workspace.draft.ranges:
            help += tr(", with the values: ranges are for Search…")
        return help

    def _adapts_in_steps(self) -> bool:
        learner = self._workspace.learners.current
        return learner is None or learner.algorithm.has_steps

    @Slot()
    def _on_start(self) -> None:
        if self._workspace.training.state == "PAUSED":
            self._workspace.resume()
        else:
            self.begun.emit()
            self._workspace.start()

    @Slot()
    def _on_start_from(self) -> None:
        window = self.parent()
        assert isinstance(window, QWidget)
        kinds = tr("Weights (*.safetensors *.pt *.pth *.bin *.ckpt)")
        chosen, _ = QFileDialog.getOpenFileName(window, tr("Start from weights"), "", kinds)
        if chosen:
            self.begun.emit()
            self._workspace.start_from(Path(chosen))

    @Slot()
    def _on_pause(self) -> None:
        if self._workspace.training.state in ("PAUSING", "PAUSED"):
            self._workspace.resume()
        else:
            self._workspace.training.pause()
        self.refresh()

    @Slot()
    def _on_step_outer(self) -> None:
        self._workspace.step_outer()

    @Slot()
    def _on_stop(self) -> None:
        self._workspace.training.stop()

    @Slot()
    def _on_resample(self) -> None:
        self._workspace.in_view.resample()
