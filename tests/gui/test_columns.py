"""Which columns of a table mean what is said in a dialog with the first rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from workbench.gui.forms.columns.dialog import ColumnsDialog
from workbench.gui.forms.columns.model import USE
from workbench.gui.forms.columns.roles import Role, given_to, used_as, written
from workbench.gui.shell.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
ONE, MANY = Role("id", "Id", "", False), Role("x", "X", "", True)


def test_a_role_for_one_column_leaves_the_one_that_had_it() -> None:
    roles = used_as({"id": ("a",), "x": ("b",)}, ("a", "b", "c"))
    assert roles == ["id", "x", ""]
    assert given_to(roles, 2, ONE) == ["", "x", "id"]
    assert given_to(roles, 2, MANY) == ["id", "x", "x"]
    assert given_to(roles, 0, None) == ["", "x", ""]


def test_names_with_commas_are_written_so_that_they_are_read_again() -> None:
    from workbench.core.params import listed

    text = written(["x", "x"], ("dose, mg", 'so "called"'), (MANY,))["x"]
    assert listed(text) == ("dose, mg", 'so "called"')
    assert written(["id", ""], ("dose, mg", "b"), (ONE,))["id"] == "dose, mg"


def opened(window: MainWindow, file: Path) -> ColumnsDialog:
    window.workspace.draft.choose("task", "text")
    window.workspace.draft.set_value("task", "root", str(file))
    button = window.findChild(QPushButton, "param.task.root.columns")
    assert button is not None and not button.isHidden()
    button.click()
    dialog = window.findChild(ColumnsDialog)
    assert dialog is not None
    return dialog


def test_a_column_gets_its_use_by_the_mouse(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "requests.csv"
    file.write_text("utterance;intent;label\nhow do I, pay;money;1\nwhere is it;place;2\n")
    dialog = opened(window, file)
    assert "semicolons" in dialog.told.text()
    assert dialog.model.index(0, 2).data() == "how do I, pay"
    assert dialog.model.index(2, USE).data() == "Label  ▾"
    for row, field in ((0, "text_column"), (1, "label_column")):
        view, cell = dialog.view, dialog.model.index(row, USE)
        qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(cell).center())
        box = view.findChildren(QComboBox, "columns.use")[-1]  # those before are leaving
        box.setCurrentIndex(box.findData(field))
        box.activated.emit(box.currentIndex())
    assert dialog.model.index(2, USE).data() == "not used  ▾"
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    task = window.workspace.draft.values["task"]
    assert (task["text_column"], task["label_column"]) == ("utterance", "intent")
    window.workspace.draft.undo.undo()
    assert window.workspace.draft.values["task"]["text_column"] == "text"


@pytest.mark.parametrize("data", [b"", b"a\0b,c\n", b"x" * 200_000, b"\x81\x8d\x8f\n"])
def test_what_is_no_table_is_said_in_the_dialog(
    window: MainWindow, tmp_path: Path, data: bytes
) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(data)
    dialog = opened(window, file)
    assert "odd.csv" in dialog.problem.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.reject()


def test_columns_of_an_advanced_table_are_folded_with_it(
    window: MainWindow, tmp_path: Path
) -> None:
    draft = window.workspace.draft
    draft.choose("task", "ratings")
    for field, name in (("root", "seen.csv"), ("item_table", "items.csv")):
        (tmp_path / name).write_text("user,item,rating\n1,2,3\n")
        draft.set_value("task", field, str(tmp_path / name))
    rows = {
        place: window.findChild(QPushButton, f"param.task.{place}.columns").parentWidget()
        for place in ("root", "item_table")
    }
    hidden = {place: row.isHidden() for place, row in rows.items()}
    assert hidden == {"root": False, "item_table": True}
    window.findChild(QPushButton, "settings.task.advanced").click()
    assert not any(row.isHidden() for row in rows.values())


def test_a_preset_says_nothing_of_data_that_is_not_its_own(window: MainWindow) -> None:
    draft, told = window.workspace.draft, window.findChild(QLabel, "settings.summary")
    assert told is not None
    draft.use_preset("scenes-quick")
    assert "template matching" in told.text()
    draft.choose("task", "sinusoid")
    assert told.text() == "Begun from this preset, with other data: Sinusoid and other curves."
    draft.undo.undo()
    assert "template matching" in told.text()


def test_a_folder_has_no_columns(window: MainWindow, tmp_path: Path) -> None:
    window.workspace.draft.choose("task", "text")
    window.workspace.draft.set_value("task", "root", str(tmp_path))
    button = window.findChild(QPushButton, "param.task.root.columns")
    assert button is not None and button.parentWidget().isHidden()
