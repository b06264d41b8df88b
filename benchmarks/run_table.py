"""How long the table of runs takes with thousands: reading, filtering, showing, painting.

    python benchmarks/run_table.py [RUNS]

The runs are made up and lie in a folder of their own; nothing of yours is read. Times are medians
of several turns, in milliseconds of this thread's own time, so that others on the core do not
count; what is read once is told in seconds.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FILTERS = (
    "maml",
    "algo:maml acc>80",
    "algo:maml|reptile val>70 -status:failed seed<=3",
    "alpha:0.1 iterations>=1000 date>2026-11-02",
    '"glyphs 5w1s" -tag:paper transductive:yes',
)
TURNS = 7


def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="run-table-") as folder:
        for name in ("DATA", "STATE", "CONFIG", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder) / name.lower())
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        measure(count)


def measure(count: int) -> None:
    from tests.synthetic_runs import write_many
    from workbench.experiments.labbook.entry import entries_of, with_learned
    from workbench.experiments.labbook.filtering import parse
    from workbench.experiments.runs import list_runs
    from workbench.experiments.store import default_root

    write_many(default_root(), count)
    summaries, listed = once(list_runs)
    entries, named = once(lambda: entries_of(summaries))
    read, learned = once(lambda: [with_learned(entry) for entry in entries])
    print(f"{count:,} runs: listed in {listed:.1f} s, notes and names {named:.2f} s, ", end="")
    print(f"curves {learned:.1f} s (these on a thread)")
    for text in FILTERS:
        asked = parse(text)
        found = sum(asked.matches(entry) for entry in read)
        took = median(lambda asked=asked: [entry for entry in read if asked.matches(entry)])
        parsing = median(lambda text=text: parse(text))
        print(f"filter {text!r}: {took:.1f} ms, read in {parsing:.2f} ms, finds {found:,}")
    in_the_window()


def in_the_window() -> None:
    """From a keystroke in the field to the painted table, and scrolling through all of it."""
    from PySide6.QtWidgets import QApplication

    from workbench.gui.runs.panel import RunsPanel
    from workbench.gui.state.workspace import Workspace
    from workbench.gui.style import theme

    app = QApplication(sys.argv[:1])
    theme.current()
    space = Workspace()
    panel = RunsPanel(space)
    panel.resize(1100, 700)
    panel.show()
    space.load()
    began = time.perf_counter()
    while not space.ready or panel.book._job is not None or not panel.model.runs:
        app.processEvents()
    print(f"window: all read and shown after {time.perf_counter() - began:.1f} s")

    def filtered(text: str) -> None:
        panel.filter.line.setText(text)
        panel.table.viewport().repaint()

    for text in FILTERS:
        took = median(lambda text=text: filtered(text), before=lambda: filtered(""))
        print(f"window, filter {text!r}: {took:.1f} ms")
    print(
        f"window, all shown again: {median(lambda: filtered(''), before=narrowed(filtered)):.1f} ms"
    )
    for key in ("validation", "name", "started"):
        print(f"window, sort by {key}: {median(lambda key=key: panel._on_sort(key)):.1f} ms")
    bar = panel.table.verticalScrollBar()

    def scrolled() -> None:
        bar.setValue((bar.value() + 400) % max(bar.maximum(), 1))
        panel.table.viewport().repaint()

    print(f"window, a scroll step painted: {median(scrolled):.1f} ms")
    space.shut_down()


def narrowed(filtered: Callable[[str], None]) -> Callable[[], None]:
    return lambda: filtered(FILTERS[1])


def once(work: Callable[[], list]) -> tuple[list, float]:  # type: ignore[type-arg]
    began = time.thread_time()
    return work(), time.thread_time() - began


def median(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Milliseconds of the turn in the middle; ``before`` is not counted."""
    took = []
    for _ in range(TURNS):
        before()
        began = time.thread_time()
        work()
        took.append(1000 * (time.thread_time() - began))
    return statistics.median(took)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
