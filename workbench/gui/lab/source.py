"""Which weights the lab adapts: the workspace's learner, or others that the user asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workbench.gui.state.bundled import BUNDLED

if TYPE_CHECKING:
    from workbench.experiments.session import Learner
    from workbench.gui.state.workspace import Workspace

FOLLOW, UNTRAINED = "follow", "untrained"


class LearnerSource(QObject):
    """`choice` is FOLLOW (the workspace's), UNTRAINED or BUNDLED; a training ends BUNDLED."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.choice = FOLLOW
        workspace.training.started.connect(self._end_example)
        workspace.learners.freshChosen.connect(self._end_example)

    def current(self) -> Learner | None:
        return self.of(self.choice)

    def of(self, choice: str) -> Learner | None:
        learners = self._workspace.learners
        if choice == UNTRAINED:
            return learners.fresh
        bundled = learners.bundled if choice == BUNDLED else None
        return bundled or learners.current

    @Slot()
    def _end_example(self) -> None:
        if self.choice == BUNDLED:
            self.choice = FOLLOW
