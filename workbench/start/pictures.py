"""Pictures drawn off screen for the command line, which itself knows no Qt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from workbench import terminal
from workbench.core.errors import BadInput
from workbench.core.system import QT_LIBRARIES


def window(run: Path) -> Path | None:
    """The window with a run, beside the run's files; nothing where Qt cannot be loaded."""

    def draw(file: Path) -> None:
        from workbench.gui.shell.app import render

        render(run, file)

    return _drawn(draw, run / "window.png")


def race(folder: Path) -> Path | None:
    """How the contenders of a race came out, beside its files; nothing without Qt."""

    def draw(file: Path) -> None:
        from workbench.gui.shell.race_picture import render

        render(folder, file)

    return _drawn(draw, folder / "race.png")


def _drawn(draw: Callable[[Path], None], file: Path) -> Path | None:
    """A machine without Qt's system libraries still has everything else."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from workbench.gui.shell import qt_messages, qt_version

        qt_version.check_installed()
        with qt_messages.in_log():
            draw(file)
    except ImportError as error:
        _say(file, f"Qt cannot be loaded ({error}). {QT_LIBRARIES}")
    except (BadInput, OSError) as error:
        _say(file, str(error))
    else:
        return file
    return None


def _say(file: Path, reason: str) -> None:
    terminal.say(f"{file.stem}: not drawn: {reason}")
