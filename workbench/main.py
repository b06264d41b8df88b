"""Without arguments the window opens; with a command, the command line answers."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Entry point of ``main.py`` and of the installed ``maml-workbench`` command."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments:
        from workbench.cli import main as run_command

        return run_command(arguments)
    if not has_display():
        from workbench.without_display import show_in_terminal

        return show_in_terminal()
    from workbench.gui.app import run_window

    return run_window([])


def has_display() -> bool:
    """Whether a window can be shown: on Linux, whether a display server is named."""
    if not sys.platform.startswith("linux"):
        return True
    chosen = os.environ.get("QT_QPA_PLATFORM", "") not in ("", "xcb", "wayland")
    return chosen or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
