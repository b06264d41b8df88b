"""Image bytes of unknown origin, opened within limits of time and memory.

Decoders trust what a file says of itself: how many parts it has, how often it draws over itself,
how long its tables are. Each is bounded here, before pixels are decoded.
"""

from __future__ import annotations

import importlib
import io
import struct
from functools import cache

from PIL import Image

from workbench.tasks import dicom
from workbench.tasks.image_extras import HEIC

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM", "AVIF")
"""Those that Pillow was built without are no format of a file."""
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000
MAX_WEBP_PIXELS = 25_000_000
"""Its decoder holds four copies of an image."""
MAX_READS = 100_000
"""Pieces a decoder may ask for: chunks, blocks, markers, tags."""
MAX_TABLE = 100_000
"""Entries of one table of a TIFF file."""
MAX_DRAWN = 500_000_000
"""Pixels that the scans of a progressive JPEG touch, all scans together."""
MAX_EXIF = 2**20


@cache
def formats() -> tuple[str, ...]:
    """What is read here: Pillow's own, and HEIF where its plug-in is installed."""
    if not HEIC.here:
        return FORMATS
    importlib.import_module(HEIC.package).register_heif_opener()
    return (*FORMATS, "HEIF")


class Metered(io.BytesIO):
    """Bytes that may be asked for so many times, and no more often."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise ValueError("consists of too many pieces")
        return super().read(size)


def opened(data: bytes) -> Image.Image:
    """The first picture, not decoded yet; raises ValueError or OSError."""
    if len(data) > MAX_BYTES:
        raise ValueError("is larger than 64 MB")
    if dicom.is_dicom(data):
        return dicom.opened(data, MAX_PIXELS)
    _check_tables(data)
    try:
        probe = Image.open(Metered(data), formats=formats())
    except Image.DecompressionBombError as error:
        raise ValueError(f"has more than {MAX_PIXELS // 10**6} million pixels") from error
    with probe:
        _check_size(probe)
        _check_scans(data, probe)
        # Loading alone does not look at the checksums of a PNG.
        probe.verify()
    image = Image.open(Metered(data), formats=formats())
    if len(image.info.get("exif") or b"") > MAX_EXIF:
        raise ValueError("carries more than 1 MB of Exif")
    return image


def _check_size(probe: Image.Image) -> None:
    most = MAX_WEBP_PIXELS if probe.format == "WEBP" else MAX_PIXELS
    if probe.width * probe.height > most:
        size = f"{probe.width}x{probe.height}"
        raise ValueError(f"has {size} pixels, more than {most // 10**6} million")


def _check_scans(data: bytes, probe: Image.Image) -> None:
    """A progressive JPEG can draw over itself without end."""
    if probe.format == "JPEG":
        scans = data.count(b"\xff\xda")
        if scans > 20 and scans * probe.width * probe.height > MAX_DRAWN:
            raise ValueError(f"is drawn over {scans} times")


def _check_tables(data: bytes) -> None:
    """The tables of a TIFF become Python objects, a hundred times their size."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    version = struct.unpack_from(f"{order}H", data, 2)[0] if order and len(data) > 16 else 0
    if version not in (42, 43):
        return
    start, counter, entry, at = ("I", "H", 12, 4) if version == 42 else ("Q", "Q", 20, 8)
    (first,) = struct.unpack_from(f"{order}{start}", data, at)
    if first + struct.calcsize(counter) > len(data):
        return
    (tags,) = struct.unpack_from(f"{order}{counter}", data, first)
    first += struct.calcsize(counter)
    if tags > MAX_TABLE:
        raise ValueError("consists of too many pieces")
    for place in range(first, min(first + tags * entry, len(data) - entry + 1), entry):
        _, kind, count = struct.unpack_from(f"{order}HH{start}", data, place)
        if count > MAX_TABLE and kind not in _BYTES:
            raise ValueError(f"has a table of {count:,} entries")


_BYTES = (1, 2, 6, 7)
"""Types of a TIFF field that stay bytes."""
