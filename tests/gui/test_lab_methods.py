"""Every kind of method in the lab: one step, a hundred, one tensor, learned step sizes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    assert_same_curve,
    draw_folder,
    expected,
    open_workspace,
    settled,
    show_lab,
)
from workbench.core.registry import get, names
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.views.layers import shortened
from workbench.gui.state.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    """On curves, which are quick."""
    yield from shown(qtbot, open_workspace(qtbot, "sinusoid", task={"test_grid": 30}))


@pytest.fixture
def pictures(qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPanel]:
    root = draw_folder(tmp_path_factory.mktemp("pictures"), classes=18, pictures=6)
    workspace = open_workspace(qtbot, "sinusoid")
    workspace.draft.choose("task", "image_folder")
    workspace.draft.choose("model", "conv4")
    values = {"root": str(root), "invert": True, "ways": 3, "shots": 1, "queries": 3}
    for field, value in values.items():
        workspace.draft.set_value("task", field, value)
    workspace.draft.set_value("model", "filters", 4)
    workspace.draft.choose("algorithm", "protonet")
    yield from shown(qtbot, workspace)


def shown(qtbot: QtBot, workspace: Workspace) -> Iterator[LabPanel]:
    panel = show_lab(qtbot, workspace, 1100, 760)
    wait(qtbot, panel)
    yield panel
    assert workspace.shut_down()


def choose(qtbot: QtBot, lab: LabPanel, method: str, **values: object) -> None:
    workspace = lab.state.workspace
    workspace.draft.choose("algorithm", method)
    for field, value in values.items():
        workspace.draft.set_value("algorithm", field, value)
    wait(qtbot, lab)


def wait(qtbot: QtBot, lab: LabPanel) -> None:
    """Until the lab shows what the learner of the draft does."""

    def there() -> bool:
        learner, config = lab.state.learner, lab.state.workspace.draft.config
        same = learner is not None and config is not None and learner.config == config
        return same and settled(lab.state) and len(lab.state.steps) == lab.state.planned + 1

    qtbot.waitUntil(there)


def test_every_method_that_can_is_watched(qtbot: QtBot, lab: LabPanel) -> None:
    assert lab.state.spec is not None
    fit = [
        name
        for name in names("algorithm")
        if not get("algorithm", name).build.unfit(lab.state.spec)
    ]
    assert len(fit) > 10
    lab.state.workspace.draft.set_value("algorithm", "test_steps", 3)
    for name in fit:
        choose(qtbot, lab, name)
        assert_same_curve(lab.state.steps, expected(lab.state))
        assert lab.header.caption.text().startswith(get("algorithm", name).title)
        stepwise = len(lab.state.steps) > 1
        assert lab.middle.scrubber.isVisible() is stepwise
        assert lab.middle.one_step.isVisible() is not stepwise
        lab.grab()


def test_one_step_methods_pretend_no_steps(qtbot: QtBot, lab: LabPanel) -> None:
    choose(qtbot, lab, "matching")
    step = lab.state.steps[0]
    assert not lab.middle.curves.isVisible() and not lab.drawer.toggles["layers"].isVisible()
    assert lab.middle.one_step.figure.text() == f"{step.query_metric:.3g}"
    assert "in one step" in lab.header.summary.text()
    lab.state.workspace.stepInnerRequested.emit()
    lab.state.set_planned(5)
    wait(qtbot, lab)
    assert len(lab.state.steps) == 1
    fit = [line for line in lab.page.curve.fits.lines if line.xData is not None and len(line.xData)]
    assert len(fit) == 1


def test_a_prototypical_network_predicts_each_query_picture(
    qtbot: QtBot, pictures: LabPanel
) -> None:
    lab = pictures
    outputs = lab.state.steps[0].query_outputs
    for number, card in enumerate(lab.page.queries.cards):
        assert card.answer.predicted == int(outputs[number].argmax()) and not card.answer.flipped
    right = (outputs.argmax(-1) == lab.state.episode.query.y).view(3, 3).sum(1).tolist()
    assert lab.middle.one_step.classes.counts == [(good, 3) for good in right]
    figure = lab.middle.one_step.findChild(QLabel, "lab.oneStep.figure")
    assert figure is not None and figure.text() == f"{100 * sum(right) / 9:.1f} %"
    before = [card.answer.predicted for card in lab.page.queries.cards]
    choose(qtbot, lab, "transfer", test_steps=20)
    lab.state.set_cursor(20)
    first = lab.state.steps[0].query_outputs.argmax(-1).tolist()
    last = lab.state.steps[20].query_outputs.argmax(-1).tolist()
    flipped = [card.answer.flipped for card in lab.page.queries.cards]
    assert flipped == [a != b for a, b in zip(first, last, strict=True)]
    assert [card.answer.predicted for card in lab.page.queries.cards] == last != before


def test_the_transductive_switch_reaches_the_lab_and_its_numbers(
    qtbot: QtBot, pictures: LabPanel
) -> None:
    lab = pictures
    together = lab.state.steps[0].query_loss
    assert lab.header.caption.text().endswith("  ·  transductive")
    lab.state.workspace.draft.set_value("training", "transductive", False)
    wait(qtbot, lab)
    assert lab.header.caption.text().endswith("  ·  not transductive")
    assert lab.state.steps[0].query_loss != pytest.approx(together, rel=1e-4)


def test_a_hundred_steps_stay_readable(qtbot: QtBot, lab: LabPanel) -> None:
    choose(qtbot, lab, "transfer")
    assert len(lab.state.steps) == 101 and lab.middle.scrubber.slider.maximum() == 100
    ticks = lab.middle.curves.loss_plot.plot.getAxis("bottom")._tickLevels[0]
    assert [text for _, text in ticks] == ["0", "20", "40", "60", "80", "100"]
    drawn = lab.middle.curves.query_line
    assert len(drawn.xData) == 101 and drawn.opts["symbol"] is None
    functions = [
        line for line in lab.page.curve.fits.lines if line.xData is not None and len(line.xData)
    ]
    assert len(functions) <= 13
    lab.state.set_cursor(37)
    wanted = lab.state.steps[37].query_outputs[:, 0].numpy()
    assert any(
        np.allclose(line.yData, wanted)
        for line in lab.page.curve.fits.lines
        if line.yData is not None
    )
    qtbot.mouseClick(lab.drawer.toggles["layers"], LEFT)
    assert lab.drawer.layers.headline == "Step 37 moves 2 of 6 tensors."
    lab.state.set_cursor(98)
    qtbot.mouseClick(lab.middle.scrubber.play, LEFT)
    qtbot.waitUntil(lambda: not lab.middle.scrubber.playing)
    assert lab.state.cursor == 100


def test_what_does_not_move_stands_at_zero(qtbot: QtBot, lab: LabPanel) -> None:
    choose(qtbot, lab, "anil")
    lab.state.set_cursor(2)
    moved = {name for name, norm in lab.drawer.layers.norms.items() if norm > 0}
    assert moved == {"head.weight", "head.bias"} and len(lab.drawer.layers.norms) == 6
    choose(qtbot, lab, "cavia")
    lab.state.set_cursor(2)
    moved = {name for name, norm in lab.drawer.layers.norms.items() if norm > 0}
    assert len(moved) == 1 and moved.pop().endswith(".context")
    assert lab.drawer.layers.headline.startswith("Step 2 moves 1 of")


@pytest.mark.parametrize("method", ["meta_sgd", "maml_plus_plus"])
def test_learned_step_sizes_are_counted_and_negative_ones_named(
    qtbot: QtBot, lab: LabPanel, method: str
) -> None:
    choose(qtbot, lab, "maml")
    assert not lab.drawer.toggles["rates"].isVisible()
    values = {"rate_low": -0.01, "rate_high": 0.03} if method == "meta_sgd" else {"inner_steps": 3}
    choose(qtbot, lab, method, **values)
    qtbot.mouseClick(lab.drawer.toggles["rates"], LEFT)
    grid = lab.drawer.rates.grid
    qtbot.waitUntil(lambda: bool(grid.summary.tensors))
    learner = lab.state.learner
    assert learner is not None
    rates = learner.algorithm.learned_rates(learner.weights)
    assert [tensor.name for tensor in grid.summary.tensors] == list(rates)
    for tensor in grid.summary.tensors:
        values = rates[tensor.name].numpy()
        assert tensor.count == values.size and tensor.negative == int((values < 0).sum())
        if method == "meta_sgd":
            assert sum(tensor.counts) == tensor.count and not tensor.by_step
        else:
            np.testing.assert_allclose(tensor.by_step, values, rtol=1e-6)
    said = lab.drawer.rates.sentence.text()
    if method == "meta_sgd":
        share = 100 * grid.summary.negative / grid.summary.count
        assert 20 < share < 30 and said.startswith(f"{share:.1f} % of")
    else:
        assert said.startswith("None of 18 step sizes is negative.")
    lab.grab()


def test_an_opened_run_is_named_in_full_whatever_data_was_in_view(
    qtbot: QtBot, pictures: LabPanel
) -> None:
    """Joint training has a head over all classes, so its data must be there before it is built."""
    lab, workspace = pictures, pictures.state.workspace
    choose(qtbot, lab, "transfer", test_steps=2)
    assert workspace.draft.config is not None and workspace.data.family is not None
    short = {"iterations": 1, "meta_batch": 1, "eval_tasks": 2, "test_tasks": 2}
    config = workspace.draft.config.replaced({"training": short})
    run = Run.create(config)
    assert list(Training(config, workspace.data.family, run).events())[-1].reason == "completed"
    workspace.draft.use_preset("sinusoid")
    wait(qtbot, lab)
    workspace.open_run(run.path)

    def opened() -> bool:
        learner = lab.state.learner
        return learner is not None and learner.label == run.path.name and settled(lab.state)

    qtbot.waitUntil(opened)
    assert_same_curve(lab.state.steps, expected(lab.state))
    parts = lab.header.caption.text().split("  ·  ")
    learner = lab.state.learner
    assert learner is not None
    assert parts[:2] == ["Transfer learning", f"run {run.path.name}"]
    assert parts[2:] == [f"iteration {learner.iteration}", "transductive"]
    assert list(learner.weights) == list(learner.algorithm.initial())


def test_names_lose_what_most_of_them_begin_with() -> None:
    names = ["features.a.weight", "features.b.weight", "joint.weight"]
    assert list(shortened(names).values()) == ["a.weight", "b.weight", "joint.weight"]
    same = ["features.a", "features.b", "a"]
    assert shortened(same) == {name: name for name in same}
