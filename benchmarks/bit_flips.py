"""Flip single bits in every file of a run: is each one noticed, or without effect?

    python -m benchmarks.bit_flips [--every 1]

Noticed: reading raises `BadInput`, counts a damaged line, or passes a checkpoint over with its
reason. Without effect: everything that is read is what it was. Anything else is silent, a fault; so
is a flip in the metrics that takes a line with it in which it does not lie.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.tiny import tiny_config, training
from workbench.core.errors import BadInput
from workbench.experiments.runs import list_runs
from workbench.experiments.store import Run

SILENT, NOTICED, HARMLESS, HIDES = "silent", "noticed", "harmless", "hides others"
OUTCOMES = (NOTICED, HARMLESS, SILENT, HIDES)


def flips(file: Path, every: int) -> Iterator[int]:
    """Flip one bit after the other, ``every`` apart; the file is whole again afterwards."""
    good = file.read_bytes()
    try:
        for bit in range(0, 8 * len(good), every):
            broken = bytearray(good)
            broken[bit // 8] ^= 1 << (bit % 8)
            file.write_bytes(broken)
            yield bit
    finally:
        file.write_bytes(good)


def outcome(path: Path, wanted: Any) -> str:
    """What a reader of the run makes of it."""
    if len(Run(path).metrics().lines) < len(wanted[3]) - 1:
        return HIDES
    try:
        found, noticed = everything(path)
    except BadInput:
        return NOTICED
    if noticed:
        return NOTICED
    return HARMLESS if found == wanted else SILENT


def everything(path: Path) -> tuple[Any, bool]:
    """All that is read of a run, and whether damage was noticed on the way."""
    run = Run(path)
    (row,) = list_runs(path.parent)
    metrics = run.metrics()
    checkpoints = [run.load_checkpoint(at) for at in run.iterations()]
    newest = run.load_checkpoint()
    noticed = bool(row.problem or metrics.damaged or metrics.torn or newest.passed_over)
    states = [_plain(one) for one in (*checkpoints, newest)]
    return (run.config(), run.facts(), row.result, metrics.lines, states), noticed


def _plain(checkpoint: Any) -> Any:
    groups = ("weights", "best_weights", "optimizer")
    tensors = {group: _bytes(getattr(checkpoint, group)) for group in groups}
    return {**vars(checkpoint), **tensors}


def _bytes(tensors: Any) -> dict[str, bytes]:
    return {name: tensor.numpy().tobytes() for name, tensor in tensors.items()}


def files_of(run: Path) -> list[Path]:
    """What is read of a run: the lock and who held it are not."""
    unread = (".lock", "writer.json")
    found = (file for file in run.rglob("*") if file.is_file() and file.name not in unread)
    return sorted(file for file in found if file.parent.name != "evaluations")


def counted(run: Path, every: int) -> dict[str, Counter[str]]:
    """Outcomes by file."""
    wanted, noticed = everything(run)
    assert not noticed
    return {
        str(file.relative_to(run)): Counter(outcome(run, wanted) for _ in flips(file, every))
        for file in files_of(run)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take only every n-th bit")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        list(training(tiny_config(), folder / "run").events())
        found = counted(folder / "run", given.every)
    finally:
        shutil.rmtree(folder)
    for file, outcomes in found.items():
        print(f"{file:40} " + "  ".join(f"{kind} {outcomes[kind]}" for kind in OUTCOMES))
    total = sum(found.values(), Counter[str]())
    faults = total[SILENT] + total[HIDES]
    print(f"{total.total()} flips, {total[SILENT]} silent, {total[HIDES]} that hide other lines")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
