"""Reading image files of unknown origin, within limits, into the form a task family uses."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from workbench.core.errors import BadInput

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000


@dataclass(frozen=True)
class ImageStyle:
    """The form in which a family holds its images."""

    size: int
    """Pixels a side."""
    channels: int = 1
    """1 grey, 3 colour."""
    ink_is_one: bool = False
    """Dark strokes on light paper are held inverted, ink = 1, as all of the literature does."""

    @property
    def shape(self) -> tuple[int, int, int]:
        return (self.channels, self.size, self.size)


def read_picture(path: Path, style: ImageStyle) -> Tensor:
    """``[C, H, W]`` in [0, 1]; raises `BadInput` naming the file and why it cannot be used."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("is larger than 64 MB")
        with unbothered():
            return decode(path.read_bytes(), style).float() / 255
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(
            str(path), f"cannot be used ({reason})", f"Give a {', '.join(FORMATS)} image"
        ) from error


@contextmanager
def unbothered() -> Iterator[None]:
    """Silence what decoders say of odd files. For a whole reading: not one thread at a time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def decode(data: bytes, style: ImageStyle) -> Tensor:
    """Image bytes to ``[C, H, W]`` uint8, resized with the Lanczos filter.

    Raises ValueError or OSError for anything that is not a whole image within the limits.
    """
    try:
        return _styled(ImageOps.exif_transpose(_opened(data)), style)
    except UnidentifiedImageError as error:
        raise ValueError("is no image of a known format") from error
    except (OSError, ValueError):
        raise
    except Exception as error:
        # Decoders answer hostile bytes with exceptions of every kind.
        raise ValueError(f"is damaged ({error})") from error


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as probe:
        if probe.width * probe.height > MAX_PIXELS:
            raise ValueError(f"has {probe.width}x{probe.height} pixels, more than 50 million")
        # Loading alone does not look at the checksums of a PNG.
        probe.verify()
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _styled(image: Image.Image, style: ImageStyle) -> Tensor:
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    image = image.convert("L" if style.channels == 1 else "RGB")
    image = image.resize((style.size, style.size), Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.array(image, dtype=np.uint8))
    pixels = pixels[None] if style.channels == 1 else pixels.permute(2, 0, 1).contiguous()
    return 255 - pixels if style.ink_is_one else pixels
