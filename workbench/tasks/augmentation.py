"""Pictures as they might have been taken or drawn: mirrored, shifted, warped, lighter or darker.

Only what is meta-trained on is changed; a task that is looked at or measured is as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from workbench.core.marked import marked
from workbench.core.params import param
from workbench.tasks.image_params import ImageParams


@dataclass(frozen=True)
class Augmentation:
    """What may happen to each picture, drawn anew every time that it comes up."""

    flip: bool = False
    """Mirrored left to right, every other time."""
    shift: int = 0
    """Pixels up or down and left or right, at most; edges go on beyond the picture."""
    jitter: float = 0.0
    """Brightness and contrast are multiplied by up to 1 plus or minus this."""
    warp: float = 0.0
    """The matrix that says where a pixel comes from, seen from the middle, is the identity with up
    to plus or minus this at each of its four places: turned, sheared, stretched."""

    def of(self, images: Tensor, draws: Generator) -> Tensor:
        """Images ``[..., C, H, W]``, uint8, changed; the same ones where nothing may happen."""
        if self == Augmentation():
            return images
        found = images.flatten(0, -4)
        if self.flip or self.shift:
            found = self._moved(found, draws)
        if self.warp:
            found = self._warped(found, draws)
        if self.jitter:
            found = self._lit(found, draws)
        return found.view(images.shape)

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

    def _warped(self, images: Tensor, draws: Generator) -> Tensor:
        count = len(images)
        matrices = torch.eye(2) + self.warp * (2 * torch.rand(count, 2, 2, generator=draws) - 1)
        places = F.affine_grid(
            torch.cat((matrices, torch.zeros(count, 2, 1)), 2), list(images.shape), False
        )
        values = F.grid_sample(images.float(), places, padding_mode="border", align_corners=False)
        return values.round().to(torch.uint8)

    def _lit(self, images: Tensor, draws: Generator) -> Tensor:
        factors = 1 + self.jitter * (2 * torch.rand(2, len(images), 1, 1, 1, generator=draws) - 1)
        values = images.float()
        mean = values.mean((1, 2, 3), keepdim=True)
        changed = ((values - mean) * factors[0] + mean) * factors[1]
        return changed.round().clamp(0, 255).to(torch.uint8)


class AugmentedParams(ImageParams):
    """Way and shot, and what happens to the pictures of training tasks."""

    flip: bool = param(
        False,
        marked("In meta-training, mirror every other image left to right."),
        advanced=True,
        more=marked("Not for what is told apart by its side, such as letters."),
    )
    shift: int = param(
        0,
        marked("In meta-training, shift images by up to so many pixels each way."),
        unit="px",
        ge=0,
        le=64,
        advanced=True,
    )
    warp: float = param(
        0.0,
        marked("In meta-training, turn, shear and stretch images a little, by up to this."),
        ge=0,
        le=0.5,
        advanced=True,
        more=marked(
            "Each of the four numbers that place the pixels changes by up to this: with 0.25 an "
            "image is turned by up to 14° and stretched or shrunk by up to a quarter each way."
        ),
    )
    jitter: float = param(
        0.0,
        marked("In meta-training, multiply brightness and contrast by up to 1 ± this."),
        ge=0,
        le=0.9,
        advanced=True,
    )


def augmentation_of(params: ImageParams) -> Augmentation:
    """What the parameters of a family ask for; nothing where it has no such fields."""
    if not isinstance(params, AugmentedParams):
        return Augmentation()
    return Augmentation(params.flip, params.shift, params.jitter, params.warp)
