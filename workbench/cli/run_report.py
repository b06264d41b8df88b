"""What a run recorded, as the window draws it: tables for a person, columns for a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from statistics import fmean
from typing import Any

from workbench import terminal
from workbench.cli import help
from workbench.cli.numbers import measured_alike, medians, number
from workbench.cli.output import print_curve
from workbench.cli.table import print_table, print_text
from workbench.core.errors import printable
from workbench.core.events import Evaluated, StepDone
from workbench.experiments.changes import in_words
from workbench.experiments.record.codec import ACTED
from workbench.experiments.record.models import RunFacts
from workbench.experiments.replay import Replay
from workbench.experiments.runs import RunSummary

ROWS = 12
"""Of a curve in the terminal; all of it is in the JSON."""
_LOSSES = ("support_loss", "query_loss", "query_metric", "gradient_norm")


def of(summary: RunSummary, replay: Replay, facts: RunFacts) -> dict[str, Any]:
    """What ``--json`` prints: every step and every validation."""
    result, steps = summary.result or {}, replay.steps
    columns = [asdict(step) for step in steps]
    acted = any(step.acted is not None for step in steps)
    names = [name for name in StepDone.__dataclass_fields__ if name != ACTED or acted]
    return {
        "run": str(summary.path.resolve()),
        "config": replay.config.to_json(),
        "status": summary.status,
        "error": result.get("error", ""),
        "iterations": _iterations(summary, replay),
        "seconds": _seconds(summary, replay),
        "steps": {name: [row[name] for row in columns] for name in names},
        "validations": [
            {"iteration": seen.iteration, "best": seen.best, "metrics": seen.curve.to_json()}
            for seen in replay.validations
        ],
        "metrics": _metrics(summary, replay),
        "problem": replay.problem,
        "forked_from": None if facts.forked_from is None else facts.forked_from.model_dump(),
        "weights_from": facts.weights_from,
        "went_on": list(replay.resumptions),
    }


def print_run(summary: RunSummary, replay: Replay, facts: RunFacts) -> None:
    """Where it comes from, settings, losses, validations and, last, the table of adaptation."""
    iterations, seconds = _iterations(summary, replay), _seconds(summary, replay)
    print_text(f"{summary.name}: {summary.status}, {iterations:,} iterations in {seconds:,.1f} s")
    result = summary.result or {}
    if result.get("error"):
        print_text(f"error: {result['error']}")
    _print_origin(facts, replay)
    _print_settings(replay)
    if replay.steps:
        _print_losses(replay.steps, replay.last.metric if replay.last else "metric")
    if replay.validations:
        _print_validations(replay.validations)
    if (metrics := _metrics(summary, replay)) is not None:
        print_curve(metrics)


def _print_origin(facts: RunFacts, replay: Replay) -> None:
    """Weights of another's, the parent of a fork, each time that the run was given a length."""
    if facts.weights_from:
        print_text(f"began with the weights of {printable(facts.weights_from)}")
    if (origin := facts.forked_from) is not None:
        changed = in_words(origin.changes) or "nothing changed"
        print_text(f"forked from {printable(origin.run)} at {origin.iteration:,}: {changed}")
    for mark in replay.resumptions:
        if changes := mark.get("changes"):
            print_text(f"went on from {mark['iteration']:,}: {in_words(changes)}")


def _print_settings(replay: Replay) -> None:
    """Named as the flags are."""
    sections = replay.config.to_json().items()
    rows = [
        (f"{section}.{n}", help.shown(v)) for section, part in sections for n, v in part.items()
    ]
    terminal.write()
    print_table(("setting", "value"), rows)


def _print_losses(steps: Sequence[StepDone], metric: str) -> None:
    """The means over as many steps each; the last row is of what is left."""
    names = ("loss", "loss", metric, "norm")
    bounds = [round(place * len(steps) / ROWS) for place in range(ROWS + 1)]
    spans = [steps[begin:end] for begin, end in pairwise(bounds) if end > begin]
    rows = []
    for span in spans:
        means = [fmean(getattr(step, column) for step in span) for column in _LOSSES]
        cells = [number(name, mean) for name, mean in zip(names, means, strict=True)]
        rows.append([_between(span), *cells])
    terminal.write("\nMeta-training, means over outer steps")
    header = ("iterations", "support loss", "query loss", f"query {metric}", "gradient norm")
    print_table(header, rows)


def _between(span: Sequence[StepDone]) -> str:
    first, last = span[0].iteration, span[-1].iteration
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def _print_validations(seen: Sequence[Evaluated]) -> None:
    """The first, the last, the best, and some evenly between."""
    best = max((place for place, one in enumerate(seen) if one.best), default=-1)
    count = min(ROWS, len(seen))
    even = {round(place * (len(seen) - 1) / max(count - 1, 1)) for place in range(count)}
    chosen = [seen[place] for place in sorted(even | ({best} if best >= 0 else set()))]
    curve = chosen[0].curve
    before, after = ([one.curve.measure(step) for one in chosen] for step in (0, -1))
    columns = (
        [f"{one.iteration:,}" for one in chosen],
        [number(curve.metric, value.mean) for value in before],
        measured_alike(curve.metric, after),
        medians(curve.metric, after),
        ["best" if best >= 0 and one is seen[best] else "" for one in chosen],
    )
    left = f", {len(chosen)} of {len(seen):,}" if len(chosen) < len(seen) else ""
    terminal.write(f"\nValidation {curve.metric} on {curve.tasks:,} tasks{left}")
    header = ("iteration", "before adapting", "after, 95 % CI", "median", "chosen")
    print_table(header, list(zip(*columns, strict=True)))


def _metrics(summary: RunSummary, replay: Replay) -> dict[str, Any] | None:
    """Of the record; where its curves were not kept, of the result."""
    if replay.last is not None:
        return replay.last.to_json()
    return (summary.result or {}).get("metrics")


def _iterations(summary: RunSummary, replay: Replay) -> int:
    """Of the last end, or as far as a run without one has come."""
    reached = replay.steps[-1].iteration if replay.steps else summary.iteration
    return max(int((summary.result or {}).get("iterations", 0)), reached)


def _seconds(summary: RunSummary, replay: Replay) -> float:
    spent = replay.steps[-1].seconds if replay.steps else 0.0
    return max(float((summary.result or {}).get("seconds", 0.0)), spent)
