"""How tasks of a kind are shown: what browser, lab and comparison ask instead of the kind.

A face is found by the type of the task, as a layer's visual is in an image viewer. The rooms of
`gui.kinds` register theirs; a task of a type that none is registered for is shown as a table, so
that a family has an honest lab on the day it is registered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from workbench.gui.lab import type_names
from workbench.gui.takeaway.sheet import Source

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.core.task import ClassInfo
    from workbench.experiments.predicting.answers import Answers
    from workbench.gui.lab.state import LabState


class Widths(NamedTuple):
    """Of support, steps, query and comparison: the least, and shares of what is left."""

    least: tuple[int, int, int, int]
    shares: tuple[int, int, int, int]
    beside: tuple[float, int, int]
    """Of the support set beside the comparison: share of the width; at least, at most."""


class Page(QObject):
    """The widgets of a kind of task in the lab; they follow the state they were made with.

    ``left`` holds the support set. ``right`` holds the query set, or is None where ``left`` shows
    both. `refused` and `accepted` come of edits by hand, `said` with what should be known of one,
    `whyAsked` with a query item's number.
    """

    refused = Signal(object)
    accepted = Signal()
    said = Signal(str)
    whyAsked = Signal(int)

    def __init__(self, title: str, hint: str, left: QWidget, right: QWidget | None = None) -> None:
        super().__init__()
        self.title, self.hint, self.left, self.right = title, hint, left, right
        self.sheets: tuple[Source | None, Source | None] = (None, None)
        """What is taken away of either; None where a widget has the menu for it itself."""
        self.right_title = ""
        """Above ``right``, where that shows something else than query predictions."""

    def share_room(self, below: QWidget, opened: int, closed: int) -> None:
        """The heights there are under ``below`` with a view open in the drawer, and with none."""

    def show_influence(self, values: list[float] | None, query: int | None) -> None:
        """What every support item did to a query item; None takes the marks away."""

    def beside(self) -> list[Any]:
        """What a person put beside the task, as JSON, for a scene."""
        return []

    def bring_beside(self, values: Sequence[Any]) -> str:
        """What a scene has kept of it; returns what of it is missing, in a sentence."""
        return ""

    def draw(self) -> None:
        """Open the sheet to draw a support item on, where items can be drawn."""


class EpisodeSight(Protocol):
    """A sampled episode in the browser: a widget.

    One that draws has a ``sheet`` (`gui/takeaway`): the menu for it stands at the heading.
    """

    def show_task(self, task: Any, episode: Episode) -> None: ...

    def fit(self, width: int) -> None:
        """The width there is."""


class ClassSight(Protocol):
    """The items of one class in the browser: a widget, which may have a ``sheet`` as well."""

    def show_class(self, family: Any, info: ClassInfo) -> None: ...


class ColumnSight(Protocol):
    """What one learner of a comparison says of the query set: a widget.

    One that draws may have a ``sheet`` (`gui/takeaway`): its card then has the menu for it.
    """

    def show_task(self, task: Any, episode: Episode, images: Sequence[QImage]) -> None: ...

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        """``outputs [Q, ...]`` as `AdaptStep.query_outputs`; None where nothing is known yet."""


class TaskFace(ABC):
    """What the window shows of the tasks of a kind."""

    name: ClassVar[str]
    shows: ClassVar[tuple[str, ...]]
    """Types of tasks by their full names, so that nothing is imported to compare them."""
    widths: ClassVar[Widths]

    @abstractmethod
    def items(self) -> str:
        """What a set holds, in the plural and translated: images, points, items."""

    @abstractmethod
    def page(self, state: LabState) -> Page:
        """Support and query set in the lab."""

    @abstractmethod
    def episode(self) -> Any:
        """A new `EpisodeSight`."""

    def classes(self) -> Any:
        """A new `ClassSight`; None where a class has no items to look at."""
        return None

    @abstractmethod
    def column(self, name: str) -> Any:
        """A new `ColumnSight` with that object name."""

    def answers(self, task: Any) -> Answers | None:
        """What a learner adapted to the task and kept says of new items; None for most kinds."""
        return None

    def heading(self, task: Any) -> str:
        """Above the episode in the browser."""
        return str(task.title)

    def image(self, task: Any, x: Any) -> QImage | None:
        """One input as a picture, for tooltips and small cards; most kinds have none."""
        return None

    def thumbnail(self, task: Any, width: int, height: int) -> QImage | None:
        """The whole task at a glance, for lists of tasks; None where words tell it better."""
        return None

    def told(self, task: Any, support: bool, index: int) -> str:
        """One item in words, for tooltips: the ``index``-th of its set; most kinds have none."""
        return ""


_faces: dict[str, TaskFace] = {}


def register(face: TaskFace) -> None:
    """Show tasks of the types it names with this face from now on.

    Raises `ValueError` where another face shows one of them.
    """
    for name in face.shows:
        if name in _faces and _faces[name].name != face.name:
            raise ValueError(f"tasks of the type {name} have a face, {_faces[name].name!r}")
    _faces.update(dict.fromkeys(face.shows, face))


def names() -> set[str]:
    """The names of the faces that are registered."""
    return {face.name for face in _faces.values()}


@contextmanager
def all_or_none() -> Iterator[None]:
    """Where anything is raised inside, nothing stays of what was registered there."""
    before = dict(_faces)
    try:
        yield
    except BaseException:
        _faces.clear()
        _faces.update(before)
        raise


def of(task: Any) -> TaskFace:
    """The face of a task: of its type, else of the nearest type it derives from."""
    return next(_faces[name] for name in type_names.of(task) if name in _faces)
