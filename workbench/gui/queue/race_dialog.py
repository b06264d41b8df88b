"""A race is put together: who, with which seeds, on which terms; the form says all the rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput
from workbench.gui.queue.race_choices import RaceChoices
from workbench.gui.queue.race_terms import RaceTerms
from workbench.gui.state import methods
from workbench.gui.state.foretold import Foretold
from workbench.gui.style import counts, forecasts
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.widgets import OneLine, label

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.contenders import Contender
    from workbench.experiments.forecast.foretell import Measure
    from workbench.experiments.forecast.outlook import Outlook
    from workbench.experiments.queue.work import RaceOfMany
    from workbench.gui.state.foretold import Question
    from workbench.gui.state.training import TrainingControl

SIZE = (560, 600)
FIRST = ("maml", "fomaml", "reptile", "anil", "protonet")
"""Those that race unless somebody says otherwise, where they can."""


class RaceDialog(QDialog):
    """`chosen` carries the race, and whether it is to begin now."""

    chosen = Signal(object, bool)

    def __init__(
        self,
        config: ExperimentConfig,
        family: TaskFamily | None,
        training: TrainingControl,
        parent: QWidget,
    ) -> None:
        """``training`` is watched, since nothing is measured beside it."""
        super().__init__(parent)
        self.setObjectName("dialog.race")
        self.setWindowTitle(self.tr("Race"))
        self.resize(*SIZE)
        self._config, self._family = config, family
        self._foretold = Foretold(training, self)
        self.boxes: dict[str, QCheckBox] = {}
        self.told = label(self.tr("Finding out who can race…"), "small", wrap=True)
        self.told.setObjectName("race.told")
        self._said = ""
        self.terms = RaceTerms(config, self)
        self.terms.changed.connect(self._refresh)
        self._rows = QGridLayout()
        self.buttons = self._make_buttons()
        self._lay_out()
        self._choices = RaceChoices(config, family, self)
        self._choices.found.connect(self._show)
        self._choices.failed.connect(self._fail)
        self._foretold.changed.connect(self._tell)

    def _make_buttons(self) -> QDialogButtonBox:
        buttons, role = QDialogButtonBox(self), QDialogButtonBox.ButtonRole
        start = buttons.addButton(self.tr("Start the race"), role.AcceptRole)
        start.setObjectName("race.start")
        start.setToolTip(self.tr("Begin now, or as soon as what trains has ended"))
        later = buttons.addButton(self.tr("Add to queue"), role.ActionRole)
        later.setObjectName("race.queue")
        later.setToolTip(self.tr("Line the race up behind what waits"))
        cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        start.setDefault(True)
        start.clicked.connect(lambda: self._choose(True))
        later.clicked.connect(lambda: self._choose(False))
        cancel.clicked.connect(self.reject)
        self.deciding = (start, later)
        for button in self.deciding:
            button.setEnabled(False)
        return buttons

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("page", True)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setVerticalSpacing(6)
        self._rows.setHorizontalSpacing(14)
        self._rows.setColumnStretch(1, 1)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._rows)
        outer.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("race.contenders")
        scroll.setAccessibleName(self.tr("Contenders"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(10)
        layout.addWidget(label(self._about(), "muted", wrap=True))
        layout.addWidget(scroll, 1)
        layout.addWidget(self.terms)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)

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
        self._refresh()

    def _add(self, contender: Contender, row: int) -> None:
        box = QCheckBox(contender.title, self)
        box.setObjectName(f"race.contender.{contender.algorithm}")
        box.setAccessibleName(contender.title)
        can = contender.config is not None
        box.setEnabled(can)
        box.setChecked(can and contender.algorithm in FIRST)
        box.toggled.connect(self._refresh)
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
    def _refresh(self) -> None:
        if not self.boxes:
            return
        try:
            race, problem = self._race(), ""
        except BadInput as error:
            race, problem = None, str(error)
        self._said = problem if race is None else self._sum(race)
        self._foretold.ask(self._question(race))
        self._tell()
        for button in self.deciding:
            button.setEnabled(race is not None)

    def _question(self, race: RaceOfMany | None) -> Question | None:
        if race is None or self._family is None:
            return None
        return partial(_of_race, race, self._family)

    @Slot()
    def _tell(self) -> None:
        told = self._foretold.outlook
        words = forecasts.outlook(told) if told is not None else ""
        self.told.setText(" · ".join(filter(None, (self._said, words))))

    def _sum(self, race: RaceOfMany) -> str:
        count = len(race.algorithms) * len(race.seeds)
        if count == 1:
            return counts.runs(1)
        return self.tr("{runs}, one after the other").format(runs=counts.runs(count))

    def _race(self) -> RaceOfMany:
        """Raises `BadInput` that says what is still missing."""
        from workbench.experiments.queue.work import RaceOfMany

        names = tuple(self._named())
        if not names:
            raise BadInput(self.tr("Contenders"), self.tr("nobody races"), self.tr("Tick one"))
        terms, config = self.terms.terms, self.terms.shared
        terms.check(config)
        return RaceOfMany(config, names, tuple(self.terms.read_seeds()), terms)

    def _named(self) -> Iterator[str]:
        return (name for name, box in self.boxes.items() if box.isChecked())

    def _choose(self, now: bool) -> None:
        self.chosen.emit(self._race(), now)
        self.accept()

    def done(self, code: int) -> None:
        self._choices.close()
        self._foretold.close()
        super().done(code)


def _of_race(race: RaceOfMany, family: TaskFamily, measure: Measure) -> Outlook:
    from workbench.experiments.forecast.outlook import legs, of_race

    return of_race(legs(race, family), measure)
