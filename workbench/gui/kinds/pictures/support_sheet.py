"""The support set of the lab as a sheet to take away, with what was changed and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF
from PySide6.QtGui import QPainter

from workbench.gui.kinds.pictures.picture_sheets import framed
from workbench.gui.style import paint
from workbench.gui.takeaway.cells import Cells, Row
from workbench.gui.takeaway.sheet import Key, Sheet, Table

if TYPE_CHECKING:
    from workbench.tasks.image_task import ImageTask

SIDE = 60


def tr(text: str) -> str:
    return QCoreApplication.translate("SupportSheet", text)


class Shown(NamedTuple):
    """A slot: put here by hand, kept in new draws, and its influence among the largest."""

    way: int
    edited: bool
    locked: bool
    influence: tuple[float, float] | None


def sheet(title: str, task: ImageTask, shown: Sequence[Shown]) -> Sheet:
    """``shown`` in the order of the support set."""
    pictures = task.style.pixels(task.episode().support.x)
    cells = [
        (slot.way, partial(_slot, x, task.style, slot))
        for x, slot in zip(pictures, shown, strict=True)
    ]
    rows = [
        Row(
            f"{paint.letter(way)}  {task.class_title(way)}", [it for its, it in cells if its == way]
        )
        for way in sorted({slot.way for slot in shown})
    ]
    legend = (
        [Key(tr("put here by hand"), "accent", band=True)]
        if any(slot.edited for slot in shown)
        else []
    )
    content = Cells(rows, QSizeF(SIDE, SIDE))
    return Sheet("support", title, content, _told(task, shown), (task.title,), tuple(legend))


def _slot(x: Any, style: Any, slot: Shown, painter: QPainter, box: QRectF) -> None:
    framed(x, style, "accent" if slot.edited else "border", painter, box)
    if slot.influence is not None:
        paint.paint_influence(painter, box, *slot.influence)


def _told(task: ImageTask, shown: Sequence[Shown]) -> Table:
    header = ("support item", "class", "name", "put here by hand", "locked", "influence")
    rows = [
        (
            number + 1,
            paint.letter(slot.way),
            task.class_title(slot.way),
            "yes" if slot.edited else "no",
            "yes" if slot.locked else "no",
            "" if slot.influence is None else slot.influence[0],
        )
        for number, slot in enumerate(shown)
    ]
    return Table(header, rows)
