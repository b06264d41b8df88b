"""A race is put together: who, with which seeds, on which terms; the form says all the rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput
from workbench.gui.queue.race_choices import RaceChoices
from workbench.gui.queue.race_terms import RaceTerms
from workbench.gui.state import methods
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.widgets import OneLine, label
from workbench.gui.windows.beginning import BeginningDialog, many_runs

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.contenders import Contender
    from workbench.experiments.forecast.foretell import Measure
    from workbench.experiments.forecast.outlook import Outlook
    from workbench.experiments.queue.work import Work
    from workbench.gui.state.foretold import Question
    from workbench.gui.state.training import TrainingControl

SIZE = (560, 600)
FIRST = ("maml", "fomaml", "reptile", "anil", "protonet")
"""Those that race unless somebody says otherwise, where they can."""


class RaceDialog(BeginningDialog):
    def __init__(
        self,
        config: ExperimentConfig,
        family: TaskFamily | None,
        training: TrainingControl,
        parent: QWidget,
    ) -> None:
        super().__init__("race", SIZE, self.tr("Start the race"), training, parent)
        self.setWindowTitle(self.tr("Race"))
        self._config, self._family = config, family
        self.boxes: dict[str, QCheckBox] = {}
        self.told.setText(self.tr("Finding out who can race…"))
        self.terms = RaceTerms(config, self)
        self.terms.changed.connect(self.refresh)
        self._rows = QGridLayout()
        self._lay_out()
        self._choices = RaceChoices(config, family, self)
        self._choices.found.connect(self._show)
        self._choices.failed.connect(self._fail)

    def _lay_out(self) -> None:
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setVerticalSpacing(6)
        self._rows.setHorizontalSpacing(14)
        self._rows.setColumnStretch(1, 1)
        outer = QVBoxLayout()
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._rows)
        outer.addStretch(1)
        self.choices.setObjectName("race.contenders")
        self.choices.setAccessibleName(self.tr("Contenders"))
        self.lay_out(self._about(), outer, self.terms)

    def _about(self) -> str:
        text = self.tr("{0}: data, model and everything else as in the form, the same for all.")
        return text.format(methods.task_title(self._config))

    # --- who races ---------------------------------------------------------------------------

    @Slot(tuple)
    def _show(self, contenders: tuple[Contender, ...]) -> None:
        by_name = {one.algorithm: one for one in contenders}
        for title, members in methods.grouped("algorithm", list(by_name)):
            self._rows.addWidget(label(title, "section"), self._rows.rowCount(), 0, 1, 2)
            for name in members:
                self._add(by_name[name], self._rows.rowCount())
        self.refresh()

    def _add(self, contender: Contender, row: int) -> None:
        box = QCheckBox(contender.title, self)
        box.setObjectName(f"race.contender.{contender.algorithm}")
        box.setAccessibleName(contender.title)
        can = contender.config is not None
        box.setEnabled(can)
        box.setChecked(can and contender.algorithm in FIRST)
        box.toggled.connect(self.refresh)
        why = OneLine(contender.problem or self._own(contender), "small")
        box.setToolTip(why.text() or self.tr("Races with the settings of the form"))
        self._rows.addWidget(box, row, 0)
        self._rows.addWidget(why, row, 1)
        self.boxes[contender.algorithm] = box

    def _own(self, contender: Contender) -> str:
        """What it runs with otherwise than the others."""
        own = [f"{n} {v}" for fields in contender.own.values() for n, v in fields.items()]
        return self.tr("with {0}").format(", ".join(own)) if own else ""

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.told.setText(sentence(error))

    # --- what is asked for -------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        if self.boxes:
            super().refresh()

    def asked(self) -> tuple[Work, str]:
        from workbench.experiments.queue.work import RaceOfMany

        names = tuple(self._named())
        if not names:
            raise BadInput(self.tr("Contenders"), self.tr("nobody races"), self.tr("Tick one"))
        terms, config = self.terms.terms, self.terms.shared
        terms.check(config)
        race = RaceOfMany(config, names, tuple(self.terms.read_seeds()), terms)
        return race, many_runs(len(race.algorithms) * len(race.seeds))

    def question(self, work: Work) -> Question | None:
        return None if self._family is None else partial(_of_race, work, self._family)

    def _named(self) -> Iterator[str]:
        return (name for name, box in self.boxes.items() if box.isChecked())

    def done(self, code: int) -> None:
        self._choices.close()
        super().done(code)


def _of_race(work: Work, family: TaskFamily, measure: Measure) -> Outlook:
    from workbench.experiments.forecast.outlook import legs, of_race
    from workbench.experiments.queue.work import RaceOfMany

    assert isinstance(work, RaceOfMany)
    return of_race(legs(work, family), measure)
