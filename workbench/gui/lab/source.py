"""Which weights the lab adapts: the workspace's learner, or fresh ones where the user asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.experiments.session import Learner
    from workbench.gui.workspace import Workspace


class LearnerSource:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.untrained = False

    def current(self) -> Learner | None:
        learners = self._workspace.learners
        return learners.fresh() if self.untrained else learners.current()
