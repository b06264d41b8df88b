"""What the cost of a part depends on: the machine, and of an experiment what changes its pace."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import torch

from workbench import __version__
from workbench.experiments.config import SECTIONS, ExperimentConfig

_LENGTHS = frozenset(
    {
        "iterations",
        "seconds",
        "eval_interval",
        "eval_tasks",
        "test_tasks",
        "checkpoint_interval",
        "patience",
        "schedule",
        "decay_every",
        "decay_patience",
        "warm_up",
        "select_by",
    }
)
"""Of `TrainingParams`: how often something is done, and what costs a step nothing."""


def key(config: ExperimentConfig) -> str:
    """The same for all experiments whose parts cost the same on this machine."""
    told = json.dumps({"machine": machine(), "pace": pace(config)}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def pace(config: ExperimentConfig) -> dict[str, dict[str, Any]]:
    """What of an experiment changes the cost of its parts.

    Neither seeds nor how often a part is done; and of a real number whether it is zero: a rate of
    0.01 costs what one of 0.1 does, while without dropout nothing is dropped.
    """
    complete = config.complete()
    lengths = {"training": _LENGTHS}
    return {
        section: {
            name: _counts(value)
            for name, value in complete[section].items()
            if not _is_seed(name) and name not in lengths.get(section, ())
        }
        for section in SECTIONS
    }


def lengths(config: ExperimentConfig) -> tuple[float, ...]:
    """How often each part is done."""
    training = config.training
    counts = (training.iterations, training.eval_interval, training.eval_tasks)
    return (*counts, training.test_tasks, training.checkpoint_interval, training.seconds)


@cache
def machine() -> dict[str, Any]:
    """Another processor, or another version of what computes, is measured anew."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "program": __version__,
    }


def _counts(value: Any) -> Any:
    return bool(value) if isinstance(value, float) else value


def _is_seed(name: str) -> bool:
    return name == "seed" or name.endswith("_seed")


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
