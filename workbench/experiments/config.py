"""The complete description of an experiment, as a form, a file and a command line write it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from workbench.core.curve import Selection
from workbench.core.errors import BadInput
from workbench.core.files import read_json
from workbench.core.marked import marked
from workbench.core.objective import AdjustedClassification, Classification
from workbench.core.params import Params, param, problems, recorded_fields
from workbench.core.registry import KINDS, Entry, Kind, get, names, unknown
from workbench.core.sealed import SEAL
from workbench.core.task import ProblemSpec
from workbench.engine.choice import StrategyName
from workbench.experiments import packages

Section = Literal["task", "model", "algorithm", "training"]
SECTIONS: tuple[Section, ...] = ("task", "model", "algorithm", "training")

MAX_FILE_BYTES = 1_000_000
MAX_ITERATIONS = 10_000_000
Values = Mapping[str, Mapping[str, Any]]


class TrainingParams(Params):
    """The outer loop and how it is watched."""

    iterations: int = param(
        10_000, marked("Outer steps, one meta-batch each."), ge=1, le=MAX_ITERATIONS, log_scale=True
    )
    seconds: float = param(
        0.0,
        marked("Stop after this much training, if the iterations last longer; 0 is no limit."),
        unit="s",
        ge=0,
        le=1e7,
        advanced=True,
        more=marked(
            "Counts outer steps alone: evaluations, pauses and a first "
            "compilation are free. A schedule of the outer rate then "
            "follows the clock, so the run does not repeat bit for bit."
        ),
    )
    meta_batch: int = param(
        25, marked("Tasks averaged in one outer step."), symbol="B", ge=1, le=1024, log_scale=True
    )
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop"] = param(
        "adam", marked("How the outer gradient moves the meta-parameters.")
    )
    outer_rate: float = param(
        1e-3, marked("Step size of the outer optimiser."), symbol="β", gt=0, le=10, log_scale=True
    )
    schedule: Literal["constant", "linear", "cosine", "step", "plateau"] = param(
        "constant",
        marked(
            "Keep the outer rate, or lower it along a line, a half cosine, by steps, or whenever "
            "validation stands still."
        ),
    )
    final_rate: float = param(
        0.0,
        marked("The outer rate that a schedule ends at, and goes never below."),
        ge=0,
        le=10,
        advanced=True,
    )
    decay: float = param(
        0.5,
        marked("What the schedules step and plateau multiply the outer rate by."),
        gt=0,
        le=1,
        advanced=True,
    )
    decay_every: int = param(
        1000,
        marked("Outer steps after which the schedule step lowers the rate, each time."),
        ge=1,
        le=MAX_ITERATIONS,
        log_scale=True,
        advanced=True,
    )
    decay_patience: int = param(
        5,
        marked("Validations without a better one after which plateau lowers the rate."),
        ge=1,
        le=10_000,
        advanced=True,
    )
    warm_up: int = param(
        0,
        marked("Outer steps over which the rate rises from near zero; 0 for none."),
        ge=0,
        le=MAX_ITERATIONS,
        advanced=True,
    )
    patience: int = param(
        0,
        marked("End after so many validations without a better one; 0 goes on to the end."),
        ge=0,
        le=10_000,
        advanced=True,
        more=marked(
            "The weights best on validation are tested, as always. A run that ended early goes on "
            "when it is resumed with more patience."
        ),
    )
    seed: int = param(
        0, marked("Settles the initial weights and every task drawn."), ge=0, le=2**53, unit=""
    )
    label_smoothing: float = param(
        0.0,
        marked("Share of every label that is spread over all classes, in inner and outer loss."),
        ge=0,
        lt=1,
        advanced=True,
        more=marked("Losses that are shown are those that are trained; accuracy is as it was."),
    )
    class_weights: Literal["none", "balanced"] = param(
        "none",
        marked("Balanced: all classes of a set count alike, however many items each has."),
        advanced=True,
        more=marked("Tasks that are drawn are balanced; support sets made by hand need not be."),
    )
    gradient_limit: Literal["none", "clamp", "clip"] = param(
        "none",
        marked("Limit the outer gradient: clamp each number, or clip the norm of all."),
        advanced=True,
        more=marked("The MAML authors clamp to ±10 on mini-ImageNet."),
    )
    gradient_bound: float = param(
        10.0,
        marked("The limit that clamp or clip applies."),
        gt=0,
        le=1e6,
        log_scale=True,
        advanced=True,
    )
    eval_interval: int = param(
        500, marked("Outer steps between evaluations on validation tasks."), ge=1, log_scale=True
    )
    eval_tasks: int = param(
        100, marked("Validation tasks in each evaluation."), ge=2, le=10_000, log_scale=True
    )
    test_tasks: int = param(
        600,
        marked("Test tasks measured once, at the end, with the weights best on validation."),
        ge=2,
        le=100_000,
        log_scale=True,
        advanced=True,
    )
    select_by: Selection = param(
        "mean",
        marked(
            "What is best about the best weights on validation; trimmed is a mean without extremes."
        ),
        advanced=True,
        more=marked(
            "Trimmed leaves out the tenth of the tasks at either end. One "
            "task that diverges can make most of a mean, and then settles "
            "which weights are taken. The test is reported by mean and "
            "median whatever is chosen here."
        ),
    )
    checkpoint_interval: int = param(
        500, marked("Outer steps between checkpoints."), ge=1, log_scale=True, advanced=True
    )
    strategy: StrategyName = param(
        "auto",
        marked("How the engine computes; auto takes the fastest way that fits model and machine."),
        advanced=True,
        more=marked(
            "All ways agree up to rounding; a run repeats bit for bit only on the same one."
        ),
    )
    recompute: bool = param(
        False,
        marked("Compute each inner step twice, so that memory does not grow with inner steps."),
        advanced=True,
    )
    transductive: bool = param(
        True,
        marked("Predict a query set as one batch, as the MAML authors do."),
        more=marked(
            "With batch normalisation the items of a query set then help "
            "each other, and numbers come out higher. Off: each query item "
            "is predicted beside the support set alone, when learners are "
            "scored and watched. Every number says which it is."
        ),
    )
    workers: int = param(
        0, marked("Threads that take tasks; 0 is one for each core."), ge=0, le=256, advanced=True
    )


@dataclass(frozen=True)
class ExperimentConfig:
    """Task, model, algorithm and training; frozen, and valid from its making on."""

    task: Any
    model: Any
    algorithm: Any
    training: TrainingParams

    @property
    def takes_steps(self) -> bool:
        """Whether the algorithm adapts step by step; otherwise by one closed form."""
        return bool(get("algorithm", self.algorithm.name).build.has_steps)

    def to_json(self) -> dict[str, dict[str, Any]]:
        """What a person has set."""
        return {
            section: params.model_dump(mode="json", exclude=set(recorded_fields(type(params))))
            for section, params in self._sections()
        }

    def complete(self) -> dict[str, dict[str, Any]]:
        """As `to_json`, with what a run has recorded of its data."""
        return {name: params.model_dump(mode="json") for name, params in self._sections()}

    def _sections(self) -> Iterator[tuple[Section, Params]]:
        return ((section, getattr(self, section)) for section in SECTIONS)

    def to_record(self) -> dict[str, dict[str, Any]]:
        """As `complete`, with the packages of plug-ins that parts come from, if any do."""
        used = packages.used({kind: getattr(self, kind).name for kind in KINDS})
        return {**self.complete(), **({packages.KEY: used} if used else {})}

    @classmethod
    def from_json(cls, values: Any) -> ExperimentConfig:
        """Build from plain values or text; raises the first `BadInput` there is."""
        config, found = check(values)
        if config is None:
            raise found[0]
        return config

    def replaced(self, changes: Values) -> ExperimentConfig:
        """A copy with some fields changed, e.g. ``{"task": {"ways": 20}}``; validated anew.

        Naming another task, model or algorithm starts from that one's defaults.
        """
        return self.from_json(merged(self.complete(), changes))


def check(values: Any) -> tuple[ExperimentConfig | None, tuple[BadInput, ...]]:
    """The configuration, or every field at fault: a form shows them all at once."""
    if not isinstance(values, Mapping):
        return None, (BadInput("config", marked("is not an object of sections"), _SECTION_HINT),)
    known = (*SECTIONS, packages.KEY)
    found = [unknown("config", str(name), SECTIONS) for name in values if name not in known]
    try:
        packages.refuse_missing(values)
    except BadInput as error:
        return None, (*found, error)
    parts: dict[str, Params] = {}
    for section in SECTIONS:
        try:
            parts[section] = _part(section, values.get(section, {}))
        except BadInput as error:
            found.append(error)
        except ValidationError as error:
            found.extend(problems(error, section))
    if not found:
        found = list(_misfit(parts))
    if found:
        return None, tuple(found)
    return ExperimentConfig(**parts), ()  # type: ignore[arg-type]


def trained_on(spec: ProblemSpec, training: TrainingParams) -> ProblemSpec:
    """The problem with the loss asked for; raises `BadInput` where there are no classes."""
    wanted = {
        "training.label_smoothing": training.label_smoothing > 0,
        "training.class_weights": training.class_weights == "balanced",
    }
    if not any(wanted.values()):
        return spec
    if type(spec.objective) is not Classification:
        raise BadInput(
            next(where for where, is_wanted in wanted.items() if is_wanted),
            marked("is for the cross-entropy of classes, and this task has another loss"),
            marked("Set it back"),
        )
    smoothed, balanced = training.label_smoothing, wanted["training.class_weights"]
    return replace(spec, objective=AdjustedClassification(smoothed, balanced))


def _misfit(parts: Mapping[str, Any]) -> Iterator[BadInput]:
    """What cannot take the problem, of the model, algorithm and training: said before a start."""
    task = parts["task"]
    spec = get("task", task.name).build(task).spec
    try:
        trained_on(spec, parts["training"])
    except BadInput as error:
        yield error
    kinds: tuple[Kind, Kind] = ("algorithm", "model")
    for kind in kinds:
        reason = get(kind, parts[kind].name).unfit(spec)
        if reason:
            yield BadInput(
                f"{kind}.name", reason, marked("Choose {0}").format(", ".join(fitting(kind, spec)))
            )


def fitting(kind: Kind, spec: ProblemSpec) -> tuple[str, ...]:
    """The models or algorithms that can take a problem; models that need no file of the user's."""
    found = (get(kind, name) for name in names(kind))
    return tuple(
        part.name
        for part in found
        if not part.unfit(spec) and (kind != "model" or _can_be_made(part, spec))
    )


