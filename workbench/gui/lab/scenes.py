"""The scene in view as a file, and back: to keep a support set, or to send it to somebody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.core.errors import BadInput
from workbench.gui.desk.bundled import BUNDLED
from workbench.gui.lab.source import FOLLOW
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.scene import Scene

SUFFIX = ".mlab"


class Scenes(QObject):
    """`said` carries what the user should know of a scene that was opened or saved."""

    said = Signal(str)
    refused = Signal(object)

    def __init__(self, state: LabState, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._state = parent, state
        self._scene: Scene | None = None
        state.completed.connect(self._compare)

    # --- saving ------------------------------------------------------------------------------

    @Slot()
    def ask_to_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the scene"), f"scene{SUFFIX}", self._filter()
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, file: Path) -> None:
        """Task, seed, number of steps and the hash of the learner."""
        from workbench.experiments.scene import Scene

        state, view = self._state, self._state.workspace.in_view
        learner, family = state.base, state.workspace.family
        if learner is None or family is None or view.task is None:
            self.refused.emit(BadInput("scene", "there is no task and learner to save yet"))
            return
        file = file if file.suffix == SUFFIX else file.with_name(file.name + SUFFIX)
        locked = tuple(sorted(view.locked))
        scene = Scene.of(
            family, view.task, view.split, view.seed, state.planned, learner.weights, locked
        )
        try:
            scene.write(file)
        except BadInput as problem:
            self.refused.emit(problem)
        else:
            self.said.emit(self.tr("Saved as {0}").format(file.name))

    # --- opening -----------------------------------------------------------------------------

    @Slot()
    def ask_to_open(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open a scene"), "", self._filter()
        )
        if chosen:
            self.open(Path(chosen))

    def open(self, file: Path) -> None:
        """Set the task family up as it was, then show the task as soon as its data is ready."""
        from workbench.experiments.scene import read

        try:
            scene = read(file)
            self._state.workspace.draft.use_task(scene.family)
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self._scene = scene
        self._state.workspace.when_ready(self._show)

    def _show(self, family: TaskFamily) -> None:
        from workbench.experiments.scene import digest

        scene, state = self._scene, self._state
        if scene is None:
            return
        try:
            task = scene.open_task(family)
            state.workspace.in_view.open(scene.split, scene.seed, task, frozenset(scene.locked))
        except BadInput as problem:
            self._scene = None
            self.refused.emit(problem)
            return
        bundled = state.workspace.learners.bundled()
        ours = bundled is not None and digest(bundled.weights) == scene.learner
        state.choose(BUNDLED if ours else FOLLOW)
        state.set_planned(scene.steps)

    @Slot()
    def _compare(self) -> None:
        """Once the scene is adapted to: by the learner it was saved with?"""
        from workbench.experiments.scene import digest

        scene, self._scene = self._scene, None
        if scene is None or self._state.base is None:
            return
        if digest(self._state.base.weights) == scene.learner:
            self.said.emit(self.tr("The scene and its learner are as they were saved."))
        else:
            text = self.tr("The scene was saved with another learner: its numbers were others.")
            self.said.emit(text)

    def _filter(self) -> str:
        return self.tr("Scenes (*{0})").format(SUFFIX)
