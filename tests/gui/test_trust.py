"""A model file of the user's own: asked about, trusted as it is, asked about again when changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from workbench import resources
from workbench.gui.forms.trust import TrustDialog, TrustNotice
from workbench.gui.main_window import MainWindow

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
    window.workspace.choose("model", "user_module")
    window.workspace.set_value("model", "path", str(module))
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
    assert box is not None and box.digest == digest(module)
    source = box.findChild(QPlainTextEdit, "dialog.trust.source")
    assert source is not None and source.toPlainText() == module.read_text(encoding="utf-8")
    assert asked.workspace.config is None
    box.reject()


def test_trusting_fills_the_hash_and_the_model_trains(
    asked: MainWindow, module: Path, qtbot: QtBot
) -> None:
    answer(asked, qtbot, "accept")
    space = asked.workspace
    assert space.values["model"]["sha256"] == digest(module)
    assert space.config is not None
    qtbot.waitUntil(lambda: space.learner() is not None, timeout=10_000)
    space.start()
    qtbot.waitUntil(lambda: space.history.iteration > 2, timeout=20_000)


def test_refusing_names_it_at_the_field_and_does_not_run(asked: MainWindow, qtbot: QtBot) -> None:
    answer(asked, qtbot, "reject")
    space = asked.workspace
    line = asked.findChild(QLineEdit, "param.model.path")
    assert line is not None and line.property("invalid") is True
    assert space.values["model"]["sha256"] == "" and space.config is None
    space.start()
    assert not space.busy and "trusted" in asked.messages.text
    notice = asked.findChild(TrustNotice)
    assert notice is not None and dialog(asked) is None
    qtbot.mouseClick(notice.button, LEFT)
    answer(asked, qtbot, "accept")
    assert line.property("invalid") is False and space.config is not None


def test_a_changed_file_asks_again(asked: MainWindow, module: Path, qtbot: QtBot) -> None:
    answer(asked, qtbot, "accept")
    module.write_text(module.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    asked.workspace.start()
    box = dialog(asked)
    assert box is not None and box.digest == digest(module)
    assert not asked.workspace.busy
    answer(asked, qtbot, "reject")
    assert asked.workspace.config is None


def test_a_file_that_is_not_there_is_named_at_the_field(window: MainWindow) -> None:
    window.workspace.choose("model", "user_module")
    window.workspace.set_value("model", "path", "/nowhere/model.py")
    assert window.workspace.problems[-1].where == "model.path"
    assert dialog(window) is None
