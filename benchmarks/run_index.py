"""How long it takes to list thousands of runs: the first time, and from the index after that.

    python -m benchmarks.run_index [--runs 5000]

Copies of one small run, hard-linked but for what the list reads. Seconds of wall clock and of this
process: on a machine that others use, the second is what the list costs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.tiny import tiny_config, training
from workbench.core import places
from workbench.experiments.runs import list_runs

READ = ("config.json", "run.json", "result.json")
REPEATS = 7


def shelf(root: Path, count: int) -> None:
    """As many runs as asked, written long enough ago to be kept in the index."""
    first = root / "20260101-000000-maml-sinusoid-0000"
    list(training(tiny_config(), first).events())
    for number in range(1, count):
        copy(first, root / f"20260101-{number:06d}-maml-sinusoid-{number:04x}")
    for path in (*root.iterdir(), *root.glob("*/checkpoints"), *root.glob("*/*.json")):
        os.utime(path, (1e9, 1e9))


def copy(source: Path, target: Path) -> None:
    (target / "checkpoints").mkdir(parents=True)
    for name in READ:
        shutil.copy(source / name, target / name)
    for file in (source / "checkpoints").iterdir():
        os.link(file, target / "checkpoints" / file.name)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """The least of several: milliseconds of wall clock and of this process."""
    found = []
    for _ in range(REPEATS):
        wall, own = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - own))
    return 1e3 * min(wall for wall, _ in found), 1e3 * min(own for _, own in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5000)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    try:
        shelf(folder / "runs", given.runs)
        began = time.perf_counter()
        rows = list_runs(folder / "runs")
        print(f"{len(rows)} runs, nothing indexed: {time.perf_counter() - began:.2f} s")
        (index,) = places.cache("runs").iterdir()
        wall, own = timed(lambda: list_runs(folder / "runs"))
        print(f"indexed: {wall:.0f} ms, of which this process {own:.0f} ms")
        print(f"the index: {index.stat().st_size / 1e6:.1f} MB")
        assert {row.status for row in list_runs(folder / "runs")} == {"completed"}
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
