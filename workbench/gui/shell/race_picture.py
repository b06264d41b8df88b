"""A race drawn to a file: it needs an application, and no window."""

from __future__ import annotations

from pathlib import Path

from workbench.core.sealed import read_sealed
from workbench.experiments.store import RACE
from workbench.gui.plots.race import RaceFigure
from workbench.gui.shell import app
from workbench.gui.takeaway import write
from workbench.gui.takeaway.form import Form

MAX_BYTES = 64 * 2**20
WIDTH, HEAD, ROW = 940, 150, 32
"""Pixels: the page, what is above and below the rows, and a row."""


def render(folder: Path, file: Path) -> None:
    """Draw the ``race.json`` of a folder to a PNG file; needs no display."""
    app.make_application(["workbench"])
    figure = RaceFigure(read_sealed(folder / RACE, MAX_BYTES))
    form = Form(WIDTH, HEAD + ROW * max(figure.rows, 2), scale=2, colouring="light")
    write.store(file, write.encoded(figure.sheet(), "png", form))
