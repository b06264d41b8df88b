"""What an outer step costs in arithmetic, whatever the machine and whoever else is busy on it.

Counted by torch's own formulas while one task goes through the general strategy: multiplications
and additions of matrix products and convolutions, forwards and backwards. Element-wise operations,
batch statistics and the solving of small systems are not counted; the hand-written routes compute
the same numbers, so that their arithmetic is this, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_algorithm

_PREFIXES = ("", "k", "M", "G", "T", "P", "E")
_FORMULAS: Mapping[Any, Callable[..., int]] = flop_registry


def operations(config: ExperimentConfig, family: TaskFamily) -> float:
    """Floating-point operations of one outer step; 0 for what does not train.

    ``family`` is prepared. Raises what building the algorithm raises.
    """
    if not get("algorithm", config.algorithm.name).build.trains:
        return 0.0
    plain = config.replaced({"training": {"workers": 1, "strategy": "general"}})
    algorithm = build_algorithm(plain, family)
    try:
        episodes = algorithm.draw(family, 1, torch.Generator().manual_seed(0))
        with _Counter() as counter:
            algorithm.meta_gradient(algorithm.initial(), episodes, 0, 0)
    finally:
        algorithm.close()
    return float(counter.seen * config.training.meta_batch)


def in_words(count: float) -> str:
    """``330 GFLOP``; empty for none."""
    if count <= 0:
        return ""
    power = min(int(math.log10(count)) // 3, len(_PREFIXES) - 1)
    return f"{count / 1000**power:.3g} {_PREFIXES[power]}FLOP"


class _Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Adds up the operations of this thread while it is entered."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen = 0

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = dict(kwargs or {})
        found = func(*args, **given)
        formula = _FORMULAS.get(func._overloadpacket)
        if formula is not None:
            self.seen += formula(*args, **given, out_val=found)
        return found
