"""Any plot is taken away with one menu: the file holds what was drawn, in chosen colours."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import settled
from workbench.core.curve import Curve as Measured
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, StepDone
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme
from workbench.gui.takeaway import form, write
from workbench.gui.takeaway.drawing import Drawing
from workbench.gui.takeaway.form import Form
from workbench.gui.takeaway.graph import Graph
from workbench.gui.takeaway.menu import TakeAwayButton, TakeAwayMenu
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.takeaway.size_dialog import SizeDialog

RSVG, PDFTOPPM = shutil.which("rsvg-convert"), shutil.which("pdftoppm")
PLAIN = Form(800, 500, 1, "print")
CLOSE = 3.0
"""Of 255: what two renderers differ by at the edges of letters and lines."""
NO_PLOTS = {
    "Chip", "OneLine", "PartPicker", "RangeSlider", "SupportSlot", "InkCanvas", "QueryCard",
    "EpisodeSheet", "EpisodeSentences", "SmallFit",
}  # fmt: skip


def evaluated(at: int, after: float) -> Evaluated:
    mean, ends = (4.0, after), (0.3, 0.4)
    return Evaluated(at, Measured("mse", "val", 100, False, mean, ends, mean, mean), True)


def feed(workspace: Workspace) -> None:
    """Three evaluations and sixty steps reach the plots."""
    steps = [StepDone(n, n * 0.01, 4.0, 3.0 / n, 0.5, 1.0, 0.001) for n in range(1, 61)]
    workspace.history.begin(workspace.draft.config)
    workspace.history.tell([evaluated(0, 3.5), *steps, evaluated(30, 1.5), evaluated(60, 0.5)])


@pytest.fixture
def lab(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window on the lab, adapted to a curve, with the plots of a training filled."""
    feed(window.workspace)
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    return window


def buttons(window: QWidget) -> list[TakeAwayButton]:
    return window.findChildren(TakeAwayButton)


def sheets(window: QWidget) -> dict[str, Sheet]:
    found = {button.objectName().rpartition(".")[0]: button.take() for button in buttons(window)}
    return {name: sheet for name, sheet in found.items() if sheet is not None}


def gap(window: MainWindow) -> Sheet:
    sheet = window.train.figures()[0].sheet()
    assert sheet is not None
    return sheet


def pixels(data: bytes) -> np.ndarray:
    """``[rows, columns, 3]``"""
    image = QImage.fromData(data).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def by_rsvg(data: bytes) -> np.ndarray:
    command = [str(RSVG), "--format=png"]
    return pixels(subprocess.run(command, input=data, capture_output=True, check=True).stdout)


def numbers(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(write.encoded(sheet, "csv", PLAIN).decode())))


# --- it stands on every plot -----------------------------------------------------------------


