"""Names of unknown origin are text: no tag in them is obeyed, no control character acts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import draw_folder, settled, wait_for_task
from tests.gui.quiet import quiet
from tests.tiny import tiny_config, training
from workbench.core.errors import BadInput
from workbench.experiments.store import default_root
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style.widgets import plain

TAGGED = ["<img src=x>", "<b>bold", "a\x1b[2J", "two\nlines", "&lt;b", "\u202eturned"]
TAGS = ("<img src=", "<b>bold", "<b>run", "<b>damaged")


@pytest.fixture
def named(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """Classes, runs and a skipped file with such names."""
    root = draw_folder(tmp_path / "pictures", classes=12, pictures=4)
    for folder, name in zip(sorted(root.iterdir()), TAGGED * 2, strict=True):
        number = folder.name[-2:]
        folder.rename(root / f"{name}{number}")
    (root / "<b>bold01" / "<img src=y>.png").write_text("no picture")
    for name in ("<img src=z>", "<b>run\x1b", "a&b"):
        events = training(tiny_config(), default_root() / name).events()
        assert list(events)[-1].reason == "completed"  # type: ignore[union-attr]
    (default_root() / "<b>damaged\x1b").mkdir()
    space = window.workspace
    space.run_list.reload()
    qtbot.waitUntil(lambda: len(window.runs.model.runs) == 4)
    space.draft.choose("task", "image_folder")
    space.draft.choose("model", "conv4")
    values = {"root": str(root), "ways": 2, "shots": 1, "queries": 1}
    for field, value in values.items():
        space.draft.set_value("task", field, value)
    space.draft.set_value("model", "filters", 4)
    wait_for_task(qtbot, space)
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: settled(window.lab.state))
    return window


def said(widget: QWidget) -> Iterator[tuple[str, bool]]:
    """Each text of a widget, and whether Qt looks for tags in it."""
    yield widget.toolTip(), True
    if isinstance(widget, QLabel):
        yield widget.text(), widget.textFormat() == Qt.TextFormat.AutoText
    if isinstance(widget, QComboBox):
        yield from ((widget.itemText(row), False) for row in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from cells(widget.model(), QModelIndex())


def cells(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[tuple[str, bool]]:
    for row in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield str(index.data(Qt.ItemDataRole.ToolTipRole) or ""), True
            yield str(index.data() or ""), False
            yield from cells(model, index) if column == 0 else ()


def test_nothing_that_is_shown_is_obeyed(named: MainWindow, qtbot: QtBot) -> None:
    named.lab.compare.menu.fill()
    tree = named.findChildren(QAbstractItemView)
    for view in tree:
        if hasattr(view, "expandAll"):
            view.expandAll()
    quiet(qtbot, named.workspace)
    texts = [found for widget in named.findChildren(QWidget) for found in said(widget)]
    texts += [(action.toolTip(), True) for action in named.findChildren(QAction)]
    shown = "".join(text for text, _ in texts)
    for name in ("<\u2060img src=x>", "img src=z>", "<b>bold", "bold01/<img src=y>.png"):
        assert name in shown.replace("<\u2060b", "<b").replace("/<\u2060", "/<"), name
    rich = [text for text, tags in texts if tags and QtGui.Qt.mightBeRichText(text)]
    assert not [text for text in rich if any(tag in text for tag in TAGS)]
    acting = [text for text, _ in texts if any(not c.isprintable() for c in visible(text))]
    assert not acting


def visible(text: str) -> str:
    """Without line ends and what `plain` puts in."""
    return text.replace("\n", "").replace("\u2060", "").replace("\u00a0", " ")


def test_a_sentence_about_such_a_file_is_text(named: MainWindow) -> None:
    named.workspace.troubles.said.emit(BadInput("a\x1b[2J<b>", "is not <img src=q>"))
    named.workspace.troubles.said.emit(OSError(2, "no such <b>file\x1b"))
    assert "\x1b" not in named.messages.text and "<b>file\\x1b" in named.messages.text
    label = named.messages.findChild(QLabel, "messageBar.text")
    assert label is not None and label.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("name", [*TAGGED, "<?xml a>", "<!doctype x>", "x &lt;b"])
def test_plain_text_looks_as_it_was_and_is_no_markup(name: str, qtbot: QtBot) -> None:
    assert not QtGui.Qt.mightBeRichText(plain(name))
    assert plain("as it is, 5 > 3 & 4") == "as it is, 5 > 3 & 4"
    picture = QPixmap(10, 10)
    painter = QPainter(picture)
    metrics = painter.fontMetrics()
    assert metrics.horizontalAdvance(plain("<b")) == metrics.horizontalAdvance("<b")
    painter.end()
