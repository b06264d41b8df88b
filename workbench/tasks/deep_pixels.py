"""Pixels of more than 8 bits, as microscopes, scanners and cameras write them, in 8."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
"""How Pillow holds them: 16 bits, 32 bits, and 32 bits with a point."""

Pixels = np.ndarray[Any, Any]


def to_bytes(pixels: Pixels) -> Pixels:
    """Any numbers as uint8, from the lowest as 0 to the highest as 255; of one value alone, 0.

    What is no number or infinite counts as the lowest.
    """
    if pixels.dtype.kind == "b":
        return pixels.astype(np.uint8) * 255
    finite = np.isfinite(pixels)
    if not finite.any():
        return np.zeros(pixels.shape, np.uint8)
    low, high = float(pixels[finite].min()), float(pixels[finite].max())
    if high == low:
        return np.zeros(pixels.shape, np.uint8)
    scaled = (pixels.astype(np.float32) - np.float32(low)) * np.float32(255 / (high - low))
    return np.where(finite, scaled, 0).round().clip(0, 255).astype(np.uint8)


def shallow(image: Image.Image) -> Image.Image:
    """A picture of more than 8 bits scaled by its own range; every other one as it is."""
    if image.mode not in MODES:
        return image
    return Image.fromarray(to_bytes(np.asarray(image)))
