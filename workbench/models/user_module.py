"""A model of the user's own: any nn.Module class from a Python file.

The file runs with the user's rights, so only a content that this user has trusted runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from torch import nn

from workbench.core import guarded
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.named_code import MODEL, MODEL_FILE, content_hash
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.core.user_code import UserCode


class UserModuleParams(Params):
    name: Literal["user_module"] = "user_module"
    counted: ClassVar[bool] = False
    path: Path = param(
        Path(), marked("Python file with your module; see resources/templates/user_module.py.")
    )
    class_name: str = param(
        "Model", marked("The nn.Module class in it, made with (input_shape, outputs).")
    )
    sha256: str = content_hash()

    def recorded(self) -> dict[str, Any]:
        return MODEL_FILE.record(self.model_dump())

    def changed(self) -> str:
        return MODEL_FILE.changed(self.model_dump())


@register("model", MODEL, title=marked("Your own module"), params=UserModuleParams)
def user_module(params: UserModuleParams, spec: ProblemSpec) -> nn.Module:
    """An nn.Module class from a Python file of yours."""
    code = MODEL_FILE.code(params.model_dump())
    assert code is not None  # this model always names a file
    return guarded.run(lambda: _make(code, params.class_name, spec), code)


def _make(code: UserCode, class_name: str, spec: ProblemSpec) -> nn.Module:
    """Execute exactly what was hashed, make the module, and try it."""
    made = getattr(guarded.executed(code), class_name, None)
    if not (isinstance(made, type) and issubclass(made, nn.Module)):
        raise BadInput(
            "model.class_name",
            marked("{0} defines no nn.Module class {1!r}").format(code.path, class_name),
            marked("Name a class of the file that derives from torch.nn.Module"),
        )
    model = guarded.kind_of(made, code)(spec.input_shape, spec.outputs)
    _try(model, class_name, spec)
    return model


def _try(model: nn.Module, class_name: str, spec: ProblemSpec) -> None:
    """Send two items through, so that a misfit shows before a run."""
    with torch.no_grad():
        outputs = model(spec.example(2))
    given = tuple(getattr(outputs, "shape", ())) or type(outputs).__name__
    if given != (2, spec.outputs):
        raise BadInput(
            "model.path",
            marked("{0} gives {1} for two items").format(class_name, given),
            marked("It must give (2, {0})").format(spec.outputs),
        )