def plots(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if isinstance(widget, (pg.PlotWidget, Drawing)):
            yield widget


def test_every_plot_has_the_menu(lab: MainWindow) -> None:
    lab.lab.compare.toggle.click()
    having = {id(plot) for button in buttons(lab) for plot in button.plots}
    found = list(plots(lab))
    assert len(found) >= 16
    assert not [plot.objectName() for plot in found if id(plot) not in having]
    for button in buttons(lab):
        assert button.accessibleName() and button.toolTip()
        kinds = {action.objectName().rpartition(".")[2] for action in button.take_away.actions()}
        assert {"png", "svg", "pdf", "csv", "copyPicture", "copyNumbers"} <= kinds


def test_what_paints_itself_is_a_drawing_or_no_plot() -> None:
    """A new plot that paints itself is to be a `Drawing`, so that it can be taken away."""
    import ast

    root = Path(__file__).parents[2] / "workbench" / "gui"
    painting = {
        node.name
        for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(getattr(part, "name", "") == "paintEvent" for part in node.body)
    }
    assert painting - {"Drawing"} <= NO_PLOTS


def test_a_right_click_opens_our_menu_and_no_other(lab: MainWindow, qtbot: QtBot) -> None:
    for plot in plots(lab):
        if isinstance(plot, pg.PlotWidget):
            item = plot.getPlotItem()
            assert not item.menuEnabled() and not item.getViewBox().menuEnabled()
    plot = lab.lab.middle.curves.loss_plot
    plot.customContextMenuRequested.emit(QPoint(10, 10))
    opened = QApplication.activePopupWidget()
    assert isinstance(opened, TakeAwayMenu)
    opened.close()


def test_the_menu_of_the_window_takes_every_plot_of_the_training(
    lab: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for figure in lab.train.figures():
        for kind in write.KINDS:
            file = tmp_path / f"{figure.name}.{kind}"
            monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, f=file: (str(f), ""))
            name = f"file.{figure.name}.takeAway.{kind}"
            action = lab.menuBar().findChild(QAction, name)
            assert action is not None
            action.trigger()
            assert file.stat().st_size > 40
            assert lab.statusBar().currentMessage() == f"Saved as {file.name}"


def test_where_nothing_is_drawn_nothing_is_offered(window: MainWindow) -> None:
    menu = window.train.figures()[0].take_away.take_away
    menu.refresh()
    action = menu.findChild(QAction, "plot.gap.takeAway.png")
    assert action is not None and not action.isEnabled()
    feed(window.workspace)
    menu.refresh()
    assert action.isEnabled()


# --- what is in the file ---------------------------------------------------------------------


@pytest.mark.skipif(RSVG is None, reason="rsvg-convert (librsvg2-bin) is not installed")
@pytest.mark.parametrize("colouring", ["light", "dark", "print"])
def test_another_viewer_draws_the_same(lab: MainWindow, colouring: form.Colouring) -> None:
    taken = sheets(lab)
    assert {"plot.gap", "plot.loss", "lab.lossPlot", "lab.curvePlot", "lab.layers"} <= set(taken)
    for name, sheet in taken.items():
        wanted = Form(800, 500, 1, colouring)
        drawing = write.encoded(sheet, "svg", wanted)
        ours = pixels(write.encoded(sheet, "png", wanted))
        assert b"non-scaling-stroke" not in drawing
        difference = np.abs(by_rsvg(drawing) - ours).mean()
        assert difference < CLOSE, f"{name}: {difference}"


@pytest.mark.skipif(RSVG is None, reason="rsvg-convert (librsvg2-bin) is not installed")
def test_a_curve_stands_where_its_numbers_are(lab: MainWindow) -> None:
    """Both renderers have the line's colour at the pixels that the axes say, and not above."""
    sheet = gap(lab)
    assert isinstance(sheet.content, Graph)
    curve = next(one for one in sheet.content.curves if one.told == "before adapting")
    for picture in (
        pixels(write.encoded(sheet, "png", PLAIN)),
        by_rsvg(write.encoded(sheet, "svg", PLAIN)),
    ):
        with theme.current().wearing("print"):
            wanted = np.array(theme.current().color("before").getRgb()[:3])
        close = np.abs(picture - wanted).sum(2) < 60
        rows, columns = np.nonzero(close[80:])
        assert len(rows) > 100
        assert np.ptp(curve.y) == 0 and np.ptp(rows) <= 12
        share = (columns.max() - columns.min()) / (np.ptp(curve.x) or 1)
        assert share > 5


@pytest.mark.skipif(PDFTOPPM is None, reason="pdftoppm (poppler-utils) is not installed")
def test_a_pdf_opens_and_looks_the_same(lab: MainWindow, tmp_path: Path) -> None:
    for name, sheet in sheets(lab).items():
        file = tmp_path / "plot.pdf"
        file.write_bytes(write.encoded(sheet, "pdf", PLAIN))
        command = [str(PDFTOPPM), "-r", "96", "-png", "-singlefile", file, tmp_path / "page"]
        subprocess.run(command, check=True, capture_output=True)
        page = pixels((tmp_path / "page.png").read_bytes())
        ours = pixels(write.encoded(sheet, "png", PLAIN))
        assert page.shape == ours.shape
        assert np.abs(page - ours).mean() < CLOSE, name


def test_the_numbers_are_those_drawn_with_their_intervals(lab: MainWindow) -> None:
    header, *rows = numbers(gap(lab))
    assert header == ["series", "outer iteration", "MSE", "low", "high"]
    after = [row for row in rows if row[0].startswith("after")]
    assert [[float(cell) for cell in row[1:]] for row in after] == [
        [0.0, 3.5, 3.1, 3.9],
        [30.0, 1.5, 1.1, 1.9],
        [60.0, 0.5, pytest.approx(0.1), 0.9],
    ]
    before = [row for row in rows if row[0] == "before adapting"]
    assert [float(row[3]) for row in before] == pytest.approx([3.7] * 3)


def test_a_smoothed_line_gives_what_it_is_made_of_too(lab: MainWindow) -> None:
    sheet = lab.train.figures()[1].sheet()
    assert sheet is not None
    _, *rows = numbers(sheet)
    names = {row[0] for row in rows}
    assert names == {
        "support, before", "support, before (smoothed, ±25 steps)",
        "query, after", "query, after (smoothed, ±25 steps)",
    }  # fmt: skip
    raw = [float(row[2]) for row in rows if row[0] == "query, after"]
    assert raw == [3.0 / n for n in range(1, 61)]


def test_the_lab_gives_every_step(lab: MainWindow) -> None:
    steps = lab.lab.state.steps
    sheet = lab.lab.middle.curves.loss_sheet()
    assert sheet is not None
    _, *rows = numbers(sheet)
    query = [float(row[2]) for row in rows if row[0] == "query"]
    assert query == [step.query_loss for step in steps]
    norms = sheets(lab)["lab.layers"]
    assert {row[0]: float(row[1]) for row in numbers(norms)[1:]} == lab.lab.drawer.layers.norms


def test_the_legend_tells_every_line(lab: MainWindow) -> None:
    keys = [key.title for key in gap(lab).legend]
    assert {"before adapting", "95 % interval", "what adapting gains"} <= set(keys)
    assert any(key.startswith("after") for key in keys)
    described = write.encoded(gap(lab), "svg", PLAIN).decode()
    assert not [key for key in keys if key not in described]


# --- colours and sizes -----------------------------------------------------------------------


def test_colours_do_not_depend_on_the_window(lab: MainWindow) -> None:
    """Nor does the window change: not even for the moment of drawing."""
    taken = {}
    figure = lab.train.figures()[0]
    for mode in ("light", "dark"):
        theme.current().use(mode)
        before = figure.grab().toImage()
        for colouring in ("light", "dark", "print"):
            data = write.encoded(gap(lab), "png", Form(800, 500, 1, colouring))
            assert taken.setdefault(colouring, data) == data
        assert theme.current().palette == mode
        assert figure.grab().toImage() == before
    assert len(set(taken.values())) == 3
    assert pixels(taken["print"])[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(800, 500, 1), (1600, 1000, 1), (640, 640, 3)]
)
def test_a_picture_has_the_size_asked_for(
    lab: MainWindow, width: int, height: int, scale: int
) -> None:
    image = write.picture(gap(lab), Form(width, height, scale))
    assert (image.width(), image.height()) == (width * scale, height * scale)


