"""The pictures that there are of a study."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.gui.search import best, contour, importance, parallel, slices, timeline
from workbench.gui.search.page import PicturePage


def tr(text: str) -> str:
    return QCoreApplication.translate("StudyPictures", text)


def make_pages() -> tuple[PicturePage, ...]:
    """In the order of their tabs."""
    begun = tr("Comes with the first trial.")
    first = tr("Comes with the first trial that is complete.")
    few = tr("Comes when a few trials are complete.")
    two = tr("Comes when a few trials are complete, for two different fields.")
    return (
        PicturePage("history", tr("History"), best.draw, first),
        PicturePage("parallel", tr("Parallel"), parallel.draw, first),
        PicturePage("slices", tr("Slices"), slices.draw, first),
        PicturePage("contour", tr("Contour"), contour.draw, two, choices=2),
        PicturePage("importance", tr("Importance"), importance.draw, few),
        PicturePage("timeline", tr("Timeline"), timeline.draw, begun, ages=True),
    )
