"""Which layer cannot be differentiated twice, and what a person can do about it."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked

_REMEDIES = {
    "cdist": "write the distance as a sum of squared differences",
    "scaled_dot_product": "write attention as softmax(q k^T) v with plain matrix products",
    "embedding_bag": "use nn.Embedding followed by a sum or mean",
}


def refused(model: nn.Module, x: Tensor, error: RuntimeError) -> BadInput | None:
    """The refusal that names the layer, or ``None`` where every layer has a second derivative."""
    found = _layer_at_fault(copy.deepcopy(model), x)
    if found is None:
        return None
    name, layer, cause = found
    text = f"{cause} {error}"
    hint = next((advice for key, advice in _REMEDIES.items() if key in text), "")
    where = f"layer {name!r} ({type(layer).__name__})" if name else f"{type(layer).__name__}"
    return BadInput(
        "model.name",
        marked("the second-order gradient does not exist for {0}: {1}").format(where, cause),
        marked("Choose first-order MAML (fomaml), or {0}").format(hint or "replace the operation"),
        Mend("algorithm.name", "fomaml"),
    )


def _layer_at_fault(model: nn.Module, x: Tensor) -> tuple[str, nn.Module, str] | None:
    """The innermost module whose own gradient has no gradient, tried on what it really gets."""
    inputs: dict[str, tuple[Any, ...]] = {}

    def note(name: str) -> Any:
        return lambda _, args: inputs.setdefault(name, args)

    hooks = [m.register_forward_pre_hook(note(name)) for name, m in model.named_modules()]
    with torch.no_grad():
        model(x)
    for hook in hooks:
        hook.remove()
    innermost_first = sorted(model.named_modules(), key=lambda item: -item[0].count("."))
    for name, module in [item for item in innermost_first if item[0]] + [("", model)]:
        if name in inputs and (cause := _failure(module, inputs[name])):
            return name, module, cause
    return None


def _failure(module: nn.Module, args: tuple[Any, ...]) -> str:
    """What torch says when this module's gradient is differentiated; empty where it can be."""
    leaves = [_leaf(a) for a in args]
    sources = [a for a in leaves if isinstance(a, Tensor) and a.requires_grad]
    sources += [p for p in module.parameters() if p.requires_grad]
    try:
        output = module(*leaves)
        output = output[0] if isinstance(output, tuple) else output
        first = torch.autograd.grad(
            output.square().sum(), sources, create_graph=True, allow_unused=True
        )
        total = torch.stack([g.square().sum() for g in first if g is not None]).sum()
        torch.autograd.grad(total, sources, allow_unused=True)
    except RuntimeError as error:
        return str(error).splitlines()[0]
    return ""


def _leaf(value: Any) -> Any:
    if isinstance(value, Tensor) and value.is_floating_point():
        return value.detach().requires_grad_()
    return value
