"""A folder of many pictures: seconds and memory of the first start, and of the next.

    python benchmarks/large_folder.py [--pictures 60000] [--size 84]

Small PNG files of 200 classes are made, a few hundred different ones, each written many times under
another name. Each start is a process of its own: it prepares the data, takes the fingerprint and
draws as many tasks as show every picture about twice. The most memory that it ever had resident is
what the system says of it at its end.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from workbench.core.registry import get
from workbench.experiments import catalog

CLASSES, DIFFERENT = 200, 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=60_000)
    parser.add_argument("--size", type=int, default=84)
    parser.add_argument("--start", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.start is not None:
        print(json.dumps(start(given.start, given.pictures, given.size)))
        return
    with tempfile.TemporaryDirectory() as folder:
        root, began = Path(folder, "data"), time.perf_counter()
        make(root, given.pictures, given.size)
        print(f"{given.pictures:,} pictures made in {time.perf_counter() - began:.0f} s")
        for name in ("first", "second", "third"):
            found = apart(root, Path(folder, "cache"), given.pictures, given.size)
            print(
                f"{name} start: ready after {found['ready']:.1f} s, tasks of every picture "
                f"{found['drawn']:.1f} s, at most {found['megabytes']:,.0f} MB "
                f"(of them {found['bare']:,.0f} before the data); {found['fingerprint'][:8]}"
            )


def make(root: Path, pictures: int, size: int) -> None:
    draws = np.random.default_rng(0)
    sources = []
    for number in range(DIFFERENT):
        small = draws.integers(0, 256, (6, 6, 3), dtype=np.uint8)
        file = root / f".sources/{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(small).resize((size, size)).save(file)
        sources.append(file.read_bytes())
    for number in range(pictures):
        folder = root / f"class{number % CLASSES:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:06}.png").write_bytes(sources[draws.integers(DIFFERENT)])


def apart(root: Path, cache: Path, pictures: int, size: int) -> dict[str, float | str]:
    command = [sys.executable, __file__, "--start", root]
    sizes = ["--pictures", str(pictures), "--size", str(size)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    told = subprocess.run(
        [*map(str, command), *sizes], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, float | str] = json.loads(told.stdout.splitlines()[-1])
    return found


def start(root: Path, pictures: int, size: int) -> dict[str, float | str]:
    catalog.load()
    task, bare = get("task", "image_folder"), resident()
    params = {"root": root, "ways": 5, "shots": 5, "queries": 5, "image_size": size}
    family = task.build(task.params(**params, colour="rgb"))
    began = time.perf_counter()
    family.prepare(lambda message, share: None)
    fingerprint = family.fingerprint
    ready = time.perf_counter() - began
    draws = torch.Generator().manual_seed(0)
    for _ in range(2 * pictures // 50 // 4):
        family.episodes("train", 4, draws)
    return {
        "ready": ready,
        "drawn": time.perf_counter() - began - ready,
        "megabytes": resident(),
        "bare": bare,
        "fingerprint": fingerprint,
    }


def resident() -> float:
    """The most MB that this process has ever had in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
