"""Without a display the default experiment runs in the terminal and the window is pictured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

SHORT = """
import sys
from dataclasses import replace
from workbench.experiments import catalog
from workbench.start.main import main
found = catalog.preset(catalog.DEFAULT_PRESET)
short = {"iterations": 3, "eval_tasks": 3, "test_tasks": 4, "meta_batch": 2}
quick = replace(found, config=found.config.replaced({"training": short}))
catalog.preset = lambda name: quick
sys.exit(main([]))
"""


def test_it_trains_prints_the_table_and_draws_the_window(tmp_path: Path) -> None:
    """The default preset, cut to three steps; everything else is as a newcomer sees it."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["XDG_DATA_HOME"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", SHORT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("No display: ")
    assert "accuracy on 4 test tasks (transductive)" in done.stdout
    first = [line.split()[0] for line in done.stdout.splitlines() if "±" in line]
    assert first == [*"0123"] and "\nstep  accuracy" in done.stdout
    assert "This plugin" not in done.stderr and "\x1b" not in done.stderr + done.stdout
    run, window = (_path(done.stdout, name) for name in ("run:", "window:"))
    assert (run / "result.json").exists()
    with Image.open(window) as picture:
        assert picture.width >= 1280 and len(picture.convert("RGB").getcolors(2**24) or []) > 100


def _path(output: str, name: str) -> Path:
    (line,) = [line for line in output.splitlines() if line.startswith(name)]
    return Path(line.removeprefix(name).strip())
