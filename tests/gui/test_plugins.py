"""Plug-ins in the window: the shipped ones open everywhere; asked about once; faults are said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import wait_for_curve, wait_for_task
from tests.gui.quiet import quiet
from tests.gui.test_lab_compare import add, turn_on
from tests.plugin_kit import (
    MODEL,
    NAMES,
    another_life,
    install_all,
    lay_out,
    little_site,
    now,
    sha256_of,
    trusted,
)
from tests.tiny import tiny_config, training
from workbench.core import registry, safe_mode, trust
from workbench.experiments import catalog
from workbench.gui.browse.panel import TasksPanel
from workbench.gui.lab import face
from workbench.gui.plugins.dialog import PackageDialog
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.plugins.roster import State

LEFT = Qt.MouseButton.LeftButton
TINY = MODEL.format(name="tiny")
FACE = """
    from workbench.gui.kinds.table.face import TableFace
    from workbench.gui.lab import face

    class Own(TableFace):
        name = "{name}"
        shows = ("{shows}",)

    face.register(Own())
"""


@pytest.fixture(autouse=True)
def faces_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "_faces", dict(face._faces))


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_all(tmp_path_factory)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    with little_site(tmp_path / "site") as folder:
        yield folder


@pytest.fixture
def shipped(templates: Path) -> Iterator[Path]:
    catalog.load()
    with another_life(templates):
        yield templates


def opened(qtbot: QtBot, workspace: Workspace) -> MainWindow:
    """As the program does: the window first, then the parts."""
    window = MainWindow(workspace)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    workspace.load()
    qtbot.waitUntil(lambda: workspace.ready)
    return window


@pytest.fixture
def space(qtbot: QtBot) -> Iterator[Workspace]:
    """Its window is gone before the parts of the plug-ins are."""
    workspace = Workspace()
    yield workspace
    quiet(qtbot, workspace)
    assert workspace.shut_down()
    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    button = window.asked.findChild(QPushButton, f"pluginBar.{name}")
    assert button is not None
    qtbot.mouseClick(button, LEFT)


def decide(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Open the dialog of the bar, and answer it."""
    press(qtbot, window, "review")
    answer(qtbot, window, name)


def answer(qtbot: QtBot, window: MainWindow, name: str) -> None:
    (box,) = [box for box in window.findChildren(PackageDialog) if box.isVisible()]
    button = box.findChild(QPushButton, f"dialog.plugin.{name}")
    assert button is not None
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: not any(b.isVisible() for b in window.findChildren(PackageDialog)))


def test_the_shipped_plug_ins_open_in_browser_lab_and_comparison(
    shipped: Path, qtbot: QtBot, space: Workspace
) -> None:
    for name in NAMES.values():
        trusted(name)
    window = opened(qtbot, space)
    assert not window.asked.isVisible() and not window.messages.isVisible()
    space.draft.choose("model", "bottleneck")
    space.draft.choose("algorithm", "biases")
    space.draft.choose("task", "clouds")
    wait_for_task(qtbot, space)
    assert space.draft.config is not None and space.draft.problems == ()
    assert face.of(space.in_view.task).name == "scatter"
    shown = window.findChild(TasksPanel).episode.currentWidget().widget()
    assert type(shown).__module__ == "maml_scatter"
    qtbot.waitUntil(lambda: shown.width() > 100)
    assert not shown.grab().isNull()
    window.tabs.setCurrentWidget(window.lab)
    wait_for_curve(qtbot, window.lab.state)
    learner = window.lab.state.learner_of(window.lab.state.choice)
    assert learner is None or learner.config.task.name == "clouds"
    turn_on(qtbot, window.lab)
    column = add(qtbot, window.lab, "baseline.random_init")[1]
    assert not column.problem
    for section, field, value in (
        ("training", "eval_tasks", 3),
        ("training", "test_tasks", 3),
        ("training", "iterations", 3),
    ):
        space.draft.set_value(section, field, value)
    space.start()
    qtbot.waitUntil(lambda: space.training.state == "FINISHED")
    assert space.history.iteration == 3 and not window.messages.isVisible()


def test_the_question_stands_in_a_bar_and_yes_is_remembered(
    site: Path, qtbot: QtBot, space: Workspace
) -> None:
    window = opened(qtbot, space)
    assert window.asked.isVisible() and "little 1.0 adds model tiny" in window.asked.text.text()
    assert "tiny" not in registry.names("model")
    decide(qtbot, window, "accept")
    qtbot.waitUntil(lambda: "tiny" in registry.names("model"))
    qtbot.waitUntil(lambda: not window.asked.isVisible())
    space.draft.use_preset("sinusoid")
    space.draft.choose("model", "tiny")
    assert space.draft.config is not None and trust.is_trusted(sha256_of("little"))


