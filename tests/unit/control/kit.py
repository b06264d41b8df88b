"""Small problems of control."""

from __future__ import annotations

from typing import Any

from tests.tiny import prepared, tiny_config
from workbench.core.algorithm import Algorithm
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_algorithm

MODELS = {"navigation": "mlp_gaussian", "gridworld": "mlp_categorical", "gym": "mlp_categorical"}


def config_of(family: str = "navigation", **changes: dict[str, Any]) -> ExperimentConfig:
    task = {"name": family, "shots": 4, "queries": 4, "horizon": 8, **changes.pop("task", {})}
    model = {"name": MODELS[family], "hidden": [8], **changes.pop("model", {})}
    return tiny_config(task=task, model=model, **changes)


def built(config: ExperimentConfig) -> tuple[TaskFamily, Algorithm]:
    family = prepared(config)
    return family, build_algorithm(config, family)
