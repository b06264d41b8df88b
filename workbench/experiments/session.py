"""From a configuration to the living things: a task family, and learners that adapt to tasks."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from workbench.core.algorithm import AdaptStep, Algorithm, Weights
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.seeds import derive
from workbench.core.task import TaskFamily
from workbench.engine import Engine
from workbench.experiments import budget, catalog, devices
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.losses import trained_on
from workbench.experiments.record.differences import changed_data, changed_packages

_BUILDING = threading.Lock()
"""Initial weights come from torch's one global generator: two threads must not share a seed."""


def build_family(config: ExperimentConfig) -> TaskFamily:
    """The task family of a configuration, not yet prepared."""
    catalog.load()
    family: TaskFamily = get("task", config.task.name).build(config.task)
    return family


def build_algorithm(
    config: ExperimentConfig, family: TaskFamily, device: torch.device = devices.CPU
) -> Algorithm:
    """The algorithm with a model of its own, initialised from the configuration's seed.

    The model is on ``device``, and whoever uses it brings weights and episodes there.

    Raises `BadInput` for a model that this machine cannot hold.
    """
    kind = get("algorithm", config.algorithm.name).build
    budget.refuse_model(config.model, family.spec)
    # Tasks are spread over cores, not operators: on a busy machine operators that wait for each
    # other's threads made a sinusoid step ten times slower. Threads begun later follow suit.
    torch.set_num_threads(1)
    with _BUILDING, torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(config.training.seed, "model"))
        model = get("model", config.model.name).build(config.model, family.spec)
        model = kind.shaped(model, family, config.algorithm).to(device)
        training = config.training
        engine = Engine(
            model,
            trained_on(family.spec, training),
            training.workers,
            strategy=training.strategy,
            recompute=training.recompute,
            alone=not training.transductive,
        )
        algorithm: Algorithm = kind(config.algorithm, engine)
    if engine.held and not algorithm.holds:
        algorithm.close()
        raise _moves_all(config)
    return algorithm


def _moves_all(config: ExperimentConfig) -> BadInput:
    return BadInput(
        "algorithm.name",
        marked("{0} moves every weight, and this model keeps some out of the inner loop").format(
            config.algorithm.name
        ),
        marked("Choose maml, or let all of the model adapt"),
        Mend("algorithm.name", "maml"),
    )


@dataclass(frozen=True)
class Learner:
    """Meta-parameters at one moment, with the algorithm that adapts them.

    A copy: adapting it neither disturbs a training nor sees it go on. It owns its algorithm, which
    whoever made the learner closes, or it borrows one (see `lent`), which it cannot close. Who
    computes for long, or beside others, does so with a learner of its own; see `apart`.
    """

    config: ExperimentConfig
    algorithm: Algorithm
    weights: Weights
    iteration: int
    label: str
    origin: Path | None = None
    """The directory of the run that the weights come from, if they come from one."""
    warnings: tuple[str, ...] = ()
    """What is to be said of it: newer checkpoints that are damaged, data that has changed."""

    def adapt(self, episode: Episode, steps: int) -> Iterator[AdaptStep]:
        """Adapt to one task; yields step 0 (before adaptation) to ``steps``."""
        return self.algorithm.adapt(self.weights, episode, steps)

    def lent(self) -> Learner:
        """The same learner for others to look at: they cannot close its algorithm."""
        return replace(self, algorithm=_lent(self.algorithm))

    @contextmanager
    def apart(self, family: TaskFamily) -> Iterator[Learner]:
        """The same weights with an algorithm of their own, which is closed at the end.

        ``family`` is prepared, and poses the problem that the learner was made for.
        """
        algorithm = build_algorithm(self.config, family)
        try:
            yield replace(self, algorithm=algorithm)
        finally:
            algorithm.close()


def _lent(algorithm: Algorithm) -> Algorithm:
    """The algorithm, sharing everything with the original but the right to close it."""
    other = copy.copy(algorithm)
    object.__setattr__(other, "close", _refuse_to_close)
    return other


def _refuse_to_close() -> None:
    raise RuntimeError("this algorithm is borrowed: who lent it closes it")


def untrained(config: ExperimentConfig, family: TaskFamily) -> Learner:
    """The learner that meta-training with this configuration would start from."""
    algorithm = build_algorithm(config, family)
    return Learner(config, algorithm, algorithm.initial(), 0, "untrained")


def learner_of(checkpoint: Checkpoint, family: TaskFamily, *, newest: bool = False) -> Learner:
    """The learner of a checkpoint: best on validation, or the newest.

    Raises `BadInput` when the recorded tensors do not belong to the recorded model.
    """
    config = ExperimentConfig.from_json(checkpoint.config)
    algorithm = build_algorithm(config, family)
    given = checkpoint.weights if newest else checkpoint.best_weights
    expected = algorithm.initial()
    check_weights(given, expected, algorithm.older)
    weights = {name: given[name] for name in expected}  # a file may hold them in any order
    iteration = checkpoint.iteration if newest else checkpoint.best_iteration
    changed = changed_data(checkpoint, family), changed_packages(checkpoint)
    warnings = (*checkpoint.passed_over, *filter(None, changed))
    label = "newest" if newest else "best"
    return Learner(config, algorithm, weights, iteration, label, warnings=warnings)


def refitted(learner: Learner, family: TaskFamily) -> tuple[Learner, tuple[str, ...]]:
    """The learner for tasks of another number of classes, and which tensors had to start anew.

    Those are what has another shape now: the head, and whatever was learned for each of its
    weights. Learners that compare items have none.
    """
    config = learner.config.replaced({"task": {"ways": family.spec.outputs}})
    algorithm = build_algorithm(config, family)
    weights = algorithm.initial()
    kept = {n for n, w in weights.items() if learner.weights[n].shape == w.shape}
    weights.update({name: learner.weights[name] for name in kept})
    anew = tuple(name for name in weights if name not in kept)
    return replace(learner, config=config, algorithm=algorithm, weights=weights), anew


def check_weights(given: Weights, expected: Weights, older: str) -> None:
    """Compare names and shapes; raises `BadInput` that lists the first mismatches.

    ``older`` is what `Algorithm.older` says of checkpoints from before a change of the method.
    """
    shapes = {name: tuple(tensor.shape) for name, tensor in expected.items()}
    wrong = [
        f"{name} is {tuple(given[name].shape) if name in given else 'missing'}, not {shape}"
        for name, shape in shapes.items()
        if name not in given or tuple(given[name].shape) != shape
    ]
    wrong += [f"{name} belongs to no layer" for name in given if name not in shapes]
    if wrong:
        raise BadInput(
            "checkpoint",
            marked("does not fit the model: {0}").format("; ".join(wrong[:5])),
            "; ".join(filter(None, ["Use the ways, image size and model of its training", older])),
        )
