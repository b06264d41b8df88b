"""What it saves that a frozen network is asked once for each picture.

    python benchmarks/frozen_features.py [--classes 20] [--size 84] [--network resnet18]

A tree of generated photographs of 20 classes, an ANIL head and a ridge head on a frozen network of
torchvision with random weights. Both sides run in one process, one after the other, twice:
with the memory of features, and with a memory that holds nothing. The weights at the end must be
the same bit for bit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock
from weakref import WeakValueDictionary

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.models import frozen

ROUNDS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--classes", type=int, default=20)
    parser.add_argument("--pictures", type=int, default=30, help="of each class")
    parser.add_argument("--size", type=int, default=84)
    parser.add_argument("--network", default="resnet18")
    parser.add_argument("--iterations", type=int, default=5)
    given = parser.parse_args()
    catalog.load()
    with tempfile.TemporaryDirectory() as folder:
        photographs(Path(folder, "data"), given)
        for algorithm in ("anil", "r2d2"):
            compare(algorithm, Path(folder), given)


def photographs(root: Path, given: argparse.Namespace) -> None:
    """Each class has colours and stripes of its own, with noise."""
    draws = np.random.default_rng(0)
    rows, columns = np.mgrid[: given.size, : given.size] / given.size
    for number in range(given.classes):
        colour, waves = draws.random(3), draws.integers(1, 12, 2)
        folder = root / f"class {number:02}"
        folder.mkdir(parents=True)
        for item in range(given.pictures):
            phase = draws.random() * 6.28
            wave = 0.5 + 0.5 * np.sin(6.28 * (waves[0] * rows + waves[1] * columns) + phase)
            pixels = wave[..., None] * colour + 0.2 * draws.random((given.size, given.size, 3))
            image = Image.fromarray((255 * pixels.clip(0, 1)).astype(np.uint8))
            image.save(folder / f"{item:03}.png")


def compare(algorithm: str, folder: Path, given: argparse.Namespace) -> None:
    seconds: dict[str, list[float]] = {"remembered": [], "not": []}
    ends = []
    for number in range(ROUNDS):
        for name, most in (("remembered", frozen.MOST_BYTES), ("not", 0)):
            empty = mock.patch.object(frozen, "_memories", WeakValueDictionary())
            with empty, mock.patch.object(frozen, "MOST_BYTES", most):
                began = time.perf_counter()
                ends.append(train(algorithm, folder / f"{algorithm} {name} {number}", given))
            seconds[name].append(time.perf_counter() - began)
    assert all(torch.equal(end[name], ends[0][name]) for end in ends for name in end)
    kept, without = (statistics.median(taken) for taken in seconds.values())
    print(
        f"{algorithm} on {given.network}, {given.classes} classes of {given.pictures} at "
        f"{given.size} px, {given.iterations} iterations: {kept:.1f} s with the "
        f"memory, {without:.1f} s without, {without / kept:.1f} times"
    )


def train(algorithm: str, run: Path, given: argparse.Namespace) -> dict[str, torch.Tensor]:
    """A whole run: the family is prepared, the memory begins empty."""
    config = ExperimentConfig.from_json(
        {
            "task": {
                "name": "image_folder",
                "root": str(run.parent / "data"),
                "ways": 5,
                "val_share": 0.25,
                "test_share": 0.25,
            }
            | {"shots": 1, "queries": 5, "image_size": given.size, "colour": "rgb"},
            "model": {"name": "torchvision", "network": given.network, "weights": "random"},
            "algorithm": {"name": algorithm},
            "training": {"iterations": given.iterations, "meta_batch": 4, "eval_interval": 1000}
            | {"eval_tasks": 2, "test_tasks": 6, "workers": 1},
        }
    )
    family = build_family(config)
    family.prepare(lambda message, share: None)
    training = Training(config, family, Run.create(config, run))
    list(training.events())
    return Run(run).load_checkpoint().weights


if __name__ == "__main__":
    main()
