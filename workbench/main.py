"""Without arguments the window opens; with a command, the command line answers."""

from __future__ import annotations

import sys

from workbench.core.errors import BadInput
from workbench.system import QT_LIBRARIES, has_display


def main(arguments: list[str] | None = None) -> int:
    """Entry point of ``main.py`` and of the installed ``maml-workbench`` command."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments:
        from workbench import pictures
        from workbench.cli import main as run_command

        return run_command(arguments, pictures.race)
    if not has_display():
        from workbench.without_display import show_in_terminal

        return show_in_terminal()
    return open_window()


def open_window() -> int:
    """The window, unless what it needs is not there: then a sentence that says what."""
    try:
        from workbench.gui import pairing
        from workbench.gui.app import run_window

        pairing.check_installed()
    except ImportError as error:
        print(f"error: Qt cannot be loaded ({error}). {QT_LIBRARIES}", file=sys.stderr)
        return 1
    except BadInput as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return run_window(["maml-workbench"])
