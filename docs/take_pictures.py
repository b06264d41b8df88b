"""Takes the pictures of docs/images from the real window, driven by real mouse and key events.

    python docs/take_pictures.py [--iterations 240] [--out docs/images] [NAME ...]

Without a display it draws off screen. Names: first, draw, scrub, views, compare, train, lab, runs,
tasks, queue, search, sinusoid, measured, text, control, boxes, ratings, dark; all by default.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docs import picture_data  # noqa: E402

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from workbench.gui.shell.main_window import MainWindow
    from workbench.gui.state.workspace import Workspace

SMALL, LARGE = (1280, 800), (1920, 1080)
NAMES = ("first", "draw", "scrub", "views", "compare", "train", "lab", "runs", "sinusoid", "text")
NAMES += ("tasks", "queue", "search", "measured", "control", "boxes", "ratings", "dark")
STROKES = [(0.25, 0.25), (0.45, 0.5), (0.75, 0.78)], [(0.72, 0.2), (0.5, 0.5), (0.2, 0.8)]
"""Of a cross, in the unit square."""

RANGES = {
    "training.outer_rate": "log:1e-4..1e-1",
    "algorithm.inner_steps": "1..5",
    "algorithm.inner_rate": "log:1e-3..1",
}
"""Of the search; the last one is in sight."""
SENTENCE = "We kneaded the loaf before breakfast."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME")
    parser.add_argument("--iterations", type=int, default=240, help="of the glyph model")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for name in ("DATA", "CONFIG", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = home
        Session(options).take()


class Session:
    """One window from its first paint to its end."""

    def __init__(self, options: argparse.Namespace) -> None:
        from workbench.gui.shell import app
        from workbench.gui.style import theme

        app.make_application(["take_pictures"])
        theme.current().use("light")
        self.options = options
        self.window: MainWindow
        self.space: Workspace
        self.window, self.space = app.make_window()
        self.window.resize(*SMALL)
        self.window.show()
        self.window.activateWindow()  # keys go to the active window
        if "first" in options.names:
            self.settle()
            self.save("lab-first")
        self.space.load()
        self.until(lambda: self.space.ready)

    def take(self) -> None:
        wanted = self.options.names
        for name in ("draw", "scrub", "views", "compare"):
            if name in wanted:
                getattr(self, name)()
        if set(wanted) & {"train", "lab", "runs", "tasks", "dark"}:
            self.train_glyphs()
        later = ("lab", "runs", "tasks", "queue", "sinusoid", "measured", "text", "control")
        for name in (*later, "search", "boxes", "ratings", "dark"):
            if name in wanted:
                getattr(self, name)()
        self.window.close()
        self.space.shut_down()

    # --- the pictures ------------------------------------------------------------------------

    def draw(self) -> None:
        """A character of one's own in place of class C's, with the mouse."""
        from PySide6.QtCore import QPoint

        self.adapted()
        lab = self.window.lab
        slot, popup = lab.page.support.slot(2, 0), lab.page.support.editing.drawing
        slot.setFocus()
        self.key(slot, "D")
        self.until(popup.isVisible)
        side = popup.canvas.width()
        for stroke in STROKES:
            self.drag(popup.canvas, [QPoint(int(x * side), int(y * side)) for x, y in stroke])
        self.adapted()
        self.save("lab-draw", popup)
        popup.hide()
        self.click(lab.header.restore)
        self.adapted()

    def scrub(self) -> None:
        """The scrubber at three steps, more than were trained."""
        self.type_into_spin("lab.steps", 10)
        self.adapted()
        slider = self.window.lab.middle.scrubber.slider
        for step in (0, 1, 10):
            self.key(slider, "Home")
            for _ in range(step):
                self.key(slider, "Right")
            self.settle()
            assert self.window.lab.state.cursor == step
            self.save(f"lab-step-{step}")
        self.type_into_spin("lab.steps", 3)
        self.adapted()

    def views(self) -> None:
        """What opens below the lab, in a larger window."""
        drawer = self.window.lab.drawer
        self.window.resize(*LARGE)
        self.settle()
        self.click(drawer.toggles["embedding"])
        self.until(lambda: drawer.embedding.result is not None)
        self.save("lab-embedding")
        for view in (drawer.time_machine, drawer.landscape, drawer.xray):
            self.click(drawer.toggles[view.name])
            self.click(view.offer.ask)
            self.until(lambda seen=view: seen.result is not None and not seen.computing)
            self.settle()
            self.save(f"lab-{view.name.replace('timeMachine', 'time-machine')}")
        self.click(drawer.toggles[drawer.xray.name])
        self.window.resize(*SMALL)
        self.settle()

    def compare(self) -> None:
        """Six learners on one support set: the bundled one, its rivals, and a floor."""
        view = self.window.lab.compare
        self.click(view.toggle)
        self.until(lambda: bool(view.listing.examples))
        for offer in (*view.listing.examples, *view.listing.baselines()):
            if not (offer.reason or view.comparison.full):
                view.comparison.add(offer.choice)
        columns = view.comparison.columns
        self.until(lambda: all(column.steps or column.problem for column in columns))
        self.settle()
        self.save("lab-compare-small")
        self.window.resize(*LARGE)
        self.settle()
        self.save("lab-compare")
        self.window.resize(*SMALL)
        self.click(view.toggle)
        self.adapted()

    def train_glyphs(self) -> None:
        self.press("1", control=True)
        self.use("glyphs")
        self.settle()
        self.save("train-before")
        iterations = self.options.iterations
        self.type_into("training.iterations", iterations)
        self.type_into("training.eval_interval", max(iterations // 8, 1))
        self.press("F5")
        self.until(lambda: self.space.history.iteration >= 0.7 * iterations)
        self.save("train-during")
        self.until(lambda: self.space.training.state == "FINISHED")
        self.settle()
        self.save("train-after")
        self.window.resize(*LARGE)
        self.settle()
        self.save("train-large")
        self.window.resize(*SMALL)

    def lab(self) -> None:
        """One support picture of class B is replaced by one of another class."""
        from PySide6.QtWidgets import QComboBox

        self.press("2", control=True)
        self.type_into_spin("tasks.seed", 7)
        self.adapted()
        self.save("lab-before")
        self.click(self.window.lab.page.support.slot(1, 0))
        picker = self.window.lab.page.support.editing.picker
        classes = picker.findChild(QComboBox, "lab.picker.class")
        assert classes is not None
        for _ in range(12):
            self.key(classes, "Down")
        self.settle()
        grid = picker.grid
        self.click(grid.viewport(), grid.visualRect(grid.model().index(4, 0)).center())
        self.adapted()
        self.save("lab-after")

    def runs(self) -> None:
        self.press("3", control=True)
        self.until(lambda: self.window.runs.model.rowCount() > 0)
        table = self.window.runs.table
        self.click(table.viewport(), table.visualRect(self.window.runs.model.index(0, 0)).center())
        self.settle()
        self.save("runs")

    def tasks(self) -> None:
        """Every task of the run's own test."""
        self.press("3", control=True)
        self.until(lambda: self.window.runs.model.rowCount() > 0)
        table = self.window.runs.table
        self.click(table.viewport(), table.visualRect(self.window.runs.model.index(0, 0)).center())
        self.settle()
        button = self.window.runs.buttons.buttons["tasks"]
        self.until(button.isEnabled)
        self.click(button)
        explorer = self.window.explorers.window
        assert explorer is not None
        self.until(lambda: explorer.state.seen is not None)
        explorer.resize(*SMALL)
        self.settle()
        self.save("tasks", window=explorer)
        explorer.close()

    def queue(self) -> None:
        """Three experiments wait, and the first of them trains."""
        self.press("1", control=True)
        self.use("sinusoid")
        for seed in range(3):
            self.type_into("training.seed", seed)
            self.press("F6")
            self.until(lambda wanted=seed + 1: len(self.space.queue.lines) == wanted)
        self.window.docks()[-1].raise_()
        self.press("F6", control=True)
        self.until(lambda: self.space.history.iteration >= 2000)
        self.settle()
        self.save("queue")
        self.window.acts.stop.trigger()
        self.until(lambda: not self.space.training.busy)

    def search(self) -> None:
        """Ranges in the form, a search of short trainings, and its pictures while it goes on."""
        from workbench.gui.forms.panel import SettingsPanel
        from workbench.gui.forms.searched_bar import SearchedBar

        self.press("1", control=True)
        self.use("sinusoid")
        for field, value in (("iterations", 120), ("eval_interval", 40)):
            self.space.draft.set_value("training", field, value)
        for field, text in RANGES.items():
            self.range_of(field, text)
        self.until(lambda: self.space.forecast.forecast is not None)
        self.settle()
        self.save("search-form", window=self.window.findChild(SettingsPanel))
        self.click(self.window.findChild(SearchedBar).button)
        dialog = self.window.searches.dialog
        dialog.terms.pruner.setCurrentIndex(1)
        self.until(lambda: " · " in dialog.told.text())  # what it takes is known
        self.settle()
        self.save("search-dialog", window=dialog)
        self.click(dialog.deciding[0])
        self.until(lambda: self.window.searches.window is not None)
        study = self.window.searches.window
        self.until(lambda: study.seen is not None and len(study.seen.trials) >= 26)
        for page in study.pages:
            study.tabs.setCurrentWidget(page)
            self.settle()
            self.save(page.objectName().replace("study.", "search-"), window=study)
        self.click(study.stop)
        self.until(lambda: not self.space.training.busy)
        study.close()
        self.window.activateWindow()

    def range_of(self, field: str, text: str) -> None:
        """Typed in place of the value, as the menu of the field offers it."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QScrollArea

        from workbench.gui.forms.fields import FieldRow
        from workbench.gui.forms.panel import SettingsPanel

        named = f"param.{field}"
        rows = (one for one in self.window.findChildren(FieldRow) if one.isVisible())
        row = next(one for one in rows if one.target.objectName() == named)
        row.make_menu().actions()[-1].trigger()
        QTest.keyClicks(row.range.line, text)
        area = self.window.findChild(SettingsPanel).findChild(QScrollArea)
        area.ensureWidgetVisible(row, 0, 160)

    def sinusoid(self) -> None:
        from PySide6.QtCore import QPointF

        self.press("1", control=True)
        self.use("sinusoid")
        self.type_into("training.iterations", 3000)
        self.press("F5")
        self.until(lambda: self.space.training.state == "FINISHED")
        self.press("2", control=True)
        self.type_into_spin("tasks.seed", 3)
        self.adapted()
        plot, task = self.window.lab.page.curve, self.space.in_view.task
        x, y = float(task.support_x[4]), float(task.support_y[4])
        path = (QPointF(x, y - 0.25 * part * (1 if y > 0 else -1)) for part in range(9))
        self.drag(plot.viewport(), [plot.mapFromScene(self.scene_of(plot, p)) for p in path])
        self.click(plot.viewport(), plot.mapFromScene(self.scene_of(plot, QPointF(4.2, 1.0))))
        self.adapted()
        self.save("lab-sinusoid")

    def measured(self) -> None:
        """Columns are mapped, a row is dragged, and a number is written into the table."""
        from workbench.gui.forms.columns.dialog import ColumnsDialog
        from workbench.gui.forms.columns.model import USE

        folder = Path(os.environ["XDG_DATA_HOME"])
        self.press("1", control=True)
        self.space.draft.use_preset("curves_csv-maml-quick")
        self.drop(picture_data.answers(folder / "answers.csv"))
        self.click(self.button("param.task.root.columns"))
        dialog = self.window.findChild(ColumnsDialog)
        assert dialog is not None
        dialog.model.setData(dialog.model.index(3, USE), "output_columns", 2)
        self.settle()
        self.save("measured-columns", window=dialog)
        dialog.accept()
        self.window.activateWindow()
        self.settle()
        self.train_measured()
        self.save("measured-before")
        page = self.window.lab.page
        page.editing.move(1, dict(zip(page.view.axes.parts, (1.6, 6.5), strict=True)))
        page.editing.write(2, page.view.table.rows.parts[2], "5,5")
        self.adapted()
        self.save("measured-after")
        self.drop(picture_data.cooling(folder / "cooling.csv"))
        for field in ("input_columns", "output_columns", "id_column"):
            self.space.draft.set_value("task", field, "")
        self.train_measured()
        plot = page.view.plot
        self.until(lambda: plot.fitted.at(self.window.lab.state.cursor) is not None)
        self.save("measured-curve-before")
        page.editing.add(dict(zip(page.view.axes.parts, (55.0, 60.0), strict=True)))
        self.adapted()
        self.until(lambda: plot.fitted.at(self.window.lab.state.cursor) is not None)
        self.settle()
        self.save("measured-curve-after")

    def train_measured(self) -> None:
        self.until(self.in_view)
        self.type_into("training.iterations", 1500)
        self.press("F5")
        self.until(lambda: self.space.training.state == "FINISHED")
        self.press("2", control=True)
        self.type_into_spin("tasks.seed", 4)
        self.adapted()

    def text(self) -> None:
        """A sentence is written into class B, and a query sentence asked why."""
        from PySide6.QtTest import QTest

        self.press("1", control=True)
        self.space.draft.choose("task", "topics")
        self.space.draft.choose("model", "text_mlp")
        self.space.draft.choose("algorithm", "maml")
        self.space.draft.set_value("algorithm", "inner_rate", 3.0)
        self.until(self.in_view)
        self.type_into("task.shots", 2)
        self.type_into("training.iterations", self.options.iterations)
        self.until(self.in_view)
        self.press("F5")
        self.until(lambda: self.space.training.state == "FINISHED")
        self.press("2", control=True)
        self.window.resize(*LARGE)
        self.type_into_spin("tasks.seed", 2)
        self.adapted()
        lines, queries = self.window.lab.page.lines, self.window.lab.page.queries
        line = lines.visualRect(lines.rows.at(("line", 1, 0)))
        self.click(lines.viewport(), line.center())
        editor = lines.editor.written
        editor.selectAll()
        QTest.keyClicks(editor, SENTENCE)
        self.key(editor, "Return")
        self.adapted()
        self.click(queries.viewport(), queries.visualRect(queries.rows.at(1)).center())
        self.until(lambda: bool(queries.carry.found))
        self.settle()
        self.save("lab-text")
        self.key(self.window.lab, "Escape")
        self.window.resize(*SMALL)

    def control(self) -> None:
        """A goal is moved, an agent driven to it, and learners are compared on it."""
        self.press("1", control=True)
        self.use("navigation-quick")
        self.press("F5")
        self.until(lambda: self.space.training.state == "FINISHED")
        self.press("2", control=True)
        self.type_into_spin("tasks.seed", 3)
        self.adapted()
        self.save("control-before")
        side = self.window.lab.page.side
        self.click(side.map, side.map.square.point((0.25, 0.75)).toPoint())
        self.adapted()
        self.save("control-after")
        self.click(side.drive.toggle)
        for key in (*("Up", "Left") * 4, "Return"):
            self.key(side.map, key)
        self.adapted()
        self.save("control-driven")
        self.press("Z", control=True)
        self.adapted()
        view = self.window.lab.compare
        self.click(view.toggle)
        self.until(lambda: not view.listing.reading)
        for offer in (*view.listing.checkpoints, *view.listing.baselines()):
            if not (offer.reason or view.comparison.full):
                view.comparison.add(offer.choice)
        columns = view.comparison.columns
        self.until(lambda: all(column.steps or column.problem for column in columns))
        self.settle()
        self.save("control-compare")
        self.click(view.toggle)

    def boxes(self) -> None:
        """A box is moved by hand from the thing it is round to another one."""
        self.press("1", control=True)
        self.use("scenes-quick")
        self.press("F5")
        self.until(lambda: self.space.training.state == "FINISHED")
        self.boxes_by_hand()

    def boxes_by_hand(self) -> None:
        from PySide6.QtCore import QPointF

        self.press("2", control=True)
        self.type_into_spin("tasks.seed", 3)
        self.adapted()
        self.save("boxes-before")
        support = self.window.lab.page.support
        tile, box = support.tiles.box(0), support.editing.boxes(0)[0]
        start = QPointF(tile.x() + box[0] * tile.width(), tile.y() + box[1] * tile.height())
        end = tile.center() + (tile.center() - start)
        self.drag(support, [start.toPoint(), ((start + end) / 2).toPoint(), end.toPoint()])
        self.click(self.window.lab.page.query.heat)
        self.adapted()
        self.save("boxes-after")

    def ratings(self) -> None:
        """An item is rated otherwise, and another one asked about; then four learners rank."""
        from PySide6.QtCore import QPointF, QRectF

        from workbench.gui.kinds.ratings.card_delegate import star_box

        self.press("1", control=True)
        self.use("tastes-quick")
        self.press("F5")
        self.until(lambda: self.space.training.state == "FINISHED")
        self.press("2", control=True)
        self.adapted()
        self.save("ratings-before")
        cards, ranking = self.window.lab.page.cards, self.window.lab.page.ranking.list
        for place in range(2):
            stars = star_box(QRectF(cards.visualRect(cards.rows.index(place))), cards.rows.scale)
            far = 0.5 if cards.rows.rows[place].stars >= 3 else 4.5
            self.click(
                cards.viewport(),
                QPointF(stars.left() + far * stars.height(), stars.center().y()).toPoint(),
            )
            self.adapted()
        self.click(ranking.viewport(), ranking.visualRect(ranking.rows.index(0)).center())
        self.until(lambda: all(card.influence is not None for card in cards.rows.rows))
        self.settle()
        self.save("ratings-after")
        self.key(self.window.lab, "Escape")

    def dark(self) -> None:
        from PySide6.QtGui import QAction

        self.space.draft.use_preset("glyphs")
        self.press("3", control=True)
        self.until(lambda: self.window.runs.model.rowCount() > 0)
        model = self.window.runs.model
        row = next(i for i, run in enumerate(model.runs) if "glyphs" in run.path.name)
        table = self.window.runs.table
        self.click(table.viewport(), table.visualRect(model.index(row, 0)).center())
        self.key(table, "Return")
        self.space.open_run(model.runs[row].path)
        self.until(lambda: self.space.history.iteration >= self.options.iterations)
        self.press("1", control=True)
        action = self.window.findChild(QAction, "actionTheme.dark")
        assert action is not None
        action.trigger()
        self.settle()
        self.save("train-dark")

    # --- a hand and an eye -------------------------------------------------------------------

    def use(self, preset: str) -> None:
        """Choose a preset in the box, with the keyboard, and wait for its data."""
        from PySide6.QtWidgets import QComboBox

        box = self.window.findChild(QComboBox, "settings.preset")
        assert box is not None
        self.key(box, "Home")
        rows = range(box.findData(preset))
        for _ in filter(None, map(box.itemData, rows)):  # keys pass over the headings
            self.key(box, "Down")
        assert self.space.draft.preset == preset
        self.until(self.in_view)

    def in_view(self) -> bool:
        family, config = self.space.data.family, self.space.draft.config
        ready = family is not None and config is not None and family.params == config.task
        return ready and self.space.in_view.task is not None

    def drop(self, file: Path) -> None:
        self.window._dropping.take(file)

    def button(self, name: str) -> QWidget:
        from PySide6.QtWidgets import QPushButton

        found = self.window.findChild(QPushButton, name)
        assert found is not None
        return found

    def type_into(self, field: str, value: object) -> None:
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QLineEdit

        line = self.window.findChild(QLineEdit, f"param.{field}")
        assert line is not None
        line.selectAll()
        QTest.keyClicks(line, str(value))
        self.key(line, "Return")

    def type_into_spin(self, name: str, value: int) -> None:
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QSpinBox

        spin = self.window.findChild(QSpinBox, name)
        assert spin is not None
        spin.selectAll()
        QTest.keyClicks(spin, str(value))
        self.key(spin, "Return")

    def press(self, key: str, control: bool = False) -> None:
        """A key for the whole window, as its shortcuts take it."""
        self.key(self.window, key, control)

    def key(self, widget: QWidget, key: str, control: bool = False) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(widget, getattr(Qt.Key, f"Key_{key}"), held)

    def click(self, widget: QWidget, place: object = None) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(widget, left, none, place or widget.rect().center())

    def drag(self, widget: QWidget, path: list) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(widget, left, none, path[0])
        for point in path[1:]:
            QTest.mouseMove(widget, point, 30)
        QTest.mouseRelease(widget, left, none, path[-1])

    def scene_of(self, plot, point):  # type: ignore[no-untyped-def]
        return plot.plot.getViewBox().mapViewToScene(point)

    def adapted(self) -> None:
        """The newest adaptation is whole and painted."""
        state = self.window.lab.state
        self.settle()
        self.until(lambda: bool(state.steps) and not state.busy)
        self.settle()

    def settle(self) -> None:
        from workbench.gui.shell import app

        app.wait(lambda: False, 1.5)

    def until(self, done: Callable[[], bool]) -> None:
        from workbench.gui.shell import app

        app.wait(done, 600)
        if not done():
            raise SystemExit("the window did not get there")

    def save(self, name: str, popup: QWidget | None = None, window: QWidget | None = None) -> None:
        """With a palette of 256 colours: flat areas need no more, and pages load faster.

        A popup is a window of its own, and is painted where it stands.
        """
        from PIL import Image
        from PySide6.QtGui import QPainter

        file = self.options.out / f"{name}.png"
        picture = (window or self.window).grab()
        if popup is not None:
            painter = QPainter(picture)
            painter.drawPixmap(self.window.mapFromGlobal(popup.pos()), popup.grab())
            painter.end()
        picture.save(str(file))
        with Image.open(file) as picture:
            small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        small.save(file, optimize=True)
        sys.stdout.write(f"{file.name} {file.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
