"""No display: say so, run the default experiment in the terminal, and picture the window."""

from __future__ import annotations

from pathlib import Path

from workbench import logfile, terminal
from workbench.cli import plugins
from workbench.cli.train import finish, fresh
from workbench.experiments import catalog
from workbench.start import pictures


def show_in_terminal() -> int:
    """Train the default preset, print its table of adaptation, save the run and its picture."""
    logfile.start()
    preset = catalog.preset(catalog.DEFAULT_PRESET)
    plugins.say_failures()
    terminal.say(
        "No display: set DISPLAY or WAYLAND_DISPLAY to open the window. "
        f"Meanwhile, here is the experiment {preset.title!r} in the terminal."
    )
    result, code = finish(fresh(preset.config, None))
    run = Path(result["run"])
    terminal.write(f"\nrun:    {run}")
    picture = pictures.window(run)
    if picture is not None:
        terminal.write(f"window: {picture}")
    return code
