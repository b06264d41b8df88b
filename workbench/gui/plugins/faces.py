"""Faces that packages add: imported by the window alone, since they need Qt."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from workbench.gui.lab import face

if TYPE_CHECKING:
    from workbench.plugins.package import Package, Part

log = logging.getLogger(__name__)


def take() -> None:
    """Import the faces of every package that is loaded; what is there already stays as it is.

    A package whose face cannot be used is marked as failed; its other parts stay.
    """
    from workbench.plugins import roster
    from workbench.plugins.soundness import Unsound

    for plugin in roster.plugins():
        if plugin.state is roster.State.LOADED:
            try:
                for part in plugin.package.parts:
                    if part.what == "face":
                        _take(plugin.package, part)
            except Unsound as error:
                log.error("a face of %s is left out", plugin.package, exc_info=error)
                roster.fail(plugin, str(error))


def _take(package: Package, part: Part) -> None:
    from workbench.plugins.importing import take as take_module
    from workbench.plugins.soundness import Unsound

    if part.name in face.names():
        return
    with face.all_or_none():
        take_module(package, part)
        if part.name not in face.names():
            raise Unsound(f"registers no face named {part.name!r}, which its entry points name")
