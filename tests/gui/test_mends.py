"""What is wrong, what is only found and what is still to be chosen; and the buttons that mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder
from tests.unit.tasks.conftest import fill
from workbench.gui.forms.fields import FieldRow
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style import theme

LEFT = Qt.MouseButton.LeftButton


def use(window: MainWindow, root: Path, **sizes: int) -> None:
    draft = window.workspace.draft
    draft.choose("task", "image_folder")
    for name, value in {"ways": 2, "shots": 1, "queries": 1, **sizes, "root": str(root)}.items():
        draft.set_value("task", name, value)


def button(window: QWidget, name: str) -> QPushButton:
    found = window.findChild(QPushButton, name)
    assert found is not None
    return found


def row_of(window: MainWindow, field: str) -> FieldRow:
    widget: QWidget | None = window.findChild(QWidget, f"param.{field}")
    while widget is not None and not isinstance(widget, FieldRow):
        widget = widget.parentWidget()
    assert widget is not None
    return widget


def colour_of(label: QLabel) -> str:
    return label.palette().windowText().color().name()


@pytest.mark.parametrize("mode", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_what_is_found_looks_milder_than_what_is_wrong(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, mode: theme.Mode
) -> None:
    theme.current().use(mode)
    root = tmp_path / "pictures"
    fill(root, [f"class{n}" for n in range(19)], 4)
    fill(root, ["small"], 2)
    use(window, root, queries=3)
    qtbot.waitUntil(lambda: "left out" in window.messages.text)
    assert window.messages.property("banner") == "warning"
    labels = row_of(window, "task.root").findChildren(QLabel)
    (error,) = (one for one in labels if "left out" in one.text())
    assert error.property("role") == "warning"
    assert window.findChild(QLineEdit, "param.task.root").property("invalid") is False  # type: ignore[union-attr]
    status = window.findChild(QLabel, "status.data")
    assert status is not None and "1 thing to know" in status.text()
    tokens = theme.current().tokens
    assert colour_of(status) == colour_of(error) == tokens["warning"] != tokens["danger"]
    assert window.acts.start.isEnabled()
    use(window, tmp_path / "nowhere")
    qtbot.waitUntil(lambda: window.messages.property("banner") == "error")
    assert error.property("role") == "error" and "nowhere" in error.text()
    theme.current().use("light")


def test_a_button_of_the_banner_ends_a_refusal_and_undo_brings_it_back(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    use(window, draw_folder(tmp_path / "pictures", classes=12, pictures=6), ways=5)
    qtbot.waitUntil(lambda: "Use at most 4 ways" in window.messages.text)
    mend = button(window, "messageBar.use.4")
    assert mend.text() == "Set ways to 4"
    qtbot.mouseClick(mend, LEFT)
    space = window.workspace
    assert space.draft.values["task"]["ways"] == 4
    qtbot.waitUntil(lambda: space.data.family is not None)
    assert not window.messages.isVisible()
    space.draft.undo.undo()
    assert space.draft.values["task"]["ways"] == 5
    qtbot.waitUntil(lambda: "Use at most 4 ways" in window.messages.text)


def test_a_button_at_the_field_does_the_same(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for split in ("train", "val", "test"):
        fill(tmp_path / "pictures" / split, ["cat", "dog"], 2)
    use(window, tmp_path / "pictures")
    qtbot.waitUntil(lambda: "more than one split" in row_of(window, "task.splits").error)
    button(window, "param.task.splits.use.shared").click()
    qtbot.waitUntil(lambda: "unseen classes" in row_of(window, "task.splits").error)
    assert window.messages.property("banner") == "warning"


def test_a_mend_is_undone_by_itself_and_not_with_what_was_typed(window: MainWindow) -> None:
    draft = window.workspace.draft
    draft.set_value("task", "shots", "2000")
    button(window, "param.task.shots.use.1000").click()
    assert draft.values["task"]["shots"] == 1000
    draft.undo.undo()
    assert draft.values["task"]["shots"] == "2000"


def test_my_images_asks_for_its_folder_once_and_a_button_answers(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = draw_folder(tmp_path / "pictures", classes=6, pictures=3)
    draft = window.workspace.draft
    for name, value in {"ways": 2, "shots": 1, "queries": 1}.items():
        draft.choose("task", "image_folder")
        draft.set_value("task", name, value)
    qtbot.waitUntil(lambda: "Choose a folder" in window.messages.text)
    said = [
        label
        for label in window.findChildren(QLabel)
        if label.isVisible() and "Choose a folder" in label.text()
    ]
    assert [label.objectName() for label in said] == ["messageBar.text"]
    assert window.messages.property("banner") == "info"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(root))
    button(window, "messageBar.use.folder").click()
    qtbot.waitUntil(lambda: window.workspace.data.family is not None)
    assert not window.messages.isVisible() and draft.values["task"]["root"] == str(root)


def test_a_long_path_is_shown_with_both_its_ends_and_can_be_copied(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    root = tmp_path / "a folder with quite a long name" / "and another one below it" / "pictures"
    use(window, root)
    line = window.findChild(QLineEdit, "param.task.root")
    assert line is not None and str(root) in line.toolTip()
    qtbot.waitUntil(lambda: line.shown.endswith("pictures"))  # type: ignore[attr-defined]
    assert "…" in line.shown and line.shown.startswith("/")  # type: ignore[attr-defined]
    window.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    assert line.shown == str(root)  # type: ignore[attr-defined]
    line.selectAll()
    line.copy()
    assert QApplication.clipboard().text() == str(root)
