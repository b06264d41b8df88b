"""A learner adapted to examples, as one file: its meta-parameters, the examples and the steps.

What is read adapts once more, by the same rule to the same examples, so that every method can be
kept and its predictions are those it had. The file is safetensors with a description in JSON; it is
data, and nothing in it is run. A user's own module is named by path and content, as in a run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from safetensors.torch import save
from torch import Tensor

from workbench.core.algorithm import Weights
from workbench.core.detection import WIDTH
from workbench.core.episode import Batch
from workbench.core.errors import BadInput
from workbench.core.files import read_file, write_atomically
from workbench.core.limits import MAX_STEPS
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.strict import Strict, strictly
from workbench.core.tensors import header, load_tensors
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.elsewhere import style_of
from workbench.experiments.foreign import portable
from workbench.experiments.predicting.answers import Answers, Kind
from workbench.experiments.predicting.predictor import Predictor, learner_as_trained, learner_for
from workbench.experiments.predicting.units_file import UnitsFile
from workbench.experiments.session import Learner, build_family
from workbench.tasks.detection.family import SceneFamily
from workbench.tasks.detection.scene import CELLS
from workbench.tasks.images import ImageFamily
from workbench.tasks.pictures import ImageStyle
from workbench.tasks.pixel_scale import ScaleRecord

SUFFIX = ".adapted"
FORMAT = 1
MAX_BYTES = 2 * 2**30
_ABOUT, _WEIGHTS, _X, _Y = "workbench", "weights/", "examples/x", "examples/y"
_REMEDY = marked("Choose a file that the lab or adapt --save wrote")

Name = Annotated[str, Field(min_length=1, max_length=1000)]


class About(Strict):
    """What the file says beside its tensors."""

    config: dict[str, Any]
    names: Annotated[list[Name], Field(max_length=10_000)]
    """Of classes; with neither names nor units it finds boxes."""
    steps: Annotated[int, Field(ge=0, le=MAX_STEPS)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of all tensors, in the order of their names."""
    iteration: Annotated[int, Field(ge=0)]
    run: Annotated[str, Field(max_length=1000)] = ""
    units: UnitsFile | None = None
    """Of inputs and outputs, where it predicts values."""


@dataclass(frozen=True)
class Adapted:
    """A file that was read, not yet a learner."""

    file: Path
    about: About
    weights: Weights
    support: Batch

    @property
    def config(self) -> ExperimentConfig:
        """Raises `BadInput` naming the file where the recorded settings cannot be used."""
        try:
            return ExperimentConfig.from_json(self.about.config)
        except BadInput as fault:
            raise BadInput(str(self.file), str(fault), _REMEDY) from fault

    @contextmanager
    def predictor(self) -> Iterator[Predictor]:
        """The learner, adapted; closed at the end. Raises `BadInput`."""
        kept = Checkpoint(
            self.config.complete(),
            self.about.iteration,
            0.0,
            self.weights,
            self.weights,
            None,
            self.about.iteration,
        )
        answers = self.answers
        if answers.kind is not Kind.VALUES:
            self._check(self.style.shape)
        with self._learner(kept, answers) as learner:
            yield Predictor.of(learner, answers, self.support, self.about.steps)

    @contextmanager
    def _learner(self, kept: Checkpoint, answers: Answers) -> Iterator[Learner]:
        if answers.kind is not Kind.CLASS:
            with learner_as_trained(kept) as learner:
                yield learner
            return
        with learner_for(kept, len(answers.names), build_family) as (learner, _):
            yield learner

    @property
    def answers(self) -> Answers:
        if self.about.units is not None:
            return Answers.values(self.about.units.units)
        return Answers.classes(tuple(self.about.names)) if self.about.names else Answers.boxes()

    @property
    def style(self) -> ImageStyle:
        """Of the pictures that it takes; raises `BadInput`."""
        kind = SceneFamily if self.answers.kind is Kind.BOXES else ImageFamily
        return style_of(self.config, str(self.file), kind)

    def _check(self, taken: tuple[int, ...]) -> None:
        held = tuple(self.support.x.shape[1:])
        if held != taken:
            raise BadInput(
                str(self.file),
                marked("holds examples of {0}, and its learner takes {1}").format(held, taken),
                _REMEDY,
            )


