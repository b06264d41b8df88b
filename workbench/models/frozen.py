"""A network that never changes, and the features that it gave: each item is computed once.

Meta-learning a head on such features needs the network for every picture once, and not for every
task that the picture comes up in. What was computed is remembered by the content of the item, so
that whoever adapts, watches or measures finds it, pictures drawn by hand included.
"""

from __future__ import annotations

import hashlib
import threading
import weakref
from typing import Any

import torch
from torch import Tensor, nn

MOST_BYTES = 512 * 2**20
"""Of features that one network's memory holds; what comes later is computed each time."""


class Memory:
    """Features ``[e]`` by the content of an item, for all who use the same network."""

    def __init__(self) -> None:
        self._held: dict[bytes, Tensor] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: bytes) -> Tensor | None:
        return self._held.get(key)

    def keep(self, key: bytes, features: Tensor) -> None:
        size = features.numel() * features.element_size()
        with self._lock:
            if key not in self._held and self._bytes + size <= MOST_BYTES:
                self._held[key] = features
                self._bytes += size


_memories: weakref.WeakValueDictionary[bytes, Memory] = weakref.WeakValueDictionary()
_finding = threading.Lock()


def memory_of(network: nn.Module) -> Memory:
    """The memory of all networks with these very weights, as long as one of them lives."""
    digest = hashlib.blake2b(repr(network).encode(), digest_size=16)
    for name, tensor in network.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    with _finding:
        return _memories.setdefault(digest.digest(), Memory())


class Frozen(nn.Module):
    """``[n, ...]`` to the features ``[n, e]`` of a network that is neither trained nor adapted.

    Batch normalisation goes by its running averages and dropout is off, whatever mode is asked
    for: an item's features are its own affair. Items are sent through one by one, since the last
    digits of a batch depend on its size, and a run that goes on must find the numbers it had.

    The network is no submodule: copies of a model share it, and nothing counts or lends its
    weights.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._shared = _Shared(network)

    @property
    def network(self) -> nn.Module:
        """The network itself, in evaluation mode."""
        return self._shared.network

    @property
    def remembered(self) -> int:
        """The number of items whose features are at hand."""
        return len(self._shared.memory)

    def forward(self, x: Tensor) -> Tensor:
        asked = x.requires_grad and torch.is_grad_enabled()  # what a pixel does
        if asked or torch.compiler.is_compiling():
            features: Tensor = self._shared.network(x.float())
            return features.to(x.dtype)
        with torch.no_grad():
            rows = [self._shared.features(item) for item in x]
        return torch.stack(rows).to(x)


class _Shared:
    """The network with its memory; a copy of a model keeps this very object."""

    def __init__(self, network: nn.Module) -> None:
        self.network = network.requires_grad_(False).eval()
        self.memory = memory_of(self.network)

    def features(self, item: Tensor) -> Tensor:
        """``[e]`` of one item, float32, on the CPU."""
        own = item.detach().float().cpu().contiguous()
        key = hashlib.blake2b(own.numpy().data, digest_size=16).digest()
        found = self.memory.get(key)
        if found is None:
            found = self.network(own[None])[0]
            self.memory.keep(key, found)
        return found

    def __deepcopy__(self, memo: dict[int, Any]) -> _Shared:
        return self
