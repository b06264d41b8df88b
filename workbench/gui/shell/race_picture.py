"""A race drawn to a file: it needs an application, and no window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from workbench.core.sealed import read_sealed
from workbench.experiments.store import RACE
from workbench.gui.plots import export
from workbench.gui.plots.race import RaceFigure
from workbench.gui.shell import app
from workbench.gui.style import theme

MAX_BYTES = 64 * 2**20
SETTLING_SECONDS = 0.2


def render(folder: Path, file: Path) -> None:
    """Draw the ``race.json`` of a folder to a PNG file; needs no display."""
    app.make_application(["workbench"])
    theme.current().use("light")
    figure = RaceFigure(read_sealed(folder / RACE, MAX_BYTES))
    figure.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    figure.show()
    app.wait(lambda: False, SETTLING_SECONDS)
    export.save_png(figure, file)
    figure.close()
