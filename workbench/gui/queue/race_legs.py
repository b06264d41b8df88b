"""The standings of a race as a table: a row for each contender and seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.core.curve import Measure
from workbench.gui.style import counts, words
from workbench.gui.style.two_line_delegate import TwoLines
from workbench.gui.style.two_line_table import TwoLineModel

if TYPE_CHECKING:
    from workbench.experiments.race_standing import LegStanding

NOTHING = TwoLines("–", upper_token="faint")
TOKENS = {"runs": "accent", "failed": "danger", "diverged": "danger", "done": "good"}


class LegModel(TwoLineModel):
    def titles(self) -> tuple[str, ...]:
        return (
            self.tr("Contender"),
            self.tr("Progress"),
            self.tr("Validation, best so far"),
            self.tr("Test, after adapting"),
        )

    def cells(self, row: LegStanding) -> tuple[TwoLines, ...]:
        seed = self.tr("seed {0}").format(row.seed)
        return TwoLines(row.title, seed), self._progress(row), self._best(row), self._test(row)

    def help(self, row: LegStanding, column: int) -> str:
        cell = self.cells(row)[column]
        return "\n".join(text for text in (cell.upper, cell.lower, row.told, str(row.path)) if text)

    def _progress(self, row: LegStanding) -> TwoLines:
        done = words.thousands(row.iterations)
        text = f"{done} / {words.thousands(row.total)}" if row.total else done
        told = {
            "waits": self.tr("waits"),
            "runs": self.tr("trains"),
            "stopped": self.tr("stopped, goes on"),
            "done": self.tr("done"),
            "diverged": self.tr("diverged"),
            "failed": self.tr("failed"),
        }[str(row.stand)]
        return TwoLines(text, told, lower_token=TOKENS.get(str(row.stand), "muted"))

    def _best(self, row: LegStanding) -> TwoLines:
        if row.learned.best is None:
            return NOTHING
        at = self.tr("at {0}").format(words.thousands(row.learned.best_iteration))
        return self._measured(row.learned.best, at)

    def _test(self, row: LegStanding) -> TwoLines:
        if row.test is None:
            return NOTHING
        tasks = counts.tasks(int(row.test["tasks"]))
        return self._measured(row.test, tasks)

    def _measured(self, metrics: dict[str, Any], below: str) -> TwoLines:
        last = Measure.of(metrics["steps"][-1])
        return TwoLines(words.measure_text(str(metrics["name"]), last), below)
