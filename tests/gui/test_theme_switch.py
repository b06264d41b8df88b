"""A switched window looks like one that was made in that theme, and its text can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui.test_whole_window import drawn
from workbench.gui.browse.family_tree import KIND
from workbench.gui.shell.main_window import MainWindow
from workbench.gui.style import theme

READABLE = 4.5
SCALE = 4
"""Drawn so much larger, strokes of small letters have pixels of their full colour."""
TEXTS = ("text", "muted", "accent", "danger", "warning", "good")
GROUNDS = ("window", "surface", "field", "hover", "accentSoft")


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> Iterator[None]:
    theme.current().use("light")
    yield
    theme.current().use("light")


def luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = color.getRgbF()  # type: ignore[misc]
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_of_the_palette_can_be_read(mode: theme.Mode) -> None:
    look = theme.current()
    look.use(mode)
    poor = [
        (text, ground, round(contrast(look.color(text), look.color(ground)), 2))
        for text in TEXTS
        for ground in GROUNDS
        if contrast(look.color(text), look.color(ground)) < READABLE
    ]
    assert not poor
    assert contrast(look.color("accentText"), look.color("accent")) >= READABLE
    assert contrast(look.color("danger"), look.color("dangerSoft")) >= READABLE


def picture(widget: QWidget) -> QImage:
    image = QImage(widget.size() * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    top = widget.mapTo(widget.window(), QPoint())
    widget.window().render(image, QPoint(), widget.rect().translated(top))
    return image


def text_contrast(widget: QWidget) -> float:
    """Between the commonest pixel and the one that stands out most from it."""
    image = picture(widget)
    step = range(0, image.width() - 2, 2)
    counted = Counter(image.pixel(x, y) for y in range(2, image.height() - 2, 2) for x in step)
    ground = QColor(counted.most_common(1)[0][0])
    inks = (QColor(pixel) for pixel, count in counted.items() if count > 1)
    return max((contrast(ground, ink) for ink in inks), default=1.0)


def texts(root: QWidget) -> Iterator[QWidget]:
    """Enabled widgets that show words now."""
    for widget in root.findChildren(QWidget):
        words = widget.text() if isinstance(widget, (QLabel, QLineEdit)) else ""
        words = words or (widget.placeholderText() if isinstance(widget, QLineEdit) else "")
        seen = widget.isVisible() and widget.isEnabled() and widget.window() is root.window()
        in_sight = widget.visibleRegion().boundingRect() == widget.rect()
        if words.strip() and seen and in_sight:
            yield widget


@pytest.mark.parametrize("mode", ["dark", pytest.param("light", marks=pytest.mark.slow)])
def test_switched_text_can_be_read_in_every_panel(
    window: MainWindow, qtbot: QtBot, mode: theme.Mode
) -> None:
    drawn(window.workspace)
    window.messages.show_trouble("The disk is full.")
    qtbot.waitUntil(lambda: bool(window.lab.state.steps))
    theme.current().use("light" if mode == "dark" else "dark")
    theme.current().use(mode)
    for tab in (window.train, window.lab, window.runs):
        window.tabs.setCurrentWidget(tab)
        QApplication.processEvents()
        read = list(texts(window))
        assert len(read) > 20
        poor = [
            (w.objectName(), w.text(), round(text_contrast(w), 2))  # type: ignore[attr-defined]
            for w in read
            if text_contrast(w) < READABLE
        ]
        assert not poor, tab.objectName()


def test_rows_of_the_tree_are_painted_in_the_theme_in_use(window: MainWindow, qtbot: QtBot) -> None:
    """A colour kept in an item would stay that of the theme it was made in."""
    tree = window.findChild(QTreeView, "tasks.tree")
    assert tree is not None
    model = tree.model()
    splits = [
        model.index(row, 0, model.index(family, 0))
        for family in range(model.rowCount())
        for row in range(model.rowCount(model.index(family, 0)))
    ]
    assert [index.data(KIND) for index in splits] == ["split"] * 3
    for mode in ("dark", "light", "dark"):
        theme.current().use(mode)
        QApplication.processEvents()
        for index in splits:
            tree.scrollTo(index)
            assert row_contrast(tree, index) >= READABLE


def row_contrast(tree: QTreeView, index: QModelIndex) -> float:
    box = tree.visualRect(index)
    image = picture(tree.viewport()).copy(
        box.x() * SCALE, box.y() * SCALE, box.width() * SCALE, box.height() * SCALE
    )
    counted = Counter(
        image.pixel(x, y) for y in range(image.height()) for x in range(image.width())
    )
    ground = QColor(counted.most_common(1)[0][0])
    return max(contrast(ground, QColor(pixel)) for pixel, count in counted.items() if count > 8)


def panels(window: MainWindow) -> dict[str, QImage]:
    """What every panel looks like, with nothing in it that blinks or that the mouse is on."""
    found = {}
    window.setFocus()
    for tab in (window.train, window.lab, window.runs):
        window.tabs.setCurrentWidget(tab)
        QApplication.processEvents()
        found[tab.objectName()] = tab.grab().toImage()
    for name in ("panel.tasks", "panel.settings", "toolbar.transport", "mainTabs"):
        widget = window.findChild(QWidget, name)
        assert widget is not None
        found[name] = widget.grab().toImage()
    return found


def differing(one: QImage, other: QImage) -> int:
    """Pixels that tell two pictures apart."""
    if one.size() != other.size():
        return max(one.width() * one.height(), 1)
    size: QSize = one.size()
    pixels = ((x, y) for y in range(size.height()) for x in range(size.width()))
    return sum(one.pixel(x, y) != other.pixel(x, y) for x, y in pixels)


@pytest.mark.parametrize(
    ("made", "switched"), [("light", "dark"), pytest.param("dark", "light", marks=pytest.mark.slow)]
)
def test_a_switched_window_looks_like_one_made_so(
    window: MainWindow, qtbot: QtBot, made: theme.Mode, switched: theme.Mode
) -> None:
    """Every brush, pen, icon and picture that somebody keeps shows here."""
    window.close()
    space = window.workspace
    drawn(space)

    def fresh() -> MainWindow:
        other = MainWindow(space)
        qtbot.addWidget(other)
        other.resize(1280, 800)
        other.show()
        space.catalogReady.emit()
        space.draft.changed.emit()
        space.data.changed.emit()
        space.in_view.changed.emit()
        other.tabs.setCurrentWidget(other.lab)
        state = other.lab.state
        qtbot.waitUntil(lambda: bool(state.steps) and not state.busy)
        return other

    theme.current().use(made)
    first = fresh()
    theme.current().use(switched)
    seen = panels(first)
    first.log.close_log()
    first.close()
    second = fresh()
    wanted = panels(second)
    second.log.close_log()
    second.close()
    stale = {name: differing(image, wanted[name]) for name, image in seen.items()}
    assert not [name for name, count in stale.items() if count], stale
    assert isinstance(window.findChild(QPlainTextEdit, "log.text"), QPlainTextEdit)
