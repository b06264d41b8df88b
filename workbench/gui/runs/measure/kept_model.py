"""What was measured of a run, newest first, as a table."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from workbench.core.curve import Measure
from workbench.core.errors import printable
from workbench.gui.style import counts, words
from workbench.gui.style.two_line_delegate import TwoLines
from workbench.gui.style.two_line_table import TwoLineModel

if TYPE_CHECKING:
    from workbench.experiments.scores import Kept


class KeptModel(TwoLineModel):
    def __init__(self, own: str, parent: QObject | None = None) -> None:
        """``own`` is the title of the family that the run was trained on."""
        super().__init__(parent)
        self._own = own

    def titles(self) -> tuple[str, ...]:
        return (
            self.tr("Measured on"),
            self.tr("Before"),
            self.tr("After adapting"),
            self.tr("Median"),
        )

    @property
    def kept(self) -> list[Kept]:
        return self._rows

    def cells(self, kept: Kept) -> tuple[TwoLines, ...]:
        if kept.problem:
            name = self.tr("⚠ {name}").format(name=printable(kept.file.name))
            return (TwoLines(name, kept.problem, "danger"), *[TwoLines("")] * 3)
        name, steps = str(kept.metrics["name"]), kept.metrics["steps"]
        first, last = Measure.of(steps[0]), Measure.of(steps[-1])
        count = int(steps[-1]["step"])
        how = f"{words.steps_text(count)} · {words.protocol_of(kept.metrics)}"
        median = "–" if last.median is None else words.metric_text(name, last.median)
        return (
            TwoLines(self._data(kept), self._tasks(kept)),
            TwoLines(words.metric_text(name, first.mean) if count else "–"),
            TwoLines(words.measure_text(name, last), how),
            TwoLines(median, f"{datetime.fromtimestamp(kept.when):%Y-%m-%d %H:%M}"),
        )

    def _data(self, kept: Kept) -> str:
        if not kept.data:
            return self._own
        from workbench.core.registry import get

        title = get("task", kept.data["family"]).title
        place = PurePath(str(kept.data.get("root", ""))).name
        return f"{title} · {printable(place)}" if place else title

    def _tasks(self, kept: Kept) -> str:
        """Which of its tasks, and what was otherwise than in the training."""
        split = self.tr("test") if kept.metrics["split"] == "test" else self.tr("validation")
        if kept.data:
            split = self.tr("all {n} classes").format(n=words.thousands(kept.data["classes"]))
        count = counts.tasks(int(kept.metrics["tasks"]))
        sizes = [
            _size(part) for part in kept.variant.split("-") if part.endswith(("ways", "shots"))
        ]
        seed = self.tr("seed {n}").format(n=kept.seed)
        return " · ".join([split, count, *sizes, *self._weights(kept.asked or {}), seed])

    def _weights(self, asked: dict[str, Any]) -> list[str]:
        """Whose weights, where they are not the best ones as they are."""
        told = [self.tr("new head")] if asked.get("new_head") else []
        if "checkpoint" in asked:
            after = self.tr("iteration {n}").format(n=words.thousands(asked["checkpoint"]))
            return [*told, after]
        return told

    def help(self, kept: Kept, column: int) -> str:
        lines = [cell for cells in self.cells(kept) for cell in (cells.upper, cells.lower)]
        if kept.metrics:
            lines.append(words.tasks_text(kept.metrics))
        return "\n".join([line for line in dict.fromkeys(lines) if line] + [str(kept.file)])


def _size(part: str) -> str:
    """``20-way`` of ``20ways``."""
    name = "ways" if part.endswith("ways") else "shots"
    return f"{part.removesuffix(name)}-{name[:-1]}"
