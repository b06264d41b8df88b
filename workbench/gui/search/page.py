"""A picture with its title, legend, choices and the menu that takes it away."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from workbench.gui.search.content import Picture
from workbench.gui.search.names import short_title
from workbench.gui.search.seen import Seen
from workbench.gui.search.view import PictureView
from workbench.gui.style import theme
from workbench.gui.style.widgets import OneLine, label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Key, Sheet

Draw = Callable[[Seen, Sequence[str]], Picture | None]
"""The picture of a study, of the fields that were chosen; nothing where there is too little."""


class PicturePage(QWidget):
    """`chosen` carries the number of a trial that was clicked."""

    chosen = Signal(int)

    def __init__(
        self, name: str, title: str, draw: Draw, empty: str, choices: int = 0, ages: bool = False
    ) -> None:
        """``choices`` is of how many fields the picture is."""
        super().__init__()
        self.ages = ages
        """Whether it is another one as time goes by, though nothing happens."""
        self.setObjectName(f"study.{name}")
        self.setAccessibleName(title)
        self._draw = draw
        self._seen: Seen | None = None
        self.view = PictureView(f"study.{name}.view", title)
        self.view.chosen.connect(self.chosen)
        self.note = OneLine("", "small")
        self.legend = label("", "small")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.take_away = TakeAwayButton(self.sheet, f"study.{name}", self.view)
        self.fields = [self._make_choice(name, place) for place in range(choices)]
        self._pages = QStackedLayout()
        waits = label(empty, "muted", wrap=True)
        waits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(waits)
        self._pages.addWidget(self.view)
        self._lay_out()
        theme.current().follow(self._repaint)

    def sheet(self) -> Sheet | None:
        return None if self.view.picture is None else self.view.picture.sheet()

    def show_seen(self, seen: Seen) -> None:
        """Draw it as it stands now."""
        self._seen = seen
        self._offer(seen)
        self.refresh()

    def clear(self) -> None:
        self._seen = None
        for box in self.fields:
            box.clear()
        self._show(None)

    @Slot()
    def refresh(self) -> None:
        if self._seen is not None:
            self.view.tell = self._seen.told
            self._show(self._draw(self._seen, [str(box.currentData()) for box in self.fields]))

    def _show(self, picture: Picture | None) -> None:
        self.view.show_picture(picture)
        self._pages.setCurrentIndex(0 if picture is None else 1)
        self.note.setText("" if picture is None else "   ".join(picture.notes))
        self._write_legend()

    def _write_legend(self) -> None:
        picture = self.view.picture
        keys = () if picture is None else picture.legend
        self.legend.setText("&nbsp;&nbsp;&nbsp; ".join(map(_told, keys)))

    @Slot()
    def _repaint(self) -> None:
        """In the colours of another theme."""
        self._write_legend()
        self.view.update()

    def _offer(self, seen: Seen) -> None:
        """The fields of the study, once; at first each choice has another one."""
        for place, box in enumerate(self.fields):
            if box.count() == 0:
                for one in seen.space:
                    box.addItem(short_title(one.field), one.field)
                box.setCurrentIndex(min(place, box.count() - 1))

    def _make_choice(self, name: str, place: int) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"study.{name}.field{place}")
        box.setAccessibleName(self.tr("Across") if place == 0 else self.tr("Upwards"))
        box.setToolTip(box.accessibleName())
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.activated.connect(self.refresh)
        return box

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        for box in self.fields:
            head.addWidget(box)
        head.addWidget(self.legend)
        head.addWidget(self.note, 1)
        head.addWidget(self.take_away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 10, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(self._pages, 1)


def _told(key: Key) -> str:
    """A mark in its colour, and what it stands for."""
    color = theme.current().mixed(key.token, key.alpha).name()
    mark = "■" if key.band else "●" if key.symbol else "—"
    return f"<span style='color:{color}'>{mark}</span>&nbsp;{html.escape(key.title)}"
