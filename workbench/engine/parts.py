"""Head, body and normalisation of a model: what methods adapt, keep or replace."""

from __future__ import annotations

import copy

from torch import nn

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import ProblemSpec


def head_of(model: nn.Module, spec: ProblemSpec) -> str:
    """The name of the Linear layer that gives the outputs.

    The last one with as many outputs as the problem asks for, or as the objective leaves to it;
    raises `BadInput` where there is none.
    """
    asked = {spec.outputs, spec.objective.head_outputs(spec.outputs)}
    found: list[str] = [
        name
        for name, layer in model.named_modules()
        if name and isinstance(layer, nn.Linear) and layer.out_features in asked
    ]
    if not found:
        raise BadInput(
            "model.name",
            marked(
                "{0} has no Linear layer with {1} outputs at its end, to tell head from body"
            ).format(type(model).__name__, spec.outputs),
            marked("End the model with nn.Linear(..., outputs), or choose the algorithm maml"),
            Mend("algorithm.name", "maml"),
        )
    return found[-1]


def with_head(model: nn.Module, spec: ProblemSpec, new: nn.Module) -> nn.Module:
    """A copy of the model that ends in another head; ``nn.Identity()`` leaves the features."""
    return with_layer(model, head_of(model, spec), new)


def with_layer(model: nn.Module, name: str, new: nn.Module) -> nn.Module:
    """A copy of the model with one of its layers replaced."""
    changed = copy.deepcopy(model)
    parent, _, leaf = name.rpartition(".")
    setattr(changed.get_submodule(parent), leaf, new)
    return changed


def feature_count(model: nn.Module, spec: ProblemSpec) -> int:
    """The inputs of the head."""
    head = model.get_submodule(head_of(model, spec))
    assert isinstance(head, nn.Linear)
    return head.in_features


def head_weights(model: nn.Module, spec: ProblemSpec) -> frozenset[str]:
    """The names of the head's parameters."""
    name = head_of(model, spec)
    return frozenset(f"{name}.{part}" for part, _ in model.get_submodule(name).named_parameters())


def norm_weights(model: nn.Module) -> frozenset[str]:
    """The names of scale and shift of every batch normalisation."""
    return frozenset(
        f"{name}.{part}"
        for name, layer in model.named_modules()
        if isinstance(layer, nn.modules.batchnorm._BatchNorm)
        for part, _ in layer.named_parameters()
    )


OUTER_ONLY = "outer_only"
"""Of a layer: true where the inner loop leaves its weights alone and the outer one trains them."""


def held_weights(model: nn.Module) -> frozenset[str]:
    """The names of the parameters of layers that are marked `OUTER_ONLY`."""
    return frozenset(
        f"{name}.{part}"
        for name, layer in model.named_modules()
        if getattr(layer, OUTER_ONLY, False)
        for part, _ in layer.named_parameters()
    )
