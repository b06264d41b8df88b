"""The status bar: what is going on, on which device, and when the run was last saved."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QSizePolicy, QStatusBar, QWidget

from workbench.core import safe_mode
from workbench.core.errors import Missing
from workbench.core.findings import found_in
from workbench.gui.state.data import FAULT
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import counts
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.widgets import label, plain


class Status(QStatusBar):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAccessibleName(self.tr("Status"))
        self.setSizeGripEnabled(False)
        self._workspace = workspace
        self._saved_at: float | None = None
        self._saved = label("")
        self._saved.setObjectName("status.saved")
        self._data = label("")
        self._data.setObjectName("status.data")
        self._data.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._device = label("")
        self._device.setObjectName("status.device")
        self.addWidget(self._data, 1)
        if safe_mode.on():
            safe = label(self.tr("Safe mode"))
            safe.setObjectName("status.safe_mode")
            safe.setToolTip(self.tr("No plug-in and no file of yours runs"))
            self.addPermanentWidget(safe)
        self.addPermanentWidget(self._saved)
        self.addPermanentWidget(self._device)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        workspace.history.told.connect(self._on_events)
        workspace.history.began.connect(self._on_started)
        workspace.data.changed.connect(self._show_data)
        workspace.draft.changed.connect(self._show_data)
        workspace.learners.changed.connect(self._show_device)
        workspace.training.stateChanged.connect(self._show_device)
        workspace.preparing.connect(self._on_preparing)
        workspace.troubles.said.connect(self._show_data)
        self._say(self.tr("Loading the parts…"))

    @Slot(str, float)
    def _on_preparing(self, message: str, fraction: float) -> None:
        if message and fraction < 1:
            self._say(f"{message} · {fraction:.0%}")
        else:
            self._show_data()

    @Slot()
    def _show_data(self) -> None:
        """What Start waits for: a correction, the data, or nothing."""
        fault = self._workspace.troubles.of(FAULT)
        problems = (*self._workspace.draft.problems, *([fault] if fault is not None else ()))
        if problems and not isinstance(problems[0], Missing):
            said = getattr(problems[0], "problem", str(problems[0]))
            self._say(self.tr("Cannot start yet: {0}").format(said), "error")
            self._data.setToolTip(plain(sentence(problems[0])))
        elif problems:
            self._say(self.tr("Something is still to be chosen"))
        elif self._workspace.data.family is None:
            self._say(self.tr("Preparing the data…") if self._workspace.ready else "")
        else:
            from workbench.core import registry

            family = self._workspace.data.family
            name = registry.get("task", family.params.name).title
            found = found_in(family.notes())
            if not found:
                self._say(self.tr("{name} is ready").format(name=name))
                return
            told = counts.findings(len(found))
            self._say(self.tr("{name} is ready · {found}").format(name=name, found=told), "warning")
            self._data.setToolTip(plain("\n".join(found)))

    def _say(self, text: str, role: str = "") -> None:
        self._data.setText(text)
        self._data.setToolTip(plain(text))
        if self._data.property("role") != role:
            self._data.setProperty("role", role)
            self._data.style().unpolish(self._data)
            self._data.style().polish(self._data)

    @Slot()
    def _show_device(self) -> None:
        """Of what trains, and in which process; else of the learner's weights themselves."""
        training = self._workspace.training
        learner = self._workspace.learners.current if self._workspace.ready else None
        if training.busy and training.device is not None:
            device = str(training.device).upper()
            told = self.tr("{0}, own process") if training.is_apart else "{0}"
            self._device.setText(told.format(device))
            self._device.setToolTip(self.tr("Device that trains"))
        elif learner is not None:
            devices = {str(tensor.device).upper() for tensor in learner.weights.values()}
            self._device.setText(", ".join(sorted(devices)))
            self._device.setToolTip(self.tr("Device that the learner computes on"))

    @Slot()
    def _on_started(self) -> None:
        self._saved_at = None
        self._saved.setText("")

    @Slot(list)
    def _on_events(self, events: list[Any]) -> None:
        from workbench.core.events import CheckpointSaved, Halt, Halted

        if not self._workspace.training.busy:
            return
        for event in events:
            if isinstance(event, CheckpointSaved):
                self._saved_at = time.monotonic()
            elif isinstance(event, Halted) and event.cause is Halt.STORAGE:
                self._saved_at = None
                self._saved.setText(self.tr("not saved"))
        self._tick()

    @Slot()
    def _tick(self) -> None:
        if self._saved_at is not None:
            seconds = int(time.monotonic() - self._saved_at)
            ago = self.tr("{n} s").format(n=seconds)
            if seconds >= 120:
                ago = self.tr("{n} min").format(n=seconds // 60)
            self._saved.setText(self.tr("saved {ago} ago").format(ago=ago))
