"""How hard the glyphs are beside Omniglot: accuracy of the nearest picture (cosine of pixels).

    python benchmarks/glyph_calibration.py [--omniglot ZIP_OR_FOLDER] [--tasks 600] [--seed 0]

Means with 95 % confidence intervals over tasks; five queries a class; unturned classes drawn from
all alphabets together, or (within) from one.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import defaultdict
from pathlib import Path

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[1]))

import workbench.tasks  # noqa: F401 (registers the families)
from workbench.core.registry import get
from workbench.core.seeds import generator
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.images import ImageFamily

QUERIES = 5
Groups = list[list[int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--omniglot", type=Path)
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print(f"{given.tasks} tasks, seed {given.seed}, {QUERIES} queries a class")
    print(f"{'':10}{'5w1s':>12}{'5w5s':>12}{'20w1s':>12}{'5w1s within':>14}{'ink':>8}")
    show("glyphs", prepared("glyphs"), given.tasks, given.seed)
    if given.omniglot:
        show("omniglot", prepared("omniglot", root=given.omniglot), given.tasks, given.seed)


def prepared(name: str, **values: object) -> ImageFamily:
    entry = get("task", name)
    family: ImageFamily = entry.build(entry.params.model_validate(values))
    start = time.perf_counter()
    family.prepare(lambda message, fraction: None)
    print(f"({name} ready after {time.perf_counter() - start:.2f} s)", file=sys.stderr)
    return family


def show(name: str, family: ImageFamily, tasks: int, seed: int) -> None:
    pool = family.pool
    every, apart = [list(range(len(pool.class_names)))], alphabets(pool)
    columns = [
        accuracy(pool, every, 5, 1, tasks, seed),
        accuracy(pool, every, 5, 5, tasks, seed),
        accuracy(pool, every, 20, 1, tasks, seed),
        accuracy(pool, apart, 5, 1, tasks, seed),
    ]
    ink = float(pool.images.float().mean()) / 255
    cells = "".join(
        f"{text:>{width}}" for text, width in zip(columns, (12, 12, 12, 14), strict=True)
    )
    print(f"{name:10}{cells}{ink:8.3f}")


def alphabets(pool: ImagePool) -> Groups:
    groups = defaultdict[str, list[int]](list)
    for index, name in enumerate(pool.class_names):
        groups[name.rpartition("/")[0]].append(index)
    return list(groups.values())


def accuracy(pool: ImagePool, groups: Groups, ways: int, shots: int, tasks: int, seed: int) -> str:
    draws = generator(seed, "calibration", ways, shots, len(groups))
    scores = torch.stack([one_task(pool, groups, ways, shots, draws) for _ in range(tasks)])
    half = 1.96 * float(scores.std()) / math.sqrt(tasks)
    return f"{100 * float(scores.mean()):.1f} ± {100 * half:.1f}"


def one_task(
    pool: ImagePool, groups: Groups, ways: int, shots: int, draws: torch.Generator
) -> Tensor:
    """The share of queries whose nearest support picture is of their class."""
    group = groups[int(torch.randint(len(groups), (), generator=draws))]
    order = torch.randperm(len(group), generator=draws)[:ways]
    picked = [pictures(pool, group[position], shots + QUERIES, draws) for position in order]
    vectors = torch.nn.functional.normalize(torch.stack(picked), dim=2)
    support = vectors[:, :shots].flatten(0, 1)
    query = vectors[:, shots:].flatten(0, 1)
    nearest = (query @ support.T).argmax(dim=1) // shots
    return (nearest == torch.arange(ways).repeat_interleave(QUERIES)).float().mean()


def pictures(pool: ImagePool, class_index: int, count: int, draws: torch.Generator) -> Tensor:
    """``[count, pixels]``"""
    items = torch.randperm(pool.count(class_index), generator=draws)[:count]
    return pool.images[pool.starts[class_index] + items].flatten(1).float()


if __name__ == "__main__":
    main()
