"""A run that somebody else writes is watched as it grows, as that of many processes is."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.tiny import tiny_config, training
from workbench.core.events import CheckpointSaved, Event
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.gui.state import following
from workbench.gui.state.workspace import Workspace


def until_saved(events: object) -> int:
    """Train on to the next checkpoint, which is when its record is on the disk."""
    assert hasattr(events, "__iter__")
    saved: Event = next(event for event in events if isinstance(event, CheckpointSaved))
    assert isinstance(saved, CheckpointSaved)
    return saved.iteration


def test_the_curves_of_a_run_grow_while_another_process_writes_it(
    workspace: Workspace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOK_MS", 20)
    steps = workspace.history.steps
    first = training(tiny_config(), tmp_path / "run")
    events = first.events()
    assert until_saved(events) == 3
    workspace._recordings.show(tmp_path / "run")
    qtbot.waitUntil(lambda: len(steps) == 3)
    assert until_saved(events) == 6
    qtbot.waitUntil(lambda: len(steps) == 6)
    events.close()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not workspace._recordings._following.active)
    newest = Run(tmp_path / "run").load_checkpoint(3)
    again = Training(first.config, first.family, Run(tmp_path / "run"), resume=newest)
    goes_on = again.events()
    list(islice(goes_on, 2))
    workspace._recordings.show(tmp_path / "run")
    qtbot.waitUntil(lambda: len(steps) == 6)
    assert until_saved(goes_on) == 6
    list(goes_on)
    qtbot.waitUntil(lambda: workspace.history.finished is not None)
    assert steps.column(0)[:].tolist() == [1, 2, 3, 4, 5, 6]
    assert not workspace._recordings._following.active


def test_who_begins_something_else_follows_no_more(
    workspace: Workspace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOK_MS", 20)
    events = training(tiny_config(), tmp_path / "run").events()
    until_saved(events)
    workspace._recordings.show(tmp_path / "run")
    qtbot.waitUntil(lambda: len(workspace.history.steps) == 3)
    workspace.history.begin(workspace.draft.config)
    list(events)
    with qtbot.assertNotEmitted(workspace.history.told, wait=150):
        pass
    assert len(workspace.history.steps) == 0
