"""What can be done with one picture of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.kinds.pictures.own.held import Held, Own, OwnPictures
from workbench.gui.style import paint


class OwnMenu(QMenu):
    """``classes`` has of each class the title in the data, and the name that is shown."""

    def __init__(
        self,
        pictures: OwnPictures,
        own: Own,
        shown: Held,
        classes: Sequence[tuple[str, str]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._pictures, self._own = pictures, own
        self._group = QActionGroup(self)
        self.setObjectName("lab.own.menu")
        self._add_label(self.tr("Of no known class"), "none", None)
        for way, (title, name) in enumerate(classes):
            text = self.tr("It is {0}  {1}").format(paint.letter(way), name.replace("&", "&&"))
            self._add_label(text, str(way), title)
        self.addSeparator()
        self.draw = self.addAction(self.tr("Go on drawing…"))
        self.draw.setObjectName("lab.own.menu.draw")
        self.draw.setVisible(bool(own.strokes))
        remove = self.addAction(self.tr("Remove it"))
        remove.setObjectName("lab.own.menu.remove")
        remove.setShortcut(QKeySequence("Del"))
        remove.triggered.connect(partial(pictures.remove, (own,)))
        every = self.addAction(self.tr("Remove all of your pictures"))
        every.setObjectName("lab.own.menu.removeAll")
        every.triggered.connect(partial(pictures.remove, shown))
        self.aboutToHide.connect(self.deleteLater)

    def _add_label(self, text: str, name: str, label: str | None) -> None:
        action: QAction = self.addAction(text)
        action.setObjectName(f"lab.own.menu.class.{name}")
        action.setCheckable(True)
        action.setChecked(label == self._own.label)
        self._group.addAction(action)
        action.triggered.connect(partial(self._say, label))

    def _say(self, label: str | None) -> None:
        if label != self._own.label:
            self._pictures.replace(self._own, replace(self._own, label=label))
