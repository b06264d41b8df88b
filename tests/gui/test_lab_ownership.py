"""Every view of the lab over a live training: the training neither ends nor changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.control_kit import SMALL, page, pixel, task_of
from tests.gui.lab_kit import (
    draw_folder,
    open_workspace,
    picture_workspace,
    settled,
    show_lab,
    wait_for_task,
)
from tests.gui.take_away_kit import PLAIN, sheets
from tests.gui.test_lab_ratings import rated_workspace
from tests.samples import measurements
from tests.strangers.guests import MODELS, guests  # noqa: F401 - a fixture
from workbench.core.algorithm import Weights
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family, untrained
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training
from workbench.gui.kinds.boxes.page import BoxesPage
from workbench.gui.kinds.control.page import ControlPage
from workbench.gui.kinds.measured.face import MeasuredPage
from workbench.gui.kinds.measured.rows import Part
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.takeaway import write

LEFT = Qt.MouseButton.LeftButton
FEW_SCENES: dict[str, dict[str, Any]] = {
    "task": {"shots": 2, "queries": 3},
    "model": {"filters": 8},
    "algorithm": {"test_steps": 2},
    "training": {"schedule": "constant"},
}
LONG: dict[str, Any] = {
    "iterations": 1_000_000,
    "meta_batch": 4,
    "eval_interval": 50,
    "eval_tasks": 4,
    "checkpoint_interval": 5,
}


def deeper(name: str) -> Any:
    """Of a kind whose lab is made of parts that another one's has as well."""
    return pytest.param(name, marks=pytest.mark.slow)


LABS = [
    "pictures",
    "navigation",
    *(deeper(name) for name in ("scenes", "curves", "clouds", "steering", "measured", "ratings")),
]


@pytest.fixture(params=LABS)
def lab(
    request: pytest.FixtureRequest,
    guests: None,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> Iterator[LabPanel]:
    """The lab on the live learner of a training that goes on until it is stopped.

    Clouds are a stranger's, shown as a table; steering learns from rollouts, and so does
    navigation, which has a map; measured are rows of a table of one's own.
    """
    if request.param == "pictures":
        workspace = picture_workspace(qtbot, draw_folder(tmp_path / "pictures"))
    elif request.param == "ratings":
        workspace = rated_workspace(qtbot)
    elif request.param == "navigation":
        workspace = open_workspace(qtbot, "navigation-quick", **SMALL)
    elif request.param == "scenes":
        workspace = open_workspace(qtbot, "scenes-quick", **FEW_SCENES)
    else:
        workspace = open_workspace(qtbot, "sinusoid")
    if request.param == "measured":
        own = {"root": str(measurements(tmp_path)), "shots": 4, "queries": 3}
        workspace.draft.use_data("curves_csv", own)
        wait_for_task(qtbot, workspace)
    if request.param in MODELS:
        workspace.draft.choose("model", MODELS[request.param])
        workspace.draft.choose("task", request.param)
        wait_for_task(qtbot, workspace)
    for name, value in LONG.items():
        workspace.draft.set_value("training", name, value)
    panel = show_lab(qtbot, workspace, 1200, 900)
    workspace.start()

    def live() -> bool:
        learner = panel.state.learner
        return learner is not None and learner.label == "live" and settled(panel.state)

    qtbot.waitUntil(live)
    yield panel
    assert workspace.shut_down()


def use_luck(lab: LabPanel, qtbot: QtBot) -> None:
    meter = lab.drawer.luck
    qtbot.mouseClick(meter.ask, LEFT)
    ended: Callable[[], bool] = lambda: meter._job is None  # noqa: E731
    qtbot.waitUntil(ended)


def use_views(lab: LabPanel, qtbot: QtBot) -> list[str]:
    """Open, compute with and close every view that is offered; returns their names."""
    used = []
    for view in lab.drawer.views:
        toggle = lab.drawer.toggles[view.name]
        if toggle.isHidden():
            continue
        qtbot.mouseClick(toggle, LEFT)
        if isinstance(view, OnDemand):
            view.compute()
            qtbot.waitUntil(lambda one=view: not one.computing)  # type: ignore[misc]
            collected = lab.state.spec is not None and lab.state.spec.collected
            refused = collected and "by its own acts" in str(view._problem)
            assert view._problem is None or refused, (view.name, view._problem)
        QApplication.processEvents()  # it is drawn
        for sheet in sheets(view).values():
            write.encoded(sheet, "svg", PLAIN)
        qtbot.mouseClick(toggle, LEFT)
        used.append(view.name)
    return used


def use_comparison(lab: LabPanel, qtbot: QtBot) -> None:
    """The run's own newest checkpoint and a floor beside the live learner, and gone again."""
    qtbot.mouseClick(lab.compare.toggle, LEFT)
    qtbot.waitUntil(lambda: not lab.compare.listing.reading)
    for name in offered(lab)[:3]:
        lab.compare.menu.fill()
        action = lab.compare.menu.findChild(QAction, name)
        assert action is not None, name
        action.trigger()
    comparison = lab.compare.comparison
    assert comparison.added
    qtbot.waitUntil(
        lambda: all(column.steps or column.problem for column in comparison.added),
    )
    for column in comparison.added:
        comparison.remove(column)
    qtbot.mouseClick(lab.compare.toggle, LEFT)


def offered(lab: LabPanel) -> list[str]:
    """The names of what can be added to the comparison."""
    lab.compare.menu.fill()
    actions = [a for a in lab.compare.menu.findChildren(QAction) if a.isEnabled()]
    return [a.objectName() for a in actions if a.objectName().startswith("lab.compare.add.")]


def use_influence(lab: LabPanel, qtbot: QtBot) -> None:
    lab.influence.ask(0)
    qtbot.waitUntil(
        lambda: bool(lab.influence.values or lab.influence.problem or lab.influence.query is None),
    )
    lab.influence.close()


def use_own_pictures(lab: LabPanel, qtbot: QtBot, folder: Path) -> None:
    """Two pictures of one's own are predicted, and the adapted learner is kept."""
    own = lab.page.own  # type: ignore[attr-defined]
    own.adding.read(sorted(folder.rglob("00.png"))[:2])
    qtbot.waitUntil(lambda: [bool(row.verdict.chances) for row in own.rows.rows] == [True] * 2)
    lab.keeping.save(folder / "live.adapted")
    qtbot.waitUntil((folder / "live.adapted").exists)


def use_map(lab: LabPanel, qtbot: QtBot) -> None:
    """The goal is moved, a trajectory driven and another left out, and they are played back."""
    shown = page(lab)
    side, view = shown.side, shown.side.map
    qtbot.mouseClick(view, LEFT, pos=pixel(view, (0.3, 0.7)))
    qtbot.mouseClick(side.drive.toggle, LEFT)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(view, key)
    assert list(task_of(lab).driven) == [0]
    qtbot.mouseClick(shown.support.all_on, LEFT)
    shown.picking.toggle(1)
    shown.picking.draw_all_anew()
    qtbot.waitUntil(lambda: settled(lab.state))
    qtbot.mouseClick(side.play.step, LEFT)


def use_rows(page: MeasuredPage, lab: LabPanel, qtbot: QtBot) -> None:
    """Rows are added, moved, written and removed, and each time adapted to."""
    page.editing.add({Part("x", 0): 1.0, Part("y", 1): 7.0})
    page.editing.move(0, {Part("x", 0): 2.0, Part("y", 0): 90.0})
    page.editing.write(1, Part("y", 1), "4,5")
    qtbot.waitUntil(lambda: settled(lab.state))
    page.editing.remove()
    page.view.axes.up.setCurrentIndex(1)
    qtbot.waitUntil(lambda: settled(lab.state))


def use_boxes(shown: BoxesPage, lab: LabPanel, qtbot: QtBot) -> None:
    """A box is moved, another drawn, and both scenes are adapted to; a query item is asked of."""
    before = shown.editing.boxes(0)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_N):
        qtbot.keyClick(shown.support, key)
    assert len(shown.editing.boxes(0)) == len(before) + 1 and shown.editing.boxes(0)[0] != before[0]
    qtbot.waitUntil(lambda: settled(lab.state))
    shown.query.heat.click()
    use_influence(lab, qtbot)


