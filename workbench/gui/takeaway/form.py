"""In which form a plot is taken away: size, scale and colours, remembered between starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from PySide6.QtCore import QSize, QSizeF

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.gui.state import settings
from workbench.gui.style import theme

Colouring = Literal["window", "light", "dark", "print"]
COLOURINGS: tuple[Colouring, ...] = get_args(Colouring)
SIZES = ((800, 500), (1200, 750), (1600, 1000), (640, 640))
SCALES = (1, 2, 3, 4)
LEAST, MOST_PIXELS = 200, 64_000_000
LONGEST = 16_000
"""Pixels of a side, and of all of a picture: 64 million take 256 MB while it is drawn."""


@dataclass(frozen=True)
class Form:
    """``width`` and ``height`` in pixels at scale 1; a vector drawing has no scale."""

    width: int = SIZES[0][0]
    height: int = SIZES[0][1]
    scale: int = 2
    colouring: Colouring = "window"

    @property
    def size(self) -> QSizeF:
        return QSizeF(self.width, self.height)

    @property
    def pixels(self) -> QSize:
        return QSize(self.width, self.height) * self.scale

    @property
    def palette(self) -> theme.Palette:
        return theme.current().palette if self.colouring == "window" else self.colouring

    def check(self) -> None:
        """Raises `BadInput` for what is too small to read, or too large for the memory."""
        wide, high = self.pixels.width(), self.pixels.height()
        if min(self.width, self.height) < LEAST:
            problem = marked("{0} × {1} pixels are too few to read anything")
            remedy = marked("Choose at least {0} pixels on either side").format(LEAST)
            raise BadInput(marked("Size"), problem.format(self.width, self.height), remedy)
        if max(wide, high) > LONGEST or wide * high > MOST_PIXELS:
            problem = marked("{0:,} × {1:,} pixels are too many for one picture")
            remedy = marked("Choose a smaller size or scale, or take a drawing (SVG, PDF)")
            raise BadInput(marked("Size"), problem.format(wide, high), remedy)


def remembered() -> Form:
    """As it was chosen last; the usual one where that makes no sense."""
    usual = Form()
    colouring = settings.settings().value("takeAway/colours")
    found = Form(
        settings.number("takeAway/width", usual.width),
        settings.number("takeAway/height", usual.height),
        settings.number("takeAway/scale", usual.scale),
        next((one for one in COLOURINGS if one == colouring), usual.colouring),
    )
    try:
        found.check()
    except BadInput:
        return replace(usual, colouring=found.colouring)
    return found if found.scale in SCALES else replace(found, scale=usual.scale)


def remember(form: Form) -> None:
    settings.remember("takeAway/width", form.width)
    settings.remember("takeAway/height", form.height)
    settings.remember("takeAway/scale", form.scale)
    settings.remember("takeAway/colours", form.colouring)
