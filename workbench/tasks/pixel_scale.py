"""Mean and standard deviation of the meta-train pictures, by which a model's inputs are scaled."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from pydantic import ConfigDict, Field
from torch import Tensor

from workbench.core.pixel_scale import PixelScale
from workbench.core.strict import Strict
from workbench.tasks.image_pool import ImagePool

BLOCK = 4 * 2**20
"""Bytes of pictures that are looked at together."""


class ScaleRecord(Strict):
    """The scale of a run, and the settings that its meta-train pictures were taken by."""

    model_config = ConfigDict(strict=False)

    settled_by: str = Field(max_length=4000)
    scale: PixelScale


def measured(pool: ImagePool, classes: Sequence[int]) -> PixelScale:
    """Of all pictures of these classes, block by block; a channel of one value has deviation 1."""
    spans = [[pool.starts[c], pool.starts[c + 1]] for c in classes]
    mean, deviation = pool.noted("scales", repr(spans), lambda: _measured(pool, spans))
    return PixelScale(mean=tuple(mean), deviation=tuple(deviation))


def _measured(pool: ImagePool, spans: Sequence[Sequence[int]]) -> list[list[float]]:
    """Sums of whole numbers below 2^53 are exact in float64, in whatever order."""
    count, total, squares = 0, np.zeros(pool.images.shape[1]), np.zeros(pool.images.shape[1])
    for block in _blocks(pool, spans):
        values = block.numpy().astype(np.float64)
        count += len(values) * values.shape[2]
        total += values.sum((0, 2))
        squares += np.square(values, out=values).sum((0, 2))
    mean = total / count
    variance = (squares * count - total * total) / (float(count) * count)
    deviation = [math.sqrt(max(v, 0.0)) / 255 for v in variance.tolist()]
    return [(mean / 255).tolist(), [d or 1.0 for d in deviation]]


def _blocks(pool: ImagePool, spans: Sequence[Sequence[int]]) -> Iterator[Tensor]:
    """``[n, C, H * W]``, uint8."""
    together = max(BLOCK // math.prod(pool.images.shape[1:]), 1)
    for start, end in spans:
        for first in range(start, end, together):
            yield pool.at(torch.arange(first, min(first + together, end))).flatten(2)
