"""One's own pictures as a sheet to take away: each with its verdict, and every probability."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSizeF

from workbench.gui.kinds.pictures.own.held import Held
from workbench.gui.kinds.pictures.own.row import Verdict
from workbench.gui.kinds.pictures.picture_sheets import framed
from workbench.gui.style import paint
from workbench.gui.takeaway.cells import Cells, Row
from workbench.gui.takeaway.sheet import Cell, Sheet, Table

SIDE = 46
MARKS = {None: "", True: " ✓", False: " ✗"}
TONES = {None: "border", True: "good", False: "danger"}


def sheet(title: str, note: str, held: Held, verdicts: Sequence[Verdict]) -> Sheet:
    """``verdicts`` in the order of the pictures; all are of the same classes."""
    pairs = list(zip(held, verdicts, strict=True))
    rows = [
        Row(_said(verdict), [partial(framed, own.pixels, own.style, TONES[verdict.right])])
        for own, verdict in pairs
    ]
    header = ("picture", "predicted", "class", *(f"p({name})" for name in verdicts[0].titles))
    table: list[tuple[Cell, ...]] = [
        (
            own.name,
            _name(verdict, verdict.predicted),
            _name(verdict, verdict.truth),
            *verdict.chances,
        )
        for own, verdict in pairs
        if verdict.chances
    ]
    return Sheet("own", title, Cells(rows, QSizeF(SIDE, SIDE)), Table(header, table), (note,))


def _said(verdict: Verdict) -> str:
    if verdict.predicted is None:
        return "–"
    chance = verdict.chances[verdict.predicted]
    return f"{paint.letter(verdict.predicted)}  {100 * chance:.0f} %{MARKS[verdict.right]}"


def _name(verdict: Verdict, way: int | None) -> str:
    return "" if way is None else verdict.titles[way]
