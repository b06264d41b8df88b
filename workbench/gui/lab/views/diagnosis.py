"""Where the accuracy comes from: the features, the head, or the order of the labels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QWidget

from workbench.core.metric import named
from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.asked import Asked
from workbench.gui.lab.views.diagnosis_bars import Bar, DiagnosisBars
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.style import words
from workbench.gui.takeaway.drawing import Drawing
from workbench.gui.takeaway.sheet import Table

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.insight.diagnosis import Diagnosis, Finding

LONGEST = 200
"""Inner steps at most; the learner adapts more than a dozen times."""
SEED = 1
"""The same orders of the classes are tried every time."""
NEAR = 0.05
"""Accuracies that differ by less are much the same: a task has few query items."""


class DiagnosisView(OnDemand):
    """What the learner loses without its head, from a zero head, and with classes renamed."""

    name = "diagnosis"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        self.bars = DiagnosisBars()
        super().__init__(state, parent)

    def title(self) -> str:
        return self.tr("Reuse")

    def tip(self) -> str:
        return self.tr("Whether features, head or the order of the labels give the accuracy")

    def verb(self) -> str:
        return self.tr("Diagnose this learner")

    def invitation(self) -> str:
        return self.tr(
            "Does adapting make new features, or reuse those learned? Measure this task without "
            "the head, from a head of zeros, and with the classes numbered in ten other ways."
        )

    def steps(self) -> int:
        return min(self._state.planned, LONGEST)

    def picture(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setObjectName("lab.diagnosis.scroll")
        scroll.setAccessibleName(self.tr("Measurements of the diagnosis"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.bars)
        return scroll

    def drawing(self) -> Drawing:
        return self.bars

    def told(self) -> tuple[str, Table]:
        return self.tip(), tables.diagnosis(self.bars.lists)

    def pieces(self, asked: Asked) -> Iterator[Diagnosis]:
        family = self._state.workspace.data.family
        assert family is not None
        return _diagnosed(asked, family)

    def progress(self) -> float | None:
        return None if self.result is None else float(self.result.progress)

    def show_result(self) -> None:
        spec = self._state.spec
        if spec is None:
            return
        metric = spec.metric
        measured = [self._bar(finding, metric) for finding in self.result.findings]
        heading = words.axis_title(metric)
        alike = [_similarity(name, float(value)) for name, value in self._similar().items()]
        self.bars.show_bars(
            [
                (self.tr("{0}: tick before, bar after").format(heading), measured),
                (self.tr("CKA, before and after"), alike),
            ],
            spec.chance,
        )
        self.caption.setText(self._headline())

    def _similar(self) -> dict[str, float]:
        return {name: float(value.mean()) for name, value in self.result.similarity.items()}

    def _bar(self, finding: Finding, metric: str) -> Bar:
        before = None if finding.before is None else float(finding.before.mean())
        after = float(finding.after.mean())
        text = words.metric_text(metric, after)
        spread = None if finding.spread is None else float(finding.spread.mean())
        if spread is not None and math.isfinite(after):
            text = words.metric_text(metric, after, spread)
        return Bar(self._name(finding.kind), before, after, text, named(metric).percent, spread)

    def _name(self, kind: str) -> str:
        return {
            "own": self.tr("as it is"),
            "nil": self.tr("without head (NIL)"),
            "zero_head": self.tr("from a zero head"),
            "relabelled": self.tr("classes renumbered"),
        }[kind]

    def _headline(self) -> str:
        found: Diagnosis = self.result
        parts = [
            self._without_head(found),
            self._reuse(found),
            self._labels(found),
            self._missing_head(found),
        ]
        if self.outdated:
            assert self.asked is not None
            was = self.tr("Outdated: the weights are those of iteration {0}.")
            parts.insert(0, was.format(self.asked.learner.iteration))
        return " ".join(part for part in parts if part)

    def _without_head(self, found: Diagnosis) -> str:
        own, nil = found.of("own"), found.of("nil")
        if own is None or nil is None:
            return ""
        gap = float(own.after.mean() - nil.after.mean())
        if not math.isfinite(gap):
            return self.tr("The adaptation diverged.")
        if abs(gap) <= NEAR:
            return self.tr("The features do as well without the head.")
        if gap > 0:
            return self.tr("The features do worse without the head.")
        return self.tr("The features do better without the head.")

    def _reuse(self, found: Diagnosis) -> str:
        nil = found.of("nil")
        if nil is None or nil.before is None:
            return ""
        gain = float(nil.after.mean() - nil.before.mean())
        if not math.isfinite(gain):
            return ""
        if abs(gain) <= NEAR:
            return self.tr("Adapting reuses them as they were.")
        if gain > 0:
            return self.tr("Adapting makes them better.")
        return self.tr("Adapting makes them worse.")

    def _labels(self, found: Diagnosis) -> str:
        own, other = found.of("own"), found.of("relabelled")
        if own is None or other is None:
            return ""
        if float(own.after.mean() - other.after.mean()) > NEAR:
            return self.tr("It does worse when the classes are renumbered.")
        return self.tr("Renumbering the classes changes little.")

    def _missing_head(self, found: Diagnosis) -> str:
        if self.computing or found.of("zero_head") is not None:
            return ""
        return self.tr("This learner has no head of its own to set to zero.")


def _similarity(name: str, value: float) -> Bar:
    text = f"{value:.2f}" if math.isfinite(value) else "–"
    return Bar(name, None, value, text, True)


def _diagnosed(asked: Asked, family: TaskFamily) -> Iterator[Diagnosis]:
    """With a learner of its own: the lab and a training go on meanwhile."""
    from workbench.core.episode import stack
    from workbench.experiments.insight.diagnosis import diagnose

    with asked.learner.apart(family.fitting(asked.task)) as learner:
        yield from diagnose(learner, stack([asked.task.episode()]), asked.steps, SEED)
