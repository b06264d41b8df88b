"""One's own pictures into a scene's file, and back out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.errors import BadInput
from workbench.gui.kinds.pictures.own.held import Own, OwnPictures


def tr(text: str) -> str:
    return QCoreApplication.translate("OwnScene", text)


def kept(pictures: OwnPictures, style: Any) -> list[dict[str, Any]]:
    """Those that stand beside a task of this style."""
    from workbench.tasks.own.beside import Beside

    return [
        Beside(own.name, own.label, own.pixels, own.strokes).to_json()
        for own in pictures.fitting(style)
    ]


def bring(pictures: OwnPictures, values: Sequence[Any], style: Any) -> str:
    """Add those that are not there already; returns what is missing, in a sentence."""
    from workbench.tasks.own.beside import opened

    found, missing = [], []
    for value in values:
        try:
            one = opened(value, style.shape)
        except BadInput as problem:
            missing.append(str(problem))
        else:
            found.append(Own(one.pixels, style, one.name, one.label, one.strokes))
    here = [own.pixels for own in pictures.fitting(style)]
    pictures.add(tuple(own for own in found if not any(map(own.pixels.equal, here))))
    if not missing:
        return ""
    told = tr("{0} of {1} pictures of your own are missing: {2}")
    return told.format(len(missing), len(values), " ".join(missing))
