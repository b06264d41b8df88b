"""The window on a folder of many pictures: memory, and how late its event loop is.

    python benchmarks/large_window.py [--pictures 60000] [--size 84] [--seconds 60] [--root FOLDER]

Each line is a process of its own that opens the real window (offscreen where there is no display),
chooses the folder, and trains on it: first a small one, for what the window takes without many
pictures; then the large one, decoded now; then that again, as it was kept. Memory is the resident
one of the process, at its highest; the delay is how much later than 16 ms a 16 ms timer fires, at
the 99th percentile and at most, while the data is opened and while it is trained on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.event_loop_delay import WARM_UP, Ticks, run_loop
from benchmarks.large_folder import make, resident

SMALL = 4000
"""Pictures of the folder that the large one is compared with."""
STARTS = (("small", "small"), ("large, first", "large"), ("large, again", "large"))
TASK = {"ways": "5", "shots": "1", "queries": "5", "colour": "rgb"}
MODEL = {"filters": "16", "downsample": "maxpool"}
TRAINING = {"iterations": "1000000", "meta_batch": "2", "eval_tasks": "10", "workers": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=60_000)
    parser.add_argument("--size", type=int, default=84)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--root", type=Path, help="where the pictures are made, or lie already")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.open is not None:
        opened(given.open, given.size, given.seconds)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = given.root or Path(folder, "pictures")
        for name, count in (("small", SMALL), ("large", given.pictures)):
            if not (root / name).is_dir():
                make(root / name, count, given.size)
        print(f"{'':14}{'opened s':>10}{'p99 ms':>8}{'max ms':>8}{'it/s':>8}{'p99 ms':>8}"
              f"{'max ms':>8}{'MB':>8}", flush=True)  # fmt: skip
        for what, name in STARTS:
            print(f"{what:14}{apart(root / name, Path(folder), what, given)}", flush=True)


def apart(root: Path, home: Path, what: str, given: argparse.Namespace) -> str:
    """The line of a process of its own, which shares the kept pictures with the others alone."""
    places = {f"XDG_{name}_HOME": str(home / what / name) for name in ("DATA", "CONFIG")}
    places["XDG_CACHE_HOME"] = str(home / "cache")
    command = [sys.executable, __file__, "--open", root, "--size", given.size]
    told = subprocess.run(
        [*map(str, command), "--seconds", str(given.seconds)],
        env={**os.environ, **places}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return told.stdout.splitlines()[-1]


def opened(root: Path, size: int, seconds: float) -> None:
    from workbench.gui.shell import app
    from workbench.gui.threads.collector import GuiCollector

    if not app.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    collector = GuiCollector(app.make_application(["large_window"]))
    window, workspace = app.make_window()
    workspace.warmedUp.connect(collector.spare)
    window.resize(1280, 800)
    window.show()
    workspace.load()
    app.wait(lambda: workspace.ready)
    app.wait(lambda: workspace.data.family is not None, 60)
    choose(workspace, size)
    app.wait(lambda: False, WARM_UP)
    began, ticks = time.monotonic(), Ticks()
    workspace.draft.set_value("task", "root", str(root))
    run_loop(lambda: has(workspace, root), 600)
    ready, opening = time.monotonic() - began, ticks.late()
    workspace.start()
    app.wait(lambda: workspace.history.iteration > 0, 300)
    began, first, ticks = time.monotonic(), workspace.history.iteration, Ticks()
    run_loop(lambda: False, seconds)
    rate = (workspace.history.iteration - first) / (time.monotonic() - began)
    line = f"{ready:10.1f}{told(opening)}{rate:8.2f}{told(ticks.late())}{resident():8.0f}"
    workspace.training.stop()
    app.wait(lambda: not workspace.training.busy, 120)
    window.close()
    workspace.shut_down()
    collector.stop()
    print(line)


def choose(workspace, size: int) -> None:  # type: ignore[no-untyped-def]
    """Everything but the folder."""
    draft = workspace.draft
    draft.choose("task", "image_folder")
    draft.choose("model", "conv4")
    given = {"task": {**TASK, "image_size": size}, "model": MODEL}
    for section, fields in {**given, "training": TRAINING}.items():
        for field, value in fields.items():
            draft.set_value(section, field, value)


def has(workspace, root: Path) -> bool:  # type: ignore[no-untyped-def]
    """Whether the pictures of the folder are there, and what was chosen can start."""
    family, config = workspace.data.family, workspace.draft.config
    there = family is not None and getattr(family.params, "root", None) == root
    return there and config is not None and family.is_of(config.task)


def told(late: list[float]) -> str:
    return f"{late[int(0.99 * (len(late) - 1))]:8.1f}{late[-1]:8.0f}"


if __name__ == "__main__":
    main()
