"""Grey pictures of medicine: DICOM, one frame a file, as a viewer would show them.

Stored numbers become values by rescale slope and intercept (or a modality table), values become
grey by the window that the file asks for, the first where it has several; without one, by their own
range. In MONOCHROME1 the lowest value is white. DICOM PS3.3, C.7.6.3 and C.11.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from workbench.core.marked import marked
from workbench.tasks.deep_pixels import Pixels, to_bytes
from workbench.tasks.image_extras import DICOM

PREAMBLE = 128
GREY = ("MONOCHROME1", "MONOCHROME2")
DEFLATED = b"1.2.840.10008.1.2.1.99"
"""The syntax whose bytes unfold to a thousand times as many before anything is known of them."""
HEADER = 4096
"""Bytes in which the syntax is named."""
FAR = 1e9
"""A value beyond any window."""


def is_dicom(data: bytes) -> bool:
    return data[PREAMBLE : PREAMBLE + 4] == b"DICM"


def opened(data: bytes, most: int) -> Image.Image:
    """The picture in 8-bit grey; ``most`` pixels are decoded.

    Raises ValueError for what is not one grey frame, and where the package is missing.
    """
    if not DICOM.here:
        raise ValueError(DICOM.needed)
    if DEFLATED in data[:HEADER]:
        raise ValueError(marked("is deflated DICOM; save it uncompressed"))
    from pydicom import dcmread

    read = dcmread(io.BytesIO(data))
    _check(read, most)
    return Image.fromarray(_grey(read, _values(read)))


def _check(read: Any, most: int) -> None:
    frames = int(read.get("NumberOfFrames") or 1)
    kind = str(read.get("PhotometricInterpretation", "without pixels"))
    if frames > 1:
        raise ValueError(marked("has {0} frames; save each as a file").format(frames))
    if kind not in GREY:
        raise ValueError(marked("is {0}, and DICOM is read in grey").format(kind))
    if int(read.Rows) * int(read.Columns) > most:
        text = marked("has {0}x{1} pixels, more than {2} million")
        raise ValueError(text.format(read.Columns, read.Rows, most // 10**6))


def _values(read: Any) -> Pixels:
    from pydicom.pixels.processing import apply_modality_lut

    try:
        stored = read.pixel_array
    except (RuntimeError, NotImplementedError, AttributeError) as error:
        syntax = getattr(read.file_meta.get("TransferSyntaxUID"), "name", "?")
        text = marked("has pixels that cannot be decoded ({0})").format(syntax)
        raise ValueError(text) from error
    values: Pixels = apply_modality_lut(stored, read)
    return values


def _grey(read: Any, values: Pixels) -> Pixels:
    has_window = read.get("WindowWidth") not in (None, "")
    grey = _windowed(read, values) if has_window else to_bytes(values)
    return 255 - grey if read.PhotometricInterpretation == "MONOCHROME1" else grey


def _windowed(read: Any, values: Pixels) -> Pixels:
    """Two values beyond the window tell which numbers it makes of black and of white."""
    from pydicom.pixels.processing import apply_windowing

    ends = np.array([-FAR, FAR])
    with np.errstate(over="ignore"):  # a sigmoid, that far away
        shown = apply_windowing(np.concatenate([values.ravel().astype(np.float64), ends]), read)
    black, white = shown[-2:]
    grey = (shown[:-2] - black) / (white - black) * 255
    return np.asarray(grey.round().astype(np.uint8).reshape(values.shape))
