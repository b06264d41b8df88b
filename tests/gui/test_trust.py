"""A model file of the user's own: asked about, trusted as it is, asked about again when changed."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from workbench.core import guarded, resources, trust
from workbench.gui.forms.trust import TrustDialog, TrustNotice
from workbench.gui.shell.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def module(tmp_path: Path) -> Path:
    template = resources.path("templates", "user_module.py")
    copy = tmp_path / "my_module.py"
    copy.write_bytes(template.read_bytes())
    return copy


@pytest.fixture
def asked(window: MainWindow, module: Path) -> MainWindow:
    """The file was just chosen."""
    window.workspace.draft.choose("model", "user_module")
    window.workspace.draft.set_value("model", "path", str(module))
    return window


def dialog(window: MainWindow) -> TrustDialog | None:
    found = [box for box in window.findChildren(TrustDialog) if box.isVisible()]
    return found[0] if found else None


def answer(window: MainWindow, qtbot: QtBot, name: str) -> None:
    box = dialog(window)
    assert box is not None
    button = box.findChild(QPushButton, f"dialog.trust.{name}")
    assert button is not None
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: dialog(window) is None)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_choosing_a_file_asks_with_its_source(asked: MainWindow, module: Path) -> None:
    box = dialog(asked)
    assert box is not None and box.code.sha256 == digest(module)
    source = box.findChild(QPlainTextEdit, "dialog.trust.source")
    assert source is not None and source.toPlainText() == module.read_text(encoding="utf-8")
    assert asked.workspace.draft.config is None
    box.reject()


def test_a_loss_is_asked_about_at_its_field_and_then_trains(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    file, space = tmp_path / "loss.py", window.workspace
    file.write_text("def loss(outputs, targets): return (outputs - targets).abs().mean()")
    space.draft.set_value("training", "loss_file", str(file))
    line = window.findChild(QLineEdit, "param.training.loss_file")
    assert line is not None and line.property("invalid") is True
    notices = {notice.section: notice.isHidden() for notice in window.findChildren(TrustNotice)}
    assert notices == {"task": True, "model": True, "training": False}
    answer(window, qtbot, "accept")
    assert line.property("invalid") is not True
    qtbot.waitUntil(lambda: space.learners.current is not None)
    space.start()
    qtbot.waitUntil(lambda: space.history.iteration > 2)
    assert space.training.config is not None
    assert space.training.config.training.loss_sha256 == digest(file)


def test_what_is_no_loss_is_said_at_its_field(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    file, draft = tmp_path / "loss.py", window.workspace.draft
    file.write_text("def loss(outputs, targets): return 1.0")
    trust.remember(digest(file), file)
    draft.set_value("training", "loss_file", str(file))
    qtbot.waitUntil(lambda: any("returns float" in str(problem) for problem in draft.problems))
    assert draft.problems[0].where == "training.loss_file"


def test_trusting_is_remembered_and_the_model_trains(
    asked: MainWindow, module: Path, qtbot: QtBot
) -> None:
    answer(asked, qtbot, "accept")
    space = asked.workspace
    assert trust.is_trusted(digest(module)) and trust.file().exists()
    assert space.draft.config is not None
    qtbot.waitUntil(lambda: space.learners.current is not None)
    space.start()
    qtbot.waitUntil(lambda: space.history.iteration > 2)
    assert space.training.config is not None
    assert space.training.config.model.sha256 == digest(module)


def test_refusing_names_it_at_the_field_and_does_not_run(
    asked: MainWindow, module: Path, qtbot: QtBot
) -> None:
    answer(asked, qtbot, "reject")
    space = asked.workspace
    line = asked.findChild(QLineEdit, "param.model.path")
    assert line is not None and line.property("invalid") is True
    assert not trust.is_trusted(digest(module)) and space.draft.config is None
    space.start()
    assert not space.training.busy and "trusted" in asked.messages.text
    notice = asked.findChild(TrustNotice, "settings.model.trust")
    assert notice is not None and dialog(asked) is None
    qtbot.mouseClick(notice.button, LEFT)
    answer(asked, qtbot, "accept")
    assert line.property("invalid") is False and space.draft.config is not None


def test_a_changed_file_asks_again(asked: MainWindow, module: Path, qtbot: QtBot) -> None:
    answer(asked, qtbot, "accept")
    module.write_text(module.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    asked.workspace.start()
    box = dialog(asked)
    assert box is not None and box.code.sha256 == digest(module)
    assert not asked.workspace.training.busy
    answer(asked, qtbot, "reject")
    assert asked.workspace.draft.config is None


def test_a_file_that_is_not_there_is_named_at_the_field(window: MainWindow) -> None:
    window.workspace.draft.choose("model", "user_module")
    window.workspace.draft.set_value("model", "path", "/nowhere/model.py")
    assert window.workspace.draft.problems[-1].where == "model.path"
    assert dialog(window) is None


def test_a_trusted_content_is_not_asked_about_again(
    asked: MainWindow, module: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    answer(asked, qtbot, "accept")
    copy = tmp_path / "a copy.py"
    copy.write_bytes(module.read_bytes())
    asked.workspace.draft.set_value("model", "path", str(copy))
    assert dialog(asked) is None and asked.workspace.draft.config is not None


def test_a_hash_in_the_settings_is_no_trust(window: MainWindow, module: Path) -> None:
    window.workspace.draft.choose("model", "user_module")
    window.workspace.draft.set_value("model", "sha256", digest(module))
    window.workspace.draft.set_value("model", "path", str(module))
    box = dialog(window)
    assert box is not None and window.workspace.draft.config is None
    box.reject()


def at_it() -> bool:
    """Whether a module is being made."""
    return any(thread.name == guarded.THREAD for thread in threading.enumerate())


def test_a_module_without_an_end_leaves_the_window_alive(
    window: MainWindow, module: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said what is waited for, and another model ends the waiting."""
    monkeypatch.setattr(guarded, "QUIET_SECONDS", 0.2)
    module.write_text(module.read_text(encoding="utf-8") + "\nwhile True: pass\n", encoding="utf-8")
    trust.remember(digest(module), module)
    space, said = window.workspace, []
    space.preparing.connect(lambda message, fraction: said.append(message))
    space.draft.choose("model", "user_module")
    space.draft.set_value("model", "path", str(module))
    qtbot.waitUntil(lambda: any("my_module.py to run" in s for s in said))
    assert at_it()
    space.draft.choose("model", "mlp")
    qtbot.waitUntil(lambda: said[-1] == "")

    def built() -> bool:
        learner = space.learners.current
        return learner is not None and learner.config.model.name == "mlp"

    qtbot.waitUntil(built)
    qtbot.waitUntil(lambda: not at_it())


def test_a_module_without_an_end_is_given_up_at_the_field(
    window: MainWindow, module: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "LIMIT_SECONDS", 0.5)
    module.write_text(module.read_text(encoding="utf-8") + "\nwhile True: pass\n", encoding="utf-8")
    trust.remember(digest(module), module)
    window.workspace.draft.choose("model", "user_module")
    window.workspace.draft.set_value("model", "path", str(module))
    line = window.findChild(QLineEdit, "param.model.path")
    assert line is not None
    qtbot.waitUntil(lambda: line.property("invalid") is True)
    assert "has not come to its end after 0.5 s" in str(window.workspace.draft.problems[0])


def test_a_module_that_leaves_does_not_take_the_window_with_it(
    window: MainWindow, module: Path, qtbot: QtBot
) -> None:
    module.write_text("import sys\nsys.exit(3)\n", encoding="utf-8")
    trust.remember(digest(module), module)
    window.workspace.draft.choose("model", "user_module")
    window.workspace.draft.set_value("model", "path", str(module))
    qtbot.waitUntil(lambda: bool(window.workspace.draft.problems))
    assert "line 2 fails (SystemExit: 3)" in str(window.workspace.draft.problems[0])
