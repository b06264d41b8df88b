"""torch's optimisers without their wrappers for torch's compiler, which nothing here uses.

The wrappers import the compiler at the first use of an optimiser, to keep it away from the
optimiser's code. That takes most of a second at the start of every training, and 60 MB.
"""

from __future__ import annotations

import inspect
from typing import TypeVar

import torch
from torch.optim import Optimizer

Kind = TypeVar("Kind", bound=Optimizer)
_WRAPPED = ("add_param_group", "state_dict", "load_state_dict", "zero_grad")


def uncompiled(kind: type[Kind]) -> type[Kind]:
    """The same optimiser to the bit; its steps are never differentiated through."""
    bare = {name: inspect.unwrap(getattr(kind, name)) for name in _WRAPPED}
    step = torch.no_grad()(inspect.unwrap(kind.step))
    return type(kind.__name__, (kind,), {**bare, "step": step})
