"""What is taken away is what was drawn: in any viewer, with all numbers, in chosen colours."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.gui.take_away_kit import (
    CLOSE,
    PDFTOPPM,
    PLAIN,
    buttons,
    by_rsvg,
    gap,
    needs_pdftoppm,
    needs_rsvg,
    numbers,
    pixels,
    sheets,
)
from workbench.core.errors import BadInput
from workbench.gui.plots.race import RaceFigure
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style import theme
from workbench.gui.takeaway import form, write
from workbench.gui.takeaway.form import Form
from workbench.gui.takeaway.graph import Graph
from workbench.gui.takeaway.size_dialog import SizeDialog

# --- what is in the file ---------------------------------------------------------------------


@needs_rsvg
@pytest.mark.parametrize("colouring", ["light", "dark", "print"])
def test_another_viewer_draws_the_same(filled: MainWindow, colouring: form.Colouring) -> None:
    taken = sheets(filled)
    assert {"plot.gap", "plot.loss", "lab.lossPlot", "lab.curvePlot", "lab.layers"} <= set(taken)
    for name, sheet in taken.items():
        wanted = Form(800, 500, 1, colouring)
        drawing = write.encoded(sheet, "svg", wanted)
        ours = pixels(write.encoded(sheet, "png", wanted))
        assert b"non-scaling-stroke" not in drawing
        difference = np.abs(by_rsvg(drawing) - ours).mean()
        assert difference < CLOSE, f"{name}: {difference}"


@needs_rsvg
def test_a_curve_stands_where_its_numbers_are(filled: MainWindow) -> None:
    """Both renderers have the line's colour at the pixels that the axes say, and not above."""
    sheet = gap(filled)
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


@needs_pdftoppm
def test_a_pdf_opens_and_looks_the_same(filled: MainWindow, tmp_path: Path) -> None:
    for name, sheet in sheets(filled).items():
        file = tmp_path / "plot.pdf"
        file.write_bytes(write.encoded(sheet, "pdf", PLAIN))
        command = [str(PDFTOPPM), "-r", "96", "-png", "-singlefile", file, tmp_path / "page"]
        subprocess.run(command, check=True, capture_output=True)
        page = pixels((tmp_path / "page.png").read_bytes())
        ours = pixels(write.encoded(sheet, "png", PLAIN))
        assert page.shape == ours.shape
        assert np.abs(page - ours).mean() < CLOSE, name


def test_the_numbers_are_those_drawn_with_their_intervals(filled: MainWindow) -> None:
    header, *rows = numbers(gap(filled))
    assert header == ["series", "outer iteration", "MSE", "low", "high"]
    after = [row for row in rows if row[0].startswith("after")]
    assert [[float(cell) for cell in row[1:]] for row in after] == [
        [0.0, 3.5, 3.1, 3.9],
        [30.0, 1.5, 1.1, 1.9],
        [60.0, 0.5, pytest.approx(0.1), 0.9],
    ]
    before = [row for row in rows if row[0] == "before adapting"]
    assert [float(row[3]) for row in before] == pytest.approx([3.7] * 3)


def test_a_smoothed_line_gives_what_it_is_made_of_too(filled: MainWindow) -> None:
    sheet = filled.train.figures()[1].sheet()
    assert sheet is not None
    _, *rows = numbers(sheet)
    names = {row[0] for row in rows}
    assert names == {
        "support, before", "support, before (smoothed, ±25 steps)",
        "query, after", "query, after (smoothed, ±25 steps)",
    }  # fmt: skip
    raw = [float(row[2]) for row in rows if row[0] == "query, after"]
    assert raw == [3.0 / n for n in range(1, 61)]


