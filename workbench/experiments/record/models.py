"""What may stand in the JSON files of a run: one validated model for each file.

A file that is damaged, incomplete or of a newer version is refused with its name and the reason; no
reader ever sees a value of another type than the one declared here.
"""

from __future__ import annotations

import importlib.metadata
import platform
import socket
import time
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workbench import __version__
from workbench.core import vision
from workbench.core.curve import IntervalKind, Spread
from workbench.core.errors import BadInput
from workbench.core.events import Reason
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed
from workbench.core.strict import Strict, fault_of
from workbench.core.task import Split
from workbench.experiments import devices
from workbench.experiments.devices import CPU, Device
from workbench.experiments.record.revision import revision

SCHEMA = 4
"""Of the files of a run: 2 came with checksums, 3 with what a fork changes and what a run was made
with. Older ones are read as they are."""
LATEST_TIME = 253_370_764_800.0
"""The end of the year 9998: what is later is no time that a run began."""

Read = TypeVar("Read", bound=BaseModel)


class _File(Strict):
    """As the program itself writes it: tuples as lists, numbers that are not finite as words."""

    model_config = ConfigDict(strict=False, allow_inf_nan=True)


class Maker(_File):
    """What wrote a file, as far as it may make a difference; empty where it did not say."""

    workbench: str
    torch: str
    python: str
    threads: int = Field(ge=0)
    numpy: str = ""
    torchvision: str = ""
    """Its version and how much of it works; see `tasks.vision`."""
    pyside6: str = ""
    device: str = ""
    """What computes, and by which instructions."""
    processes: int = Field(1, ge=1)
    """That trained together; see `experiments.scale`."""
    revision: str = ""
    """The commit of the program, where it runs from a checkout; see `record.revision`."""

    @classmethod
    def present(cls, device: Device = CPU) -> Maker:
        trains_together = torch.distributed.is_available() and torch.distributed.is_initialized()
        return cls(
            threads=torch.get_num_threads(),
            device=devices.described(device),
            processes=torch.distributed.get_world_size() if trains_together else 1,
            **_environment(),
        )


@cache
def _environment() -> dict[str, str]:
    """What does not change while the program runs."""
    seen = vision.state()
    return {
        "workbench": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "numpy": _version("numpy"),
        "torchvision": f"{seen.version} {seen.kind}".strip(),
        "pyside6": _version("PySide6-Essentials"),
        "revision": revision(),
    }


def _version(package: str) -> str:
    """Empty where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


class Origin(_File):
    """The checkpoint of another run that a fork goes on from, and what it changes."""

    run: str
    iteration: int = Field(ge=0)
    sha256: str = ""
    """Of the checkpoint's tensors, in hexadecimal digits; not in records before version 3."""
    changes: dict[str, tuple[Any, Any]] = Field(default_factory=dict)
    """What differs, by ``section.field``: before and after."""


class RunFacts(_File):
    """``run.json``: when and where a run began."""

    schema_version: int = Field(1, ge=1)
    started: float = Field(ge=0, le=LATEST_TIME)
    process: int = Field(ge=0)
    host: str = ""
    made_by: Maker | None = None
    forked_from: Origin | None = None
    weights_from: str = ""
    """The file or run whose weights it began with; empty where they were drawn."""

    @classmethod
    def present(
        cls,
        process: int,
        origin: Origin | None,
        weights_from: str = "",
        device: Device = CPU,
    ) -> RunFacts:
        return cls(
            schema_version=SCHEMA,
            started=time.time(),
            process=process,
            host=socket.gethostname(),
            made_by=Maker.present(device),
            forked_from=origin,
            weights_from=weights_from,
        )


class Step(BaseModel):
    """One inner step of a measured curve."""

    model_config = ConfigDict(frozen=True, extra="allow")

    step: int = Field(ge=0)
    mean: float
    ci95: float
    median: float | None = None
    """With what follows not in the records of older versions."""
    low: float | None = None
    high: float | None = None
    interval: IntervalKind = "normal"
    ruled_by: int | None = Field(None, ge=0)
    ruled_share: float | None = None


class Measured(BaseModel):
    """The ``metrics`` of the command line's contract."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str
    steps: tuple[Step, ...] = Field(min_length=1)
    tasks: int = Field(ge=1)
    transductive: bool
    seen_classes: bool = False
    split: Split


class Result(_File):
    """``result.json``: what a run came to."""

    schema_version: int = Field(1, ge=1)
    run: str
    config: dict[str, dict[str, Any]]
    iterations: int = Field(ge=0)
    seconds: float = Field(ge=0)
    metrics: Measured | None
    best_iteration: int = Field(ge=0)
    data_fingerprint: str
    strategy: str
    reason: Reason
    error: str


class Latest(_File):
    """``checkpoints/latest.json``: the newest checkpoint that was written whole."""

    checkpoint: str = Field(pattern=r"^\d{9}\.json$")


class BestCurve(_File):
    """The validation that the best weights were chosen by, as `Curve` holds it."""

    metric: str
    split: Split
    tasks: int = Field(ge=1)
    transductive: bool
    mean: tuple[float, ...] = Field(min_length=1)
    ci95: tuple[float, ...]
    query_loss: tuple[float, ...]
    support_loss: tuple[float, ...]
    spread: tuple[Spread, ...] = ()
    seen_classes: bool = False
    bounds: dict[str, float] = Field(default_factory=dict)


class Sidecar(_File):
    """``checkpoints/<iteration>.json``: everything of a checkpoint that is no tensor."""

    schema_version: int = Field(ge=1)
    config: dict[str, dict[str, Any]]
    iteration: int = Field(ge=0)
    seconds: float = Field(ge=0)
    best: BestCurve | None
    best_iteration: int = Field(ge=0)
    plateaus_before: int = Field(0, ge=0)
    """Since version 4."""
    acted: int = Field(0, ge=0)
    data_fingerprint: str
    made_by: Maker
    file: str = Field("", pattern=r"^(\d{9}(-again)?\.safetensors)?$")
    """Of the tensors; in records before version 3 it has the sidecar's name."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Config(_File):
    """``config.json``: the four sections; see `ExperimentConfig`."""

    schema_version: Literal[2, 3, 4] | None = None
    task: dict[str, Any]
    model: dict[str, Any]
    algorithm: dict[str, Any]
    training: dict[str, Any]
    packages: dict[str, Any] = Field(default_factory=dict)
    """Of plug-ins; see `experiments.packages`."""


def read_model(file: Path, model: type[Read], remedy: str = "") -> Read:
    """A file as its model; raises `BadInput` naming the file and what is wrong with it."""
    values = read_sealed(file, remedy=remedy)
    if _newer(values.get("schema_version")):
        raise BadInput(
            str(file), marked("was written by a newer version"), marked("Update the workbench")
        )
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise BadInput(
            str(file), marked("is damaged: {0}").format(fault_of(error)), remedy
        ) from error


def _newer(version: Any) -> bool:
    return isinstance(version, int) and version > SCHEMA
