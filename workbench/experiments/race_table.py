"""The numbers of a race: each contender's runs summed up, and all of them as lines of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.core.events import Reason

Finished = tuple[int, str, dict[str, Any]]
"""A seed, the run's directory, and its ``result.json``."""

HEADER = (
    "algorithm",
    "seed",
    "step",
    "mean",
    "ci95",
    "tasks",
    "transductive",
    "iterations",
    "seconds",
    "parameters",
    "problem",
)


def summary(
    problem: str, finished: Sequence[Finished], faults: Sequence[tuple[int, str]] = ()
) -> dict[str, Any]:
    """One contender: its measured seeds, their mean, and what went wrong.

    ``faults`` are those of seeds that came to no result, as sentences.

    The interval is over tasks: seeds draw theirs independently, so that of the mean of S seeds is
    sqrt(sum ci^2) / S. How far seeds lie apart is seen in ``seeds``.
    """
    measured = [_seed(*run) for run in finished if run[2]["reason"] == Reason.COMPLETED]
    failed = [
        f"seed {seed}: {result['error'] or result['reason']}"
        for seed, _, result in finished
        if result["reason"] != Reason.COMPLETED
    ]
    failed += [f"seed {seed}: {fault}" for seed, fault in faults]
    return {
        "problem": problem or "; ".join(failed),
        "transductive": measured[0]["transductive"] if measured else None,
        "iterations": _mean(measured, "iterations"),
        "seconds": _mean(measured, "seconds"),
        "steps": [_over_seeds(step) for step in zip(*(m["steps"] for m in measured), strict=True)],
        "seeds": measured,
    }


def lines(result: dict[str, Any]) -> Iterator[Sequence[Any]]:
    """A header, then a line for every contender, seed and step."""
    yield HEADER
    for row in result["contenders"]:
        name, parameters = row["algorithm"], row["parameters"]
        if row["problem"]:
            yield (name, *[""] * 8, parameters, row["problem"])
        for seed in row["seeds"]:
            told = [result["tasks"], seed["transductive"], seed["iterations"], seed["seconds"]]
            for step in seed["steps"]:
                numbers = [step["step"], step["mean"], step["ci95"]]
                yield (name, seed["seed"], *numbers, *told, parameters, "")


def _seed(seed: int, run: str, result: dict[str, Any]) -> dict[str, Any]:
    metrics = result["metrics"]
    return {
        "seed": seed,
        "run": run,
        "iterations": result["iterations"],
        "best_iteration": result["best_iteration"],
        "seconds": result["seconds"],
        "strategy": result["strategy"],
        "transductive": metrics["transductive"],
        "steps": [
            {name: float(step[name]) if name != "step" else step[name] for name in _SHOWN}
            for step in metrics["steps"]
        ],
    }


_SHOWN = ("step", "mean", "ci95")


def _over_seeds(steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
    count = len(steps)
    return {
        "step": steps[0]["step"],
        "mean": sum(step["mean"] for step in steps) / count,
        "ci95": math.sqrt(sum(step["ci95"] ** 2 for step in steps)) / count,
    }


def _mean(measured: Sequence[dict[str, Any]], name: str) -> float | None:
    return sum(seed[name] for seed in measured) / len(measured) if measured else None
