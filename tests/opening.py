"""Pictures as Omniglot lies on a disk, and a wire that is tripped when the network is used."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import tiny_config, training
from tests.unit.tasks.conftest import fill
from workbench.experiments.config import ExperimentConfig

CLASSES = [f"Alphabet{a}/character{c:02}" for a in range(10) for c in range(4)]


def omniglot(root: Path) -> Path:
    return fill(root, CLASSES, 3)


def on_pictures(**task: Any) -> ExperimentConfig:
    sizes = {"ways": 2, "shots": 1, "queries": 1}
    short = {"iterations": 2, "meta_batch": 1, "eval_tasks": 2, "test_tasks": 2}
    return tiny_config(
        task={"name": "omniglot", **sizes, **task},
        model={"name": "conv4", "filters": 4},
        training=short,
    )


def trained(config: ExperimentConfig, run: Path) -> Path:
    assert list(training(config, run).events())[-1].reason == "completed"  # type: ignore[union-attr]
    return run


def trip_wire(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that anybody asked for; each is told that there is no network."""
    asked: list[str] = []

    def lookup(host: Any, *rest: Any, **named: Any) -> Any:
        asked.append(str(host))
        raise OSError("there is no network in a test")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked
