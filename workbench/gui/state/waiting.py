"""What waits for a decision: a run that cannot go on by itself, or one that a kill has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.gui.state import branching
from workbench.gui.state.branching import Branching
from workbench.gui.state.interrupted import Interrupted
from workbench.gui.state.shared import Shared

if TYPE_CHECKING:
    from workbench.core.events import Halted
    from workbench.experiments.checkpoint import Checkpoint
    from workbench.experiments.runs import RunSummary

NOTICED = "noticed"
"""The cause of what the run in view has to say."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Waiting", text)


@dataclass(frozen=True)
class Choice:
    """A way out: what its button says and explains, and what it does."""

    name: str
    text: str
    tip: str
    do: Callable[[], None]


@dataclass(frozen=True)
class FolderChoice:
    """A way out that takes a folder."""

    name: str
    text: str
    tip: str
    do: Callable[[Path], None]


@dataclass(frozen=True)
class Question:
    """What has happened, and the ways to go on; the first one is what most would want."""

    text: str
    choices: tuple[Choice | FolderChoice, ...]


class Waiting(QObject):
    """`changed` comes with another `question`, or with none.

    `recoverWanted` and `takeUpWanted` come with a run's path.
    """

    changed = Signal()
    recoverWanted = Signal(object)
    takeUpWanted = Signal(object)

    def __init__(self, shared: Shared, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shared = shared
        self.question: Question | None = None
        self._branching = Branching(shared, self)
        self.interrupted = Interrupted(shared.run_list, self._offer, self._offer_running, self)
        shared.history.told.connect(self._on_events)
        shared.history.began.connect(self._forget)
        shared.training.stateChanged.connect(self._on_state)

    def answer(self, choice: Choice | FolderChoice, folder: Path | None = None) -> None:
        """Do what the user has chosen; without a folder where one is taken, nothing."""
        if isinstance(choice, Choice):
            self._ask(None)
            choice.do()
        elif folder is not None:
            self._ask(None)
            choice.do(folder)

    def close(self) -> None:
        self._branching.close()

    # --- questions ---------------------------------------------------------------------------

    def ask_about_changes(self) -> None:
        """The form is not what the paused run was started with, which keeps its settings."""
        from workbench.experiments import changes, forking

        own, draft = self._shared.training.config, self._shared.draft.config
        assert own is not None
        tip = tr("The form takes the run's settings back")
        choices = [Choice("resume", tr("Go on as it was"), tip, self._resume_unchanged)]
        text = tr("{0}. A run keeps the settings it was started with.")
        text = text.format(branching.in_words(own, draft))
        try:
            if draft is not None:
                forking.refuse(own, draft, self._shared.history.iteration)
                differing = changes.differences(own, draft)
                tip = tr("Keeps this run, and trains on from here in a new one")
                choices.append(self._branch(tr("Branch off as in the form"), tip, differing))
        except BadInput as problem:
            text = f"{text} {problem}"
        self._ask(Question(text, tuple(choices)))

    def fork(self, path: Path, iteration: int, changes: branching.Changes) -> None:
        """Train on from a checkpoint of a recorded run in a new one, with other settings."""
        self._branching.fork(path, iteration, changes)

    def ask_to_pass_over(self, checkpoint: Checkpoint, go_on: Callable[[], None]) -> None:
        """The newest checkpoint of a run is damaged: is an older one good enough?"""
        text = tr("{0}. The newest checkpoint that is whole is of iteration {1}.")
        choices = (
            Choice(
                "older",
                tr("Go on from iteration {0}").format(checkpoint.iteration),
                tr("What came after it is trained again, and the damaged checkpoint given up"),
                go_on,
            ),
            Choice("leave", tr("Leave it"), tr("Nothing of the run is changed"), _nothing),
        )
        damage = "; ".join(checkpoint.passed_over)
        self._ask(Question(text.format(damage, checkpoint.iteration), choices))

    def _resume_unchanged(self) -> None:
        """Go on from a pause; the form takes the run's settings back."""
        own = self._shared.training.config
        if own is not None:
            self._shared.draft.use_config(own)
        self._shared.training.resume()

    @Slot(list)
    def _on_events(self, events: list[Any]) -> None:
        from workbench.core.events import Halt, Halted, Noticed, PartFailed

        for event in events:
            if isinstance(event, Noticed) and not isinstance(event, PartFailed):
                self._shared.troubles.say(NOTICED, Finding(event.message))
        halted = [event for event in events if isinstance(event, Halted)]
        if halted and self._shared.training.busy:
            event = halted[-1]
            ask = self._ask_storage if event.cause is Halt.STORAGE else self._ask_diverged
            ask(event)

    def _ask_storage(self, event: Halted) -> None:
        training = self._shared.training
        text = tr("The run waits at iteration {0}: {1}. Nothing is lost while it waits.")
        tip = tr("Write once more, when there is room")
        elsewhere = tr("Go on in another directory, which is empty")
        stop = tr("End the run; what was saved before stays")
        choices = (
            Choice("again", tr("Try again"), tip, training.try_again),
            FolderChoice("elsewhere", tr("Save elsewhere…"), elsewhere, self._save_elsewhere),
            Choice("stop", tr("Stop"), stop, training.stop),
        )
        self._ask(Question(text.format(event.iteration, event.message), choices))

    def _ask_diverged(self, event: Halted) -> None:
        training = self._shared.training
        assert training.config is not None
        choices = [self._branch(*mend) for mend in branching.mends(training.config)]
        tip = tr("Measure the best weights so far on the test tasks, and end the run")
        choices.append(Choice("end", tr("Test the best and end"), tip, training.resume))
        self._ask(Question(event.message, tuple(choices)))

    def _offer(self, found: RunSummary) -> None:
        if self._shared.training.busy or self.question is not None:
            return
        text = tr("{0} ended without being stopped; its checkpoint of iteration {1} is whole.")
        keep = tr("Do not ask again; the Runs tab can still resume it")

        def recover() -> None:
            self.interrupted.settle(found)
            self.recoverWanted.emit(found.path)

        choices = (
            Choice("recover", tr("Resume"), tr("Go on from this checkpoint"), recover),
            Choice("keep", tr("Keep as it is"), keep, lambda: self.interrupted.settle(found)),
        )
        self._ask(Question(text.format(found.name, found.iteration), choices))

    def _offer_running(self, found: RunSummary) -> None:
        if self._shared.training.busy or self.question is not None:
            return
        text = tr("{0} is trained on in a process of its own.")
        tip = tr("Show its curves and drive it from here")
        later = tr("It goes on by itself; the Runs tab can still take it up")
        choices = (
            Choice("takeUp", tr("Take it up"), tip, lambda: self.takeUpWanted.emit(found.path)),
            Choice("leave", tr("Let it go on"), later, _nothing),
        )
        self._ask(Question(text.format(found.name), choices))

    def _branch(self, text: str, tip: str, changes: branching.Changes) -> Choice:
        return Choice("branch", text, tip, lambda: self._branching.begin(changes))

    def _save_elsewhere(self, folder: Path) -> None:
        try:
            self._shared.training.save_elsewhere(folder)
        except (BadInput, OSError) as problem:
            self._shared.troubles.say("training", problem)
        self._shared.training.try_again()

    def _ask(self, question: Question | None) -> None:
        self.question = question
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        """Another run is in view."""
        self._shared.troubles.end(NOTICED)
        self._ask(None)

    @Slot()
    def _on_state(self) -> None:
        if self._shared.training.state in ("RUNNING", "STOPPING") and self.question is not None:
            self._ask(None)


def _nothing() -> None:
    """What was asked about stays as it is."""
