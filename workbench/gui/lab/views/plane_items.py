"""What stands in the plane of an embedding: an item's class, colour, shape, and what it is."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainterPath, QPolygonF
from PySide6.QtWidgets import QApplication

from workbench.gui.lab import face
from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import heat
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import plain

NAMED_COLORS = 6
SHAPES = ((0, 0.0), (4, 45.0), (3, -90.0), (4, 0.0), (3, 90.0), (6, 0.0))
"""Corners (0: a circle) and the turn of the first one in degrees."""
SHOWN = 84
"""Pixels of a picture in a tooltip."""


@dataclass(frozen=True)
class Item:
    """One support or query item, the ``index``-th of its set."""

    support: bool
    index: int
    shape: int
    letter: str
    color: QColor
    wrong: bool = False
    predicted: str = ""


def items(state: LabState) -> list[Item]:
    """Of the task in view, support items first, with what is predicted at the step looked at."""
    episode, spec = state.episode, state.spec
    if episode is None or spec is None:
        return []
    if not spec.labels:
        return _inputs(state)
    found = []
    predicted = _predicted(state)
    for support, labels in ((True, episode.support.y), (False, episode.query.y)):
        for index, way in enumerate(labels.tolist()):
            guess = None if support or predicted is None else predicted[index]
            named = "" if guess is None else paint.letter(guess)
            wrong = guess is not None and guess != way
            color, shape = class_color(way, spec.outputs), way % len(SHAPES)
            found.append(Item(support, index, shape, paint.letter(way), color, wrong, named))
    return found


def _predicted(state: LabState) -> list[int | None] | None:
    """By query item; none where the outputs are not finite."""
    step, episode = state.current, state.episode
    if step is None or episode is None or len(step.query_outputs) != len(episode.query.y):
        return None
    known = step.query_outputs.isfinite().all(-1).tolist()
    guesses = step.query_outputs.argmax(-1).tolist()
    return [guess if usable else None for guess, usable in zip(guesses, known, strict=True)]


def input_scale(state: LabState) -> heat.Scale | None:
    """Of the inputs of a regression with one input, by which its items are coloured."""
    episode = state.episode
    if episode is None or episode.support.x.shape[-1] != 1:
        return None
    parts = [batch.x.flatten().cpu().numpy() for batch in (episode.support, episode.query)]
    return heat.Scale.around(np.concatenate(parts))


def _inputs(state: LabState) -> list[Item]:
    scale, episode, found = input_scale(state), state.episode, []
    assert episode is not None
    for support, batch in ((True, episode.support), (False, episode.query)):
        for index, x in enumerate(batch.x.flatten(1)[:, 0].tolist()):
            color = paint.colors().accent if scale is None else scale.color(x)
            found.append(Item(support, index, 0, "", color))
    return found


def class_color(way: int, ways: int) -> QColor:
    """The palette's own as long as they last, then hues around the circle."""
    if ways <= NAMED_COLORS:
        return theme.current().color(f"run{way}")
    light = 0.6 if theme.current().dark else 0.45
    return QColor.fromHslF(way / ways, 0.6, light)


def outline(shape: int, at: QPointF, size: float) -> QPainterPath:
    corners, turn = SHAPES[shape]
    path = QPainterPath()
    if not corners:
        path.addEllipse(at, size, size)
        return path
    radius = size * (1.3 if corners == 3 else 1.15)
    angles = [math.radians(turn + 360 * corner / corners) for corner in range(corners)]
    points = [at + QPointF(math.cos(a) * radius, math.sin(a) * radius) for a in angles]
    path.addPolygon(QPolygonF([*points, points[0]]))
    return path


def tip(state: LabState, item: Item) -> str:
    """Its class and prediction, with its picture or its words if it has such."""
    episode, spec = state.episode, state.spec
    if episode is None or spec is None:
        return ""
    batch = episode.support if item.support else episode.query
    name = _name(item, float(batch.x[item.index].flatten()[0]))
    kind = face.of(state.task)
    image = kind.image(state.task, batch.x[item.index])
    if image is None:
        told = kind.told(state.task, item.support, item.index)
        return f"{plain(told)}\n{name}" if told else name
    return f'<img src="data:image/png;base64,{_encoded(image)}"><br>{name}'


def _name(item: Item, x: float) -> str:
    tr = QApplication.translate
    if not item.letter:
        kind = tr("Plane", "Support point") if item.support else tr("Plane", "Query point")
        return f"{kind}, x = {x:.2f}"
    if item.support:
        return tr("Plane", "Support item of class {0}").format(item.letter)
    text = tr("Plane", "Query item of class {0}").format(item.letter)
    return f"{text}, " + tr("Plane", "predicted {0}").format(item.predicted or "–")


def _encoded(image: QImage) -> str:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    scaled = image.scaled(SHOWN, SHOWN, Qt.AspectRatioMode.KeepAspectRatio)
    scaled.save(buffer, "PNG")  # type: ignore[call-overload]
    return base64.b64encode(bytes(buffer.data().data())).decode()
