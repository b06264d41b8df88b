"""The rows of the query set: a class's name, then its sentences with what is predicted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QCoreApplication, QModelIndex

from workbench.gui.style import paint
from workbench.gui.style.list_model import ListModel
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from workbench.tasks.texts.text_task import TextTask


def tr(text: str) -> str:
    return QCoreApplication.translate("QueryRows", text)


@dataclass(frozen=True)
class Query:
    kind: Literal["class", "item"]
    way: int
    """Its true class."""
    number: int = -1
    """Of the query batch."""
    at: int = -1
    """Of its class."""
    text: str = ""
    own: bool = False
    """Written by hand."""
    now: tuple[float, ...] = ()
    """Probabilities at the step looked at; empty where none are known."""
    before: tuple[float, ...] = ()
    """Those at step 0."""

    @property
    def right(self) -> bool | None:
        """None where nothing is predicted."""
        guess = best(self.now)
        return None if guess is None else guess == self.way

    @property
    def flipped(self) -> bool:
        return self.right is not None and best(self.now) != best(self.before)


def best(probabilities: tuple[float, ...]) -> int | None:
    """The likeliest class; none after divergence, or where nothing is known."""
    if not probabilities or not all(map(math.isfinite, probabilities)):
        return None
    return max(range(len(probabilities)), key=probabilities.__getitem__)


class QueryRows(ListModel[Query]):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Query] = []

    def show(self, rows: list[Query]) -> None:
        """Other sentences."""
        if [row.text for row in rows] == [row.text for row in self.rows]:
            self.rows = rows
            self._say_changed()
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def show_outputs(self, now: Any, before: Any) -> None:
        """``[Q, N]`` each, or None where nothing is known."""
        known = now is not None and len(now) == sum(row.kind == "item" for row in self.rows)
        after, first = (now.tolist(), before.tolist()) if known else ([], [])
        self.rows = [
            replace(
                row,
                now=tuple(after[row.number]) if known else (),
                before=tuple(first[row.number]) if known else (),
            )
            if row.kind == "item"
            else row
            for row in self.rows
        ]
        self._say_changed()

    def at(self, number: int | None) -> QModelIndex:
        """Where a query item is; no index where there is none."""
        found = (n for n, row in enumerate(self.rows) if row.number == number and number != -1)
        return self.index(next(found, -1))

    def _say_changed(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def described(self, row: Query) -> str:
        return f"{told(row)}: {row.text}" if row.kind == "item" else row.text

    def help_on(self, row: Query) -> str:
        return help_on(row)


def rows_of(task: TextTask, drawn: Collection[str]) -> list[Query]:
    """``drawn`` are the sentences that were not written by hand."""
    found, number = list[Query](), 0
    for way, sentences in enumerate(task.query_texts):
        found.append(Query("class", way, text=task.class_title(way)))
        for at, text in enumerate(sentences):
            found.append(Query("item", way, number, at, text, text not in drawn))
            number += 1
    return found


def told(row: Query) -> str:
    item = tr("Query sentence {0} of class {1}").format(row.at + 1, paint.letter(row.way))
    guess = best(row.now)
    if guess is None:
        return tr("{0}, not predicted").format(item)
    verdict = tr("right") if row.right else tr("wrong")
    share = f"{100 * row.now[guess]:.0f}"
    text = tr("{0}, predicted {1} with {2} %: {3}")
    text = text.format(item, paint.letter(guess), share, verdict)
    return text + tr(", changed since step 0") if row.flipped else text


def help_on(row: Query) -> str:
    if row.kind == "class":
        return tr("Class {0}: {1}").format(paint.letter(row.way), plain(row.text))
    why = tr("Click: which words carry it, and which support sentences moved it?")
    lines = [plain(row.text), told(row), why]
    if row.own:
        lines.insert(2, tr("Written by you; Del removes it"))
    return "\n".join(lines)