def test_a_huge_size_is_refused_with_a_sentence(lab: MainWindow, qtbot: QtBot) -> None:
    dialog = SizeDialog(lab)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.width_box.setValue(900_000)
    dialog.accept()
    assert dialog.isVisible() and "too many" in dialog.problem.text()
    dialog.width_box.setValue(10)
    dialog.accept()
    assert dialog.isVisible() and "at least 200 pixels" in dialog.problem.text()
    dialog.width_box.setValue(900)
    dialog.accept()
    assert not dialog.isVisible() and form.remembered().width == 900
    with pytest.raises(BadInput, match="smaller size"):
        write.encoded(gap(lab), "png", Form(20_000, 500))


def test_size_scale_and_colours_are_chosen_and_remembered(lab: MainWindow) -> None:
    menu = buttons(lab)[0].take_away
    menu.refresh()
    for name, value in (("size", (1600, 1000)), ("scale", (3,)), ("colours", ("print",))):
        inner = menu.findChild(QMenu, f"{menu.objectName()}.{name}")
        assert inner is not None
        next(action for action in inner.actions() if action.data() == value).trigger()
    assert form.remembered() == Form(1600, 1000, 3, "print")
    titles = [action.text() for action in menu.actions() if action.menu() is not None]
    assert titles == [
        "Size: 1600 × 1000 pixels",
        "Scale of a picture: 3×",
        "Colours: print: black ink on white",
    ]


