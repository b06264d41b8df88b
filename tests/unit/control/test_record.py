"""The record of a training by acting: returns, bounds and steps; resumed bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tiny import training
from tests.unit.control.kit import config_of
from workbench.core.events import Evaluated, StepDone
from workbench.experiments.replay import read_run
from workbench.experiments.store import open_run
from workbench.start.main import main

FOUR = {"iterations": 4, "eval_interval": 2, "checkpoint_interval": 2}


@pytest.mark.parametrize(
    ("algorithm", "optimizer"),
    [("maml", "trpo"), ("maml", "clipped"), ("reptile", "sgd"), ("rl2", "adam"), ("joint", "adam")],
)
def test_a_resumed_run_equals_an_unbroken_one_bit_for_bit(
    tmp_path: Path, algorithm: str, optimizer: str
) -> None:
    changes: dict[str, Any] = {"algorithm": {"name": algorithm, "test_steps": 1}}
    changes["training"] = {**FOUR, "optimizer": optimizer}
    whole = config_of("gridworld", **changes)
    list(training(whole, tmp_path / "whole").events())
    half = whole.replaced({"training": {"iterations": 2}})
    list(training(half, tmp_path / "half").events())
    assert main(["train", "--resume", str(tmp_path / "half"), "--iterations", "4"]) == 0
    kept, again = (open_run(tmp_path / name).load_checkpoint() for name in ("whole", "half"))
    assert all(torch.equal(kept.weights[name], again.weights[name]) for name in kept.weights)
    assert kept.acted == again.acted > 0
    steps = [read_run(tmp_path / name).steps for name in ("whole", "half")]
    assert [s.acted for s in steps[0]] == [s.acted for s in steps[1]]
    assert [s.query_loss for s in steps[0]] == [s.query_loss for s in steps[1]]


def test_returns_bounds_and_steps_are_in_the_record(tmp_path: Path) -> None:
    events = list(training(config_of(training=FOUR), tmp_path / "run").events())
    steps = [event for event in events if isinstance(event, StepDone)]
    each = 3 * (4 + 4) * 8  # tasks, trajectories, horizon
    told = [step.acted for step in steps if step.acted is not None]
    assert len(told) == 4 and told[-1].steps <= 4 * each and told[0].steps > each // 2
    assert [one.steps for one in told] == sorted(one.steps for one in told)
    assert all(-20 < one.metric_before < 0 for one in told)
    curves = [event.curve for event in events if isinstance(event, Evaluated)]
    for curve in curves:
        assert curve.metric == "return" and set(curve.bounds) == {"optimum", "staying put"}
        assert max(curve.mean) < curve.bounds["optimum"] > curve.bounds["staying put"]
    replay = read_run(tmp_path / "run")
    assert [step.acted for step in replay.steps] == told
    assert replay.last is not None and replay.last.bounds == curves[-1].bounds


def test_the_command_line_trains_measures_and_adapts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(tmp_path / "run")
    few = ["--training.meta_batch", "3", "--training.eval_tasks", "3", "--training.test_tasks", "3"]
    preset = ["train", "--preset", "navigation-quick", "--iterations", "2", "--task.shots", "4"]
    assert main([*preset, *few, "--run-dir", run]) == 0
    assert "optimum" in capsys.readouterr().out
    assert main(["evaluate", run, "--tasks", "5", "--steps", "2"]) == 0
    told = capsys.readouterr().out
    assert "return on 5 test tasks" in told and "optimum" in told and "staying put" in told
    assert main(["adapt", run, "--seed", "3"]) == 0
    assert "return" in capsys.readouterr().out.lower()
