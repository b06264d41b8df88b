"""The draft and the task in view, there again after a restart."""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from workbench.core.errors import BadInput
from workbench.gui.state import settings
from workbench.gui.state.task_in_view import MAX_SEED

if TYPE_CHECKING:
    from workbench.gui.state.workspace import Workspace

log = logging.getLogger(__name__)
KEY = "draft"
SETTLE_MS = 500
ASKED_AGAIN = {("model", "sha256"): "", ("task", "download"): False}
"""Consent is not remembered here: code and downloads wait for a person, as at the first time."""


class Remembered(QObject):
    """Keeps them a moment after each change, so that a kill loses nothing."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.keep)
        workspace.draftChanged.connect(self._settle.start)
        workspace.taskChanged.connect(self._settle.start)

    @Slot()
    def keep(self) -> None:
        self._settle.stop()
        space = self._workspace
        if space.ready:
            view, values = space.in_view, _without_consent(space.draft.values)
            kept = {"preset": space.draft.preset, "values": values}
            settings.remember_json(KEY, {**kept, "split": view.split, "seed": view.seed})


def bring_back(space: Workspace) -> None:
    """What the last life kept, laid over the preset that is set; damaged records are ignored."""
    kept = settings.json_of(KEY)
    if kept is None:
        return
    try:
        _take_view(space, kept)
        _take_draft(space, kept)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.info("the remembered settings are ignored: %r", error)


def _take_view(space: Workspace, kept: dict[str, Any]) -> None:
    from workbench.core.task import SPLITS

    split, seed = kept["split"], kept["seed"]
    if split in SPLITS and type(seed) is int and 0 <= seed <= MAX_SEED:
        space.in_view.split, space.in_view.seed = split, seed


def _take_draft(space: Workspace, kept: dict[str, Any]) -> None:
    from workbench.experiments.config import check

    config, problems = check(_without_consent(kept["values"]))
    if config is None:
        space.troubles.say("remembered", _no_longer(space, problems[0]))
        return
    known = {preset.name for preset in space.presets}
    preset = kept["preset"] if kept["preset"] in known else space.draft.preset
    space.draft.become(preset, config.to_json())


def _no_longer(space: Workspace, problem: BadInput) -> BadInput:
    title = next(p.title for p in space.presets if p.name == space.draft.preset)
    said = QCoreApplication.translate("Remembered", "do not hold any more ({0} {1})")
    instead = QCoreApplication.translate("Remembered", "The preset {0} is set instead")
    return BadInput(
        QCoreApplication.translate("Remembered", "the settings of last time"),
        said.format(problem.where, problem.problem),
        instead.format(title),
    )


def _without_consent(values: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    values = copy.deepcopy(values)
    for (section, field), none in ASKED_AGAIN.items():
        if field in values[section]:
            values[section][field] = none
    return values
