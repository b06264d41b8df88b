"""Counter-based randomness: every draw is a function of what it is for.

A generator is made anew from (seed, purpose, position), so resuming at iteration 412 needs no
stored generator state, and no draw depends on how many draws came before it.
"""

from __future__ import annotations

import hashlib

import torch


def derive(*keys: int | str) -> int:
    """A 63-bit seed that depends on every key and on their order."""
    text = "\x1f".join(f"{type(key).__name__}:{key}" for key in keys)
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def generator(*keys: int | str) -> torch.Generator:
    """A CPU generator seeded from the keys, e.g. ``generator(seed, "train", iteration)``."""
    return torch.Generator().manual_seed(derive(*keys))
