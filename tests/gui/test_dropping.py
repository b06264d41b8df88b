"""A folder, a zip, a table or points dropped anywhere become the data of the form."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder, settled
from workbench.core.errors import BadInput
from workbench.gui.shell.main_window import MainWindow
from workbench.tasks.own.recognised import recognised

LEFT, COPY = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
NO_KEYS = Qt.KeyboardModifier.NoModifier
GRID = 40
"""Pixels between the places where a drop is tried."""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return draw_folder(tmp_path / "pictures", classes=6, pictures=3)


def files(*paths: Path) -> QMimeData:
    """As file managers give them: as addresses, and as text."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(map(str, paths)))
    return data


def taker(window: QWidget, at: QPoint, data: QMimeData) -> QWidget | None:
    """Who takes what is dragged over a place: as Qt asks, from the innermost widget outwards."""
    widget = window.childAt(at) or window
    event = QDragEnterEvent(widget.mapFrom(window, at), COPY, data, LEFT, NO_KEYS)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return window if event.isAccepted() else None


def drop(window: QWidget, at: QPoint, data: QMimeData) -> None:
    assert taker(window, at, data) is not None
    widget = window.childAt(at) or window
    where = QPointF(widget.mapFrom(window, at))
    QApplication.sendEvent(widget, QDropEvent(where, COPY, data, LEFT, NO_KEYS))


@pytest.mark.parametrize(
    "tab", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
def test_every_place_of_every_tab_takes_a_folder(
    window: MainWindow, pictures: Path, tab: int
) -> None:
    window.tabs.setCurrentIndex(tab)
    data = files(pictures)
    refused = [
        (x, y)
        for x in range(4, window.width(), GRID)
        for y in range(4, window.height(), GRID)
        if taker(window, QPoint(x, y), data) is None
    ]
    assert not refused


@pytest.mark.parametrize("name", ["tasks.search", "param.task.shots", "panel.runs", "panel.log"])
def test_a_folder_becomes_the_data_wherever_it_falls(
    window: MainWindow, qtbot: QtBot, pictures: Path, name: str
) -> None:
    window.tabs.setCurrentIndex(2)
    place = window.findChild(QWidget, name)
    assert place is not None
    drop(window, place.mapTo(window, place.rect().center()), files(pictures))
    task = window.workspace.draft.values["task"]
    assert (task["name"], task["root"]) == ("image_folder", str(pictures))


def test_a_zip_is_dropped_on_the_lab_that_waits_for_data(
    window: MainWindow, qtbot: QtBot, pictures: Path
) -> None:
    space, lab = window.workspace, window.lab
    window.tabs.setCurrentWidget(lab)
    space.draft.choose("task", "image_folder")
    qtbot.waitUntil(lambda: "Choose a folder" in window.messages.text)
    archive = Path(shutil.make_archive(str(pictures), "zip", pictures))
    for name, value in {"ways": 2, "shots": 1, "queries": 1}.items():
        space.draft.set_value("task", name, value)
    drop(window, lab.mapTo(window, lab.rect().center()), files(archive))
    assert space.draft.values["task"]["root"] == str(archive)
    qtbot.waitUntil(lambda: space.data.family is not None)
    assert not window.messages.isVisible()


def test_a_drop_is_one_step_of_undo_and_brings_a_model_that_fits(
    window: MainWindow, tmp_path: Path
) -> None:
    table = tmp_path / "sentences.csv"
    table.write_text("text,label\nhow do I pay,money\nwhere is it,place\n")
    draft = window.workspace.draft
    draft.use_preset("glyphs")
    before = draft.values
    window._dropping.take(table)
    assert draft.values["task"]["name"] == "text" and draft.values["model"]["name"] != "conv4"
    assert not [p for p in draft.problems if p.where.endswith(".name")]
    draft.undo.undo()
    assert draft.values == before


def test_points_become_the_support_set_of_a_curve(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    table = tmp_path / "points.csv"
    table.write_text("x;y\n-20,5;3\n4;8,25\n60;-1\n")
    window.workspace.draft.use_preset("glyphs")
    window.tabs.setCurrentIndex(0)
    window._dropping.take(table)
    view = window.workspace.in_view
    qtbot.waitUntil(lambda: len(getattr(view.task, "support_x", ())) == 3)
    assert view.task.support_x.tolist() == [-20.5, 4.0, 60.0]  # type: ignore[union-attr]
    assert window.tabs.currentWidget() is window.lab
    qtbot.waitUntil(lambda: settled(window.lab.state))


def test_a_scene_is_opened_from_every_tab(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    window.lab.scenes.save(tmp_path / "kept.mlab")
    window.tabs.setCurrentIndex(2)
    drop(window, window.runs.mapTo(window, QPoint(5, 5)), files(tmp_path / "kept.mlab"))
    assert window.tabs.currentWidget() is window.lab


def test_what_is_nothing_to_learn_from_is_said_and_the_next_drop_ends_it(
    window: MainWindow, pictures: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.docx").write_text("x")
    window._dropping.take(tmp_path / "notes.docx")
    assert "notes.docx" in window.messages.text and window.messages.isVisible()
    window._dropping.take(pictures)
    assert "notes.docx" not in window.messages.text or not window.messages.isVisible()


@pytest.mark.parametrize(
    ("name", "text", "family"),
    [
        ("a.csv", "filename,label\none.jpg,cat\n", "image_folder"),
        ("a.tsv", "text\tlabel\nhello\tgreeting\n", "text"),
        ("a.csv", "1,2\n3,4\n", "sinusoid"),
        ("a.csv", "id;x;y\na;0,5;1\nb;1;2\n", "curves_csv"),
        ("a.csv", "1,2,3\n4,5,6\n", "curves_csv"),
        ("a.csv", "text,label,x,y\nhow,1,2,3\n", "text"),
        ("a.csv", "userId,movieId,rating,timestamp\n1,2,3,4\n", "ratings"),
        ("a.inter", "user_id:token\titem_id:token\trating:float\n1\t2\t3\n", "ratings"),
        ("a.json", "[]", "text"),
        ("a.npz", "", "image_folder"),
        ("folder/greeting.txt", "hello", "text"),
    ],
)
def test_what_is_brought_is_known_by_a_look(
    tmp_path: Path, name: str, text: str, family: str
) -> None:
    file = tmp_path / "brought" / name
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert recognised(file.parent if "/" in name else file).family == family


def test_a_folder_without_anything_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="neither pictures"):
        recognised(tmp_path / "empty")


def test_data_used_lately_is_offered_and_comes_back(
    window: MainWindow, qtbot: QtBot, pictures: Path
) -> None:
    space = window.workspace
    for name, value in {"ways": 2, "shots": 1, "queries": 1}.items():
        space.draft.choose("task", "image_folder")
        space.draft.set_value("task", name, value)
    window._dropping.take(pictures)
    qtbot.waitUntil(
        lambda: space.data.family is not None and space.data.family.params.name == "image_folder"
    )
    space.draft.use_preset("glyphs")
    menu = window.findChild(QMenu, "menu.recentFolders")
    assert menu is not None and menu.title() == "Recent data"
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert space.draft.values["task"]["root"] == str(pictures)
