"""Which weights the lab adapts: the workspace's learner, or fresh ones where the user asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.errors import BadInput

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import Learner
    from workbench.gui.workspace import Workspace


class LearnerSource:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.untrained = False
        self._fresh: Learner | None = None
        self._fresh_for: tuple[ExperimentConfig, TaskFamily] | None = None

    def current(self) -> Learner | None:
        return self._untrained() if self.untrained else self._workspace.learner()

    def _untrained(self) -> Learner | None:
        config, family = self._workspace.config, self._workspace.family
        if config is None or family is None:
            return None
        if self._fresh_for != (config, family):
            from workbench.experiments.session import untrained

            try:
                self._fresh = untrained(config, family)
            except BadInput:
                self._fresh = None
            self._fresh_for = (config, family)
        return self._fresh
