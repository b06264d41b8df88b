"""The recorded runs as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.core.curve import Measure
from workbench.core.errors import printable
from workbench.gui.state import methods
from workbench.gui.style import words
from workbench.gui.style.two_line_delegate import TwoLines
from workbench.gui.style.two_line_table import TwoLineModel

if TYPE_CHECKING:
    from workbench.experiments.runs import RunSummary

MEASURED = 2
"""The column of what adapting came to."""


class RunsModel(TwoLineModel):
    def titles(self) -> tuple[str, ...]:
        return (
            self.tr("Algorithm"),
            self.tr("Before"),
            self.tr("After adapting"),
            self.tr("Training"),
        )

    @property
    def runs(self) -> list[RunSummary]:
        return self._rows

    def damaged(self) -> list[int]:
        """Rows that have nothing to show but what is wrong with them."""
        return [row for row, run in enumerate(self.runs) if _is_damaged(run)]

    def help(self, run: RunSummary, column: int) -> str:
        """The cell in full, since it may be cut, and where the run is."""
        cell = self.cells(run)[column]
        metrics = (run.result or {}).get("metrics")
        tasks = words.tasks_text(metrics) if metrics and column == MEASURED else ""
        lines = (cell.upper.strip("–"), cell.lower, tasks, run.problem, printable(str(run.path)))
        return "\n".join(line for line in dict.fromkeys(lines) if line)

    def cells(self, run: RunSummary) -> tuple[TwoLines, ...]:
        """What ran and when; before; after, measured how; how far it was trained."""
        if run.config is None or run.started is None:
            name = self.tr("⚠ {name} is damaged").format(name=printable(run.path.name))
            return (TwoLines(name, run.problem, "danger"), *[TwoLines("")] * 3)
        result = run.result or {}
        when = f"{methods.task_title(run.config)} · {run.started:%Y-%m-%d %H:%M}"
        return (
            TwoLines(methods.title(run.config), when),
            *self._measured(result.get("metrics")),
            self._training(run, result),
        )

    def _measured(self, metrics: dict[str, Any] | None) -> tuple[TwoLines, TwoLines]:
        """Before; after with its interval, its steps, and by which protocol on what."""
        if not metrics:
            return TwoLines("–"), TwoLines("–", self.tr("not measured"))
        first, last = metrics["steps"][0], metrics["steps"][-1]
        before = words.metric_text(metrics["name"], float(first["mean"]))
        after = words.measure_text(metrics["name"], Measure.of(last))
        count = int(last["step"])
        split = self.tr("test") if metrics["split"] == "test" else self.tr("validation")
        protocol = words.protocol(bool(metrics["transductive"]))
        how = f"{split} · {words.steps_text(count)} · {protocol}"
        return TwoLines(before if count else "–"), TwoLines(after, how)

    def _training(self, run: RunSummary, result: dict[str, Any]) -> TwoLines:
        tokens = {"completed": "good", "failed": "danger", "diverged": "danger"}
        done = int(result.get("iterations", 0))
        count = self.tr("{n} iterations").format(n=words.thousands(done)) if done else "–"
        return TwoLines(
            count, self._status(run.status), lower_token=tokens.get(run.status, "muted")
        )

    def _status(self, status: str) -> str:
        return {
            "completed": self.tr("completed"),
            "stopped": self.tr("stopped, kept"),
            "diverged": self.tr("diverged"),
            "failed": self.tr("failed"),
            "unfinished": self.tr("unfinished"),
            "running": self.tr("running"),
        }.get(status, status)


def _is_damaged(run: RunSummary) -> bool:
    return bool(run.problem)
