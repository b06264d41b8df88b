"""A recorded learner on held-out tasks: those of its own data, or all classes of another family's.

A `Measurement` is taken step by step, so that whoever asks for it can ask for trust, say what is
waited for, and show how far it is: read it, prepare its data, build the learner, evaluate, keep.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.core.algorithm import Scores
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.events import Evaluating
from workbench.core.files import plain
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import Split, TaskFamily
from workbench.experiments import elsewhere
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import predicted, watched
from workbench.experiments.kept.classes import classes_of
from workbench.experiments.scores import Kept, write_scores
from workbench.experiments.session import Learner, build_family, learner_of, refitted
from workbench.experiments.store import Run
from workbench.experiments.tasks_seen.draws import described


@dataclass(frozen=True)
class Question:
    """What to measure; what is None is as it was in the training."""

    split: Split = "test"
    tasks: int = 600
    steps: int | None = None
    seed: int | None = None
    """Settles the tasks."""
    ways: int | None = None
    shots: int | None = None
    one_at_a_time: bool = False
    """Predict each query item beside the support set alone."""
    family: str | None = None
    """Another family, all of whose classes are then for the test."""
    root: Path | None = None
    """Where the data lies."""
    checkpoint: int | None = None
    """The weights after so many iterations; the best on validation by default."""
    new_head: bool = False
    """Start the head anew where it has outputs for another number of classes."""

    def wishes(self) -> dict[str, Any]:
        """What is otherwise than in the training beside split, tasks, steps and seed, as JSON."""
        return {name: plain(getattr(self, name)) for name in _WISHES if getattr(self, name)}

    def variant(self) -> tuple[str, ...]:
        """How this differs from the measurement of the training, for the name of its file."""
        sizes = {"ways": self.ways, "shots": self.shots}
        differing = [f"{value}{name}" for name, value in sizes.items() if value is not None]
        if self.checkpoint is not None:
            differing.append(f"checkpoint{self.checkpoint}")
        flags = {"new-head": self.new_head, "one-at-a-time": self.one_at_a_time}
        return (*differing, *(name for name, given in flags.items() if given))


_WISHES = ("ways", "shots", "one_at_a_time", "root", "checkpoint", "new_head")


def question_of(kept: Kept) -> Question:
    """The question that a kept measurement answers, to ask it again."""
    wishes = _wishes_of(kept.variant) if kept.asked is None else dict(kept.asked)
    root = wishes.pop("root", None) or kept.data.get("root")
    return Question(
        split=kept.metrics["split"],
        tasks=int(kept.metrics["tasks"]),
        steps=len(kept.metrics["steps"]) - 1 or None,
        seed=kept.seed,
        family=kept.data.get("family"),
        root=Path(root) if root else None,
        **wishes,
    )


def _wishes_of(variant: str) -> dict[str, Any]:
    """Of a file of an older version, which says them in its name alone."""
    parts = variant.split("-on-")[0].split("-")

    def size(name: str) -> int | None:
        found = [part.removesuffix(name) for part in parts if part.endswith(name)]
        return int(found[0]) if found and found[0].isdigit() else None

    alone = "one-at-a-time" in variant
    return {"ways": size("ways"), "shots": size("shots"), "one_at_a_time": alone}


class Measurement:
    """One question to one run; raises `BadInput` where it cannot be answered."""

    def __init__(self, run: Run, question: Question) -> None:
        self.run, self.question = run, question
        self.checkpoint = run.load_checkpoint(question.checkpoint)
        sizes = {"ways": question.ways, "shots": question.shots}
        task = {name: size for name, size in sizes.items() if size is not None}
        alone = {"transductive": False} if question.one_at_a_time else {}
        trained = ExperimentConfig.from_json(self.checkpoint.config)
        self.recorded = trained.replaced({"task": task, "training": alone})
        self.config = self._with_data()
        """The experiment with the data that is measured on."""
        self._told: dict[str, Any] = {}
        """Which tasks were measured and of which weights, once they were."""

    @property
    def foreign(self) -> bool:
        return self.question.family is not None

    @property
    def seed(self) -> int:
        given = self.question.seed
        return self.recorded.training.seed if given is None else given

    def build(self, config: ExperimentConfig) -> TaskFamily:
        """The data of ``config``, which is `config`, not yet prepared."""
        if self.foreign:
            return elsewhere.for_test_alone(config, self.recorded)
        return build_family(config)

    @property
    def needs_own_data(self) -> bool:
        """Whether the learner can only be built on the data that it was trained on, too."""
        return self.foreign and get("algorithm", self.recorded.algorithm.name).build.shaped_by_data

    def learner(self, shaping: TaskFamily) -> Learner:
        """The weights asked for; ``shaping`` is the data measured on, or its own if it needs that.

        Raises `BadInput` at ``checkpoint`` where they do not fit the tasks.
        """
        if not self.question.new_head:
            return self._learner_of(self.config, shaping)
        ways = ExperimentConfig.from_json(self.checkpoint.config).task.ways
        trained = self.config.replaced({"task": {"ways": ways}})
        learner = self._learner_of(trained, shaping.varied(ways=ways))
        try:
            return refitted(learner, shaping)[0]
        finally:
            learner.algorithm.close()

    def _learner_of(self, config: ExperimentConfig, shaping: TaskFamily) -> Learner:
        checkpoint = replace(self.checkpoint, config=config.complete())
        return learner_of(checkpoint, shaping, newest=self.question.checkpoint is not None)

    def evaluate(
        self, learner: Learner, family: TaskFamily
    ) -> Generator[Evaluating, None, tuple[Curve, Scores]]:
        """Measure, telling how far it is; closes the learner's algorithm at the end."""
        question = self.question
        steps = learner.algorithm.test_steps if question.steps is None else question.steps
        settled = (question.split, question.tasks)
        try:
            curve, scores = yield from watched(
                learner.algorithm,
                family,
                learner.weights,
                *settled,
                steps,
                self.seed,
                lambda: False,
            )
            if scores.wanted is not None and scores.predicted is None:
                found = predicted(
                    learner.algorithm, family, learner.weights, *settled, steps, self.seed
                )
                scores = replace(scores, predicted=found)
            drawn = described(family, *settled, self.seed)
            self._told = {**drawn, "asked": question.wishes(), "iteration": learner.iteration}
            return curve, scores
        finally:
            learner.algorithm.close()

    @property
    def classes(self) -> tuple[tuple[str, ...], ...]:
        """Of each task that was measured, label by label; empty where they are not known."""
        return classes_of(self._told.get("classes"))

    def described(self, family: TaskFamily) -> dict[str, Any]:
        """Which other data it was; nothing for the run's own."""
        return elsewhere.described(self.config, family) if self.foreign else {}

    def keep(self, curve: Curve, scores: Scores, more: Mapping[str, Any]) -> Path:
        """Every task's scores below the run; raises `OSError`."""
        variant = self.question.variant()
        if self.foreign:
            variant = (*variant, elsewhere.variant(self.config))
        more = {**self._told, **more}
        return write_scores(self.run.path, curve, scores, self.seed, variant, more)

    def _with_data(self) -> ExperimentConfig:
        question = self.question
        if question.family is None:
            place = {} if question.root is None else {"root": question.root}
            return self.recorded.replaced({"task": place})
        if question.split != "test":
            raise BadInput(
                "--split",
                marked("all classes of other data are for the test"),
                marked("Leave it out"),
            )
        return elsewhere.elsewhere(self.recorded, question.family, question.root)
