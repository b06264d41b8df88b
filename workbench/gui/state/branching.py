"""Going on with other settings: a run keeps its own, so a fork goes on from its checkpoint."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Slot

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.gui.state.shared import Shared
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.replay import Recorded

Changes = dict[str, dict[str, Any]]
MILDER = 0.1
"""What a rate is multiplied with that made a training diverge."""
CLIP = {"training": {"gradient_limit": "clip", "gradient_bound": 1.0}}


def tr(text: str) -> str:
    return QCoreApplication.translate("Branching", text)


class Branching(QObject):
    """Stops the run in the window, which keeps what it has, then trains on in a new one.

    A change that no fork can take is said instead, and the run waits as it did.
    """

    def __init__(self, shared: Shared, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shared = shared
        self._changes: Changes | None = None
        self._job: Job | None = None
        shared.training.stateChanged.connect(self._on_state)

    def begin(self, changes: Changes) -> None:
        """Fork the run that waits, as soon as the data is there."""
        own = self._shared.training.config
        if own is not None:
            self._shared.draft.use_config(own.replaced(changes))
            self._shared.data.when_ready(partial(self._stop, changes))

    def fork(self, path: Path, iteration: int, changes: Changes) -> None:
        """Fork a recorded run, from its checkpoint of that iteration."""
        if not self._shared.training.busy:
            self._read(path, iteration, changes)

    def _stop(self, changes: Changes, family: TaskFamily) -> None:
        """Stop the run, unless what it learns does not fit the changes."""
        from workbench.experiments import forking

        training = self._shared.training
        own, learner = training.config, training.snapshot()
        if own is None or not training.busy:
            return
        try:
            if learner is not None:
                forking.refuse_weights(learner.weights, own, own.replaced(changes), family)
        except BadInput as problem:
            self._shared.troubles.say("training", problem)
            return
        self._changes = changes
        training.stop()

    def close(self) -> None:
        self._changes = None
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _on_state(self) -> None:
        training, changes = self._shared.training, self._changes
        path = training.path
        if training.state == "FINISHED" and changes is not None and path is not None:
            self._changes = None
            self._read(path, None, changes)

    def _read(self, path: Path, iteration: int | None, changes: Changes) -> None:
        trouble = partial(self._shared.troubles.say, "training")
        work, done = partial(_read, path, iteration), partial(self._on_read, changes)
        self._job = Job(work, done, trouble, parent=self)

    def _on_read(self, changes: Changes, found: Recorded | ExperimentConfig) -> None:
        from workbench.experiments.replay import Recorded

        config = found.config if isinstance(found, Recorded) else found
        self._shared.draft.use_config(config.replaced(changes))
        self._shared.data.when_ready(partial(self._start, found))

    def _start(self, found: Recorded | ExperimentConfig, family: TaskFamily) -> None:
        """From the newest checkpoint; from the beginning where there is none yet."""
        from workbench.experiments.replay import Recorded

        config, training = self._shared.draft.config, self._shared.training
        if config is None:
            return
        if isinstance(found, Recorded):
            training.branch(found.run, found.checkpoint, config, family)
            if training.busy:
                self._shared.history.tell(found.events)
                self._say_consequences(found, config)
        else:
            training.start(config, family)

    def _say_consequences(self, found: Recorded, config: ExperimentConfig) -> None:
        from workbench.experiments import forking

        path = self._shared.training.path
        said = list(forking.consequences(found.checkpoint, found.config, config))
        if said and path is not None:
            self._shared.troubles.say("training", Finding(f"{path.name}: {'; '.join(said)}"))


def mends(config: ExperimentConfig) -> list[tuple[str, str, Changes]]:
    """What usually helps against divergence: a button's text, its explanation, the changes."""
    found: list[tuple[str, str, Changes]] = []
    rate = getattr(config.algorithm, "inner_rate", None)
    if rate is not None:
        milder = float(f"{rate * MILDER:.2g}")
        text = tr("Go on with α = {0}").format(f"{milder:g}")
        tip = tr("A new run from the last checkpoint, with a smaller inner rate")
        found.append((text, tip, {"algorithm": {"inner_rate": milder}}))
    if config.training.gradient_limit != "clip":
        tip = tr("A new run from the last checkpoint that limits the norm of the outer gradient")
        found.append((tr("Clip the gradient"), tip, CLIP))
    return found


def in_words(own: ExperimentConfig, draft: ExperimentConfig | None) -> str:
    """The first differing field, in the form and in the run."""
    from workbench.experiments.changes import differences

    if draft is None:
        return tr("The form has other settings than the run, and they are not valid")
    section, fields = next(iter(differences(own, draft).items()))
    field, value = next(iter(fields.items()))
    before = own.to_json()[section].get(field, tr("nothing of that name"))
    text = tr("{0} is {1} in the form and {2} in the run")
    return text.format(field.replace("_", " ").capitalize(), value, before)


def _read(path: Path, iteration: int | None, report: Report) -> Recorded | ExperimentConfig:
    """A checkpoint, or the newest, with what led to it; the settings alone where there is none."""
    from workbench.experiments.replay import read_checkpoint
    from workbench.experiments.store import open_run

    run = open_run(path)
    return read_checkpoint(path, iteration) if run.iterations() else run.config()
