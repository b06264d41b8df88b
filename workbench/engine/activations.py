"""What the blocks of a model put out on the way from input to output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from torch import Tensor, nn

from workbench.core.algorithm import Weights
from workbench.engine.plain import Traits, forward_of

Activations = Callable[[Weights, Tensor], dict[str, Tensor]]
"""By name and in the order they run: ``([n, *input_shape]) -> {block: [n, ...]}``."""


def activations_of(model: nn.Module, traits: Traits) -> Activations:
    """Of a model that nobody else uses."""
    seen: dict[str, Tensor] = {}
    for name in blocks(model):
        model.get_submodule(name).register_forward_hook(_noting(seen, name))
    forward = forward_of(model, traits)

    def activations(weights: Weights, x: Tensor) -> dict[str, Tensor]:
        seen.clear()
        forward(weights, x)
        return {name: output for name, output in seen.items() if output.shape[:1] == x.shape[:1]}

    return activations


def blocks(model: nn.Module, prefix: str = "") -> Iterator[str]:
    """The largest submodules with a single weight matrix: a convolution with what belongs to it."""
    for name, child in model.named_children():
        matrices = sum(weight.dim() > 1 for weight in child.parameters())
        if matrices == 1:
            yield f"{prefix}{name}"
        elif matrices:
            yield from blocks(child, f"{prefix}{name}.")


def _noting(seen: dict[str, Tensor], name: str) -> Callable[..., None]:
    def note(module: nn.Module, inputs: Any, output: Any) -> None:
        if isinstance(output, Tensor) and output.dim():
            seen[name] = output

    return note
