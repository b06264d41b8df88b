"""Dropout and other random operations, drawn per task and step whichever thread runs them.

torch draws them from one global generator. Here each random operation borrows it under a lock,
set to the state of its own task and step: the masks repeat with the seed, and do not depend on
the number of workers or on what other threads draw.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from workbench.core.seeds import derive
from workbench.core.task import ProblemSpec

_LOCK = threading.Lock()
_RANDOM = frozenset(
    {
        "dropout",
        "dropout1d",
        "dropout2d",
        "dropout3d",
        "alpha_dropout",
        "feature_dropout",
        "feature_alpha_dropout",
        "dropout_",
        "alpha_dropout_",
        "feature_dropout_",
        "feature_alpha_dropout_",
        "rrelu",
        "rrelu_",
        "bernoulli",
        "bernoulli_",
        "rand",
        "rand_like",
        "randn",
        "randn_like",
        "randint",
        "randint_like",
        "randperm",
        "random_",
        "normal",
        "normal_",
        "uniform_",
        "exponential_",
        "geometric_",
        "log_normal_",
        "cauchy_",
        "multinomial",
        "poisson",
        "binomial",
        "gumbel_softmax",
        "fractional_max_pool2d",
        "fractional_max_pool3d",
        "lstm",
        "gru",
        "rnn_tanh",
        "rnn_relu",
        "scaled_dot_product_attention",
        "multi_head_attention_forward",
    }
)


class Drawn(TorchFunctionMode):
    """Within it, random operations of this thread draw as ``keys`` say."""

    def __init__(self, *keys: int | str) -> None:
        super().__init__()
        self._state = torch.Generator().manual_seed(derive(*keys)).get_state()

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if getattr(func, "__name__", "") not in _RANDOM:
            return func(*args, **(kwargs or {}))
        gpus = _gpus((*args, *(kwargs or {}).values()))
        with _LOCK, torch.random.fork_rng(devices=gpus):
            torch.set_rng_state(self._state)
            for gpu in gpus:  # a GPU draws by itself, from a seed that is drawn here
                with torch.cuda.device(gpu):
                    torch.cuda.manual_seed(int(torch.randint(2**62, ())))
            try:
                return func(*args, **(kwargs or {}))
            finally:
                self._state = torch.get_rng_state()


def _gpus(values: Iterable[Any]) -> list[int]:
    """The CUDA device of the tensors that an operation is given, if they are on one."""
    found = (v.get_device() for v in values if isinstance(v, torch.Tensor) and v.is_cuda)
    return list(dict.fromkeys(found))


def draws(model: nn.Module, spec: ProblemSpec) -> bool:
    """Ask the model: does a forward pass in training mode move torch's generator?"""
    on_cpu = copy.deepcopy(model).cpu().train()
    parameter = next(iter(on_cpu.parameters()), torch.zeros(0))
    x = spec.example(4, like=parameter)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        before = torch.get_rng_state()
        on_cpu(x)
        return not torch.equal(before, torch.get_rng_state())
