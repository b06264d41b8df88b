"""Everything that can be taken away from a run: one list for the window and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Task, TaskFamily
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.exports import weights
from workbench.experiments.exports.adapted import AdaptedModel, require_onnx
from workbench.experiments.exports.curves import write_tensorboard
from workbench.experiments.exports.script import write_script
from workbench.experiments.replay import read_run
from workbench.experiments.session import Learner, learner_of
from workbench.experiments.store import Run
from workbench.experiments.tensorboard import FOLDER, require


def _first_test_task(family: TaskFamily) -> Task:
    return family.draw("test", 0)


def _test_steps(learner: Learner) -> int:
    return learner.algorithm.test_steps


@dataclass(frozen=True)
class Source:
    """A run, and what its formats need beside it.

    ``open`` gives the configuration with the place of the data, and the family prepared; it may
    raise `BadInput`, or `Untrusted` for a file that the user has not trusted.
    """

    run: Run
    open: Callable[[Checkpoint], tuple[ExperimentConfig, TaskFamily]]
    task: Callable[[TaskFamily], Task] = _first_test_task
    steps: Callable[[Learner], int] = _test_steps

    @contextmanager
    def learner(self) -> Iterator[tuple[Learner, TaskFamily]]:
        """The best weights, with an algorithm that is closed at the end."""
        checkpoint = self.run.load_checkpoint()
        config, family = self.open(checkpoint)
        learner = learner_of(replace(checkpoint, config=config.complete()), family)
        try:
            yield replace(learner, origin=self.run.path), family
        finally:
            learner.algorithm.close()

    def adapted(self) -> AdaptedModel:
        with self.learner() as (learner, family):
            return AdaptedModel.of(learner, self.task(family), self.steps(learner), family.spec)


@dataclass(frozen=True)
class Format:
    """``name`` is what the command line calls it; ``suffix`` ends the file or the folder."""

    name: str
    title: str
    help: str
    suffix: str
    write: Callable[[Source, Path], object]
    model: Callable[[AdaptedModel, Path], None] | None = None
    """How a model is written that was adapted elsewhere: to a task that somebody made by hand."""

    def place(self, run: Path) -> Path:
        """Where it goes unless told otherwise."""
        return Path(f"{run.name}{self.suffix}")

    def take(self, source: Source, place: Path) -> None:
        """Write it; raises `BadInput` for a place that is taken, and what its parts raise."""
        _refuse_taken(place)
        self.write(source, place)

    def take_model(self, adapted: Callable[[], AdaptedModel], place: Path) -> None:
        """The same of one model; for formats that have `model`."""
        assert self.model is not None
        _refuse_taken(place)
        self.model(adapted(), place)


def _refuse_taken(place: Path) -> None:
    if place.exists():
        raise BadInput(str(place), marked("is there already"), marked("Name another place for it"))


def _write_weights(source: Source, place: Path) -> None:
    with source.learner() as (learner, _):
        weights.write_meta(learner, place)


def _write_learn2learn(source: Source, place: Path) -> None:
    with source.learner() as (learner, _):
        weights.write_learn2learn(learner, place)


def _write_onnx(source: Source, place: Path) -> None:
    require_onnx("onnx")
    source.adapted().write_onnx(place)


def _write_tensorboard(source: Source, place: Path) -> None:
    require(FOLDER)
    write_tensorboard(read_run(source.run.path), source.run.facts().started, place)


def _write_script(source: Source, place: Path) -> None:
    with source.learner() as (learner, _):
        write_script(learner, source.run.result(), place)


FORMATS = (
    Format(
        "weights",
        marked("Weights"),
        marked("the best meta-parameters as safetensors"),
        ".safetensors",
        _write_weights,
    ),
    Format(
        "learn2learn",
        marked("Weights for learn2learn"),
        marked("a state dict for learn2learn's MAML"),
        ".pt",
        _write_learn2learn,
    ),
    Format(
        "adapted",
        marked("Adapted model"),
        marked("the model adapted to a test task, as safetensors"),
        "-adapted.safetensors",
        lambda source, place: source.adapted().write_weights(place),
        AdaptedModel.write_weights,
    ),
    Format(
        "onnx",
        marked("Adapted model as ONNX"),
        marked("the model adapted to a test task, for other programs"),
        ".onnx",
        _write_onnx,
        AdaptedModel.write_onnx,
    ),
    Format(
        "tensorboard",
        marked("Curves for TensorBoard"),
        marked("what was recorded, as event files"),
        "-tensorboard",
        _write_tensorboard,
    ),
    Format(
        "script",
        marked("Script"),
        marked("a folder with a Python script that measures it again"),
        "-script",
        _write_script,
    ),
)
