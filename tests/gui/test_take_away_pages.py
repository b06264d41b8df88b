"""What fills a page: pictures and sentences as large as all of them have room for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from workbench.gui.style import theme
from workbench.gui.takeaway.cells import Cells, Row
from workbench.gui.takeaway.flow import Block, Flow
from workbench.gui.takeaway.sheet import Content

Boxes = list[QRectF]


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> theme.Theme:
    return theme.current()


def placed(content: Content, boxes: Boxes, width: int, height: int) -> Boxes:
    """Where on a page everything is drawn; ``boxes`` is what ``content`` writes into."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    content.draw(painter, QRectF(0, 0, width, height))
    painter.end()
    return boxes


def cells(*counts: int) -> tuple[Cells, Boxes]:
    boxes: Boxes = []

    def paint(painter: QPainter, box: QRectF) -> None:
        boxes.append(painter.transform().mapRect(box))

    return Cells([Row("A", [paint] * count) for count in counts], QSizeF(40, 60)), boxes


def within(boxes: Boxes, width: int, height: int) -> bool:
    page = QRectF(-0.5, -0.5, width + 1, height + 1)
    return all(page.contains(box) for box in boxes)


@pytest.mark.parametrize("size", [(800, 430), (640, 570), (300, 200)])
@pytest.mark.parametrize("counts", [(5,) * 5, (1,) * 5, (20,), (3, 75), (400,)])
def test_all_cells_stand_on_the_page_and_none_on_another(
    counts: tuple[int, ...], size: tuple[int, int]
) -> None:
    boxes = placed(*cells(*counts), *size)
    assert len(boxes) == sum(counts) and within(boxes, *size)
    assert len({(round(box.x()), round(box.y())) for box in boxes}) == len(boxes)
    covered = sum(box.width() * box.height() for box in boxes)
    assert covered > 0.25 * size[0] * size[1] or boxes[0].width() > 100


def flow(count: int, high: float = 20.0, least: float = 200.0) -> tuple[Flow, Boxes]:
    boxes: Boxes = []

    def draw(painter: QPainter, box: QRectF) -> None:
        boxes.append(QTransform(painter.transform()).mapRect(box))

    return Flow([Block(lambda width: high, draw)] * count, least), boxes


@pytest.mark.parametrize("count", [1, 10, 75, 400])
def test_all_lines_stand_on_the_page_in_columns(count: int) -> None:
    boxes = placed(*flow(count), 770, 430)
    assert len(boxes) == count and within(boxes, 770, 430)
    lefts = sorted({round(box.left()) for box in boxes})
    assert (len(lefts) > 1) == (count > 10)
    below = [box.top() >= other.bottom() - 0.01 for other, box in pairwise(boxes)]
    beside = [box.left() >= other.right() for other, box in pairwise(boxes)]
    assert all(one or other for one, other in zip(below, beside, strict=True))
