"""Pictures of more than 8 bits, and pictures that are no squares."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.tasks.deep_pixels import to_bytes
from workbench.tasks.pictures import ImageStyle, decode

RAMP = np.linspace(0, 1, 400).reshape(20, 20)
KINDS = {
    "16 bits of a camera of 12": ("uint16", "PNG", 4095, 0),
    "16 bits": ("uint16", "TIFF", 65535, 0),
    "32 bits": ("int32", "TIFF", 100_000, -50_000),
    "a point": ("float32", "TIFF", 1e-3, 0),
}


def written(pixels: np.ndarray, kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_pixels_are_scaled_by_their_own_range(name: str) -> None:
    dtype, kind, high, low = KINDS[name]
    deep = decode(written((RAMP * high + low).astype(dtype), kind), ImageStyle(20))
    plain = decode(written((RAMP * 255).round().astype(np.uint8), "PNG"), ImageStyle(20))
    assert (deep.int() - plain.int()).abs().max() <= 1


def test_a_large_one_too() -> None:
    pixels = np.kron(RAMP, np.ones((110, 110))) * 65535
    small = decode(written(pixels.astype("uint16"), "TIFF"), ImageStyle(20))
    assert small.min() <= 1 and small.max() >= 254 and 90 < small.float().mean() < 160


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_counts_as_the_lowest(odd: float) -> None:
    pixels = np.array([[1.0, 2.0], [3.0, odd]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert to_bytes(pixels).tolist() == [[0, 128], [255, 0]]


def test_one_value_alone_is_dark() -> None:
    assert not to_bytes(np.full((2, 2), 7.0)).any() and not to_bytes(np.full((2, 2), np.nan)).any()


@pytest.fixture
def wide() -> bytes:
    """Paper twice as wide as high, its middle third black."""
    pixels = np.full((20, 40), 200, np.uint8)
    pixels[:, 14:26] = 0
    return written(pixels, "PNG")


@pytest.mark.parametrize(
    ("fit", "black", "corner"), [("stretch", 0.3, 200), ("crop", 0.6, 200), ("pad", 0.15, 200)]
)
def test_what_is_no_square_becomes_one(wide: bytes, fit: str, black: float, corner: int) -> None:
    image = decode(wide, ImageStyle(20, fit=fit))
    assert image.shape == (1, 20, 20)
    assert (image < 100).float().mean().item() == pytest.approx(black, abs=0.06)
    assert abs(int(image[0, 0, 0]) - corner) <= 8


def test_padding_takes_the_colour_of_the_paper() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (30, 10), (10, 200, 30)).save(stream, "PNG")
    image = decode(stream.getvalue(), ImageStyle(12, channels=3, fit="pad"))
    assert torch.equal(
        image, torch.tensor([10, 200, 30], dtype=torch.uint8)[:, None, None].expand(3, 12, 12)
    )
