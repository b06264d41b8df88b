"""How long from the start of the process to the first adaptation painted in the lab.

    python -m benchmarks.first_content [--launches 5] [--json]

Every launch is a process of its own with the window as `run_window` opens it, off screen. The
first launch of a pair finds fresh directories, the second one what the first has left. `content`
is the recorded adaptation of the bundled learner on the screen, for which the target is 3 s;
`curve` is the same one computed live, with torch imported.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TARGET_S = 3.0
PATIENCE_S = 60.0
HEAVY = ("torch", "torch._dynamo", "torch._inductor", "torch._functorch", "torchvision", "numba")
HEAVY += ("scipy", "sympy", "pydantic", "pyqtgraph", "numpy", "PIL")
MOMENTS = ("imported", "shown", "content", "catalog", "data", "learner", "curve", "cpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--launches", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child()
        return
    pairs = [pair() for _ in range(options.launches)]
    results = {
        "fresh": summarise([fresh for fresh, _ in pairs]),
        "warm": summarise([warm for _, warm in pairs]),
        "imported": pairs[0][1]["heavy"],
        "import_s": {name: import_seconds(name) for name in ("PySide6.QtWidgets", "torch")},
    }
    if options.json:
        print(json.dumps(results))
    else:
        show(results)


def show(results: dict) -> None:
    print(f"{'':8}{'':9}" + "".join(f"{moment:>10}" for moment in MOMENTS))
    for kind in ("fresh", "warm"):
        for row in ("best", "median"):
            numbers = "".join(f"{results[kind][row][moment]:>10.2f}" for moment in MOMENTS)
            print(f"{kind:8}{row:9}{numbers}")
    print("seconds since the start of the process; cpu: all threads' seconds up to the curve")
    print("imported before the first curve:", ", ".join(results["imported"]))
    for name, seconds in results["import_s"].items():
        print(f"import {name} alone: {seconds:.2f} s")
    for moment in ("content", "curve"):
        verdict = "within" if results["fresh"]["median"][moment] <= TARGET_S else "ABOVE"
        print(f"{moment}: {verdict} {TARGET_S:.0f} s (fresh, median)")


def pair() -> tuple[dict, dict]:
    """A launch with fresh directories, and one with what it left there."""
    with tempfile.TemporaryDirectory() as home:
        return launch(Path(home)), launch(Path(home))


def launch(home: Path) -> dict:
    places = {f"XDG_{name}_HOME": str(home / name) for name in ("DATA", "STATE", "CONFIG", "CACHE")}
    environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
    environment["WORKBENCH_STARTED"] = repr(time.time())
    command = [sys.executable, "-m", "benchmarks.first_content", "--child"]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE_S)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    return json.loads(done.stdout.splitlines()[-1])


def child() -> None:
    """The window as `run_window` builds it; prints the moments once the first curve is there."""
    started = float(os.environ["WORKBENCH_STARTED"])
    moments: dict[str, float] = {}

    def note(moment: str) -> None:
        moments.setdefault(moment, time.time() - started)

    from PySide6.QtCore import QEvent, QObject, QTimer

    from workbench.gui.lab.panel import LabPanel
    from workbench.gui.shell.app import make_application, make_window
    from workbench.gui.state.bundled import BUNDLED

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                assert (lab.state.steps and "torch" not in sys.modules) or "content" in moments
                note("content")
            return False

    def give_up(*trouble: Any) -> None:
        sys.__excepthook__(*trouble)
        os._exit(1)

    sys.excepthook = give_up
    app = make_application(["workbench"])
    note("imported")
    window, workspace = make_window()
    lab = window.findChild(LabPanel, "panel.lab")
    watch = Painted()
    lab.installEventFilter(watch)
    workspace.catalogReady.connect(lambda: note("catalog"))
    workspace.in_view.changed.connect(lambda: workspace.in_view.task is not None and note("data"))
    learners = workspace.learners
    learners.changed.connect(lambda: workspace.learners.current is not None and note("learner"))

    def on_curve() -> None:
        """Of the trained weights that come with the program."""
        note("curve")
        moments["cpu"] = time.process_time()
        heavy = [name for name in HEAVY if name in sys.modules]
        assert lab.state.learner.label == BUNDLED
        print(json.dumps({**moments, "heavy": heavy}), flush=True)
        workspace.shut_down()
        os._exit(0)

    lab.state.completed.connect(on_curve)
    window.show()
    note("shown")
    QTimer.singleShot(0, workspace.load)
    app.exec()


def import_seconds(name: str) -> float:
    code = f"import time; t = time.time(); import {name}; print(time.time() - t)"
    runs = [subprocess.check_output([sys.executable, "-c", code]) for _ in range(3)]
    return min(float(run) for run in runs)


def summarise(launches: list[dict]) -> dict[str, dict[str, float]]:
    columns = {moment: [launch[moment] for launch in launches] for moment in MOMENTS}
    return {
        "best": {moment: min(times) for moment, times in columns.items()},
        "median": {moment: statistics.median(times) for moment, times in columns.items()},
    }


if __name__ == "__main__":
    main()
