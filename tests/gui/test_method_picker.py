"""Choosing among many methods: what is offered, what is refused and why, what is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from workbench.core.registry import get, names
from workbench.experiments import catalog
from workbench.experiments.config import fitting
from workbench.experiments.session import build_family
from workbench.gui.forms.fields import FieldRow
from workbench.gui.forms.panel import SettingsPanel
from workbench.gui.forms.part_picker import PartPicker
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.two_line_delegate import LOWER

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> SettingsPanel:
    panel = SettingsPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(320, 700)
    panel.show()
    return panel


def picker(panel: QWidget, section: str = "algorithm") -> PartPicker:
    found = panel.findChild(QComboBox, f"param.{section}.name")
    assert isinstance(found, PartPicker)
    return found


def click_in_list(qtbot: QtBot, combo: PartPicker, name: str) -> None:
    """Open the list and click on a row of it."""
    combo.showPopup()
    view = combo.view()
    qtbot.waitUntil(view.isVisible)
    index = combo.model().index(combo.row_of(name), 0)
    view.scrollTo(index)
    QApplication.processEvents()  # at its end the list has more room: no arrow leads further
    view.scrollTo(index)
    place = view.visualRect(index).center()
    qtbot.mouseMove(view.viewport(), place + QPoint(0, 1))
    qtbot.mouseClick(view.viewport(), LEFT, pos=place)


def type_into(qtbot: QtBot, panel: QWidget, field: str, text: str) -> None:
    line = panel.findChild(QLineEdit, f"param.{field}")
    assert line is not None
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def test_every_method_is_offered_with_its_summary_under_its_kind(
    panel: SettingsPanel, workspace: Workspace
) -> None:
    workspace.draft.choose("task", "glyphs")
    combo = picker(panel)
    rows = [(combo.itemText(r), combo.itemData(r)) for r in range(combo.count())]
    assert sorted(name for _, name in rows if name) == sorted(names("algorithm"))
    heads = [row for row, (_, name) in enumerate(rows) if name is None]
    assert heads[0] == 0 and len(heads) == 4
    assert not any(combo.model().index(r, 0).flags() & Qt.ItemFlag.ItemIsEnabled for r in heads)
    glyphs = build_family(catalog.preset("glyphs").config).spec
    for name in names("algorithm"):
        row = combo.row_of(name)
        assert combo.itemText(row) == get("algorithm", name).title
        fits = name in fitting("algorithm", glyphs)
        told = get("algorithm", name).summary if fits else get("algorithm", name).unfit(glyphs)
        assert combo.itemData(row, LOWER).lower() == told.lower()
        assert combo.can_choose(name) == fits


def test_a_click_in_the_list_chooses(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    click_in_list(qtbot, picker(panel), "meta_sgd")
    assert workspace.draft.values["algorithm"]["name"] == "meta_sgd"
    assert panel.findChild(QLineEdit, "param.algorithm.rate_low") is not None


def test_a_method_that_cannot_learn_the_task_says_why_and_is_not_chosen(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    combo = picker(panel)
    assert workspace.data.family is not None
    reason = get("algorithm", "protonet").build.unfit(workspace.data.family.spec)
    assert reason and not combo.can_choose("protonet")
    assert combo.itemData(combo.row_of("protonet"), LOWER).lower() == reason.lower()
    click_in_list(qtbot, combo, "protonet")
    assert workspace.draft.values["algorithm"]["name"] == "maml"
    combo.hidePopup()
    workspace.draft.choose("task", "glyphs")
    assert combo.can_choose("protonet")


def test_the_reason_stands_at_the_field_and_start_waits(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    space.draft.use_preset("sinusoid-maml-quick")
    space.draft.choose("algorithm", "protonet")
    assert [p.where for p in space.draft.problems] == ["algorithm.name"]
    row = picker(window).parent()
    assert isinstance(row, FieldRow) and "average the items of each class" in row.error
    button = window.findChild(QToolButton, "buttonStart")
    said = window.findChild(QLabel, "status.data")
    assert button is not None and said is not None and not button.isEnabled()
    assert "average the items of each class" in said.text()
    qtbot.mouseClick(button, LEFT)
    assert not space.training.busy
    click_in_list(qtbot, picker(window, "task"), "glyphs")
    assert not space.draft.problems and button.isEnabled() and not row.error


def test_what_only_building_shows_is_said_at_its_field_too(
    window: MainWindow, qtbot: QtBot
) -> None:
    space = window.workspace
    space.draft.choose("algorithm", "transfer")
    space.draft.set_value("algorithm", "mode", "cosine")
    qtbot.waitUntil(lambda: bool(space.draft.problems))
    assert space.draft.problems[0].where == "algorithm.mode" and not window.acts.start.isEnabled()
    combo = window.findChild(QComboBox, "param.algorithm.mode")
    assert combo is not None and combo.property("invalid") is True
    space.draft.set_value("algorithm", "mode", "head")
    assert not space.draft.problems and window.acts.start.isEnabled()


def test_typed_values_follow_from_method_to_method_and_back(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    type_into(qtbot, panel, "algorithm.inner_rate", "0.03")
    type_into(qtbot, panel, "algorithm.test_steps", "7")
    for name, kept in (
        ("anil", {"inner_rate": 0.03, "test_steps": 7}),
        ("meta_sgd", {"test_steps": 7}),
        ("nearest_neighbour", {}),
        ("boil", {"inner_rate": 0.03, "test_steps": 7}),
        ("maml", {"inner_rate": 0.03, "test_steps": 7}),
    ):
        click_in_list(qtbot, picker(panel), name)
        assert workspace.draft.values["algorithm"]["name"] == name
        for field, value in kept.items():
            assert workspace.draft.values["algorithm"][field] == value, (name, field)


def test_a_typed_shot_count_survives_a_change_of_task(
    panel: SettingsPanel, workspace: Workspace, qtbot: QtBot
) -> None:
    type_into(qtbot, panel, "task.shots", "3")
    click_in_list(qtbot, picker(panel, "task"), "glyphs")
    assert workspace.draft.values["task"]["shots"] == 3
    assert workspace.draft.values["task"]["queries"] == 5
    click_in_list(qtbot, picker(panel, "task"), "sinusoid")
    assert (
        workspace.draft.values["task"]["shots"] == 3
        and workspace.draft.values["task"]["queries"] == 10
    )


def test_settings_of_a_run_are_compared_with_the_preset_most_like_them(
    workspace: Workspace,
) -> None:
    for preset in workspace.presets:
        workspace.draft.use_config(preset.config.replaced({"training": {"seed": 7}}))
        assert workspace.draft.preset == preset.name
        assert workspace.draft.changes() == (("training", "seed"),)


def test_untouched_values_are_the_presets_where_they_mean_the_same(workspace: Workspace) -> None:
    workspace.draft.choose("algorithm", "fomaml")
    assert workspace.draft.values["algorithm"]["inner_rate"] == 0.01
    assert not workspace.draft.is_changed("algorithm", "inner_rate")
    for name in ("cavia", "reptile"):
        workspace.draft.choose("algorithm", name)
        fresh = get("algorithm", name).params()
        assert workspace.draft.values["algorithm"]["inner_rate"] == fresh.inner_rate
    workspace.draft.choose("algorithm", "maml")
    assert workspace.draft.values["algorithm"]["test_steps"] == 10


def test_with_a_task_of_another_kind_come_its_model_and_a_method_in_one_step_of_undo(
    window: MainWindow, qtbot: QtBot
) -> None:
    draft = window.workspace.draft
    draft.use_preset("glyphs")
    draft.choose("algorithm", "protonet")
    before = draft.values
    kinds = {
        "ratings": ("ratings_mlp", "maml"),
        "scenes": ("detector", "maml"),
        "text": ("text_mlp", "protonet"),
        "omniglot": ("conv4", "protonet"),
    }
    for family, parts in kinds.items():
        click_in_list(qtbot, picker(window, "task"), family)
        assert (draft.values["model"]["name"], draft.values["algorithm"]["name"]) == parts
        assert not draft.problems
        draft.undo.undo()
        assert draft.values == before
    draft.choose("model", "resnet12")
    draft.choose("algorithm", "reptile")
    click_in_list(qtbot, picker(window, "task"), "omniglot")
    assert draft.values["model"]["name"] == "resnet12"
    draft.use_data("boxes", {"root": "pictures"})
    assert draft.values["model"]["adapted"] == "all" and not draft.problems


def test_a_model_that_cannot_take_the_task_offers_one_that_can(
    window: MainWindow, qtbot: QtBot
) -> None:
    """One click, and the experiment can start; one Ctrl+Z, and it is as before."""
    space = window.workspace
    space.draft.use_preset("sinusoid-maml-quick")
    space.draft.choose("model", "conv4")
    row = picker(window, "model").parent()
    assert isinstance(row, FieldRow) and "needs images" in row.error
    assert not window.acts.start.isEnabled()
    assert not picker(window, "model").can_choose("conv4")
    use = window.findChild(QPushButton, "param.model.name.use.mlp")
    assert use is not None and use.text() == "Use MLP"
    qtbot.waitUntil(use.isVisible)
    qtbot.mouseClick(use, LEFT)
    assert space.draft.values["model"]["name"] == "mlp" and not space.draft.problems
    assert row.error == "" and window.acts.start.isEnabled()
    assert window.findChild(QPushButton, "param.model.name.use.user_module") is None
    space.draft.undo.undo()
    assert "needs images" in row.error


def test_a_method_that_cannot_learn_the_task_offers_one_that_can(
    window: MainWindow, qtbot: QtBot
) -> None:
    space = window.workspace
    space.draft.use_preset("sinusoid-maml-quick")
    space.draft.choose("algorithm", "protonet")
    use = window.findChild(QPushButton, "param.algorithm.name.use.maml")
    assert use is not None
    use.click()
    assert space.draft.values["algorithm"]["name"] == "maml"
