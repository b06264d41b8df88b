"""What a column can show: a checkpoint, a bundled example, a baseline; and how it is made.

No Qt objects: listing and building run on threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.core import resources
from workbench.core.errors import BadInput
from workbench.gui.state.learners import read_learner
from workbench.gui.style import words
from workbench.gui.threads.background import Report

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec, TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import Learner


def tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)


@dataclass(frozen=True)
class Choice:
    """A learner by its settings and, unless it is untrained, the run that has its weights."""

    config: ExperimentConfig
    path: Path | None = None
    name: str = ""
    """What the run is called among the stored ones."""
    iteration: int | None = None
    """Of the checkpoint; without one, the weights that were best on validation."""

    def same(self, other: Choice) -> bool:
        if self.path is not None or other.path is not None:
            return (self.path, self.iteration) == (other.path, other.iteration)
        mine, its = self.config, other.config
        return (mine.model, mine.algorithm, mine.training) == (
            its.model,
            its.algorithm,
            its.training,
        )


def baselines(config: ExperimentConfig) -> list[Choice]:
    """The floors, and what the settings' own algorithm starts from."""
    from workbench.core.registry import get, names

    spec, own = problem_of(config), config.algorithm.name
    others = [get("algorithm", name) for name in names("algorithm") if name != own]
    fit = [one.name for one in others if not (one.build.trains or one.unfit(spec))]
    floors = [config.replaced({"algorithm": {"name": name}}) for name in fit]
    return [Choice(one) for one in (*floors, config)]


def examples(family: str) -> list[Choice]:
    """The rivals that come with the program, trained on this family as the bundled learner was."""
    from workbench.experiments.store import Run

    folders = sorted(resources.path("bundled").glob(f"{family}-*"))
    name = tr("bundled example")
    return [Choice(Run(folder).config(), folder, name) for folder in folders]


def problem_of(config: ExperimentConfig) -> ProblemSpec:
    """What the tasks ask for that a learner was trained on; their data need not be there."""
    from workbench.experiments.session import build_family

    return build_family(config).spec


def misfit(own: ProblemSpec, view: ProblemSpec) -> str:
    """Why a learner for tasks of one kind cannot take those in view; empty if it can."""
    if own == view:
        return ""
    if own.objective != view.objective:
        metric = words.metric_name(own.metric)
        return tr("Learned on another kind of problem, judged by {0}").format(metric)
    if own.outputs != view.outputs:
        text = tr("Learned on {0}-way tasks; the task in view is {1}-way")
        return text.format(own.outputs, view.outputs)
    sizes = ("×".join(map(str, spec.input_shape)) for spec in (own, view))
    return tr("Learned on inputs of {0}; those in view are {1}").format(*sizes)


def _unfit(config: ExperimentConfig, view: ProblemSpec) -> str:
    """Why model or algorithm of these settings cannot take such tasks; empty if both can."""
    from workbench.core.registry import get

    parts = (get("model", config.model.name), get("algorithm", config.algorithm.name))
    return next((reason for part in parts if (reason := part.unfit(view))), "")


def build(choice: Choice, family: TaskFamily, report: Report) -> Learner:
    """A learner of the column's own, so that it can compute beside the others.

    Raises `BadInput` where it cannot take the tasks of ``family``.
    """
    from workbench.experiments.session import untrained

    fresh = choice.path is None
    reason = (
        _unfit(choice.config, family.spec)
        if fresh
        else misfit(problem_of(choice.config), family.spec)
    )
    if reason:
        raise BadInput(tr("This learner"), reason, tr("Choose such tasks, or remove the column"))
    if choice.path is None:
        return untrained(choice.config, family)
    return read_learner(choice.path, family, report, choice.iteration)[0]
