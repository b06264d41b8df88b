"""The lab on ratings: rate by mouse and key, find, drag, remove; the ranking and what moved it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from tests.gui.lab_kit import open_workspace, show_lab, wait_for_curve, wait_for_task
from workbench.core.stars import ndcg
from workbench.gui.kinds.ratings.card_delegate import star_box
from workbench.gui.kinds.ratings.face import RatingsPage
from workbench.gui.kinds.ratings.stars import Scale, star_at
from workbench.gui.lab import face
from workbench.gui.lab.panel import LabPanel
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import words
from workbench.gui.style.row_tools import tool_box
from workbench.tasks.rated.rated_task import RatedTask

LEFT = Qt.MouseButton.LeftButton


def rated_workspace(qtbot: QtBot) -> Workspace:
    """Thirty invented users, four ratings each to learn from."""
    workspace = open_workspace(qtbot, "sinusoid")
    workspace.draft.choose("task", "tastes")
    workspace.draft.choose("model", "ratings_mlp")
    for section, field, value in (
        ("task", "users", 30),
        ("task", "each", 20),
        ("task", "shots", 4),
        ("task", "queries", 6),
        ("algorithm", "inner_rate", 0.05),
        ("algorithm", "test_steps", 3),
    ):
        workspace.draft.set_value(section, field, value)
    wait_for_task(qtbot, workspace)
    return workspace


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabPanel]:
    workspace = rated_workspace(qtbot)
    panel = show_lab(qtbot, workspace)
    wait_for_curve(qtbot, panel.state)
    yield panel
    assert workspace.shut_down()


def page(lab: LabPanel) -> RatingsPage:
    found = lab.page
    assert isinstance(found, RatingsPage)
    return found


def task(lab: LabPanel) -> RatedTask:
    found = lab.state.workspace.in_view.task
    assert isinstance(found, RatedTask)
    return found


def star(lab: LabPanel, place: int, count: int) -> QPoint:
    """The middle of a star of a card."""
    cards = page(lab).cards
    box = star_box(QRectF(cards.visualRect(cards.rows.index(place))), cards.rows.scale)
    return QPointF(box.left() + (count - 0.5) * box.height(), box.center().y()).toPoint()


def test_stars_are_given_by_a_click_and_by_dragging_over_them(qtbot: QtBot, lab: LabPanel) -> None:
    cards = page(lab).cards
    wanted = 1 if task(lab).support[1].stars != 1 else 2
    qtbot.mouseClick(cards.viewport(), LEFT, pos=star(lab, 1, wanted))
    assert task(lab).support[1].stars == wanted and cards.rows.rows[1].edited
    end = 5 if task(lab).support[0].stars != 5 else 4
    qtbot.mousePress(cards.viewport(), LEFT, pos=star(lab, 0, 2))
    qtbot.mouseRelease(cards.viewport(), LEFT, pos=star(lab, 0, end))
    assert task(lab).support[0].stars == end


def test_the_keyboard_rates_moves_locks_and_removes(qtbot: QtBot, lab: LabPanel) -> None:
    cards = page(lab).cards
    cards.setFocus()
    cards.setCurrentIndex(cards.rows.index(0))
    qtbot.keyClick(cards, Qt.Key.Key_3)
    assert task(lab).support[0].stars == 3
    qtbot.keyClick(cards, Qt.Key.Key_Plus)
    assert task(lab).support[0].stars == 4
    first = task(lab).support[0].item
    qtbot.keyClick(cards, Qt.Key.Key_L)
    qtbot.keyClick(cards, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert task(lab).support[1].item == first
    assert lab.state.workspace.in_view.locked == {(0, 1)}
    assert cards.currentIndex().row() == 1
    qtbot.keyClick(cards, Qt.Key.Key_Delete)
    assert first not in {rating.item for rating in task(lab).support}
    assert lab.state.workspace.in_view.locked == frozenset()


def test_the_ranking_follows_every_step_and_says_how_good_it_is(
    qtbot: QtBot, lab: LabPanel
) -> None:
    ranking, state = page(lab).ranking, lab.state
    for cursor in range(4):
        state.set_cursor(cursor)
        outputs = state.steps[cursor].query_outputs.squeeze(1)
        order = outputs.argsort(descending=True, stable=True).tolist()
        assert [row.number for row in ranking.list.rows.rows] == order
        truth = task(lab).episode().query.y.squeeze(1)
        assert f"{float(ndcg(outputs, truth, 1.0)):.2f}" in ranking.measured.text()
    first = {row.number: place for place, row in enumerate(ranking.list.rows.rows)}
    state.set_cursor(0)
    for place, row in enumerate(ranking.list.rows.rows):
        assert row.moved == 0 and row.number in first, place


def test_an_item_is_found_by_a_part_of_its_name(qtbot: QtBot, lab: LabPanel) -> None:
    finder, drawn = page(lab).support.finder, task(lab)
    rated = {rating.item for rating in drawn.support}
    item = next(item for item in drawn.pool.by_fame if item not in rated)
    qtbot.keyClicks(finder.line, drawn.name(item).upper())
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert task(lab).support[-1].item == item and not finder.line.text()
    said = list[object]()
    page(lab).refused.connect(said.append)
    qtbot.keyClicks(finder.line, "no such film")
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert "no such film" in str(said[0]) and finder.line.text() == "no such film"


def test_one_rates_as_oneself_and_comes_back(qtbot: QtBot, lab: LabPanel) -> None:
    finder, drawn = page(lab).support.finder, task(lab)
    finder.yourself.click()
    qtbot.keyClicks(finder.line, drawn.name(0))
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    own = task(lab)
    assert own.yours and not own.known and [rating.item for rating in own.support] == [0]
    wait_for_curve(qtbot, lab.state)
    rows = page(lab).ranking.list.rows.rows
    assert len(rows) == len(own.query) and all(row.now is not None for row in rows)
    assert "nobody knows" in page(lab).ranking.measured.text()
    finder.yourself.click()
    assert task(lab).user == drawn.user


def test_an_item_of_the_ranking_is_dragged_over(qtbot: QtBot, lab: LabPanel) -> None:
    cards, ranks, before = page(lab).cards, page(lab).ranking.list.rows, task(lab)
    row = ranks.rows[0]
    data = ranks.mimeData([ranks.index(0)])
    cards.dropEvent(_drop(data))
    after = task(lab)
    assert after.support[-1] == (row.item, row.truth)
    assert len(after.query) == len(before.query) - 1


def test_a_table_of_ratings_is_dropped_on_the_cards(
    qtbot: QtBot, lab: LabPanel, tmp_path: Path
) -> None:
    drawn, file = task(lab), tmp_path / "mine.csv"
    file.write_text(f"item,rating\n{drawn.name(3)},5\n{drawn.name(4)},1\n", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    page(lab).cards.dropEvent(_drop(data))
    assert [tuple(rating) for rating in task(lab).support] == [(3, 5.0), (4, 1.0)]
    assert task(lab).yours


def _drop(data: QMimeData) -> QDropEvent:
    actions, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPointF(5, 5), actions, data, LEFT, none)


def test_the_tools_of_a_card(qtbot: QtBot, lab: LabPanel) -> None:
    cards, before = page(lab).cards, task(lab).support
    rect = cards.visualRect(cards.rows.index(2))
    qtbot.mouseClick(cards.viewport(), LEFT, pos=tool_box(rect, "roll").center())
    rolled = task(lab).support
    assert [r for at, r in enumerate(rolled) if at != 2] == [
        b for at, b in enumerate(before) if at != 2
    ]
    assert rolled[2].item not in {rating.item for rating in before}
    qtbot.mouseClick(cards.viewport(), LEFT, pos=tool_box(rect, "remove").center())
    assert len(task(lab).support) == len(before) - 1


def test_which_rating_moved_an_item(qtbot: QtBot, lab: LabPanel) -> None:
    ranking = page(lab).ranking.list
    index = ranking.rows.index(0)
    qtbot.mouseClick(ranking.viewport(), LEFT, pos=ranking.visualRect(index).center())
    cards = page(lab).cards
    qtbot.waitUntil(lambda: all(c.influence is not None for c in cards.rows.rows))
    assert any(card.influence for card in cards.rows.rows)


@pytest.mark.parametrize(
    ("low", "high", "stars"), [(1, 5, 5), (0.5, 5, 5), (0, 10, 10), (-1, 1, 5)]
)
def test_a_scale_has_as_many_stars_as_it_can(low: float, high: float, stars: int) -> None:
    scale = Scale(low, high)
    assert scale.count == stars
    assert scale.rated(scale.count) == high
    for count in range(1, stars + 1):
        assert scale.filled(scale.rated(count)) == pytest.approx(max(count, scale.filled(low)))
    assert low <= scale.middle <= high
    box = QRectF(0, 0, 20 * stars, 20)
    assert [star_at(box, stars, x) for x in (-5, 1, 20 * stars - 1, 999)] == [1, 1, stars, stars]


def test_the_face_is_found_by_the_type_of_the_task(lab: LabPanel) -> None:
    assert face.of(task(lab)).name == "ratings"


def test_no_name_of_a_bound_covers_another(qtbot: QtBot, lab: LabPanel) -> None:
    """Five lines in a small plot: those that say most come first, and the names keep apart."""
    bounds = lab.middle.curves.bounds
    assert list(lab.state.bounds)[:2] == ["item mean + user shift", "best possible"]
    assert len(bounds.lines) == 5 and bounds.lines[0].label.isVisible()
    boxes = [
        line.label.mapRectToScene(line.label.boundingRect())
        for line in bounds.lines
        if line.label.isVisible()
    ]
    shrunk = [box.adjusted(0, 3, 0, -3) for box in boxes]
    assert not any(a.intersects(b) for a, b in itertools.combinations(shrunk, 2))


@pytest.mark.parametrize("values", [(0.87, 0.7, 0.895, 1.2, 1.17), (0.1, 0.0), (0.5, 0.49, 0.48)])
def test_no_name_of_a_bound_is_struck_through_by_a_line(
    qtbot: QtBot, lab: LabPanel, values: tuple[float, ...]
) -> None:
    """It stands below its own line where another one lies closely above, or is not drawn."""
    curves = lab.middle.curves
    bounds = curves.bounds
    bounds.show({f"bound {n}": value for n, value in enumerate(values)})
    box = bounds._plot.vb
    box.setYRange(min(values) - 0.1, max(values) + 0.1, padding=0)
    lab.resize(900, 600)
    heights = [box.mapViewToScene(QPointF(0, line.value())).y() for line in bounds.lines]
    shown = [line for line in bounds.lines if line.label.isVisible()]
    assert shown
    for line in shown:
        name = line.label.mapRectToScene(line.label.boundingRect())
        letters = name.adjusted(0, 7, 0, -7)
        own = heights[bounds.lines.index(line)]
        others = [height for height in heights if abs(height - own) > 0.5]
        assert not any(letters.top() < height < letters.bottom() for height in others), line.value()


def test_metrics_are_called_as_the_field_calls_them() -> None:
    assert words.axis_title("mae") == "MAE" and words.axis_title("ndcg") == "nDCG@5"
    assert words.metric_name("ndcg") == "nDCG@5"
    assert words.metric_name("mae") == "mean absolute error"
    assert words.metric_name("accuracy") == "accuracy"