# --- the clipboard, and what goes wrong ------------------------------------------------------


def test_it_is_copied(lab: MainWindow) -> None:
    form.remember(Form(800, 500, 2, "light"))
    menu = lab.train.figures()[0].take_away.take_away
    for name in ("copyPicture", "copyNumbers"):
        action = menu.findChild(QAction, f"plot.gap.takeAway.{name}")
        assert action is not None
        action.trigger()
        if name == "copyPicture":
            assert QGuiApplication.clipboard().image().width() == 1600
    assert QGuiApplication.clipboard().text().startswith("series\touter iteration\tMSE")


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_lost(
    lab: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "gap.csv"
    old.write_text("as it was")

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    def ask(file: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(file), ""))
        action = lab.menuBar().findChild(QAction, "file.gap.takeAway.csv")
        assert action is not None
        action.trigger()

    ask(tmp_path / "missing" / "gap.csv")
    assert lab.messages.isVisible() and "gap.csv" in lab.messages.text
    assert "Choose another folder" in lab.messages.text
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail)
        ask(old)
    assert "No space left" in lab.messages.text and old.read_text() == "as it was"
    assert list(tmp_path.glob(".gap*")) == []
    ask(old)
    assert not lab.messages.isVisible() and old.read_text().startswith("series")


def test_a_suffix_is_added_where_it_is_missing(
    lab: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "my.plot"), ""))
    action = lab.menuBar().findChild(QAction, "file.gap.takeAway.svg")
    assert action is not None
    action.trigger()
    assert (tmp_path / "my.plot.svg").exists()


def test_a_training_goes_on_as_if_nothing_had_been_taken(window: MainWindow, qtbot: QtBot) -> None:
    """Losses of two runs, the second one drawn in every form while it ran."""
    space, losses = window.workspace, []
    space.draft.set_value("training", "iterations", 60)
    for taking in (False, True):
        qtbot.waitUntil(lambda: not space.draft.problems and space.data.family is not None)
        window.acts.start.trigger()
        qtbot.waitUntil(lambda: space.training.busy)
        qtbot.waitUntil(lambda: len(space.history.steps) > 0 or not space.training.busy)
        while taking and space.training.busy:
            for sheet in sheets(window).values():
                for kind in write.KINDS:
                    write.encoded(sheet, kind, PLAIN)
            QTest.qWait(1)
        qtbot.waitUntil(lambda: not space.training.busy)
        losses.append(space.history.steps.column(2).tolist())
    assert losses[0] == losses[1] and len(losses[0]) == 60


def test_the_right_click_of_a_curve_has_it_below_its_own(lab: MainWindow, qtbot: QtBot) -> None:
    plot = lab.lab.page.curve  # type: ignore[attr-defined]
    QTest.mouseMove(plot.viewport())
    from PySide6.QtGui import QContextMenuEvent

    place = plot.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, plot.mapToGlobal(place))
    QApplication.sendEvent(plot.viewport(), event)
    menu = plot.findChild(QMenu, "lab.curveMenu", Qt.FindChildOption.FindDirectChildrenOnly)
    assert menu is not None
    assert plot.take_away.take_away in [action.menu() for action in menu.actions()]
    menu.close()
