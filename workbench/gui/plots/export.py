"""A plot as a file: a picture, a drawing, or its numbers."""

from __future__ import annotations

import csv
from itertools import zip_longest
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from workbench.gui.state.series import Array

SCALE = 2
"""Pictures have twice the resolution of the screen: they end up in papers."""


def save(figure: QWidget, numbers: dict[str, tuple[Array, Array]], file: Path) -> None:
    """In the format of the file's suffix."""
    if file.suffix == ".csv":
        save_csv(numbers, file)
    elif file.suffix == ".svg":
        save_svg(figure, file)
    else:
        save_png(figure, file)


def save_png(widget: QWidget, file: Path) -> None:
    image = QImage(widget.size() * SCALE, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(widget.palette().base().color())
    widget.render(image)
    if not image.save(str(file)):
        raise OSError(f"{file} cannot be written")


def save_svg(widget: QWidget, file: Path) -> None:
    """Through Qt's own generator: text stays text, lines stay lines."""
    size: QSize = widget.size()
    generator = QSvgGenerator()
    generator.setFileName(str(file))
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(widget.accessibleName())
    painter = QPainter()
    if not painter.begin(generator):
        raise OSError(f"{file} cannot be written")
    try:
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), widget.palette().base())
        widget.render(painter, QPoint(0, 0))
    finally:
        painter.end()


def save_csv(series: dict[str, tuple[Array, Array]], file: Path) -> None:
    """Two columns for each curve: its x and its y, all points, not those drawn."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([f"{name}.{axis}" for name in series for axis in ("x", "y")])
        columns = [column.tolist() for pair in series.values() for column in pair]
        writer.writerows(zip_longest(*columns, fillvalue=""))
