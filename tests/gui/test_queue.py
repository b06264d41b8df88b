"""The queue in the window: lined up, reordered, worked through, and there again after a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.tiny import tiny_config
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.work import NewRun
from workbench.experiments.store import open_run
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.queueing import Held
from workbench.gui.state.workspace import Workspace

TINY = {"iterations": 12, "eval_interval": 6, "checkpoint_interval": 4, "meta_batch": 4}
LONG = 200_000


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    for name, value in TINY.items():
        workspace.draft.set_value("training", name, value)
    return workspace


def add(space: Workspace, qtbot: QtBot, seed: int) -> str:
    """The draft with this seed, by way of the draft; its id."""
    before = {line.entry.id for line in space.queue.lines}
    space.draft.set_value("training", "seed", seed)
    space.queue.add()
    qtbot.waitUntil(lambda: len(space.queue.lines) > len(before))
    return next(one.entry.id for one in space.queue.lines if one.entry.id not in before)


def order(space: Workspace) -> list[str]:
    return [line.entry.id for line in space.queue.lines]


def states(space: Workspace) -> list[str]:
    return [str(line.entry.state) for line in space.queue.lines]


def until_states(space: Workspace, qtbot: QtBot, *wanted: str) -> None:
    """And what follows from them is known: the entries were read after the training's end."""
    qtbot.waitUntil(
        lambda: (
            states(space) == list(wanted)
            and not space.training.busy
            and not space.queue.list.reading
        )
    )


def test_f6_lines_the_form_up_and_the_tab_counts(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    dock = window.docks()[-1]
    qtbot.waitUntil(window.acts.queue.isEnabled)
    window.acts.queue.trigger()
    qtbot.waitUntil(lambda: dock.windowTitle() == "Queue (1)")
    add(small, qtbot, 7)
    assert dock.windowTitle() == "Queue (2)"
    assert [line.name.rpartition(" · ")[2] for line in small.queue.lines] == ["seed 0", "seed 7"]
    assert not small.training.busy, "what is lined up begins when somebody says so"
    assert window.queue.standing.text() == "2 wait · not begun"
    small.draft.set_value("algorithm", "inner_rate", -1.0)
    assert not window.acts.queue.isEnabled()


def test_entries_move_by_keys_and_by_hand_and_come_back_when_removed(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    a, b, c = (add(small, qtbot, seed) for seed in (1, 2, 3))
    view, model = window.queue.view, window.queue.model
    window.docks()[-1].raise_()
    view.setCurrentIndex(model.index(2))
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: order(small) == [a, c, b])
    assert window.queue.chosen is not None and window.queue.chosen.entry.id == c
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: order(small) == [c, a, b])
    dragged = model.mimeData([model.index(0)])
    model.dropMimeData(dragged, Qt.DropAction.MoveAction, 3, 0, model.index(-1))
    qtbot.waitUntil(lambda: order(small) == [a, b, c])
    view.setCurrentIndex(model.index(1))
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: order(small) == [a, c])
    small.draft.undo.undo()
    qtbot.waitUntil(lambda: order(small) == [a, b, c])
    small.draft.undo.redo()
    qtbot.waitUntil(lambda: order(small) == [a, c])


