"""The scene in view as a file, and back: to keep a support set, or to send it to somebody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.gui.lab.face import Page
from workbench.gui.lab.source import FOLLOW, UNTRAINED
from workbench.gui.lab.state import LabState
from workbench.gui.state.bundled import BUNDLED

if TYPE_CHECKING:
    from workbench.core.task import Task
    from workbench.experiments.scene import Scene
    from workbench.experiments.session import Learner

SUFFIX = ".mlab"


class Scenes(QObject):
    """`said` carries what the user should know of a scene that was opened or saved."""

    said = Signal(str)
    refused = Signal(object)
    used = Signal(object)
    """A scene file was read or written."""

    def __init__(self, state: LabState, page: Callable[[], Page], parent: QWidget) -> None:
        """``page`` gives the widgets of the kind of task in view."""
        super().__init__(parent)
        self._window, self._state, self._page = parent, state, page
        self._early: Path | None = None
        self._waiting: Scene | None = None
        """Opened; its data is being prepared."""
        self._shown: tuple[Scene, Task] | None = None
        """In view; its learner has not been compared yet."""
        self._missing = ""
        """What of its pictures cannot be shown."""
        state.completed.connect(self._compare)
        state.workspace.data.changed.connect(self._try_to_show)
        state.workspace.troubles.said.connect(self._on_trouble)
        state.workspace.catalogReady.connect(self._on_catalog)

    # --- saving ------------------------------------------------------------------------------

    @Slot()
    def ask_to_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the scene"), f"scene{SUFFIX}", self._filter()
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, file: Path) -> None:
        """Task, seed, number of steps, the hash of the learner, and what stands beside the task."""
        from workbench.experiments.scene import Scene

        state, view = self._state, self._state.workspace.in_view
        learner, family = state.base, state.workspace.data.family
        if learner is None or family is None or view.task is None:
            self.refused.emit(BadInput("scene", marked("there is no task and learner to save yet")))
            return
        file = file if file.suffix == SUFFIX else file.with_name(file.name + SUFFIX)
        locked = tuple(sorted(view.locked))
        scene = Scene.of(
            family, view.task, view.split, view.seed, state.planned, learner.weights, locked,
            self._page().beside(),
        )  # fmt: skip
        try:
            scene.write(file)
        except BadInput as problem:
            self.refused.emit(problem)
        else:
            self.said.emit(self.tr("Saved as {0}").format(file.name))
            self.used.emit(file)

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

        if not self._state.workspace.ready:
            self._early = file
            return
        try:
            scene = read(file)
            self._state.workspace.draft.use_task(scene.family)
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self.used.emit(file)
        self._waiting, self._shown = scene, None
        self._try_to_show()

    @Slot()
    def _on_catalog(self) -> None:
        """A file that was dropped before anything was loaded."""
        file, self._early = self._early, None
        if file is not None:
            self.open(file)

    @Slot()
    def _try_to_show(self) -> None:
        """As soon as the data is that of the settings."""
        workspace, scene = self._state.workspace, self._waiting
        family, config = workspace.data.family, workspace.draft.config
        if scene is None or family is None or config is None or not family.is_of(config.task):
            return
        self._waiting = None
        try:
            task = scene.open_task(family)
            workspace.in_view.open(scene.split, scene.seed, task, frozenset(scene.locked))
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self._missing = self._page().bring_beside(scene.own) if scene.own else ""
        self._shown = (scene, task)
        self._state.choose(self._choice(scene))
        self._state.fix_planned(scene.steps)

    @Slot(object)
    def _on_trouble(self, problem: object) -> None:
        """The data of the scene is not set up here; once it is, the scene is shown."""
        scene = self._waiting
        if scene is not None and isinstance(problem, BadInput) and problem.where == "task.root":
            from workbench.core.registry import get

            data = get("task", scene.family["name"]).title
            text = self.tr("needs the data {0}, and nothing is fetched for it").format(data)
            hint = self.tr("Set it up under Task first; the scene is then shown")
            self.refused.emit(BadInput(self.tr("The scene"), text, hint))

    def _choice(self, scene: Scene) -> str:
        """Whose weights the scene was saved with, if they are at hand."""
        for choice in (self._state.choice, BUNDLED, UNTRAINED):
            learner = self._state.learner_of(choice)
            if learner is not None and digest_of(learner) == scene.learner:
                return choice
        return FOLLOW

    @Slot()
    def _compare(self) -> None:
        """Once the scene is adapted to: by the learner it was saved with?"""
        shown, self._shown, base = self._shown, None, self._state.base
        if shown is None or base is None or self._state.task is not shown[1]:
            return
        text = self.tr("The scene was saved with another learner: its numbers were others.")
        if digest_of(base) == shown[0].learner:
            text = self.tr("The scene and its learner are as they were saved.")
        self.said.emit(f"{text} {self._missing}".rstrip())

    def _filter(self) -> str:
        return self.tr("Scenes (*{0})").format(SUFFIX)


def digest_of(learner: Learner) -> str:
    from workbench.experiments.scene import digest

    return digest(learner.weights)
