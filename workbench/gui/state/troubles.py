"""What stands in the way, each with its cause: it is over when the cause is gone."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Troubles(QObject):
    """`said` and `over` carry the very same object; of one cause only the newest counts."""

    said = Signal(object)
    over = Signal(object)
    untrusted = Signal(object, object, object)
    """A refused file; what to do again after a yes; what to do after a no."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: dict[str, object] = {}

    def say(self, cause: str, trouble: object) -> None:
        self.end(cause)
        self._open[cause] = trouble
        self.said.emit(trouble)

    def end(self, cause: str) -> None:
        """The cause is gone; nothing happens where it was not there."""
        if cause in self._open:
            self.over.emit(self._open.pop(cause))

    def of(self, cause: str) -> object | None:
        return self._open.get(cause)
