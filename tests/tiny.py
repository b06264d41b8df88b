"""Small experiments for tests, built from the real parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig, merged
from workbench.experiments.session import build_family
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training


def tiny_config(**changes: dict[str, Any]) -> ExperimentConfig:
    """Sinusoid MAML with eight hidden units and six outer steps."""
    values: dict[str, dict[str, Any]] = {
        "task": {"name": "sinusoid", "shots": 5, "queries": 5, "test_grid": 20},
        "model": {"name": "mlp", "hidden": [8, 8]},
        "algorithm": {"name": "maml", "inner_rate": 0.01, "inner_steps": 1, "test_steps": 2},
        "training": {
            "iterations": 6,
            "meta_batch": 3,
            "eval_interval": 3,
            "eval_tasks": 5,
            "test_tasks": 7,
            "checkpoint_interval": 3,
            "workers": 2,
        },
    }
    from workbench.experiments import catalog

    catalog.load()
    return ExperimentConfig.from_json(merged(values, changes))


def prepared(config: ExperimentConfig) -> TaskFamily:
    family = build_family(config)
    family.prepare(lambda message, fraction: None)
    return family


def training(config: ExperimentConfig, path: Path) -> Training:
    return Training(config, prepared(config), Run.create(config, path))
