"""Pixels in a file, of which only what is drawn comes into memory.

The file holds the images ``[M, C, H, W]`` as bytes, then a number a picture, ``[M]`` of eight
bytes. It is mapped copy on write: nobody can change it by writing into the tensor. Pages that were
read count as this process's memory, although the system can take them back at any time; every
`RESIDENT` bytes they are given back at once, unless that is all there is.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import mmap
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from workbench.core.sealed import write_sealed

RESIDENT = 256 * 2**20
_AROUND = 128 * 2**10
"""Bytes that reading one picture brings in, at least: the system maps its neighbours, too."""
_BLOCK = 16 * 2**20
NUMBER = 8
"""Bytes of a number a picture."""
Facts = dict[str, Any]
T = TypeVar("T")
_DROP = getattr(mmap, "MADV_DONTNEED", None)


def number_of(image: Tensor) -> int:
    """What tells pictures apart: 62 bits of a hash of ``[C, H, W]``, and a last bit that is 1 where
    all of it has one colour."""
    digest = hashlib.sha256(image.numpy().tobytes()).digest()
    flat = image.flatten(1)
    return int.from_bytes(digest[:8], "little") >> 2 << 1 | int(bool((flat == flat[:, :1]).all()))


class KeptPixels:
    """The open file; ``facts`` are what the sealed file ``memo`` holds, and take fingerprints.

    Raises `OSError` or `ValueError` where the file is not there, or is not of its size.
    """

    def __init__(self, file: Path, shape: tuple[int, ...], memo: Path, facts: Facts) -> None:
        self._memo, self._facts = memo, facts
        with file.open("rb") as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        self._bytes, self._touched = math.prod(shape), 0
        if len(self._map) != self._bytes + NUMBER * shape[0]:
            raise ValueError("is not of its size")
        self.images = torch.frombuffer(self._map, dtype=torch.uint8)[: self._bytes].view(shape)
        rest = bytearray(self._map[self._bytes :])
        self.numbers = torch.frombuffer(rest, dtype=torch.int64)
        """``[M]``, see `number_of`."""

    def looked_at(self, pictures: int) -> None:
        """So many were read: give their pages back once they are too many; a small set stays."""
        self._touched += pictures * max(self._bytes // max(len(self.numbers), 1), _AROUND)
        if min(self._touched, self._bytes) > RESIDENT:
            self._drop()

    def fingerprint(self, rest: bytes) -> str:
        """SHA-256 of all pixels and the ``rest``."""
        name = hashlib.sha256(rest).hexdigest()
        return self.noted("fingerprints", name, lambda: self._computed(rest))

    def noted(self, kind: str, of: str, compute: Callable[[], T]) -> T:
        """What is computed of the pixels, noted in plain values for the next time.

        Where it cannot be noted, it is computed again.
        """
        name = hashlib.sha256(of.encode()).hexdigest()[:24]
        known: dict[str, T] = self._facts.setdefault(kind, {})
        if name not in known:
            known[name] = compute()
            with contextlib.suppress(OSError):
                write_sealed(self._memo, self._facts)
        return known[name]

    def _computed(self, rest: bytes) -> str:
        digest = hashlib.sha256()
        for start in range(0, self._bytes, _BLOCK):
            digest.update(self._map[start : min(start + _BLOCK, self._bytes)])
            self._drop()
        digest.update(rest)
        return digest.hexdigest()

    def _drop(self) -> None:
        if _DROP is not None:
            self._map.madvise(_DROP)
        self._touched = 0
