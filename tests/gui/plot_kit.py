"""What a figure of a training draws."""

from __future__ import annotations

import numpy as np

from workbench.gui.plots.figure import Figure
from workbench.gui.takeaway.graph import Graph


def numbers(figure: Figure) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Every line by its title, with all its points; smoothed ones by what they are made of."""
    sheet = figure.sheet()
    if sheet is None:
        return {}
    assert isinstance(sheet.content, Graph)
    told = [curve for curve in sheet.content.curves if curve.told]
    return {curve.told: (curve.x, curve.y) for curve in told if "smoothed" not in curve.told}
