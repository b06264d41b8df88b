"""Mean and standard deviation that pixels are scaled by before a model meets them."""

from __future__ import annotations

import torch
from pydantic import ConfigDict, Field
from torch import Tensor

from workbench.core.strict import Strict


class PixelScale(Strict):
    """A number a channel, of pixels in [0, 1]."""

    model_config = ConfigDict(strict=False)

    mean: tuple[float, ...] = Field(min_length=1, max_length=3)
    deviation: tuple[float, ...] = Field(min_length=1, max_length=3)

    def inputs(self, pixels: Tensor) -> Tensor:
        """``[..., C, H, W]`` in [0, 1] as a model meets them."""
        mean, deviation = self._columns(pixels)
        return (pixels - mean) / deviation

    def pixels(self, inputs: Tensor) -> Tensor:
        """As a person sees them: the inverse of `inputs`, up to rounding."""
        mean, deviation = self._columns(inputs)
        return (inputs * deviation + mean).clamp(0, 1)

    def _columns(self, like: Tensor) -> tuple[Tensor, Tensor]:
        mean, deviation = (
            torch.tensor(numbers, dtype=like.dtype, device=like.device)[:, None, None]
            for numbers in (self.mean, self.deviation)
        )
        return mean, deviation
