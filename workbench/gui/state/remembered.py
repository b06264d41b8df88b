"""The draft and the task in view, there again after a restart."""

from __future__ import annotations

import copy
import logging
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from workbench.core.errors import BadInput
from workbench.gui.state import ranges, settings
from workbench.gui.state.draft import Draft
from workbench.gui.state.task_in_view import MAX_SEED, TaskInView
from workbench.gui.state.troubles import Troubles

log = logging.getLogger(__name__)
KEY = "draft"
SETTLE_MS = 500
ASKED_AGAIN = {("model", "sha256"): "", ("task", "download"): False}
"""Consent is not remembered here: code and downloads wait for a person, as at the first time."""


class Remembered(QObject):
    """Keeps them a moment after each change, so that a kill loses nothing."""

    def __init__(self, draft: Draft, in_view: TaskInView, parent: QObject) -> None:
        super().__init__(parent)
        self._draft, self._in_view = draft, in_view
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.keep)
        draft.changed.connect(self._settle.start)
        in_view.changed.connect(self._settle.start)

    @Slot()
    def keep(self) -> None:
        self._settle.stop()
        if self._draft.loaded:
            view, values = self._in_view, _without_consent(self._draft.values)
            kept = {"preset": self._draft.preset, "values": values, "ranges": self._draft.ranges}
            settings.remember_json(KEY, {**kept, "split": view.split, "seed": view.seed})


def bring_back(draft: Draft, in_view: TaskInView, troubles: Troubles) -> None:
    """What the last life kept, laid over the preset that is set; damaged records are ignored."""
    kept = settings.json_of(KEY)
    if kept is None:
        return
    try:
        _take_view(in_view, kept)
        _take_draft(draft, troubles, kept)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.info("the remembered settings are ignored: %r", error)


def _take_view(in_view: TaskInView, kept: dict[str, Any]) -> None:
    from workbench.core.task import SPLITS

    split, seed = kept["split"], kept["seed"]
    if split in SPLITS and type(seed) is int and 0 <= seed <= MAX_SEED:
        in_view.split, in_view.seed = split, seed


def _take_draft(draft: Draft, troubles: Troubles, kept: dict[str, Any]) -> None:
    from workbench.experiments.config import check

    config, problems = check(_without_consent(kept["values"]))
    if config is None:
        troubles.say("remembered", _no_longer(draft, problems[0]))
        return
    preset = kept["preset"] if kept["preset"] in draft.preset_titles else draft.preset
    draft.become(preset, config.complete(), ranges.remembered(kept.get("ranges", {})))


def _no_longer(draft: Draft, problem: BadInput) -> BadInput:
    said = QCoreApplication.translate("Remembered", "do not hold any more ({0} {1})")
    instead = QCoreApplication.translate("Remembered", "The preset {0} is set instead")
    return BadInput(
        QCoreApplication.translate("Remembered", "the settings of last time"),
        said.format(problem.where, problem.problem),
        instead.format(draft.preset_titles[draft.preset]),
    )


def _without_consent(values: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    values = copy.deepcopy(values)
    for (section, field), none in ASKED_AGAIN.items():
        if field in values[section]:
            values[section][field] = none
    return values
