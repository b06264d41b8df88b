"""What lies between the contenders of a race: differences on shared tasks, and ranks.

Every contender meets the same test tasks with one seed, so that each is compared with one
reference task by task; see `experiments.paired`.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.core.errors import BadInput
from workbench.experiments.paired import difference, ranks
from workbench.experiments.scores import read_scores
from workbench.experiments.store import Run

log = logging.getLogger(__name__)
REFERENCE = "maml"

Row = dict[str, Any]
Scores = dict[int, Tensor]
"""After the last step ``[tasks]``, by seed."""


def compare(rows: list[Row], folder: Path, metric: str) -> None:
    """Add to each row its ``rank``, and its ``difference`` to the reference where there is one."""
    _add_ranks(rows, metric)
    measured = [row for row in rows if row["seeds"]]
    reference = next((row for row in measured if row["algorithm"] == REFERENCE), None)
    reference = reference or (measured[0] if measured else None)
    theirs = {} if reference is None else _scores(reference, folder)
    for row in rows:
        row["difference"] = None
        if reference is not None and row is not reference:
            found = _difference(_scores(row, folder), theirs, metric)
            row["difference"] = found and {"to": reference["title"], **found}


def _difference(own: Scores, theirs: Scores, metric: str) -> dict[str, Any] | None:
    """Over the tasks of all seeds that both were measured with."""
    shared = [seed for seed in own if seed in theirs and own[seed].shape == theirs[seed].shape]
    if not shared:
        return None
    pairs = [torch.cat([side[seed] for seed in shared]) for side in (own, theirs)]
    return {"seeds": shared, **difference(pairs[0], pairs[1], metric).to_json()}


def _scores(row: Row, folder: Path) -> Scores:
    """Of each seed that was measured; one whose scores are lost or damaged is left out."""
    found = {}
    for seed in row["seeds"]:
        run = Run(folder / seed["run"])
        try:
            result = run.result() or {}
            found[seed["seed"]] = read_scores(run.path, result["metrics"], seed["seed"])[:, -1]
        except BadInput as error:
            log.warning("not compared task by task: %s", error)
    return found


def _add_ranks(rows: list[Row], metric: str) -> None:
    """The mean over seeds; one that diverged is last with that seed."""
    places: dict[int, list[float]] = {index: [] for index in range(len(rows))}
    for seed in sorted({s["seed"] for row in rows for s in row["seeds"]}):
        racing = [(index, _value(row, seed)) for index, row in enumerate(rows) if _ran(row, seed)]
        found = ranks([value for _, value in racing], metric)
        for (index, _), rank in zip(racing, found, strict=True):
            places[index].append(rank)
    for index, row in enumerate(rows):
        row["rank"] = sum(places[index]) / len(places[index]) if places[index] else None


def _ran(row: Row, seed: int) -> bool:
    return seed in row["diverged"] or any(one["seed"] == seed for one in row["seeds"])


def _value(row: Row, seed: int) -> float | None:
    if seed in row["diverged"]:
        return None
    return next(float(s["steps"][-1]["mean"]) for s in row["seeds"] if s["seed"] == seed)
