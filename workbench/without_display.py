"""No display: say so, run the default experiment in the terminal, and picture the window."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench import pictures
from workbench.cli.app import log_to_file
from workbench.cli.train import finish, fresh
from workbench.core.errors import BadInput
from workbench.experiments import catalog


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
    picture = pictures.window(run)
    if picture is not None:
        print(f"window: {picture}")
    return code
