"""Runs as the program writes them, made up in no time: for tables of many."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workbench.core.curve import Curve
from workbench.core.events import Evaluated, Event, Finished, Reason, StepDone
from workbench.core.files import as_json
from workbench.core.sealed import seal, write_sealed
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.record import codec, models
from workbench.experiments.scores import FOLDER

BEGAN = datetime(2026, 11, 1, 9, 0)
METHODS = ("maml", "fomaml", "reptile", "protonet", "anil")


def glyph_config(method: str = "maml", **changes: dict[str, Any]) -> ExperimentConfig:
    """On glyphs, 5-way 1-shot, as the preset has it; with changes laid over."""
    catalog.load()
    base = catalog.preset("glyphs").config.replaced({"algorithm": {"name": method}})
    return base.replaced(changes)


def curve(value: float, split: str = "val", metric: str = "accuracy", tasks: int = 100) -> Curve:
    means = (0.2, value)
    ci, losses = (0.01, 0.011), (1.6, 1 - value)
    return Curve(metric, split, tasks, True, means, ci, losses, losses)  # type: ignore[arg-type]


def write_run(
    path: Path,
    config: ExperimentConfig,
    values: tuple[float, ...] = (0.5, 0.7),
    test: float | None = 0.68,
    began: datetime = BEGAN,
    reason: Reason | None = Reason.COMPLETED,
    steps: int = 10,
) -> Path:
    """A run that validated so, and came to that on the test tasks; without a reason it goes on."""
    path.mkdir(parents=True)
    facts = {
        "schema_version": models.SCHEMA,
        "started": began.timestamp(),
        "process": 1,
        "host": "x",
    }
    _write(path / "run.json", {**models.RunFacts.present(1, None).model_dump(), **facts})
    _write(path / "config.json", {"schema_version": models.SCHEMA, **config.to_record()})
    events = list(_events(values, test, reason, steps, config.training.test_tasks))
    lines = [codec.to_line(codec.encode(event)) for event in events]
    (path / "metrics.jsonl").write_bytes(b"".join(lines))
    if reason is not None:
        _write(path / "result.json", _result(path, config, values, test, reason, steps))
    return path


def write_scores(path: Path, config: ExperimentConfig, scores: list[float]) -> None:
    """The scores of every test task behind the run's own test; as many as it says."""
    name = f"test-{len(scores)}tasks-1steps-seed{config.training.seed}.json"
    (path / FOLDER).mkdir()
    per_task = {"query_metric": [[0.2, score] for score in scores]}
    write_sealed(path / FOLDER / name, {"per_task": per_task})


def write_many(root: Path, count: int) -> None:
    """Runs of several methods, rates and seeds, ten to an hour; all the same every time."""
    draws = random.Random(0)
    configs = {}
    for number in range(count):
        method = METHODS[number % len(METHODS)]
        rate, seed = draws.choice((0.01, 0.05, 0.1, 0.4)), number % 7
        key = method, rate, seed
        if key not in configs:
            own = {} if method == "protonet" else {"inner_rate": rate}
            training = {"seed": seed, "outer_rate": draws.choice((1e-3, 3e-3))}
            configs[key] = glyph_config(method, algorithm=own, training=training)
        best, kinds = draws.uniform(0.5, 0.95), (Reason.COMPLETED, Reason.STOPPED, Reason.FAILED)
        values = tuple(best * (1 - 0.6 / (n + 1)) - draws.uniform(0, 0.06) for n in range(12))
        reason = draws.choices(kinds, (8, 1, 1))[0]
        test = best - 0.02 if reason is Reason.COMPLETED else None
        began = BEGAN + timedelta(minutes=6 * number)
        name = f"{began:%Y%m%d-%H%M%S}-{method}-glyphs-{number:04x}"
        write_run(root / name, configs[key], values, test, began, reason, steps=24)


def _events(
    values: tuple[float, ...], test: float | None, reason: Reason | None, steps: int, tasks: int
) -> list[Event]:
    events: list[Event] = []
    for number in range(1, steps + 1):
        loss = 1.6 - number / steps
        events.append(StepDone(number * 100, 1.5 * number, 1.6, loss, 0.5, 0.9, 1e-3))
    best = 0.0
    for place, value in enumerate(values, start=1):
        events.append(Evaluated(place * 200, curve(value), value > best))
        best = max(best, value)
    if test is not None:
        events.append(Evaluated(steps * 100, curve(test, "test", tasks=tasks), False))
    return events if reason is None else [*events, Finished(reason, steps * 100)]


def _result(
    path: Path,
    config: ExperimentConfig,
    values: tuple[float, ...],
    test: float | None,
    reason: Reason,
    steps: int,
) -> dict[str, Any]:
    best = max(range(len(values)), key=lambda place: values[place]) if values else 0
    shown = curve(values[best]) if values else None
    if test is not None:
        shown = curve(test, "test", tasks=config.training.test_tasks)
    return {
        "schema_version": models.SCHEMA,
        "run": str(path),
        "config": config.to_json(),
        "iterations": steps * 100,
        "seconds": 1.5 * steps,
        "metrics": None if shown is None else shown.to_json(),
        "best_iteration": 200 * (best + 1) if values else 0,
        "data_fingerprint": "f" * 8,
        "strategy": "general",
        "reason": str(reason),
        "error": "the disk is full" if reason is Reason.FAILED else "",
    }


def _write(file: Path, values: dict[str, Any]) -> None:
    file.write_text(as_json(seal(values)), encoding="utf-8")
