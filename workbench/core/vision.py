"""torchvision, made importable beside a torch build that its compiled half does not match.

Beside a CPU build of torch a CUDA build of torchvision cannot load its ``_C`` library, and
importing it then fails with "operator torchvision::nms does not exist" (pytorch/vision#9337).
Declaring the two operators it asks for makes its Python half usable: data sets, transforms, models.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Literal

import torch

from workbench.core.errors import BadInput
from workbench.core.marked import marked

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)

_declared: list[torch.library.Library] = []
"""Kept for the life of the process: a collected Library takes its schemas with it."""


@dataclass(frozen=True)
class VisionState:
    """How much of torchvision works here, and why not all of it does."""

    kind: Literal["full", "python-only", "absent"]
    reason: str = ""
    version: str = ""


@cache
def state() -> VisionState:
    """Probe torchvision's compiled half without importing the package."""
    folder = _folder()
    if folder is None:
        return VisionState("absent", "torchvision is not installed")
    version = importlib.metadata.version("torchvision")
    libraries = sorted(p for p in folder.glob("_C*") if p.suffix in (".so", ".pyd", ".dylib"))
    if not libraries:
        return VisionState("python-only", "it was built without compiled operators", version)
    try:
        torch.ops.load_library(libraries[0])  # type: ignore[no-untyped-call]
    except OSError as error:
        detail = str(error.__cause__ or error).splitlines()[0]
        reason = f"its compiled operators do not match this torch ({detail})"
        return VisionState("python-only", reason, version)
    return VisionState("full", "", version)


def torchvision() -> ModuleType:
    """The torchvision package with its ``datasets``; raises `BadInput` where there is none."""
    make_importable()
    found = state()
    if found.kind == "absent":
        raise BadInput(
            "torchvision", found.reason, marked("Install torchvision 0.28, or use local files")
        )
    try:
        with warnings.catch_warnings():
            # Its image decoder is missing for the same reason; Pillow decodes here.
            warnings.simplefilter("ignore")
            importlib.import_module("torchvision.datasets")
    except (ImportError, RuntimeError) as error:
        problem = marked("version {0} cannot be used with torch {1} ({2})").format(
            found.version, torch.__version__, error
        )
        raise BadInput(
            "torchvision", problem, marked("Install matching versions of both")
        ) from error
    return importlib.import_module("torchvision")


def make_importable() -> None:
    """Declare what torchvision asks for where its compiled half is missing; import nothing."""
    if _declared or state().kind != "python-only":
        return
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for schema in _SCHEMAS:
        library.define(schema)  # type: ignore[no-untyped-call]
    _declared.append(library)


def _folder() -> Path | None:
    spec = importlib.util.find_spec("torchvision")
    return Path(spec.origin).parent if spec and spec.origin else None