def write(predictor: Predictor, file: Path) -> None:
    """Keep it; raises `CannotWrite`, and `BadInput` for a method that needs its data once more."""
    config = predictor.learner.config
    algorithm = get("algorithm", config.algorithm.name)
    if algorithm.build.shaped_by_data:
        raise BadInput(
            "--save",
            marked("{0} cannot be kept without the data it was trained on").format(algorithm.title),
            marked("Predict from its run: adapt RUN --support FOLDER --query FOLDER"),
        )
    said = config.to_json()
    said["task"] = {**portable(said["task"], type(config.task)), **_settled_of(predictor)}
    origin = predictor.learner.origin
    tensors = {f"{_WEIGHTS}{name}": w for name, w in predictor.learner.weights.items()}
    tensors |= {_X: predictor.support.x, _Y: predictor.support.y}
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    units = predictor.answers.units
    about = {
        "format": FORMAT,
        "config": said,
        "names": list(predictor.answers.names),
        "steps": predictor.steps,
        "sha256": _digest(plain),
        "iteration": predictor.learner.iteration,
        "run": "" if origin is None else origin.name,
        "units": None if units is None else UnitsFile.of(units).model_dump(),
    }
    write_atomically(file, save(plain, {_ABOUT: json.dumps(about)}))


def _settled_of(predictor: Predictor) -> dict[str, Any]:
    """What its data came to: what pictures are scaled by, or which columns there are."""
    units = predictor.answers.units
    if units is not None:
        x, y = units.x.names, units.y.names
        return dict(predictor.learner.config.task.posing(x, y))
    scale = predictor.learner.algorithm.engine.spec.scale
    if scale is None:
        return {}
    return {"pixels": ScaleRecord(settled_by="", scale=scale).model_dump(mode="json")}


def read(file: Path) -> Adapted:
    """What stands in the file; raises `BadInput` that names it and what is wrong with it."""
    data, where = read_file(file, MAX_BYTES, remedy=_REMEDY), str(file)
    about = _about(header(data, where).get("__metadata__"), where)
    tensors = load_tensors(data, where)
    if _digest(tensors) != about.sha256:
        raise BadInput(where, marked("is damaged: its tensors are not those it was written with"))
    weights = {
        name.removeprefix(_WEIGHTS): tensor
        for name, tensor in tensors.items()
        if name.startswith(_WEIGHTS)
    }
    return Adapted(file, about, weights, _support(tensors, about, where))


def _digest(tensors: Weights) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].numpy().tobytes())
    return digest.hexdigest()


def _about(metadata: Any, where: str) -> About:
    try:
        values = json.loads(metadata[_ABOUT])
        known = isinstance(values, dict) and values.pop("format") == FORMAT
    except (TypeError, KeyError, ValueError, RecursionError):
        known = False
    if not known:
        raise BadInput(where, marked("is no adapted learner of this program"), _REMEDY)
    try:
        return strictly(About, values, "adapted")
    except BadInput as fault:
        raise BadInput(where, str(fault), _REMEDY) from fault


def _support(tensors: Weights, about: About, where: str) -> Batch:
    """The examples: pictures of classes, rows of values, or pictures with boxes."""
    x, y = tensors.get(_X), tensors.get(_Y)
    if x is None or y is None or not _are_sound(x, y, about):
        raise BadInput(where, marked("its examples are missing or damaged"), _REMEDY)
    return Batch(x, y)


def _are_sound(x: Tensor, y: Tensor, about: About) -> bool:
    if about.units is not None:
        return about.units.are_rows(x, y)
    return _are_pictures(x) and (
        _are_labels(y, len(x), len(about.names)) if about.names else _are_targets(y, len(x))
    )


def _are_pictures(x: Tensor) -> bool:
    return x.dim() == 4 and x.is_floating_point() and bool(x.isfinite().all())


def _are_labels(y: Tensor, count: int, ways: int) -> bool:
    whole = y.shape == (count,) and not y.is_floating_point()
    return ways > 1 and whole and set(y.tolist()) == set(range(ways))


def _are_targets(y: Tensor, count: int) -> bool:
    """Every cell of every picture, as `core.detection` has them."""
    sized = count > 0 and y.shape == (count, CELLS * WIDTH) and y.is_floating_point()
    return sized and bool(((y >= 0) & (y <= 1)).all())
