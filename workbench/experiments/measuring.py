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
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import Split, TaskFamily
from workbench.experiments import elsewhere
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import watched
from workbench.experiments.scores import Kept, write_scores
from workbench.experiments.session import Learner, build_family, learner_of
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

    def variant(self) -> tuple[str, ...]:
        """How this differs from the measurement of the training, for the name of its file."""
        sizes = {"ways": self.ways, "shots": self.shots}
        differing = [f"{value}{name}" for name, value in sizes.items() if value is not None]
        return (*differing, *(["one-at-a-time"] if self.one_at_a_time else []))


def question_of(kept: Kept) -> Question:
    """The question that a kept measurement answers, to ask it again."""
    parts = kept.variant.split("-")

    def size(name: str) -> int | None:
        found = [part.removesuffix(name) for part in parts if part.endswith(name)]
        return int(found[0]) if found and found[0].isdigit() else None

    root = kept.data.get("root")
    return Question(
        split=kept.metrics["split"],
        tasks=int(kept.metrics["tasks"]),
        steps=len(kept.metrics["steps"]) - 1 or None,
        seed=kept.seed,
        ways=size("ways"),
        shots=size("shots"),
        one_at_a_time="one-at-a-time" in kept.variant,
        family=kept.data.get("family"),
        root=Path(root) if root else None,
    )


class Measurement:
    """One question to one run; raises `BadInput` where it cannot be answered."""

    def __init__(self, run: Run, question: Question) -> None:
        self.run, self.question = run, question
        self.checkpoint = run.load_checkpoint()
        sizes = {"ways": question.ways, "shots": question.shots}
        task = {name: size for name, size in sizes.items() if size is not None}
        alone = {"transductive": False} if question.one_at_a_time else {}
        trained = ExperimentConfig.from_json(self.checkpoint.config)
        self.recorded = trained.replaced({"task": task, "training": alone})
        self.config = self._with_data()
        """The experiment with the data that is measured on."""
        self._drawn: dict[str, Any] = {}
        """Which tasks were measured, once they were."""

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
        """The best weights; ``shaping`` is the data measured on, or its own where it needs that."""
        return learner_of(replace(self.checkpoint, config=self.config.complete()), shaping)

    def evaluate(
        self, learner: Learner, family: TaskFamily
    ) -> Generator[Evaluating, None, tuple[Curve, Scores]]:
        """Measure, telling how far it is; closes the learner's algorithm at the end."""
        steps = self.question.steps
        try:
            measured = yield from watched(
                learner.algorithm,
                family,
                learner.weights,
                self.question.split,
                self.question.tasks,
                learner.algorithm.test_steps if steps is None else steps,
                self.seed,
                lambda: False,
            )
            self._drawn = described(family, self.question.split, self.question.tasks, self.seed)
            return measured
        finally:
            learner.algorithm.close()

    def described(self, family: TaskFamily) -> dict[str, Any]:
        """Which other data it was; nothing for the run's own."""
        return elsewhere.described(self.config, family) if self.foreign else {}

    def keep(self, curve: Curve, scores: Scores, more: Mapping[str, Any]) -> Path:
        """Every task's scores below the run; raises `OSError`."""
        variant = self.question.variant()
        if self.foreign:
            variant = (*variant, elsewhere.variant(self.config))
        more = {**self._drawn, **more}
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
