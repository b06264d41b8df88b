"""Maps and convolutions in the order of memory that convolutions on a CPU are fast in.

Channels last is 1.2-2 times faster. Where there is one channel both orders describe the same
memory, and torch takes the name from the strides: `channels_last` sets them, or the whole first
block would run in the slow order (max-pooling 15 times slower).
"""

from __future__ import annotations

from torch import Tensor
from torch import channels_last as _LAST

from workbench.core.algorithm import Weights


def channels_last(tensor: Tensor) -> Tensor:
    """The same numbers, maps ``[n, c, h, w]`` with channels innermost; other shapes as they are."""
    if tensor.dim() != 4:
        return tensor
    last = tensor.contiguous(memory_format=_LAST)
    if tensor.shape[1] > 1:
        return last
    n, c, h, w = tensor.shape
    return last.as_strided((n, c, h, w), (h * w, 1, w, 1))


def laid_out(weights: Weights) -> Weights:
    """Detached, and convolutions in the layout of their maps."""
    return {name: channels_last(weight.detach()) for name, weight in weights.items()}
