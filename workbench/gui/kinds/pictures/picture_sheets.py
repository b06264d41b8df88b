"""Sets of pictures as sheets to take away: what was asked and answered, and what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPen

from workbench.gui.kinds.pictures.answer import Answer, card_size, paint_card
from workbench.gui.style import paint, theme
from workbench.gui.style.images import paint_image
from workbench.gui.takeaway.cells import Cells, Paint, Row
from workbench.gui.takeaway.sheet import Cell, Key, Sheet, Table

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.core.episode import Episode
    from workbench.core.task import ClassInfo
    from workbench.tasks.image_pool import Item
    from workbench.tasks.image_task import ImageTask

CARD, PICTURE = 40, 44
"""Sides of a picture on a card, and of one without a verdict."""


MOST = 400
"""Pictures of a class in one file."""


def tr(text: str) -> str:
    return QCoreApplication.translate("PictureSheets", text)


def answers(title: str, task: ImageTask, said: Sequence[Answer], outputs: Tensor) -> Sheet:
    """The query set with what is predicted of it: a card each, class by class.

    ``outputs [Q, N]`` are the probabilities of the classes.
    """
    pictures = task.style.pixels(task.episode().query.x)
    shown = [partial(_card, x, task.style, one) for x, one in zip(pictures, said, strict=True)]
    right = sum(one.right for one in said)
    note = tr("{0} · {1} of {2} right").format(task.title, right, len(said))
    content = Cells(_by_class(shown, [one.truth for one in said]), QSizeF(card_size(CARD)))
    return Sheet("queries", title, content, _told(task, said, outputs), (note,))


def episode(title: str, task: ImageTask, drawn: Episode) -> Sheet:
    """Support and query pictures of every class in a row."""
    parts = (("support", "before", drawn.support), ("query", "border", drawn.query))
    shown = [
        (partial(framed, x, task.style, token), way)
        for _, token, part in parts
        for x, way in zip(task.style.pixels(part.x), part.y.tolist(), strict=True)
    ]
    content = Cells(_by_class(*zip(*shown, strict=True)), QSizeF(PICTURE, PICTURE))
    rows = [
        (name, number + 1, paint.letter(way), task.class_title(way))
        for name, _, part in parts
        for number, way in enumerate(part.y.tolist())
    ]
    legend = (
        Key(tr("support"), "before", band=True),
        Key(tr("query"), "border", band=True),
    )
    table = Table(("set", "item", "class", "name"), rows)
    return Sheet("episode", title, content, table, (task.title,), legend)


def class_of(title: str, family: Any, info: ClassInfo, entries: Sequence[Item]) -> Sheet:
    """The pictures of one class; of very many the first `MOST`, and all of them as numbers."""
    shown = [
        partial(framed, family.thumbnail(one.class_index, one.index), family.style, "border")
        for one in entries[:MOST]
    ]
    note = tr("{0}: {1} images").format(info.name, len(entries))
    if len(entries) > MOST:
        note = tr("{0}, the first {1} of them").format(note, MOST)
    rows = [(info.name, one.index + 1) for one in entries]
    content = Cells([Row("", shown)], QSizeF(PICTURE, PICTURE))
    return Sheet("class", title, content, Table(("class", "picture"), rows), (note,))


def framed(x: Any, style: Any, token: str, painter: QPainter, box: QRectF) -> None:
    """One picture, edged in a colour."""
    painter.setPen(QPen(theme.current().color(token), 1.5))
    painter.setBrush(paint.colors().paper)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
    paint_image(painter, box.adjusted(3, 3, -3, -3), paint.picture(x, style))


def _card(x: Any, style: Any, answer: Answer, painter: QPainter, box: QRectF) -> None:
    paint_card(painter, box, paint.picture(x, style), answer)


def _by_class(shown: Sequence[Paint], truths: Sequence[int]) -> list[Row]:
    return [
        Row(paint.letter(way), [one for one, its in zip(shown, truths, strict=True) if its == way])
        for way in sorted(set(truths))
    ]


def _told(task: ImageTask, said: Sequence[Answer], outputs: Tensor) -> Table:
    """Every bar, and the probabilities of the classes that have none."""
    letters = [f"p({paint.letter(way)})" for way in range(outputs.shape[1])]
    header = ("query item", "class", "name", "predicted", "changed since step 0", *letters)
    rows: list[tuple[Cell, ...]] = [
        (
            number + 1,
            paint.letter(one.truth),
            task.class_title(one.truth),
            "" if one.predicted is None else paint.letter(one.predicted),
            "yes" if one.flipped else "no",
            *shares,
        )
        for number, (one, shares) in enumerate(zip(said, outputs.tolist(), strict=True))
    ]
    return Table(header, rows)
