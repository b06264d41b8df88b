"""What a window leaves to the next one in the same home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDockWidget, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.quiet import quiet
from tests.gui.test_banner import pictures
from workbench.core.named_code import MODEL
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state import settings
from workbench.gui.state.remembered import KEY
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme

Live = Callable[[], MainWindow]


@pytest.fixture
def live(qtbot: QtBot) -> Iterator[Live]:
    """Another window, as a new start of the program gives one."""
    theme.current()
    lives: list[MainWindow] = []

    def begin() -> MainWindow:
        if lives:
            end(lives[-1])
        window = MainWindow(Workspace())
        lives.append(window)
        window.show()
        window.workspace.load()
        qtbot.waitUntil(lambda: window.workspace.ready)
        return window

    yield begin
    end(lives[-1])
    for window in lives:
        window.deleteLater()


def end(window: MainWindow) -> None:
    window.close()
    assert window.workspace.shut_down()


def settled(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    qtbot.waitUntil(lambda: space.data.family is not None and space.in_view.task is not None)


def test_settings_task_tab_and_layout_are_there_again(live: Live, qtbot: QtBot) -> None:
    first = live()
    space = first.workspace
    space.draft.use_preset("sinusoid")
    space.draft.set_value("algorithm", "inner_rate", "3e-3")
    space.draft.set_value("training", "iterations", 123)
    settled(first, qtbot)
    space.in_view.resample(seed=4711, split="test")
    first.tabs.setCurrentWidget(first.runs)
    log = first.findChild(QDockWidget, "dock.log")
    assert log is not None
    log.hide()
    second = live()
    space = second.workspace
    assert space.draft.preset == "sinusoid" and not space.draft.undo.canUndo()
    assert space.draft.values["algorithm"]["inner_rate"] == 0.003
    assert set(space.draft.changes()) == {("algorithm", "inner_rate"), ("training", "iterations")}
    settled(second, qtbot)
    assert (space.in_view.seed, space.in_view.split) == (4711, "test")
    assert second.tabs.currentWidget() is second.runs
    log = second.findChild(QDockWidget, "dock.log")
    assert log is not None and not log.isVisible()
    assert not second.messages.isVisible()


def test_a_folder_of_ones_own_is_read_again_and_stands_among_the_recent(
    live: Live, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = pictures(tmp_path / "my pictures")
    first = live()
    first.workspace.draft.choose("task", "image_folder")
    first.workspace.draft.set_value("task", "root", str(folder))
    qtbot.waitUntil(lambda: _root(first) == folder)
    second = live()
    qtbot.waitUntil(lambda: _root(second) == folder)
    second.workspace.draft.use_preset("sinusoid")
    menu = opened(second, "menu.recentFolders")
    assert "my pictures" in menu.actions()[0].text()
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: _root(second) == folder)


def _root(window: MainWindow) -> Path | None:
    family = window.workspace.data.family
    return None if family is None else getattr(family.params, "root", None)


def opened(window: MainWindow, name: str) -> QMenu:
    menu = window.findChild(QMenu, name)
    assert menu is not None
    menu.aboutToShow.emit()
    return menu


def test_a_scene_stands_among_the_recent(live: Live, qtbot: QtBot, tmp_path: Path) -> None:
    first = live()
    first.tabs.setCurrentWidget(first.lab)
    settled(first, qtbot)
    qtbot.waitUntil(lambda: first.lab.state.base is not None)
    first.lab.scenes.save(tmp_path / "five.mlab")
    seed = first.workspace.in_view.seed
    second = live()
    settled(second, qtbot)
    second.workspace.in_view.resample(seed=seed + 1)
    menu = opened(second, "menu.recentScenes")
    assert "five.mlab" in menu.actions()[0].text()
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: second.workspace.in_view.seed == seed)


def test_nothing_recent_is_said(live: Live) -> None:
    menu = opened(live(), "menu.recentScenes")
    assert [a.text() for a in menu.actions()] == ["None yet"]
    assert not menu.actions()[0].isEnabled()


@pytest.mark.parametrize(
    "stored",
    [
        "{",
        *(pytest.param(text, marks=pytest.mark.slow) for text in ("", "[]", "7")),
        pytest.param('{"preset": "sinusoid"}', marks=pytest.mark.slow),
        '{"preset": 5, "values": 5, "split": 5, "seed": 5}',
        '{"preset": "glyphs", "values": {"task": 1}, "split": "val", "seed": 1}',
    ],
)
def test_a_damaged_store_is_ignored(live: Live, stored: str) -> None:
    settings.remember(KEY, stored)
    settings.remember("recent/scenes", stored)
    window = live()
    assert window.workspace.draft.preset == "glyphs" and not window.workspace.draft.problems
    opened(window, "menu.recentScenes")


def test_settings_that_no_longer_hold_give_way_to_the_preset_with_a_sentence(
    live: Live, qtbot: QtBot
) -> None:
    first = live()
    first.workspace.draft.set_value("training", "meta_batch", "-4")
    second = live()
    assert not second.workspace.draft.changes() and not second.workspace.draft.problems
    assert second.messages.isVisible()
    for part in ("training.meta_batch", "settings of last time", "is set instead"):
        assert part in second.messages.text
    second.workspace.draft.set_value("training", "iterations", 100)
    assert not second.messages.isVisible()


def test_a_kill_loses_nothing(live: Live, qtbot: QtBot) -> None:
    """They are kept a moment after each change, not only when the window closes."""
    first = live()
    first.workspace.draft.set_value("training", "iterations", 321)
    qtbot.waitUntil(lambda: iterations_kept() == 321)


def iterations_kept() -> int:
    kept = settings.json_of(KEY)
    return 0 if kept is None else int(kept["values"]["training"]["iterations"])


def test_a_model_of_ones_own_is_asked_about_again(live: Live, qtbot: QtBot, tmp_path: Path) -> None:
    import hashlib

    mark = tmp_path / "ran"
    file = tmp_path / "mine.py"
    file.write_text(f"open({str(mark)!r}, 'w').close()\n", encoding="utf-8")
    first = live()
    space = first.workspace
    space.draft.choose("model", MODEL)
    space.draft.set_value("model", "path", str(file))
    values = {**space.draft.values, "model": {**space.draft.values["model"]}}
    values["model"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    settings.remember_json(KEY, {"preset": "glyphs", "values": values, "split": "val", "seed": 1})
    first._draft.keep = lambda: None  # type: ignore[method-assign]
    second = live()
    assert second.workspace.draft.values["model"]["path"] == str(file)
    assert [p.where for p in second.workspace.draft.problems] == ["model.path"]
    quiet(qtbot, second.workspace)
    assert not mark.exists()


def test_a_download_is_not_begun_by_itself(live: Live, qtbot: QtBot) -> None:
    first = live()
    first.workspace.draft.choose("task", "omniglot")
    first.workspace.draft.set_value("task", "download", True)
    second = live()
    assert second.workspace.draft.values["task"]["name"] == "omniglot"
    assert second.workspace.draft.values["task"]["download"] is False


def test_a_picture_of_the_window_leaves_no_trace(qtbot: QtBot) -> None:
    window = MainWindow(Workspace(), remembers=False)
    qtbot.addWidget(window)
    window.show()
    window.close()
    assert settings.settings().value("window/geometry") is None
