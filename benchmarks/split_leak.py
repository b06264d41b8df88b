"""What a class in two splits is worth: the test of a run against classes it has never seen.

    python benchmarks/split_leak.py [--iterations 300]

Fifteen invented characters lie as base/c, validation/c and novel/c with other drawings in each, as
supervised data sets come. The run's own test is compared with 30 characters from elsewhere. From
the command line alone, so that it runs on older versions as well.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from workbench.core.registry import get
from workbench.experiments import catalog

CLASSES, DRAWINGS, UNSEEN = 15, 6, 30
SPLITS = ("base", "validation", "novel")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--iterations", default="300")
    iterations = asked.parse_args().iterations
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pictures(folder)
        for flags in ([], ["--task.splits", "drawn"]):
            shown = " ".join(flags) or "as it comes"
            print(f"{shown}: {measured(folder, flags, iterations)}", flush=True)


def write_pictures(folder: Path) -> None:
    """The tree of three splits, and a tree of other characters."""
    catalog.load()
    entry = get("task", "glyphs")
    family = entry.build(entry.params())
    family.prepare(lambda message, share: None)
    for number in range(CLASSES + UNSEEN):
        for index in range(3 * DRAWINGS):
            part = SPLITS[index // DRAWINGS] if number < CLASSES else "elsewhere"
            place = folder / ("tree" if number < CLASSES else "") / part / f"c{number:02}"
            place.mkdir(parents=True, exist_ok=True)
            pixels = 255 - family.thumbnail(7 * number, index)[0].numpy()
            Image.fromarray(pixels).save(place / f"{index}.png")


def measured(folder: Path, flags: list[str], iterations: str) -> str:
    run = folder / f"run{len(flags)}"
    sizes = ["--task.ways", "3", "--task.queries", "5", "--model.filters", "16"]
    sizes += ["--training.meta_batch", "4", "--training.eval_tasks", "20"]
    done = call(
        "train", "--preset", "glyphs", "--task.name", "image_folder", "--task.invert", "true",
        "--task.root", str(folder / "tree"), *sizes, *flags, "--algorithm.name", "protonet",
        "--iterations", iterations, "--training.workers", "1", "--run-dir", str(run),
    )  # fmt: skip
    if isinstance(done, str):
        return f"refused: {done}"
    other = call(
        "evaluate",
        str(run),
        "--on",
        "image_folder",
        "--data",
        str(folder / "elsewhere"),
        "--tasks",
        "600",
    )
    assert not isinstance(other, str), other
    own, unseen = (result["metrics"]["steps"][-1]["mean"] for result in (done, other))
    return f"its own test {100 * own:.1f} %, unseen characters {100 * unseen:.1f} %"


def call(*arguments: str) -> dict[str, Any] | str:
    """The result of a command, or its last words."""
    code = "import sys; from workbench.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
