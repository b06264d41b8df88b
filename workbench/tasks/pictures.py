"""Reading image files of unknown origin, within limits, into the form a task family uses."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from workbench.core.errors import BadInput
from workbench.core.files import read_file
from workbench.core.marked import marked
from workbench.core.pixel_scale import PixelScale
from workbench.tasks import deep_pixels
from workbench.tasks.image_bytes import FORMATS, MAX_BYTES, opened

Fit = Literal["stretch", "crop", "pad"]


@dataclass(frozen=True)
class ImageStyle:
    """The form in which a family holds its images."""

    size: int
    """Pixels a side."""
    channels: int = 1
    """1 grey, 3 colour."""
    ink_is_one: bool = False
    """Dark strokes on light paper are held inverted, ink = 1, as all of the literature does."""
    fit: Fit = "stretch"
    """How a picture that is no square becomes one."""
    scale: PixelScale | None = field(default=None, compare=False, repr=False)
    """What inputs are scaled by, once known; the images that are held are as they were."""

    @property
    def shape(self) -> tuple[int, int, int]:
        return (self.channels, self.size, self.size)

    def inputs(self, pixels: Tensor) -> Tensor:
        """Pixels ``[..., C, H, W]`` in [0, 1] as a model meets them."""
        return pixels if self.scale is None else self.scale.inputs(pixels)

    def pixels(self, inputs: Tensor) -> Tensor:
        """As a person sees them: the inverse of `inputs`, up to rounding."""
        return inputs if self.scale is None else self.scale.pixels(inputs)


def read_picture(path: Path, style: ImageStyle) -> Tensor:
    """``[C, H, W]`` in [0, 1]; raises `BadInput` naming the file and why it cannot be used."""
    data = read_file(path, MAX_BYTES, remedy=_REMEDY)
    try:
        with without_warnings():
            return decode(data, style).float() / 255
    except (OSError, ValueError) as error:
        raise BadInput(str(path), marked("cannot be used ({0})").format(error), _REMEDY) from error


_REMEDY = marked("Give a {0} image").format(", ".join(FORMATS))


@contextmanager
def without_warnings() -> Iterator[None]:
    """Silence what decoders say of odd files. For a whole reading: not one thread at a time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def decode(data: bytes, style: ImageStyle) -> Tensor:
    """Image bytes to ``[C, H, W]`` uint8, resized with the Lanczos filter.

    Raises ValueError or OSError for anything that is not a whole image within the limits.
    """
    try:
        return _styled(deep_pixels.shallow(_upright(opened(data))), style)
    except UnidentifiedImageError as error:
        raise ValueError("is no image of a known format") from error
    except (OSError, ValueError):
        raise
    except Exception as error:
        # Decoders answer hostile bytes with exceptions of every kind.
        raise ValueError(f"is damaged ({error})") from error


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its Exif says, and if it is large, of a fraction of its size: see `_reduced`."""
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    if image.width * image.height > LARGE:
        image = _reduced(image)
    return image if turn is None else image.transpose(turn)


def _reduced(image: Image.Image) -> Image.Image:
    """By a whole factor, in as few copies as there can be: 50 megapixels take 200 MB each."""
    factor = max(1, min(image.size) // SMALLER)
    if image.mode in deep_pixels.MODES:
        image = image if image.mode in ("I", "F") else image.convert("I")
    elif image.mode not in _AVERAGED:
        image = image.convert("RGBA" if image.has_transparency_data else _plain_mode(image))
    return image.reduce(factor)


def _plain_mode(image: Image.Image) -> str:
    return "RGB" if image.mode in ("P", "CMYK", "YCbCr", "LAB", "HSV") else "L"


LARGE = 4_000_000
"""Pixels from which on an image is made smaller before anything else."""
SMALLER = 1024
"""Pixels that its shorter side then still has."""
_AVERAGED = ("L", "RGB", "RGBA", "LA", "RGBX")
"""Modes whose neighbouring pixels have a mean."""
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _styled(image: Image.Image, style: ImageStyle) -> Tensor:
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    image = image.convert("L" if style.channels == 1 else "RGB")
    image = _square(image, style)
    pixels = torch.from_numpy(np.array(image, dtype=np.uint8))
    pixels = pixels[None] if style.channels == 1 else pixels.permute(2, 0, 1).contiguous()
    return 255 - pixels if style.ink_is_one else pixels


def _square(image: Image.Image, style: ImageStyle) -> Image.Image:
    """The whole picture stretched, its middle cut out, or the whole of it on a blank square."""
    sides, sharp = (style.size, style.size), Image.Resampling.LANCZOS
    if style.fit == "stretch" or image.width == image.height:
        return image.resize(sides, sharp)
    if style.fit == "crop":
        return ImageOps.fit(image, sides, sharp)
    return ImageOps.pad(image, sides, sharp, color=_paper(image))


def _paper(image: Image.Image) -> int | tuple[int, ...]:
    """The colour round a picture: the median of its corners, so that paper stays paper."""
    right, bottom = image.width - 1, image.height - 1
    corners = [image.getpixel(at) for at in ((0, 0), (right, 0), (0, bottom), (right, bottom))]
    middle = np.median(np.array(corners), axis=0).astype(int)
    return int(middle) if middle.ndim == 0 else tuple(middle.tolist())
