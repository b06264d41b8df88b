"""Views of single items have nothing to show where a learner meets its items by acting."""

from __future__ import annotations

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.session import Learner


def refuse_collected(learner: Learner, view: str) -> None:
    """Raises `BadInput` that names the view, where items depend on what the learner does."""
    if learner.algorithm.engine.spec.collected:
        raise BadInput(
            view,
            marked(
                "the items are what the learner meets by its own acts: for other weights, others"
            ),
            marked("Follow its steps in the lab instead"),
        )
