"""What a view has computed, or computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.task import Task
    from workbench.experiments.session import Learner


@dataclass(frozen=True, eq=False)
class Asked:
    """Adapting this learner to this task for so many steps."""

    learner: Learner
    task: Task
    steps: int

    def same(self, other: Asked) -> bool:
        """Learners and tasks are compared by identity: they hold tensors."""
        return (
            self.learner is other.learner and self.task is other.task and self.steps == other.steps
        )
