"""No display: say so, run the default experiment in the terminal, and picture the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from workbench.cli.app import log_to_file
from workbench.cli.train import finish, fresh
from workbench.core.errors import BadInput
from workbench.experiments import catalog
from workbench.system import QT_LIBRARIES


def show_in_terminal() -> int:
    """Train the default preset, print its table of adaptation, save the run and its picture."""
    log_to_file()
    preset = catalog.preset(catalog.DEFAULT_PRESET)
    print(
        "No display: set DISPLAY or WAYLAND_DISPLAY to open the window. "
        f"Meanwhile, here is the experiment {preset.title!r} in the terminal.",
        file=sys.stderr,
    )
    try:
        result, code = finish(fresh(preset.config, None))
    except BadInput as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    run = Path(result["run"])
    print(f"\nrun:    {run}")
    picture = run / "window.png"
    if _render(run, picture):
        print(f"window: {picture}")
    return code


def _render(run: Path, picture: Path) -> bool:
    """Draw the window off screen; a machine without Qt's system libraries still has its run."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from workbench.gui import pairing
        from workbench.gui.app import render

        pairing.check_installed()
    except ImportError as error:
        print(
            f"window: not drawn, since Qt cannot be loaded ({error}). {QT_LIBRARIES}",
            file=sys.stderr,
        )
        return False
    render(run, picture)
    return True