def _can_be_made(model: Entry, spec: ProblemSpec) -> bool:
    """Tried with its defaults on the device that allocates and draws nothing."""
    import torch

    if not model.params.counted:
        return False

    try:
        with torch.device("meta"):
            model.build(model.params(), spec)
    except BadInput:
        return False
    return True


_SECTION_HINT = marked("Write {0}").format(", ".join(SECTIONS))


def merged(values: Values, changes: Values) -> dict[str, dict[str, Any]]:
    """Values with changes laid over them, section by section.

    Under a new name the fields that both kinds inherit from one shared base keep their values: they
    mean the same thing. All others, those declared anew too, start from the new kind's defaults.
    A field that is nothing without another (`Params.together`) is kept only where both are.
    """
    result = {section: dict(fields) for section, fields in values.items()}
    for section, fields in changes.items():
        old = result.get(section, {})
        if "name" in fields and "name" in old and fields["name"] != old["name"]:
            shared = _shared_fields(section, old["name"], fields["name"])
            together = params_class(section, fields["name"]).together
            if not together <= shared - fields.keys():
                shared -= together
            old = {name: value for name, value in old.items() if name in shared}
        result[section] = {**old, **fields}
    return result


def _shared_fields(section: str, old: str, new: str) -> set[str]:
    one, other = params_class(section, old), params_class(section, new)
    both = one.model_fields.keys() & other.model_fields.keys()
    return {field for field in both if _declarer(one, field) is _declarer(other, field)}


def _declarer(params: type[Params], field: str) -> type:
    return next(base for base in params.__mro__ if field in inspect.get_annotations(base))


def params_class(section: str, name: str = "") -> type[Params]:
    """The `Params` of a section, given the name of its task, model or algorithm."""
    if section == "training":
        return TrainingParams
    return get(next(kind for kind in KINDS if kind == section), name).params


def load_config(file: Path) -> dict[str, Any]:
    """Read a configuration file (JSON); raises `BadInput` with the line at fault."""
    values = read_json(file, MAX_FILE_BYTES, "Give a configuration file")
    if not isinstance(values, dict):
        raise BadInput(str(file), marked("is not an object of sections"), _SECTION_HINT)
    # A run's own file carries these; changed by hand it is a configuration like any other.
    return {name: value for name, value in values.items() if name not in ("schema_version", SEAL)}


def _part(section: Section, fields: Any) -> Params:
    if not isinstance(fields, Mapping):
        raise BadInput(
            section, marked("is not an object of fields"), marked("Write it as a JSON object")
        )
    if section != "training" and "name" not in fields:
        raise BadInput(
            f"{section}.name", marked("is missing"), marked("Name the {0}").format(section)
        )
    return params_class(section, fields.get("name", "")).model_validate(dict(fields))
