"""What draws can be taken away: found by what it is, so that no new plot is forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
import torch
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import settled, wait_for_task
from tests.gui.take_away_kit import PLAIN, buttons, sheets
from tests.strangers.guests import MODELS, guests  # noqa: F401 - a fixture
from tests.tiny import tiny_config, training
from workbench.experiments.store import default_root
from workbench.gui.browse.panel import TasksPanel
from workbench.gui.kinds.pictures.own.held import Own
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.takeaway import write

PLOT = "pg.PlotWidget"
NO_PLOTS = {
    "Chip": "a mark of the comparison's legend",
    "OneLine": "a label",
    "PartPicker": "a field of the form",
    "PathLine": "a field of the form",
    "PartDelegate": "the list of that field",
    "RangeSlider": "a control",
    "InkCanvas": "a sheet to draw on: its picture goes into the support set",
    "TwoLineDelegate": "the ground of tables",
    "RunDelegate": "the table of runs, whose curves the figures beside it draw",
    "_Delegate": "the table of settings side by side: `runs compare` tells it",
    "QueueDelegate": "the list of what waits: `queue list` tells it",
    "TaskDelegate": "the list of tasks, which Export CSV above it has whole",
}
"""What paints itself and is no plot, and why."""
KINDS = {
    "sinusoid": "mlp",
    "glyphs": "conv4",
    "topics": "text_mlp",
    "navigation": "mlp_gaussian",
    "scenes": "detector",
    "tastes": "ratings_mlp",
    "clouds": MODELS["clouds"],
}


ROOT = Path(__file__).parents[2]


def painting(source: Path) -> Iterator[str]:
    """Classes that paint themselves, or the rows of a list, by their full names."""
    module = ".".join(source.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            own = {getattr(part, "name", "") for part in node.body}
            bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            rows = "paint" in own and any("Delegate" in base for base in bases)
            if "paintEvent" in own or rows or bases & {"Drawing", "PlotWidget", "QGraphicsView"}:
                yield f"{module}.{node.name}"


def painters(widget: QWidget) -> set[str]:
    """Which of those classes a widget is drawn by."""
    drawn: list[object] = [widget]
    if isinstance(widget, QAbstractItemView):
        drawn.append(widget.itemDelegate())
    kinds = {kind for one in drawn for kind in type(one).__mro__}
    own = {f"{kind.__module__}.{kind.__name__}" for kind in kinds}
    return own | ({PLOT} if isinstance(widget, pg.PlotWidget) else set())


def covered(widget: QWidget, having: set[int]) -> bool:
    """The menu stands beside it, or beside what it is a part of."""
    part: QWidget | None = widget
    while part is not None and id(part) not in having:
        part = part.parentWidget()
    return part is not None


def found_in(window: QWidget, classes: set[str]) -> set[str]:
    """The classes that draw in a window; each of their widgets has the menu."""
    having = {
        id(plot) for button in buttons(window) if not button.isHidden() for plot in button.plots
    }
    seen = set()
    for widget in window.findChildren(QWidget):
        drawing = painters(widget) & classes
        seen |= drawing
        assert not drawing or covered(widget, having), (widget.objectName(), drawing)
    return seen


def show_kind(window: MainWindow, qtbot: QtBot, kind: str) -> None:
    """The lab, the browser and the comparison with tasks of a kind."""
    space = window.workspace
    if space.data.family is None or space.data.family.params.name != kind:
        space.draft.choose("model", KINDS[kind])
        space.draft.choose("task", kind)
        wait_for_task(qtbot, space)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    if kind == "glyphs":
        style = space.data.family.style  # type: ignore[union-attr]
        blank = torch.zeros(style.shape, dtype=torch.uint8)
        window.lab.page.own.pictures.add((Own(blank, style, "blank"),))  # type: ignore[attr-defined]
    family = space.data.family
    assert family is not None
    browser = window.findChild(TasksPanel)
    assert browser is not None
    known = family.class_list("train")
    if known:
        browser.tree.classSelected.emit("train", known[0])


@pytest.mark.usefixtures("guests")
def test_whatever_draws_has_the_menu(window: MainWindow, qtbot: QtBot) -> None:
    files = (ROOT / "workbench" / "gui").rglob("*.py")
    classes = {name for file in files for name in painting(file)} | {PLOT}
    names = {name.rpartition(".")[2]: name for name in classes}
    assert set(NO_PLOTS) <= set(names)
    wanted = classes - {names[one] for one in (*NO_PLOTS, "Drawing")}
    list(training(tiny_config(), default_root() / "run").events())
    window.tabs.setCurrentWidget(window.lab)
    window.lab.compare.toggle.click()
    seen = set()
    for kind in KINDS:
        show_kind(window, qtbot, kind)
        seen |= found_in(window, wanted)
        for name, sheet in sheets(window).items():
            assert write.encoded(sheet, "svg", PLAIN), name
            assert sheet.table.rows, name
    window.explorers.open_run(default_root() / "run", tiny_config())
    explorer = window.explorers.window
    assert explorer is not None
    seen |= found_in(explorer, wanted)
    assert explorer.each_class.away in buttons(explorer)
    window.searches.open(default_root() / "run")
    study = window.searches.window
    assert study is not None
    seen |= found_in(study, wanted)
    study.close()
    assert seen == wanted
