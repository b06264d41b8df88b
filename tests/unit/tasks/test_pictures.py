"""Files of unknown origin: read, or refused with the file and the reason."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.unit.tasks.conftest import Prepare, noise
from workbench.core.errors import BadInput
from workbench.tasks.images import ImageFamily


@pytest.fixture
def glyphs(prepare: Prepare) -> ImageFamily:
    return prepare("glyphs")


def as_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def giant_png() -> bytes:
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


PNG, JPEG = as_bytes(noise(0), "PNG"), as_bytes(noise(0, 64), "JPEG")
HOSTILE = {
    "empty": b"",
    "text": b"no image at all",
    "truncated png": PNG[: len(PNG) // 2],
    "truncated jpeg": JPEG[: len(JPEG) // 2],
    "bad checksum": flipped(PNG, PNG.index(b"IEND") - 5),
    "bad header checksum": flipped(PNG, 30),
    "60000 x 60000": giant_png(),
    "eps": as_bytes(noise(0), "EPS"),
    "pdf": as_bytes(noise(0), "PDF"),
    "ico": as_bytes(noise(0), "ICO"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name(glyphs: ImageFamily, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name} 🎲.png"
    file.write_bytes(HOSTILE[name])
    with pytest.raises(BadInput) as caught:
        glyphs.read_picture(file)
    assert str(file) == caught.value.where and "PNG" in caught.value.remedy


def test_a_file_beyond_the_limit_is_not_read(glyphs: ImageFamily, tmp_path: Path) -> None:
    file = tmp_path / "large.png"
    with file.open("wb") as stream:
        stream.truncate(65 * 2**20)
    with pytest.raises(BadInput, match="64 MB"):
        glyphs.read_picture(file)


def test_a_missing_file_is_refused_by_name(glyphs: ImageFamily, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.png"):
        glyphs.read_picture(tmp_path / "nowhere.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_damage_of_any_kind_is_an_error_with_a_reason(
    glyphs: ImageFamily, tmp_path: Path, kind: str
) -> None:
    sound, rng = as_bytes(noise(1, 40), kind), random.Random(kind)
    file = tmp_path / "fuzzed.png"
    for _ in range(60):
        data = bytearray(sound)
        for _ in range(rng.randint(1, 12)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        file.write_bytes(data[: rng.randint(1, len(data))] if rng.random() < 0.3 else data)
        try:
            pixels = glyphs.read_picture(file).pixels
        except BadInput:
            continue
        assert pixels.shape == (1, 28, 28)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
def test_every_format_is_read(glyphs: ImageFamily, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "picture"
    file.write_bytes(as_bytes(_cross("L"), kind))
    _check_cross(glyphs, file)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_is_converted(glyphs: ImageFamily, tmp_path: Path, mode: str) -> None:
    file = tmp_path / "picture"
    file.write_bytes(as_bytes(_cross(mode), "TIFF" if mode == "CMYK" else "PNG"))
    _check_cross(glyphs, file)


def test_what_is_transparent_counts_as_paper(glyphs: ImageFamily, tmp_path: Path) -> None:
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (20, 20, 40, 40))
    image.save(tmp_path / "drawn.png")
    _check_cross(glyphs, tmp_path / "drawn.png")


def _cross(mode: str) -> Image.Image:
    """Dark ink in the middle of light paper."""
    image = Image.new("L", (60, 60), 255)
    image.paste(0, (20, 20, 40, 40))
    if mode == "I;16":
        return Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    return image.convert("RGB").convert(mode) if mode == "CMYK" else image.convert(mode)


def _check_cross(family: ImageFamily, file: Path) -> None:
    pixels = family.read_picture(file).pixels
    assert pixels.shape == (1, 28, 28)
    assert pixels[0, 14, 14] > 0.95 and pixels[0, 1, 1] < 0.05
