"""The views below the lab: their numbers are those of the steps and of `experiments.insight`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder, open_workspace, settled, wait_for_curve, wait_for_task
from workbench.core.episode import stack
from workbench.experiments.insight.embedding import embed
from workbench.experiments.insight.landscape import landscape
from workbench.experiments.insight.xray import xray
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.lab.views.xray import overall
from workbench.gui.panels.lab import LabPanel

LEFT = Qt.MouseButton.LeftButton
STEPS = 3


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> Iterator[LabPanel]:
    """Three classes of drawn strokes and a small network."""
    workspace = open_workspace(qtbot, "sinusoid")
    workspace.choose("task", "image_folder")
    workspace.choose("model", "conv4")
    for section, field, value in (
        ("task", "root", str(draw_folder(tmp_path / "pictures"))),
        ("task", "invert", True),
        ("task", "ways", 3),
        ("task", "shots", 2),
        ("task", "queries", 4),
        ("model", "filters", 8),
        ("algorithm", "inner_rate", 0.4),
        ("algorithm", "test_steps", STEPS),
    ):
        workspace.set_value(section, field, value)
    panel = LabPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(1100, 800)
    panel.show()
    wait_for_task(qtbot, workspace)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def open_view(lab: LabPanel, qtbot: QtBot, name: str) -> None:
    qtbot.mouseClick(lab.drawer.toggles[name], LEFT)


def compute(view: OnDemand, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.ask, LEFT)
    assert view.computing
    qtbot.waitUntil(lambda: not view.computing, timeout=20_000)


def choose(lab: LabPanel, qtbot: QtBot, method: str) -> None:
    lab.state.workspace.choose("algorithm", method)

    def adapted() -> bool:
        learner = lab.state.learner
        named = learner is not None and learner.config.algorithm.name == method
        return named and settled(lab.state)

    qtbot.waitUntil(adapted, timeout=20_000)


def in_hand(lab: LabPanel) -> tuple[Any, Any]:
    torch.set_num_threads(1)
    assert lab.state.learner is not None and lab.state.task is not None
    return lab.state.learner, lab.state.task.episode()


def test_one_view_is_open_at_a_time_and_a_second_click_closes_it(
    lab: LabPanel, qtbot: QtBot
) -> None:
    toggles, views = lab.drawer.toggles, {view.name: view for view in lab.drawer.views}
    open_view(lab, qtbot, "layers")
    for name in ("embedding", "confusion", "landscape", "timeMachine", "xray"):
        open_view(lab, qtbot, name)
        assert [n for n in views if views[n].isVisible()] == [name]
        assert [n for n in toggles if toggles[n].isChecked()] == [name]
    toggles["xray"].setFocus()
    qtbot.keyClick(toggles["xray"], Qt.Key.Key_Space)
    assert not any(view.isVisible() for view in views.values())


def test_every_toggle_fits_beside_the_luck_at_620_pixels(lab: LabPanel, qtbot: QtBot) -> None:
    drawer = lab.drawer
    for toggle in drawer.toggles.values():
        toggle.show()
    needed = sum(toggle.sizeHint().width() for toggle in drawer.toggles.values())
    assert needed + drawer.luck.ask.sizeHint().width() <= 620


def test_points_stand_where_the_embedding_says(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "embedding")
    view = lab.drawer.embedding
    qtbot.waitUntil(lambda: view.result is not None, timeout=10_000)
    learner, episode = in_hand(lab)
    wanted = embed(learner, episode, STEPS)
    assert view.result is not None
    np.testing.assert_allclose(view.result.query, wanted.query, rtol=1e-3, atol=1e-4)
    assert f"{100 * sum(wanted.explained):.0f} %" in view.caption.text()
    whole = np.concatenate([wanted.support.numpy(), wanted.query.numpy()], 1)
    places = view.plane.places()
    unit = np.ptp(places[..., 0]) / np.ptp(whole[..., 0])
    assert np.ptp(places[..., 1]) == pytest.approx(unit * np.ptp(whole[..., 1]), rel=1e-3)
    for step in (0, 2):
        lab.state.set_cursor(step)
        guesses = lab.state.steps[step].query_outputs.argmax(-1)
        shown = [item.wrong for item in view.plane.items if not item.support]
        assert view.plane.step == step and shown == (guesses != episode.query.y).tolist()
        item = view.plane.item_at(QPointF(*places[step, 0]))
        assert item is not None and item.support and item.letter == "A"


def test_the_embedding_follows_the_support_set(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "embedding")
    view = lab.drawer.embedding
    qtbot.waitUntil(lambda: view.result is not None, timeout=10_000)
    lab.support.replace(0, 0, lab.state.task.candidates(0)[-1])
    assert view.result is None
    qtbot.waitUntil(lambda: view.result is not None and settled(lab.state), timeout=10_000)
    wanted = embed(*in_hand(lab), STEPS)
    np.testing.assert_allclose(view.result.support, wanted.support, rtol=1e-3, atol=1e-4)


def test_confusion_counts_the_predictions_of_two_steps(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "confusion")
    view = lab.drawer.confusion
    truth = lab.state.episode.query.y
    for step in (STEPS, 1):
        lab.state.set_cursor(step)
        for matrix, at in ((view.before, 0), (view.now, step)):
            guesses = lab.state.steps[at].query_outputs.argmax(-1)
            wanted = torch.zeros(3, 3, dtype=torch.long)
            wanted.index_put_((truth, guesses), torch.ones(12, dtype=torch.long), accumulate=True)
            assert torch.equal(torch.tensor(matrix.counts), wanted)
    assert view.now.at(view.now.cell(2, 1).center()) == (2, 1)
    count = view.now.counts[2][1]
    assert view.now.describe(2, 1) == f"{count} of 4 query items of class C are predicted B"
    choose(lab, qtbot, "protonet")
    assert view.before.isHidden() and sum(map(sum, view.now.counts)) == 12
    lab.state.workspace.use_preset("sinusoid")
    qtbot.waitUntil(lambda: lab.drawer.toggles["confusion"].isHidden(), timeout=10_000)


def test_the_surface_grows_and_goes_with_its_task(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "landscape")
    view = lab.drawer.landscape
    assert view.result is None and view.ask.isVisible()
    known: set[int] = set()
    show = view.map.show_landscape

    def watched(found: Any, cursor: int) -> None:
        show(found, cursor)
        known.add(int(np.isfinite(view.map.losses).sum()))

    view.map.show_landscape = watched  # type: ignore[method-assign]
    compute(view, qtbot)
    assert len(known) > 1 and max(known) == 21 * 21 and min(known) < 21 * 21
    learner, episode = in_hand(lab)
    *_, wanted = landscape(learner, episode, STEPS)
    np.testing.assert_allclose(view.map.losses, wanted.query_loss, rtol=1e-3)
    qtbot.mouseClick(view.support, LEFT)
    np.testing.assert_allclose(view.map.losses, wanted.support_loss, rtol=1e-3)
    place = view.map.place(float(wanted.x[0]), float(wanted.y[-1]))
    box = view.map.box
    assert place.x() == pytest.approx(box.left() + box.width() / 42)
    assert place.y() == pytest.approx(box.top() + box.height() / 42)
    lab.state.set_cursor(1)
    assert "step 1" in view.caption.text()
    qtbot.mouseClick(lab.dice, LEFT)
    assert view.result is None and view.ask.isVisible()


def test_no_path_says_why(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "landscape")
    lab.state.set_planned(0)
    wait_for_curve(qtbot, lab.state)
    assert lab.drawer.landscape.ask.isHidden() and "no path" in lab.drawer.landscape.missing()
    choose(lab, qtbot, "protonet")
    assert "closed form" in lab.drawer.landscape.missing()


def test_the_xray_says_what_the_gradient_is_made_of(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "xray")
    view = lab.drawer.xray
    compute(view, qtbot)
    learner, episode = in_hand(lab)
    wanted = xray(learner, stack([episode]), STEPS)
    assert [layer.name for layer in view.result] == [layer.name for layer in wanted]
    for found, layer in zip(view.result, wanted, strict=True):
        assert found.curvature == pytest.approx(layer.curvature, rel=1e-2, abs=1e-5)
    share, angle = overall(wanted)
    first, full = (
        math.sqrt(sum(getattr(layer, part) ** 2 for layer in wanted))
        for part in ("first_order", "full")
    )
    inner = sum(la.cosine * la.first_order * la.full for la in wanted if la.full)
    assert angle == pytest.approx(math.degrees(math.acos(inner / first / full)))
    assert f"Curvature is {100 * share:.0f} % of the outer gradient at 3" in view.caption.text()
    assert f"points {angle:.0f}° away" in view.caption.text()


def test_methods_without_such_parts_say_so(lab: LabPanel, qtbot: QtBot) -> None:
    view = lab.drawer.xray
    choose(lab, qtbot, "reptile")
    open_view(lab, qtbot, "xray")
    compute(view, qtbot)
    assert "is not first order plus curvature" in view._invitation.text()
    assert view.ask.isHidden() and view.result is None
    choose(lab, qtbot, "protonet")
    assert "no inner steps" in view._invitation.text()
