"""Images of one family in the form of another's: their size, their channels, their polarity."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.tasks.image_pool import ImagePool
from workbench.tasks.pictures import ImageStyle

LUMA = (0.299, 0.587, 0.114)
"""Red, green and blue in grey, by ITU-R BT.601."""
CHUNK = 1000


def in_style(pool: ImagePool, own: ImageStyle, wanted: ImageStyle) -> ImagePool:
    """The same pictures as a learner of images in the ``wanted`` style takes them."""
    if own == wanted:
        return pool
    parts = [_converted(part, own, wanted) for part in torch.split(pool.images, CHUNK)]
    return replace(pool, images=torch.cat(parts), kept=None)


def _converted(images: Tensor, own: ImageStyle, wanted: ImageStyle) -> Tensor:
    pixels = images.float()
    if own.channels != wanted.channels:
        pixels = _grey(pixels) if wanted.channels == 1 else pixels.expand(-1, 3, -1, -1)
    if own.size != wanted.size:
        sides = wanted.shape[1:]
        pixels = F.interpolate(pixels, sides, mode="bilinear", antialias=True, align_corners=False)
    if own.ink_is_one != wanted.ink_is_one:
        pixels = 255 - pixels
    return pixels.round().clamp(0, 255).to(torch.uint8)


def _grey(pixels: Tensor) -> Tensor:
    return (pixels * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