def test_it_asks_once_and_again_for_another_content(site: Path, qtbot: QtBot) -> None:
    for source, asks in ((TINY, True), (TINY, False), (TINY + "    # changed\n", True)):
        lay_out(site, source)
        with another_life(site):
            space = Workspace()
            window = opened(qtbot, space)
            assert window.asked.isVisible() is asks
            if asks:
                decide(qtbot, window, "accept")
                qtbot.waitUntil(lambda: now("little").state is State.LOADED)
            qtbot.waitUntil(lambda window=window: not window.asked.isVisible())
            assert space.shut_down()


def test_no_is_remembered_and_about_can_still_ask(site: Path, qtbot: QtBot) -> None:
    space = Workspace()
    window = opened(qtbot, space)
    decide(qtbot, window, "reject")
    assert not window.asked.isVisible() and now("little").state is State.UNTRUSTED
    assert space.shut_down()
    with another_life(site):
        space = Workspace()
        window = opened(qtbot, space)
        assert not window.asked.isVisible()
        lines = about(window)
        assert "Plug-in little 1.0: model tiny (not trusted, so nothing of it runs)" in lines
        review = window.findChild(QPushButton, "about.plugins.little")
        assert review is not None
        qtbot.mouseClick(review, LEFT)
        answer(qtbot, window, "accept")
        qtbot.waitUntil(lambda: now("little").state is State.LOADED)
        assert space.shut_down()


def test_not_now_asks_at_the_next_start(site: Path, qtbot: QtBot) -> None:
    for _ in range(2):
        with another_life(site):
            space = Workspace()
            window = opened(qtbot, space)
            press(qtbot, window, "later")
            assert not window.asked.isVisible()
            assert space.shut_down()


def about(window: MainWindow) -> list[str]:
    """The lines of About, which stays open."""
    window.show_about()
    box = window.findChild(QDialog, "dialog.about")
    assert box is not None
    return [label.text() for label in box.findChildren(QLabel)]


def test_a_broken_package_is_a_message_and_a_line_of_about(
    site: Path, qtbot: QtBot, space: Workspace
) -> None:
    lay_out(site, "import sys; sys.exit(7)")
    trusted("little")
    window = opened(qtbot, space)
    assert "The package little 1.0: cannot be imported (SystemExit: 7" in window.messages.text
    assert any(
        "little 1.0: model tiny (trusted, and left out: it" in line for line in about(window)
    )
    assert space.draft.config is not None


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import sys; sys.exit(7)", "SystemExit: 7"),
        ("", "registers no face named 'own'"),
        (FACE.format(name="other", shows="x.Y"), "registers no face named 'own'"),
        (FACE.format(name="own", shows="builtins.object"), "have a face, 'table'"),
    ],
)
def test_a_broken_face_is_said_and_changes_no_other(
    site: Path, qtbot: QtBot, space: Workspace, source: str, reason: str
) -> None:
    lay_out(site, source, name="faces", what="face", part="own")
    trusted("faces")
    trusted("little")
    before = dict(face._faces)
    window = opened(qtbot, space)
    assert reason in window.messages.text and face.names() == {f.name for f in before.values()}
    assert now("little").state is State.LOADED and now("faces").state is State.FAILED


def test_a_run_of_another_version_or_of_an_untrusted_package_says_so(
    site: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    trusted("little")
    run = tmp_path / "run"
    catalog.load()
    events = training(tiny_config(model={"name": "tiny"}), run).events()
    assert list(events)[-1].reason == "completed"  # type: ignore[union-attr]
    lay_out(site, TINY, version="1.1")
    for trusts, said in (
        (False, "'tiny' comes from the package little 1.1, which has not been trusted by you"),
        (True, "the package little was 1.0 and is 1.1"),
    ):
        with another_life(site):
            if trusts:
                trusted("little")
            space = Workspace()
            window = opened(qtbot, space)
            space.open_run(run)
            qtbot.waitUntil(lambda w=window, s=said: s in w.messages.text)
            assert space.shut_down()


def test_safe_mode_loads_nothing_and_is_said(site: Path, qtbot: QtBot, space: Workspace) -> None:
    trusted("little")
    with safe_mode.asked_for(["--safe-mode"]):
        window = opened(qtbot, space)
        assert not window.asked.isVisible() and "tiny" not in registry.names("model")
        note = window.statusBar().findChild(QLabel, "status.safe_mode")
        assert note is not None and note.isVisible()
        lines = about(window)
    assert "Safe mode: no plug-in and no file of yours runs." in lines
    assert "Plug-in little 1.0: model tiny (off in safe mode)" in lines
