"""The diagnosis in the drawer: its numbers are those of `experiments.insight.diagnosis`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder, picture_workspace, settled, show_lab, wait_for_curve
from workbench.core.episode import stack
from workbench.experiments.insight.diagnosis import Diagnosis, diagnose
from workbench.gui.lab.panel import LabPanel
from workbench.gui.lab.views.diagnosis import SEED, DiagnosisView

LEFT = Qt.MouseButton.LeftButton
STEPS = 2


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_folder(tmp_path_factory.mktemp("drawn") / "pictures", pictures=8)


@pytest.fixture
def lab(qtbot: QtBot, pictures: Path) -> Iterator[LabPanel]:
    workspace = picture_workspace(qtbot, pictures, STEPS)
    panel = show_lab(qtbot, workspace, 1100, 800)
    wait_for_curve(qtbot, panel.state)
    qtbot.mouseClick(panel.drawer.toggles["diagnosis"], LEFT)
    yield panel
    assert workspace.shut_down()


def computed(lab: LabPanel, qtbot: QtBot) -> DiagnosisView:
    view = lab.drawer.diagnosis
    qtbot.mouseClick(view.offer.ask, LEFT)
    assert view.computing
    qtbot.waitUntil(lambda: not view.computing)
    assert view.result is not None, view.offer.text.text()
    return view


def expected(lab: LabPanel, steps: int) -> Diagnosis:
    torch.set_num_threads(1)
    learner, task = lab.state.learner, lab.state.task
    family = lab.state.workspace.data.family
    assert learner is not None and task is not None and family is not None
    with learner.apart(family) as own:
        *_, found = diagnose(own, stack([task.episode()]), steps, SEED)
    return found


def choose(lab: LabPanel, qtbot: QtBot, method: str) -> None:
    lab.state.workspace.draft.choose("algorithm", method)

    def adapted() -> bool:
        learner = lab.state.learner
        named = learner is not None and learner.config.algorithm.name == method
        return named and settled(lab.state)

    qtbot.waitUntil(adapted)


def test_bars_show_what_was_measured(lab: LabPanel, qtbot: QtBot) -> None:
    view, wanted = computed(lab, qtbot), expected(lab, STEPS)
    (_, measured), (_, alike) = view.bars.lists
    assert [bar.name for bar in measured] == [
        "as it is",
        "without head (NIL)",
        "from a zero head",
        "classes renumbered",
    ]
    for bar, finding in zip(measured, wanted.findings, strict=True):
        assert finding.before is not None
        assert bar.before == pytest.approx(float(finding.before.mean()), abs=1e-6)
        assert bar.after == pytest.approx(float(finding.after.mean()), abs=1e-6)
    assert measured[-1].text.count("±") == 1 and measured[0].text.endswith("%")
    assert [bar.name for bar in alike] == ["block1", "block2", "block3", "block4", "head"]
    for bar in alike:
        assert bar.after == pytest.approx(float(wanted.similarity[bar.name]), abs=1e-3)
    assert "as it is" in view.bars.accessibleDescription()
    assert view.caption.text()


def test_a_learner_without_a_head_says_so(lab: LabPanel, qtbot: QtBot) -> None:
    choose(lab, qtbot, "protonet")
    view = computed(lab, qtbot)
    (_, measured), *_ = view.bars.lists
    assert [bar.before for bar in measured] == [None, None, None]
    assert "no head of its own" in view.caption.text()
    assert "Renumbering the classes changes little" in view.caption.text()


def test_another_number_of_steps_takes_the_diagnosis_away(lab: LabPanel, qtbot: QtBot) -> None:
    view = computed(lab, qtbot)
    lab.state.set_planned(STEPS + 1)
    wait_for_curve(qtbot, lab.state)
    assert view.result is None and view.offer.ask.isVisible()
