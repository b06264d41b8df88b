"""The numbers of a race: each contender's runs summed up, and all of them as lines of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.core.curve import Measure
from workbench.core.events import Reason
from workbench.experiments.spread import over_seeds

Finished = tuple[int, str, dict[str, Any]]
"""A seed, the run's directory, and its ``result.json``."""

HEADER = (
    "algorithm",
    "seed",
    "step",
    "mean",
    "ci95",
    "median",
    "low",
    "high",
    "interval",
    "tasks",
    "transductive",
    "iterations",
    "seconds",
    "operations",
    "parameters",
    "problem",
)


def summary(
    problem: str, finished: Sequence[Finished], faults: Sequence[tuple[int, str]] = ()
) -> dict[str, Any]:
    """One contender: its measured seeds, their mean, and what went wrong.

    ``faults`` are those of seeds that came to no result, as sentences. A seed that diverged is
    measured with its best weights, as every other is, and named in ``diverged``.

    The interval of a step is over tasks: seeds draw theirs independently, so that of the mean of S
    seeds is sqrt(sum ci^2) / S. What lies between seeds is in ``over_seeds``, after the last step.
    """
    measured = [_seed(*run) for run in finished if _is_measured(run[2])]
    failed = [
        f"seed {seed}: {result['error'] or result['reason']}"
        for seed, _, result in finished
        if result["reason"] != Reason.COMPLETED
    ]
    failed += [f"seed {seed}: {fault}" for seed, fault in faults]
    return {
        "problem": problem or "; ".join(failed),
        "diverged": [seed for seed, _, result in finished if _is_diverged(result)],
        "transductive": measured[0]["transductive"] if measured else None,
        "iterations": _mean(measured, "iterations"),
        "seconds": _mean(measured, "seconds"),
        "steps": [_over_seeds(step) for step in zip(*(m["steps"] for m in measured), strict=True)],
        "over_seeds": _between([m["steps"][-1]["mean"] for m in measured]),
        "seeds": measured,
    }


def lines(result: dict[str, Any]) -> Iterator[Sequence[Any]]:
    """A header, then a line for every contender, seed and step."""
    yield HEADER
    for row in result["contenders"]:
        name, parameters = row["algorithm"], row["parameters"]
        if row["problem"]:
            yield (name, *[""] * (len(HEADER) - 3), parameters, row["problem"])
        for seed in row["seeds"]:
            told = [result["tasks"], seed["transductive"], seed["iterations"], seed["seconds"]]
            told.append(seed["iterations"] * row["operations"])
            for step in seed["steps"]:
                numbers = [step["step"], *(step.get(number) for number in _SHOWN[1:])]
                yield (name, seed["seed"], *numbers, *told, parameters, "")


def _is_measured(result: dict[str, Any]) -> bool:
    """On the test split: to its end, or to where it diverged."""
    metrics = result["metrics"]
    ended = result["reason"] == Reason.COMPLETED or _is_diverged(result)
    return ended and metrics is not None and metrics["split"] == "test"


def _is_diverged(result: dict[str, Any]) -> bool:
    return bool(result["reason"] == Reason.DIVERGED)


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
        "diverged": _is_diverged(result),
        "steps": [{name: _plain(step.get(name)) for name in _SHOWN} for step in metrics["steps"]],
    }


_SHOWN = ("step", "mean", "ci95", "median", "low", "high", "interval")


def _plain(value: Any) -> Any:
    """A number that was written as a word, ``"inf"``, as a number."""
    return float(value) if value in ("nan", "inf", "-inf") else value


def _over_seeds(steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of one step: the mean of the seeds, and of their medians; bounds combine as ``ci95`` does."""
    count = len(steps)
    measures = [Measure.of(step) for step in steps]
    mean = sum(m.mean for m in measures) / count
    below = _combined([m.mean - m.ends[0] for m in measures])
    above = _combined([m.ends[1] - m.mean for m in measures])
    medians = [m.median for m in measures if m.median is not None]
    return {
        "step": steps[0]["step"],
        "mean": mean,
        "ci95": _combined([m.ci95 for m in measures]),
        "median": sum(medians) / count if len(medians) == count else None,
        "low": mean - below,
        "high": mean + above,
        "interval": "bootstrap" if any(m.skewed for m in measures) else "normal",
    }


def _between(means: Sequence[float]) -> dict[str, float] | None:
    """The mean of two seeds or more with its interval over seeds."""
    if len(means) < 2 or not all(map(math.isfinite, means)):
        return None
    return {"mean": sum(means) / len(means), "ci95": over_seeds(means)}


def _combined(widths: Sequence[float]) -> float:
    """The half-width of the mean of independent seeds."""
    return math.sqrt(sum(width**2 for width in widths)) / len(widths)


def _mean(measured: Sequence[dict[str, Any]], name: str) -> float | None:
    return sum(seed[name] for seed in measured) / len(measured) if measured else None
