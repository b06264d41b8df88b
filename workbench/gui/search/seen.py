"""What is seen of a study at one moment, read from its storage, whoever works on it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.gui.search.names import short_title
from workbench.gui.style import words
from workbench.gui.takeaway.sheet import Cell, Table

if TYPE_CHECKING:
    from workbench.experiments.search.space import Dimension, Value
    from workbench.experiments.search.study import Study
    from workbench.experiments.search.trial import Trial


def tr(text: str) -> str:
    return QCoreApplication.translate("StudySeen", text)


@dataclass(frozen=True)
class Seen:
    study: Study
    """Open, so that the next look reads only what is new."""
    trials: tuple[Trial, ...]
    """Those that have begun."""
    best: Trial | None
    importances: dict[str, float]
    best_so_far: tuple[tuple[int, float], ...]
    """Number and score of each completed trial's turn."""
    over: bool
    at: float
    """Seconds since the epoch."""

    @property
    def space(self) -> tuple[Dimension, ...]:
        return self.study.plan.space

    @property
    def metric(self) -> str:
        return self.study.metric

    @property
    def completed(self) -> list[Trial]:
        return [one for one in self.trials if one.state == "complete" and one.score is not None]

    @property
    def counts(self) -> Counter[str]:
        return Counter(str(trial.state) for trial in self.trials)

    def same_as(self, other: Seen | None) -> bool:
        """Whether nothing has happened since; of trials that run, time goes on."""
        return other is not None and self.trials == other.trials and self.over == other.over

    def trial(self, number: int) -> Trial:
        return next(one for one in self.trials if one.number == number)

    def told(self, number: int) -> str:
        """A trial in a few lines: what became of it, and its values."""
        one = self.trial(number)
        score = "" if one.score is None else f", {words.metric_text(self.metric, one.score)}"
        head = tr("Trial {0}: {1}").format(number, state_text(str(one.state))) + score
        values = [f"{short_title(field)} {value_text(v)}" for field, v in one.values.items()]
        return "\n".join([head, *values, *([one.told] if one.told else [])])

    def table(self) -> Table:
        """A row a trial, in the units of the fields and of the metric."""
        fields = [one.field for one in self.space]
        rows: list[tuple[Cell, ...]] = []
        for one in self.trials:
            values = [one.values.get(field, "") for field in fields]
            score: Cell = "" if one.score is None else one.score
            lasted: Cell = "" if one.ended is None else round(one.ended - one.began, 3)
            rows.append((one.number, str(one.state), *values, score, lasted))
        return Table(("trial", "state", *fields, self.metric, "seconds"), rows)


def read(folder: Path, known: Seen | None) -> Seen:
    """Raises `BadInput` where there is no study; ``known`` is the last look at the same one."""
    from workbench.experiments.search.learned import best_so_far, importances
    from workbench.experiments.search.study import Study

    study = Study.open(folder) if known is None else known.study
    everything = study.trials()
    begun = tuple(one for one in everything if one.state != "waiting")
    done = sum(one.state == "complete" for one in begun)
    if known is not None and done == len(known.completed):
        shares = known.importances
    else:
        shares = importances(study)
    best = study.best(begun)
    line = tuple(best_so_far(study, begun))
    return Seen(study, begun, best, shares, line, study.is_over(everything), time.time())


def state_text(state: str) -> str:
    return {
        "running": tr("running"),
        "stopped": tr("stopped, goes on"),
        "complete": tr("complete"),
        "pruned": tr("pruned"),
        "diverged": tr("diverged"),
        "failed": tr("failed"),
    }[state]


def value_text(value: Value) -> str:
    return words.short(value) if isinstance(value, float) else str(value)
