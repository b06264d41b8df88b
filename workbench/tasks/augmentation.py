"""Pictures as they might have been taken: mirrored, shifted, lighter or darker.

Only what is meta-trained on is changed; a task that is looked at or measured is as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor


@dataclass(frozen=True)
class Augmentation:
    """What may happen to each picture, drawn anew every time that it comes up."""

    flip: bool = False
    """Mirrored left to right, every other time."""
    shift: int = 0
    """Pixels up or down and left or right, at most; edges go on beyond the picture."""
    jitter: float = 0.0
    """Brightness and contrast are multiplied by up to 1 plus or minus this."""

    def of(self, images: Tensor, draws: Generator) -> Tensor:
        """Images ``[..., C, H, W]``, uint8, changed; the same ones where nothing may happen."""
        if not (self.flip or self.shift or self.jitter):
            return images
        flat = images.flatten(0, -4)
        moved = self._moved(flat, draws) if self.flip or self.shift else flat
        lit = self._lit(moved, draws) if self.jitter else moved
        return lit.view(images.shape)

    def _moved(self, images: Tensor, draws: Generator) -> Tensor:
        count, channels, height, width = images.shape
        rows, columns = self._places(count, height, draws), self._places(count, width, draws)
        if self.flip:
            mirrored = torch.rand(count, generator=draws) < 0.5
            columns = torch.where(mirrored[:, None], columns.flip(1), columns)
        each, channel = torch.arange(count), torch.arange(channels)
        return images[
            each[:, None, None, None],
            channel[None, :, None, None],
            rows[:, None, :, None],
            columns[:, None, None, :],
        ]

    def _places(self, count: int, size: int, draws: Generator) -> Tensor:
        """``[count, size]``: where each row or column of a shifted picture comes from."""
        by = torch.randint(-self.shift, self.shift + 1, (count, 1), generator=draws)
        return (torch.arange(size) + by).clamp(0, size - 1)

    def _lit(self, images: Tensor, draws: Generator) -> Tensor:
        factors = 1 + self.jitter * (2 * torch.rand(2, len(images), 1, 1, 1, generator=draws) - 1)
        values = images.float()
        mean = values.mean((1, 2, 3), keepdim=True)
        changed = ((values - mean) * factors[0] + mean) * factors[1]
        return changed.round().clamp(0, 255).to(torch.uint8)
