"""Sets of sentences as sheets to take away: drawn by what draws them in the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from workbench.gui.kinds.text.query_rows import Query, best
from workbench.gui.kinds.text.row_delegate import HEAD, paint_class
from workbench.gui.kinds.text.rows import Row
from workbench.gui.style import paint
from workbench.gui.takeaway.flow import Block, Flow
from workbench.gui.takeaway.lines import fixed
from workbench.gui.takeaway.sheet import Cell, Sheet, Table

LEAST = 420.0
"""Pixels of a sentence with its prediction beside it."""


def queries(
    title: str,
    rows: Sequence[Query],
    item: Callable[[Query], Block],
    marked: Mapping[int, str] | None = None,
) -> Sheet | None:
    """Class by class; ``marked`` is what its words add, of the sentence that is open."""
    if not any(row.now for row in rows):
        return None
    words = marked or {}
    blocks = [_head(row.way, row.text) if row.kind == "class" else item(row) for row in rows]
    names = {row.way: row.text for row in rows if row.kind == "class"}
    ways = max(len(row.now) for row in rows)
    header = ["sentence", "class", "name", "predicted", "changed since step 0"]
    header += [f"p({paint.letter(way)})" for way in range(ways)]
    told = [
        (*_told(row, names[row.way], ways), *([words.get(row.number, "")] if words else []))
        for row in rows
        if row.kind == "item"
    ]
    last = ["what its words add"] if words else []
    return Sheet("queries", title, Flow(blocks, LEAST), Table((*header, *last), told))


def support(title: str, rows: Sequence[Row], line: Callable[[Row], Block]) -> Sheet:
    blocks = [_head(row.way, row.text, row.group) if row.kind == "class" else line(row)
              for row in rows if row.kind != "add"]  # fmt: skip
    names = {row.way: row.text for row in rows if row.kind == "class"}
    told: list[tuple[Cell, ...]] = [
        (
            row.text,
            paint.letter(row.way),
            names[row.way],
            "yes" if row.edited else "no",
            "yes" if row.locked else "no",
            "" if row.influence is None else row.influence,
        )
        for row in rows
        if row.kind == "line"
    ]
    header = ("sentence", "class", "name", "put here by hand", "locked", "influence")
    return Sheet("support", title, Flow(blocks, LEAST), Table(header, told))


def _head(way: int, name: str, group: str = "") -> Block:
    return fixed(HEAD, partial(_draw_head, way, name, group))


def _draw_head(way: int, name: str, group: str, painter: QPainter, box: QRectF) -> None:
    paint_class(painter, box, way, name, group)


def _told(row: Query, name: str, ways: int) -> tuple[Cell, ...]:
    guess = best(row.now)
    return (
        row.text,
        paint.letter(row.way),
        name,
        "" if guess is None else paint.letter(guess),
        "yes" if row.flipped else "no",
        *(row.now or [""] * ways),
    )
