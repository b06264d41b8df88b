"""A model of the user's own: any nn.Module class from a Python file.

The file runs with the user's rights, so it is read and hashed first and runs only when its SHA-256
is the one the user has agreed to; a changed file asks again.
"""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path
from types import ModuleType
from typing import Literal

import torch
from torch import nn

from workbench.core.errors import BadInput
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec

MAX_BYTES = 1_000_000


class UserModuleParams(Params):
    name: Literal["user_module"] = "user_module"
    path: Path = param(
        Path(), "Python file with your module; see resources/templates/user_module.py."
    )
    class_name: str = param("Model", "The nn.Module class in it, made with (input_shape, outputs).")
    sha256: str = param(
        "",
        "SHA-256 of the file you have read and trust.",
        advanced=True,
        more="The file runs with your rights. A file that has changed since is not run.",
    )


class Untrusted(BadInput):
    """The file may not run until the user agrees to exactly this content."""

    def __init__(self, path: Path, source: str, sha256: str) -> None:
        super().__init__(
            "model.sha256",
            f"{path} has not been trusted, and it would run with your rights",
            f"Read it, and if you trust it give the SHA-256 {sha256}",
        )
        self.path, self.source, self.sha256 = path, source, sha256


@register("model", "user_module", title="Your own module", params=UserModuleParams)
def user_module(params: UserModuleParams, spec: ProblemSpec) -> nn.Module:
    """An nn.Module class from a Python file of yours."""
    source = _trusted_source(params)
    module = _run(source, params.path)
    made = getattr(module, params.class_name, None)
    if not (isinstance(made, type) and issubclass(made, nn.Module)):
        raise BadInput(
            "model.class_name",
            f"{params.path} defines no nn.Module class {params.class_name!r}",
            "Name a class of the file that derives from torch.nn.Module",
        )
    return _checked(made, params, spec)


def _trusted_source(params: UserModuleParams) -> str:
    try:
        data = params.path.read_bytes()
    except OSError as error:
        raise BadInput(
            "model.path", f"{params.path} cannot be read ({error.strerror})", "Choose a .py file"
        ) from error
    if len(data) > MAX_BYTES:
        raise BadInput("model.path", f"{params.path} is larger than 1 MB", "Choose a .py file")
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("model.path", f"{params.path} is not UTF-8 text") from error
    digest = hashlib.sha256(data).hexdigest()
    if params.sha256.strip().lower() != digest:
        raise Untrusted(params.path, source, digest)
    return source


def _run(source: str, path: Path) -> ModuleType:
    """Execute exactly the bytes that were hashed."""
    module = ModuleType("user_module")
    module.__file__ = str(path)
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except Exception as error:
        raise BadInput("model.path", _where(error, path), "Mend the file") from error
    return module


def _checked(made: type[nn.Module], params: UserModuleParams, spec: ProblemSpec) -> nn.Module:
    """Make the module and send two blank items through, so that a misfit shows before a run."""
    try:
        model = made(spec.input_shape, spec.outputs)
        with torch.no_grad():
            outputs = model(torch.zeros(2, *spec.input_shape))
    except Exception as error:
        raise BadInput("model.path", _where(error, params.path), "Mend the file") from error
    if tuple(outputs.shape) != (2, spec.outputs):
        raise BadInput(
            "model.path",
            f"{params.class_name} gives {tuple(outputs.shape)} for two items",
            f"It must give (2, {spec.outputs})",
        )
    return model


def _where(error: Exception, path: Path) -> str:
    """The error with the last line of the user's file that it passed through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    place = f", line {frames[-1].lineno}" if frames else ""
    return f"{path}{place} fails ({type(error).__name__}: {error})"
