"""Pictures of the data for the screen: pixels ``[C, H, W]`` to `QImage`, and a cache of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, qRgb

CACHED = 4096
"""Small pictures kept; at 28x28 that is about 3 MB."""
MUCH, LARGE_CACHED = 1.5, 384
"""How much larger a picture is drawn until that is worth a better filter; how many are kept."""


def to_image(pixels: Any, ink: QColor | None = None, paper: QColor | None = None) -> QImage:
    """A picture of uint8 or [0, 1] float ``pixels [C, H, W]`` (tensor or array), C = 1 or 3.

    One channel is coloured from ``paper`` (0) to ``ink`` (1), so that drawings follow the theme.
    """
    values = _as_bytes(pixels)
    channels, height, width = values.shape
    if channels == 1:
        return _one_channel(values[0], ink or QColor("white"), paper or QColor("black"))
    packed = np.ascontiguousarray(values[:3].transpose(1, 2, 0))
    return QImage(packed.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def paint_image(painter: QPainter, target: QRectF, image: QImage) -> None:
    """Draw ``image`` into the largest centred rectangle of its shape within ``target``.

    Smoothly, and where it is much enlarged, crisply: Qt's own filter would blur its strokes.
    """
    if image.isNull():
        return
    scale = min(target.width() / image.width(), target.height() / image.height())
    rect = QRectF(0, 0, image.width() * scale, image.height() * scale)
    rect.moveCenter(target.center())
    dots = painter.device().devicePixelRatioF()
    width, height = (round(side * dots) for side in (rect.width(), rect.height()))
    if width >= MUCH * image.width():
        small = image
        key = (image.cacheKey(), width, height)
        image = _enlarged.get(key, lambda: enlarged(small, width, height))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(rect, image)


def enlarged(image: QImage, width: int, height: int) -> QImage:
    """With Lanczos' filter, which keeps edges sharp without steps."""
    from PIL import Image

    source = image.convertToFormat(QImage.Format.Format_RGB32)
    shape = source.height(), source.width(), 4
    values = np.frombuffer(source.constBits(), np.uint8).reshape(shape)
    larger = Image.fromarray(values).resize((width, height), Image.Resampling.LANCZOS)
    return QImage(larger.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


class ImageCache:
    """The most recently used pictures by key; the oldest are forgotten."""

    def __init__(self, capacity: int = CACHED) -> None:
        self._capacity = capacity
        self._images: OrderedDict[Hashable, QImage] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], QImage]) -> QImage:
        if key in self._images:
            self._images.move_to_end(key)
            return self._images[key]
        image = self._images[key] = make()
        if len(self._images) > self._capacity:
            self._images.popitem(last=False)
        return image

    def clear(self) -> None:
        self._images.clear()

    def __len__(self) -> int:
        return len(self._images)


_enlarged = ImageCache(LARGE_CACHED)


def _as_bytes(pixels: Any) -> np.ndarray:
    values: np.ndarray = np.asarray(pixels.detach().cpu() if hasattr(pixels, "detach") else pixels)
    if values.dtype == np.uint8:
        return values
    scaled: np.ndarray = np.clip(np.nan_to_num(values), 0.0, 1.0) * 255.0 + 0.5
    as_bytes: np.ndarray = scaled.astype(np.uint8)
    return as_bytes


def _one_channel(values: np.ndarray, ink: QColor, paper: QColor) -> QImage:
    height, width = values.shape
    data = np.ascontiguousarray(values).tobytes()
    image = QImage(data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(_ramp(paper.rgb(), ink.rgb()))
    return image.convertToFormat(QImage.Format.Format_RGB32)


@lru_cache(8)
def _ramp(paper: int, ink: int) -> list[int]:
    low, high = QColor(paper), QColor(ink)
    ends = [(low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue())]
    return [qRgb(*(round(a + (b - a) * level / 255) for a, b in ends)) for level in range(256)]