def test_the_lab_gives_every_step(filled: MainWindow) -> None:
    steps = filled.lab.state.steps
    sheet = filled.lab.middle.curves.loss_sheet()
    assert sheet is not None
    _, *rows = numbers(sheet)
    query = [float(row[2]) for row in rows if row[0] == "query"]
    assert query == [step.query_loss for step in steps]
    norms = sheets(filled)["lab.layers"]
    assert {row[0]: float(row[1]) for row in numbers(norms)[1:]} == filled.lab.drawer.layers.norms


def test_the_legend_tells_every_line(filled: MainWindow) -> None:
    keys = [key.title for key in gap(filled).legend]
    assert {"before adapting", "95 % interval", "what adapting gains"} <= set(keys)
    assert any(key.startswith("after") for key in keys)
    described = write.encoded(gap(filled), "svg", PLAIN).decode()
    assert not [key for key in keys if key not in described]


# --- colours and sizes -----------------------------------------------------------------------


def test_colours_do_not_depend_on_the_window(filled: MainWindow) -> None:
    """Nor does the window change: not even for the moment of drawing."""
    taken = {}
    figure = filled.train.figures()[0]
    for mode in ("light", "dark"):
        theme.current().use(mode)
        before = figure.grab().toImage()
        for colouring in ("light", "dark", "print"):
            data = write.encoded(gap(filled), "png", Form(800, 500, 1, colouring))
            assert taken.setdefault(colouring, data) == data
        assert theme.current().palette == mode
        assert figure.grab().toImage() == before
    assert len(set(taken.values())) == 3
    assert pixels(taken["print"])[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(800, 500, 1), (1600, 1000, 1), (640, 640, 3)]
)
def test_a_picture_has_the_size_asked_for(
    filled: MainWindow, width: int, height: int, scale: int
) -> None:
    image = write.picture(gap(filled), Form(width, height, scale))
    assert (image.width(), image.height()) == (width * scale, height * scale)


def test_a_huge_size_is_refused_with_a_sentence(filled: MainWindow, qtbot: QtBot) -> None:
    dialog = SizeDialog(filled)
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
        write.encoded(gap(filled), "png", Form(20_000, 500))


def test_size_scale_and_colours_are_chosen_and_remembered(filled: MainWindow) -> None:
    menu = buttons(filled)[0].take_away
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


# --- the picture of a race -------------------------------------------------------------------


def race() -> dict[str, Any]:
    """Two contenders that ran with two seeds, and one that could not."""

    def row(title: str, after: float) -> dict[str, Any]:
        steps = [{"mean": 0.2, "ci95": 0.01}, {"mean": after, "ci95": 0.02, "median": after}]
        seeds = [{"steps": [{"mean": after - 0.01}]}, {"steps": [{"mean": after + 0.01}]}]
        return {"title": title, "steps": steps, "seeds": seeds, "transductive": False}

    out = {"title": "Broken", "steps": [], "seeds": [], "problem": "needs classes. More."}
    task = {"name": "glyphs", "ways": 5, "shots": 1}
    return {
        "metric": "accuracy", "contenders": [row("MAML", 0.6), row("Reptile", 0.5), out],
        "config": {"task": task}, "budget": {"iterations": 100}, "seeds": [0, 1], "tasks": 600,
        "chance": 0.2,
    }  # fmt: skip


@needs_rsvg
def test_a_race_is_a_sheet_like_any_other() -> None:
    sheet = RaceFigure(race()).sheet()
    header, *rows = numbers(sheet)
    assert header[:5] == ["algorithm", "before", "after", "low", "high"]
    assert [row[0] for row in rows] == ["MAML", "Reptile", "Broken"]
    assert [float(cell) for cell in rows[0][1:6]] == pytest.approx([0.2, 0.6, 0.58, 0.62, 0.6])
    assert rows[2][-1] == "needs classes. More."
    assert {"before adapting", "after adapting", "chance"} <= {key.title for key in sheet.legend}
    ours = pixels(write.encoded(sheet, "png", PLAIN))
    assert np.abs(by_rsvg(write.encoded(sheet, "svg", PLAIN)) - ours).mean() < CLOSE