def alone(config: ExperimentConfig, iterations: int, folder: Path) -> Weights:
    """The weights after as many iterations when nobody looks on."""
    shorter = config.replaced({"training": {"iterations": iterations, "test_tasks": 2}})
    family = build_family(shorter)
    family.prepare(lambda message, fraction: None)
    run = Run.create(shorter, folder)
    assert list(Training(shorter, family, run).events())[-1].reason == "completed"
    return run.load_checkpoint().weights


def test_the_training_goes_on_bit_for_bit_under_every_view(
    lab: LabPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    workspace = lab.state.workspace
    use_luck(lab, qtbot)
    used = use_views(lab, qtbot)
    assert {"embedding", "landscape", "timeMachine", "xray", "diagnosis"} <= set(used)
    use_comparison(lab, qtbot)
    if lab.state.spec is not None and lab.state.spec.chance is not None:
        use_influence(lab, qtbot)
    if isinstance(lab.page, ControlPage):
        use_map(lab, qtbot)
    if isinstance(lab.page, MeasuredPage):
        use_rows(lab.page, lab, qtbot)
    if isinstance(lab.page, BoxesPage):
        use_boxes(lab.page, lab, qtbot)
    if hasattr(lab.page, "own"):
        use_own_pictures(lab, qtbot, tmp_path / "pictures")
    assert workspace.training.state == "RUNNING", workspace.history.finished
    path, config = workspace.training.path, workspace.training.config
    assert path is not None and config is not None
    workspace.training.stop()
    qtbot.waitUntil(lambda: workspace.training.state == "FINISHED")
    watched = open_run(path).load_checkpoint()
    unwatched = alone(config, watched.iteration, tmp_path / "alone")
    for name, tensor in watched.weights.items():
        assert torch.equal(tensor, unwatched[name]), name


def test_a_borrowed_algorithm_cannot_be_closed(lab: LabPanel) -> None:
    learner = lab.state.learner
    assert learner is not None
    with pytest.raises(RuntimeError, match="borrowed"):
        learner.algorithm.close()


def test_only_who_made_an_algorithm_closes_it(lab: LabPanel) -> None:
    workspace = lab.state.workspace
    config, family = workspace.draft.config, workspace.data.family
    assert config is not None and family is not None
    own = untrained(config, family)
    with own.lent().apart(family) as mine:
        assert mine.algorithm is not own.algorithm
        mine.algorithm.close()
    own.algorithm.close()
