"""The views below the lab: their numbers are those of the steps and of `experiments.insight`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import (
    draw_folder,
    picture_workspace,
    settled,
    show_lab,
    wait_for_curve,
)
from workbench.core.episode import stack
from workbench.experiments.insight.curvature import sharpness
from workbench.experiments.insight.embedding import embed
from workbench.experiments.insight.landscape import landscape
from workbench.experiments.insight.xray import xray
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.lab.views.xray import overall
from workbench.gui.style import words
from workbench.tasks.classes import without_class

LEFT = Qt.MouseButton.LeftButton
STEPS = 3


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_folder(tmp_path_factory.mktemp("drawn") / "pictures", pictures=8)


@pytest.fixture
def lab(qtbot: QtBot, pictures: Path) -> Iterator[LabPanel]:
    """Three classes of drawn strokes and a small network."""
    workspace = picture_workspace(qtbot, pictures, STEPS)
    panel = show_lab(qtbot, workspace, 1100, 800)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def open_view(lab: LabPanel, qtbot: QtBot, name: str) -> None:
    qtbot.mouseClick(lab.drawer.toggles[name], LEFT)


def compute(view: OnDemand, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.offer.ask, LEFT)
    assert view.computing
    qtbot.waitUntil(lambda: not view.computing)


def choose(lab: LabPanel, qtbot: QtBot, method: str) -> None:
    lab.state.workspace.draft.choose("algorithm", method)

    def adapted() -> bool:
        learner = lab.state.learner
        named = learner is not None and learner.config.algorithm.name == method
        return named and settled(lab.state)

    qtbot.waitUntil(adapted)


def in_hand(lab: LabPanel) -> tuple[Any, Any]:
    torch.set_num_threads(1)
    assert lab.state.learner is not None and lab.state.task is not None
    return lab.state.learner, lab.state.task.episode()


def test_one_view_is_open_at_a_time(lab: LabPanel, qtbot: QtBot) -> None:
    """A second press closes it; all toggles fit into 620 pixels beside the luck."""
    toggles, views = lab.drawer.toggles, {view.name: view for view in lab.drawer.views}
    open_view(lab, qtbot, "layers")
    for name in ("embedding", "confusion", "landscape", "timeMachine", "diagnosis", "xray"):
        open_view(lab, qtbot, name)
        assert [n for n in views if views[n].isVisible()] == [name]
        assert [n for n in toggles if toggles[n].isChecked()] == [name]
    toggles["xray"].setFocus()
    qtbot.keyClick(toggles["xray"], Qt.Key.Key_Space)
    assert not any(view.isVisible() for view in views.values())
    widths = [toggle.sizeHint().width() for toggle in toggles.values()]
    assert sum(widths) + lab.drawer.luck.ask.sizeHint().width() <= 620


def test_points_stand_where_the_embedding_says(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "embedding")
    view = lab.drawer.embedding
    qtbot.waitUntil(lambda: view.result is not None)
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
    task: Any = lab.state.task
    other = next(item for item in task.candidates(0) if item not in task.support[0])
    lab.page.support.editing.replace(0, 0, other)
    assert view.result is None
    qtbot.waitUntil(lambda: view.result is not None and settled(lab.state))
    again = embed(*in_hand(lab), STEPS)
    np.testing.assert_allclose(view.result.support, again.support, rtol=1e-3, atol=1e-4)
    assert not np.allclose(again.support, wanted.support)


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
    task: Any = lab.state.task
    names = [task.class_title(way) for way in range(3)]
    told = f"{count} of 4 query items of class {names[2]} are predicted {names[1]}"
    assert view.now.describe(2, 1) == told and names[0] != "A"
    assert {row[1] for row in view.sheet().table.rows} == set(names)
    renamed = task.with_name(2, "mine")
    lab.state.edit(renamed)
    wait_for_curve(qtbot, lab.state)
    assert view.now.names == (*names[:2], "mine")
    task = lab.state.task
    episode, lab.state.episode = lab.state.episode, without_class(task, 2).episode()
    view.refresh()
    assert view.now.counts == view.before.counts == (), "steps of a task of another shape"
    lab.state.episode = episode
    choose(lab, qtbot, "protonet")
    assert view.before.isHidden() and sum(map(sum, view.now.counts)) == 12
    lab.state.workspace.draft.use_preset("sinusoid")
    qtbot.waitUntil(lambda: lab.drawer.toggles["confusion"].isHidden())


def test_the_surface_grows_and_goes_with_its_task(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "landscape")
    view = lab.drawer.landscape
    assert view.result is None and view.offer.ask.isVisible()
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
    sharp = list(sharpness(learner, episode, STEPS))
    for step, one in enumerate(sharp):
        lab.state.set_cursor(step)
        assert one.rate and one.curvature
        said = f"Largest support curvature {words.short(one.curvature)}, 2/α is "
        assert said + words.short(2 / one.rate) in view.caption.text()
        assert ("overshoot" in view.caption.text()) is one.overshoots
    np.testing.assert_allclose(view.map.losses, wanted.query_loss, rtol=1e-3)
    qtbot.mouseClick(view.support, LEFT)
    np.testing.assert_allclose(view.map.losses, wanted.support_loss, rtol=1e-3)
    place = view.map.place(float(wanted.x[0]), float(wanted.y[-1]))
    box = view.map.box
    assert place.x() == pytest.approx(box.left() + box.width() / 42)
    assert place.y() == pytest.approx(box.top() + box.height() / 42)
    lab.state.set_cursor(1)
    assert "step 1" in view.caption.text()
    live = [replace(learner, label="live", iteration=count) for count in (1, 2)]
    assert view.same_source(*live) and not view.same_source(learner, live[0])
    newer = replace(live[1], config=learner.config.replaced({}))
    assert view.same_source(live[0], newer), "a head for another number of classes"
    assert not view.same_source(live[0], replace(newer, origin=Path("another run")))
    qtbot.mouseClick(lab.header.dice, LEFT)
    assert view.result is None and view.offer.ask.isVisible()
    lab.state.set_planned(0)
    wait_for_curve(qtbot, lab.state)
    assert view.offer.ask.isHidden() and "no path" in view.offer.text.text()


def test_the_xray_says_what_the_gradient_is_made_of(lab: LabPanel, qtbot: QtBot) -> None:
    open_view(lab, qtbot, "xray")
    view = lab.drawer.xray
    compute(view, qtbot)
    learner, episode = in_hand(lab)
    with learner.apart(lab.state.workspace.data.family) as own:
        wanted = xray(own, stack([episode]), STEPS)
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
    assert "is not first order plus curvature" in view.offer.text.text()
    assert view.offer.ask.isHidden() and view.result is None
    choose(lab, qtbot, "protonet")
    assert "no inner steps" in view.offer.text.text()
