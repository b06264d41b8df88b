"""The form made from declarations: typing, errors, marks, undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from workbench.core.params import ParamInfo, describe
from workbench.core.registry import KINDS, get, names
from workbench.gui.forms.editors import explain
from workbench.gui.forms.panel import SettingsPanel
from workbench.gui.forms.path_editor import PathEditor
from workbench.gui.forms.values import format_value, stepped_value
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> SettingsPanel:
    panel = SettingsPanel(workspace)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def field(panel: QWidget, name: str) -> QLineEdit:
    found = panel.findChild(QLineEdit, f"param.{name}")
    assert found is not None
    return found


def type_into(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def test_scientific_notation_is_a_number_and_is_echoed(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    line = field(panel, "algorithm.inner_rate")
    type_into(qtbot, line, "2e-3")
    assert workspace.draft.config is not None
    assert workspace.draft.config.algorithm.inner_rate == 0.002
    assert line.text() == "2e-3"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "0.002"


@pytest.mark.parametrize("text", ["0,001", "1_000", "inf", "nan", "٣", "-1", ""])
def test_what_is_no_rate_is_refused_at_its_field(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot, text: str
) -> None:
    line = field(panel, "algorithm.inner_rate")
    line.setFocus()
    line.selectAll()
    QApplication.clipboard().setText(text)
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    line.paste()
    assert workspace.draft.config is None
    assert workspace.draft.problems[0].where == "algorithm.inner_rate"
    assert line.property("invalid") is True


def test_undo_takes_back_a_whole_typed_value(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    line = field(panel, "task.shots")
    type_into(qtbot, line, "23")
    assert workspace.draft.values["task"]["shots"] == 23
    workspace.draft.undo.undo()
    assert workspace.draft.values["task"]["shots"] == 10
    assert line.text() == "10"
    workspace.draft.undo.redo()
    assert line.text() == "23"


def test_a_changed_field_is_marked_and_the_mark_resets_it(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    mark = panel.findChild(QToolButton, "param.algorithm.inner_rate.reset")
    assert mark is not None
    assert not mark.isVisible()
    workspace.draft.set_value("algorithm", "inner_rate", "0.5")
    assert mark.isVisible()
    qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    assert workspace.draft.values["algorithm"]["inner_rate"] == 0.01
    assert not mark.isVisible()


def test_arrow_keys_step_a_logarithmic_value_by_1_2_5(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.draft.set_value("training", "outer_rate", 0.001)
    line = field(panel, "training.outer_rate")
    for expected in ("0.002", "0.005", "0.01"):
        qtbot.keyClick(line, Qt.Key.Key_Up)
        assert line.text() == expected
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert workspace.draft.values["training"]["outer_rate"] == 0.005


def test_the_wheel_changes_no_choice(panel: SettingsPanel, workspace: Workspace) -> None:
    combo = panel.findChild(QComboBox, "param.model.activation")
    assert combo is not None
    before = combo.currentText()
    zero, down = QPoint(0, 0), QPoint(0, -120)
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), zero, down, buttons, keys, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(combo, wheel)
    assert combo.currentText() == before
    assert workspace.draft.values["model"]["activation"] == "relu"


def test_another_algorithm_rebuilds_its_section_and_is_undone(
    panel: SettingsPanel, workspace: Workspace
) -> None:
    other = next(name for name in names("algorithm") if name != "maml")
    workspace.draft.choose("algorithm", other)
    assert workspace.draft.config is not None
    assert workspace.draft.config.algorithm.name == other
    for info in describe(get("algorithm", other).params):
        assert panel.findChild(QWidget, f"param.algorithm.{info.name}") is not None
    workspace.draft.undo.undo()
    assert workspace.draft.values["algorithm"]["name"] == "maml"


def test_every_editor_has_a_name_and_a_tooltip(panel: SettingsPanel) -> None:
    editors = [w for w in panel.findChildren(QWidget) if w.objectName().startswith("param.")]
    assert len(editors) > 15
    for editor in editors:
        assert editor.accessibleName(), editor.objectName()
        assert editor.toolTip() or editor.objectName().endswith(".reset"), editor.objectName()


def test_ctrl_z_in_a_field_undoes_values(window: MainWindow, qtbot: QtBot) -> None:
    line = field(window, "task.shots")
    type_into(qtbot, line, "7")
    assert window.workspace.draft.values["task"]["shots"] == 7
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace.draft.values["task"]["shots"] == 10


@pytest.mark.parametrize("kind", KINDS)
def test_every_declared_default_survives_being_shown(workspace: Workspace, kind: str) -> None:
    for name in names(kind):
        params = get(kind, name).params
        for info in describe(params):
            if info.default is not None and info.kind != "path":
                shown = format_value(info.default)
                assert getattr(params.model_validate({info.name: shown}), info.name) == info.default


def test_steps_stop_at_the_bounds() -> None:
    info = ParamInfo("ways", "int", 5, "Classes.", minimum=2, maximum=6)
    assert stepped_value("5", 1, info) == 6
    assert stepped_value("6", 1, info) is None
    assert stepped_value("x", 1, info) is None


def test_an_explanation_names_symbol_meaning_bounds_and_default() -> None:
    info = ParamInfo("rate", "float", 0.01, "Step size.", symbol="α", more="Longer.", minimum=0.0)
    text = explain(info, at_length=True)
    for part in ("α", "Step size.", "Longer.", "0.01", "at least 0"):
        assert part in text


@pytest.mark.parametrize("text", ["200000,200000", "0", "9" * 5000, "1e400000000"])
def test_what_cannot_be_built_is_refused_at_its_field(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot, text: str
) -> None:
    line = field(panel, "model.hidden")
    line.setFocus()
    line.selectAll()
    QApplication.clipboard().setText(text)
    line.paste()
    assert workspace.draft.config is None
    assert [problem.where for problem in workspace.draft.problems] == ["model.hidden"]
    workspace.draft.undo.undo()
    assert workspace.draft.config is not None


def test_a_path_that_may_be_a_file_or_a_folder_is_looked_for_as_either(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.draft.choose("task", "text")
    editor = field(panel, "task.root").parentWidget()
    assert isinstance(editor, PathEditor)
    qtbot.mouseClick(editor.button, Qt.MouseButton.LeftButton)
    menu = editor.findChild(QMenu)
    assert menu is not None and [entry.text() for entry in menu.actions()] == [
        "A file…",
        "A folder…",
    ]
    menu.close()
