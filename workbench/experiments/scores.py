"""Every task's scores, kept in ``evaluations/*.json`` of a run for what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.core.algorithm import Scores
from workbench.core.curve import Curve, Measure
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed, write_sealed
from workbench.experiments.kept import naming, predictions
from workbench.experiments.kept.naming import MAX_BYTES

FOLDER = "evaluations"


def write_scores(
    run: Path,
    curve: Curve,
    scores: Scores,
    seed: int,
    variant: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
    *,
    own: bool = False,
) -> Path:
    """Keep every task's scores, so that means and intervals can be computed again.

    ``variant`` names what was measured otherwise than in the training, e.g. ``20ways``; ``more``
    stands in the file beside the scores. Another answer of that name is kept beside it under a
    number, e.g. ``-2``; the run's ``own`` test has the name without one.
    """
    metrics = curve.to_json()
    stem = "-".join((_stem(metrics, seed), *variant))
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    values: dict[str, Any] = {
        **metrics,
        "seed": seed,
        "variant": list(variant),
        **(more or {}),
        "per_task": {
            "query_metric": scores.metric.tolist(),
            "query_loss": scores.query_loss.tolist(),
            "support_loss": scores.support_loss.tolist(),
        },
        **predictions.packed(scores),
    }
    file, held = naming.place(folder, stem, values, own)
    write_sealed(file, {**held, **values})
    return file


def read_scores(run: Path, metrics: Mapping[str, Any], seed: int) -> Tensor:
    """``[tasks, steps + 1]``, the metric of every task behind a run's own ``metrics``.

    Raises `BadInput` naming the file that is missing or damaged.
    """
    file = run / FOLDER / f"{_stem(metrics, seed)}.json"
    values = read_sealed(file, MAX_BYTES)
    try:
        rows = [[float(v) for v in row] for row in values["per_task"]["query_metric"]]
        found = torch.tensor(rows, dtype=torch.float64)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(str(file), marked("is damaged: it holds no score for each task")) from error
    if found.shape != (int(metrics["tasks"]), len(metrics["steps"])):
        raise BadInput(str(file), marked("is damaged: it holds the scores of other tasks or steps"))
    return found


@dataclass(frozen=True)
class Kept:
    """One measurement of a run, as its file tells it."""

    file: Path
    when: float
    """Seconds since 1970."""
    metrics: dict[str, Any]
    """As in ``result.json``; empty where the file is damaged."""
    seed: int
    data: dict[str, Any]
    """Which other data it was, if it was not the run's own; see `experiments.elsewhere`."""
    variant: str
    """What its file is named after beside split, tasks, steps and seed, e.g. ``20ways``."""
    asked: dict[str, Any] | None = None
    """The wishes that it answers, see `measuring.Question.wishes`; None in older versions."""
    iteration: int | None = None
    """Of the weights; None in older versions."""
    problem: str = ""


_TOLD = ("name", "split", "tasks", "transductive", "steps")


def kept_of(run: Path) -> list[Kept]:
    """What was measured of a run, newest first; a damaged file is told, not passed over."""
    found = [_kept(file) for file in (run / FOLDER).glob("*.json")]
    return sorted(found, key=lambda kept: kept.when, reverse=True)


def _kept(file: Path) -> Kept:
    when = file.stat().st_mtime
    try:
        values = read_sealed(file, MAX_BYTES)
        metrics = {name: values[name] for name in _TOLD}
        metrics["seen_classes"] = bool(values.get("seen_classes"))
        Measure.of(metrics["steps"][-1])
        stem = _stem(metrics, values["seed"])
        named = file.stem.removeprefix(stem).removeprefix("-")
        return Kept(
            file,
            when,
            metrics,
            int(values["seed"]),
            values.get("data") or {},
            "-".join(values["variant"]) if "variant" in values else named,
            asked=values.get("asked"),
            iteration=values.get("iteration"),
        )
    except BadInput as error:
        return Kept(file, when, {}, 0, {}, "", problem=error.problem)
    except (KeyError, TypeError, ValueError, IndexError):
        return Kept(file, when, {}, 0, {}, "", problem="is damaged: it holds no measurement")


def _stem(metrics: Mapping[str, Any], seed: int) -> str:
    steps = len(metrics["steps"]) - 1
    return f"{metrics['split']}-{metrics['tasks']}tasks-{steps}steps-seed{seed}"