def test_settings_go_into_the_form_and_back(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    named = add(small, qtbot, 5)
    small.draft.set_value("training", "seed", 9)
    window.queue.view.setCurrentIndex(window.queue.model.index(0))
    window.queue.buttons["take"].click()
    assert small.draft.values["training"]["seed"] == 5
    small.draft.set_value("training", "iterations", 8)
    window.queue.buttons["put"].click()

    def changed() -> bool:
        work = small.queue.lines[0].entry.work
        return work is not None and work.config.training.iterations == 8

    qtbot.waitUntil(changed)
    assert order(small) == [named]


def test_a_failure_in_the_middle_is_told_and_the_next_goes_on(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    add(small, qtbot, 1)
    gone = {"name": "image_folder", "root": "/nowhere", "ways": 2}
    config = tiny_config(task=gone, model={"name": "conv4", "filters": 4})
    ExperimentQueue().add(NewRun(config))
    small.queue.list.reload()
    qtbot.waitUntil(lambda: len(small.queue.lines) == 2)
    add(small, qtbot, 2)
    form = small.draft.values
    window.queue.bar.go_on.click()
    until_states(small, qtbot, "done", "failed", "done")
    assert "task.root" in small.queue.lines[1].entry.told
    assert small.draft.values == form, "the form is the user's"
    path = small.queue.lines[2].entry.path
    assert path is not None and small.training.path == path
    assert small.history.iteration == 12 and small.queue.held is Held.RESTING


def test_a_training_stopped_by_hand_pauses_the_queue_and_is_first_again(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.draft.set_value("training", "iterations", LONG)
    first, second = add(small, qtbot, 1), add(small, qtbot, 2)
    small.queue.go_on()
    qtbot.waitUntil(lambda: small.history.iteration > 4)
    window.acts.stop.trigger()
    until_states(small, qtbot, "stopped", "waiting")
    assert order(small) == [first, second]
    assert "stopped by hand" in window.queue.standing.text()


def test_what_is_lined_up_behind_a_training_follows_it(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    small.draft.set_value("training", "iterations", LONG)
    small.start()
    qtbot.waitUntil(lambda: small.history.iteration > 0)
    assert "Add to queue (F6)" in window.acts.start.toolTip()
    by_hand = small.training.path
    small.draft.set_value("training", "iterations", 8)
    add(small, qtbot, 3)
    assert small.queue.going
    small.queue.pause()
    assert "paused" in window.queue.standing.text()
    small.queue.go_on()
    small.training.pause()
    qtbot.waitUntil(lambda: small.training.state == "PAUSED")
    small.training._runner._on_stop()  # it ends of itself, as after its last iteration
    small.training.resume()
    until_states(small, qtbot, "done")
    assert small.training.path != by_hand


def test_pausing_lets_what_trains_end(small: Workspace, window: MainWindow, qtbot: QtBot) -> None:
    add(small, qtbot, 1)
    add(small, qtbot, 2)
    small.queue.go_on()
    qtbot.waitUntil(lambda: small.queue.working)
    small.queue.pause()
    until_states(small, qtbot, "waiting", "done")
    assert window.queue.standing.text() == "1 waits · paused"


def test_what_comes_from_the_queue_goes_on_after_a_pause_whatever_the_form_says(
    small: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    """The form is for the next experiment: nobody is asked to branch off."""
    small.draft.set_value("training", "iterations", LONG)
    add(small, qtbot, 1)
    small.queue.go_on()
    qtbot.waitUntil(lambda: small.history.iteration > 0)
    small.training.pause()
    qtbot.waitUntil(lambda: small.training.state == "PAUSED")
    small.draft.set_value("algorithm", "inner_rate", 0.02)
    small.resume()
    qtbot.waitUntil(lambda: small.training.state == "RUNNING")
    assert not window.question.isVisible()
    kept = window.findChild(QLabel, "settings.kept")
    assert kept is not None and kept.isHidden()
    small.training.stop()
    until_states(small, qtbot, "stopped")


@pytest.fixture
def again(small: Workspace, qtbot: QtBot) -> Iterator[MainWindow]:
    """Another life of the program, which finds one entry stopped and another waiting."""
    small.draft.set_value("training", "iterations", 400)
    add(small, qtbot, 1)
    small.queue.go_on()
    qtbot.waitUntil(lambda: small.history.iteration > 4)
    assert small.shut_down()
    ExperimentQueue().add(NewRun(tiny_config()))
    space = Workspace()
    window = MainWindow(space)
    window.show()
    space.load()
    qtbot.waitUntil(lambda: space.ready)
    yield window
    assert space.shut_down()
    window.close()
    window.deleteLater()


def test_after_a_restart_it_is_offered_and_goes_on_where_it_stood(
    again: MainWindow, qtbot: QtBot
) -> None:
    space = again.workspace
    qtbot.waitUntil(again.offer.isVisible)
    assert again.offer.text.text() == "2 experiments wait in the queue."
    assert not again.question.isVisible() and not space.training.busy
    assert states(space) == ["stopped", "waiting"]
    path = space.queue.lines[0].entry.path
    assert path is not None and open_run(path).load_checkpoint().iteration < 400
    next(b for b in again.offer.buttons if b.objectName() == "queueBar.goOn").click()
    until_states(space, qtbot, "done", "done")
    assert not again.offer.isVisible()
    assert space.queue.lines[0].entry.path == path
    assert len(open_run(path).metrics().resumptions) == 1
