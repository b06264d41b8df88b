"""A sheet as bytes of a format, and as a file that is whole or not there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from workbench.core.errors import BadInput, CannotWrite
from workbench.core.files import write_atomically
from workbench.core.marked import marked
from workbench.gui.style import theme
from workbench.gui.takeaway import page
from workbench.gui.takeaway.form import Form
from workbench.gui.takeaway.outlines import OutlinePainter
from workbench.gui.takeaway.sheet import Sheet, Table

Kind = Literal["png", "svg", "pdf", "csv"]
KINDS: tuple[Kind, ...] = ("png", "svg", "pdf", "csv")
PER_INCH = 96
"""Pixels of a page to an inch of paper."""
MILLIMETRES = re.compile(rb'<svg width="[\d.]+mm" height="[\d.]+mm"')
"""What Qt writes, rounded: a viewer would make a pixel more of it than there is."""
FINE = 10
"""Units of a PDF to a pixel."""


def encoded(sheet: Sheet, kind: Kind, form: Form) -> bytes:
    """What stands in a file of the kind. Raises `BadInput` for a size that cannot be."""
    return _KINDS[kind](sheet, form)


def store(file: Path, data: bytes) -> None:
    """As a whole: what stood there stays until all is written.

    Raises `BadInput` with the file's name, the reason and a remedy.
    """
    try:
        write_atomically(file, data)
    except CannotWrite as reason:
        remedy = marked("Choose another folder or name; what stood there is as it was")
        raise BadInput(file.name, str(reason), remedy) from reason


def png(sheet: Sheet, form: Form) -> bytes:
    buffer = _opened()
    picture(sheet, form).save(buffer, "PNG")  # type: ignore[call-overload]
    return _content(buffer)


def picture(sheet: Sheet, form: Form) -> QImage:
    """In the size and scale of the form. Raises `BadInput` where it would be too large."""
    form.check()
    image = QImage(form.pixels, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(form.scale, form.scale)
    _draw(painter, sheet, form)
    return image


def svg(sheet: Sheet, form: Form) -> bytes:
    """Letters are shapes, and every line has its width in the drawing's own units."""
    buffer, generator = _opened(), QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(PER_INCH)
    generator.setSize(form.size.toSize())
    generator.setViewBox(QRectF(0, 0, form.width, form.height))
    generator.setTitle(sheet.title)
    generator.setDescription("\n".join((*sheet.notes, *(key.title for key in sheet.legend))))
    _draw(OutlinePainter(generator), sheet, form)
    head = f'<svg width="{form.width}" height="{form.height}"'.encode()
    return MILLIMETRES.sub(head, _content(buffer), count=1)


def pdf(sheet: Sheet, form: Form) -> bytes:
    """One page of the picture's own size; letters stay letters, with their font in the file."""
    buffer = _opened()
    writer = QPdfWriter(buffer)
    writer.setTitle(sheet.title)
    points = QSizeF(form.width, form.height) * 72 / PER_INCH
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", exact))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(PER_INCH * FINE)
    painter = QPainter(writer)
    painter.scale(FINE, FINE)
    _draw(painter, sheet, form)
    return _content(buffer)


def text(sheet: Sheet, form: Form) -> bytes:
    return table_text(sheet.table).encode()


def table_text(table: Table, delimiter: str = ",") -> str:
    """The header and every row, with all digits that the numbers have."""
    stream = io.StringIO()
    rows = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    rows.writerow(table.header)
    rows.writerows(table.rows)
    return stream.getvalue()


_KINDS: dict[Kind, Callable[[Sheet, Form], bytes]] = {
    "png": png,
    "svg": svg,
    "pdf": pdf,
    "csv": text,
}


def _draw(painter: QPainter, sheet: Sheet, form: Form) -> None:
    """Its colours are worn for so long; nothing else is drawn meanwhile."""
    form.check()
    with theme.current().wearing(form.palette):
        try:
            page.draw(painter, sheet, form.size)
        finally:
            painter.end()


def _opened() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _content(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())
