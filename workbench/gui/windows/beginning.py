"""A dialog that puts many runs together from the form: they begin now, or wait in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput
from workbench.gui.state.foretold import Foretold
from workbench.gui.style import counts, forecasts
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.queue.work import Work
    from workbench.gui.state.foretold import Question
    from workbench.gui.state.training import TrainingControl


def tr(text: str) -> str:
    return QCoreApplication.translate("BeginningDialog", text)


class BeginningDialog(QDialog):
    """`chosen` carries the work, and whether it is to begin now."""

    chosen = Signal(object, bool)

    def __init__(
        self,
        name: str,
        size: tuple[int, int],
        start: str,
        training: TrainingControl,
        parent: QWidget,
    ) -> None:
        """``start`` is what the button says that begins it now.

        What it takes is told, but not measured beside the ``training``.
        """
        super().__init__(parent)
        self.setObjectName(f"dialog.{name}")
        self.resize(*size)
        self.told = label("", "small", wrap=True)
        self.told.setObjectName(f"{name}.told")
        self._said = ""
        self._foretold = Foretold(training, self)
        self._foretold.changed.connect(self._tell)
        self.choices = QScrollArea(self)
        self.buttons = self._make_buttons(name, start)

    def asked(self) -> tuple[Work, str]:
        """What is asked for, and how much that is in a line.

        Raises `BadInput` that says what is still missing.
        """
        raise NotImplementedError

    def question(self, work: Work) -> Question | None:
        """What this work takes, given how an experiment is measured."""
        raise NotImplementedError

    def lay_out(self, about: str, within: QLayout, terms: QWidget) -> None:
        """What is chosen scrolls; ``about`` stands above it, and the terms below."""
        page = QWidget()
        page.setProperty("page", True)
        page.setLayout(within)
        self.choices.setWidgetResizable(True)
        self.choices.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(about, "muted", wrap=True))
        layout.addWidget(self.choices, 1)
        layout.addWidget(terms)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)

    def _make_buttons(self, name: str, start: str) -> QDialogButtonBox:
        buttons, role = QDialogButtonBox(self), QDialogButtonBox.ButtonRole
        now = buttons.addButton(start, role.AcceptRole)
        now.setObjectName(f"{name}.start")
        now.setToolTip(tr("Begin now, or as soon as what trains has ended"))
        later = buttons.addButton(tr("Add to queue"), role.ActionRole)
        later.setObjectName(f"{name}.queue")
        later.setToolTip(tr("Line it up behind what waits"))
        cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        now.setDefault(True)
        now.clicked.connect(lambda: self._choose(True))
        later.clicked.connect(lambda: self._choose(False))
        cancel.clicked.connect(self.reject)
        self.deciding = (now, later)
        for button in self.deciding:
            button.setEnabled(False)
        return buttons

    @Slot()
    def refresh(self) -> None:
        """Say how much it is, or what is missing."""
        try:
            work, told = self.asked()
        except BadInput as error:
            self._say(self.missing(error), None)
        else:
            self._say(told, work)

    def missing(self, problem: BadInput) -> str:
        """What is said below of what is missing."""
        return str(problem)

    def _say(self, told: str, work: Work | None) -> None:
        """Nothing can begin where there is no work."""
        self._said = told
        self._foretold.ask(None if work is None else self.question(work))
        self._tell()
        for button in self.deciding:
            button.setEnabled(work is not None)

    @Slot()
    def _tell(self) -> None:
        told = self._foretold.outlook
        words = forecasts.outlook(told) if told is not None else ""
        self.told.setText(" · ".join(filter(None, (self._said, words))))

    def _choose(self, now: bool) -> None:
        self.chosen.emit(self.asked()[0], now)
        self.accept()

    def done(self, code: int) -> None:
        self._foretold.close()
        super().done(code)


def many_runs(count: int, at_once: int = 1) -> str:
    """So many runs, 0 as many as there is time for, and how many of them at a time."""
    if count == 1:
        return counts.runs(1)
    runs = counts.runs(count) if count else tr("As many runs as the seconds allow")
    if at_once > 1:
        return tr("{runs}, {n} at a time").format(runs=runs, n=at_once)
    return tr("{runs}, one after the other").format(runs=runs)
