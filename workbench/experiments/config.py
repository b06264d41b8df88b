"""The complete description of an experiment, as a form, a file and a command line write it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from workbench.core.errors import BadInput
from workbench.core.files import read_json
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, problems, recorded_fields
from workbench.core.registry import KINDS, Entry, Kind, get, names, unknown
from workbench.core.sealed import SEAL
from workbench.core.task import ProblemSpec
from workbench.experiments import losses, packages
from workbench.experiments.training_params import TrainingParams, optimizer_misfits

Section = Literal["task", "model", "algorithm", "training"]
SECTIONS: tuple[Section, ...] = ("task", "model", "algorithm", "training")

MAX_FILE_BYTES = 1_000_000
Values = Mapping[str, Mapping[str, Any]]


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

    def changed(self) -> str:
        """That files named in it are no longer what was recorded, in sentences; else empty.

        Raises `BadInput` for those that must not be used, `Untrusted` among them.
        """
        return "; ".join(filter(None, (params.changed() for _, params in self._sections())))

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


def _misfit(parts: Mapping[str, Any]) -> Iterator[BadInput]:
    """What cannot take the problem, of the model, algorithm and training: said before a start."""
    task = parts["task"]
    try:
        spec = get("task", task.name).build(task).spec
    except BadInput as error:  # an environment of the user's that cannot be made
        yield error
        return
    method = get("algorithm", parts["algorithm"].name).build
    yield from _held_misfits(parts["model"], method, parts["algorithm"].name)
    yield from losses.misfits(spec, parts["training"], method, parts["algorithm"])
    yield from optimizer_misfits(spec, parts["training"], descends=method.descends)
    kinds: tuple[Kind, Kind] = ("algorithm", "model")
    for kind in kinds:
        reason = get(kind, parts[kind].name).unfit(spec)
        if reason:
            others = fitting(kind, spec)
            yield BadInput(
                f"{kind}.name",
                reason,
                marked("Choose {0}").format(", ".join(others)),
                *(Mend(f"{kind}.name", other) for other in others),
            )


def _held_misfits(model: Params, method: Any, name: str) -> Iterator[BadInput]:
    """A model that keeps weights out of the inner loop, for a method that moves them all."""
    if model.held and not method.holds:
        where = f"model.{model.held}"
        yield BadInput(
            where,
            marked("{0} moves every weight, and this keeps some out of the inner loop").format(
                name
            ),
            marked("Choose all, or the algorithm maml"),
            Mend(where, "all"),
            Mend("algorithm.name", "maml"),
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
