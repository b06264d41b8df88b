"""Families of kinds nobody has heard of: trained, measured and adapted without a window."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.strangers.guests import MODELS, guests  # noqa: F401 - a fixture
from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, Finished, Reason
from workbench.core.metric import named
from workbench.core.registry import get, names
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family, untrained
from workbench.start.main import main

catalog.load()
pytestmark = pytest.mark.usefixtures("guests")


def config_of(family: str, algorithm: str = "maml") -> ExperimentConfig:
    model = {"name": MODELS[family]} | ({"hidden": [8]} if MODELS[family] == "mlp" else {})
    task = {"name": family, "shots": 3, "queries": 4}
    return tiny_config(task=task, model=model, algorithm={"name": algorithm})


def tried() -> Iterator[Any]:
    """Families that are like others meet all algorithms in depth, and the plainest always."""
    for family in MODELS:
        for algorithm in names("algorithm"):
            like = family in ("lines", "place", "steering", "clouds")
            deep = like and algorithm not in ("maml", "reptile", "anil", "protonet")
            yield pytest.param(family, algorithm, marks=[pytest.mark.slow] if deep else [])


@pytest.mark.parametrize(("family", "algorithm"), list(tried()))
def test_every_algorithm_trains_or_says_why_not(
    family: str, algorithm: str, tmp_path: Path
) -> None:
    spec = build_family(config_of(family)).spec
    reason = get("algorithm", algorithm).unfit(spec)
    if reason:
        with pytest.raises(BadInput, match=reason):
            config_of(family, algorithm)
        return
    events = list(training(config_of(family, algorithm), tmp_path / "run").events())
    assert isinstance(events[-1], Finished)
    if events[-1].reason is Reason.FAILED:
        assert (family, algorithm) in {("clouds", "transfer"), ("tokens", "transfer")}
        assert "joint training needs classes that tasks share" in events[-1].error
        return
    assert events[-1].reason is Reason.COMPLETED
    curves = [event.curve for event in events if isinstance(event, Evaluated)]
    assert curves and {curve.metric for curve in curves} == {spec.metric}
    assert all(math.isfinite(mean) for curve in curves for mean in curve.mean)


@pytest.mark.parametrize("family", MODELS)
def test_whole_numbers_stay_whole_and_adapting_is_an_independent_loop(family: str) -> None:
    """Plain gradient descent on the support loss, written out here, gives the same outputs."""
    config = config_of(family)
    ready = prepared(config)
    episode = ready.draw("val", 3).episode()
    assert episode.to(torch.device("cpu"), torch.float64).support.x.dtype == (
        torch.int64 if ready.spec.vocabulary else torch.float64
    )
    learner = untrained(config, ready)
    steps = list(learner.adapt(episode, 2))
    model, rate = get("model", config.model.name).build(config.model, ready.spec), 0.01
    model.load_state_dict(learner.weights)
    for _ in range(2):
        items = episode.support.met(model)
        loss = ready.spec.objective.loss(model(items.x), items.y)
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for weight, gradient in zip(model.parameters(), gradients, strict=True):
                weight -= rate * gradient
    asked = episode.query.met(model)
    outputs, judge = model(asked.x).detach(), ready.spec.objective
    assert steps[2].query_metric == pytest.approx(float(judge.metric(outputs, asked.y)), rel=1e-4)
    outputs = judge.readable(outputs)
    torch.testing.assert_close(steps[2].query_outputs, outputs, rtol=1e-5, atol=1e-6)


def test_a_metric_of_its_own_is_written_and_selected_by_its_direction(tmp_path: Path) -> None:
    events = list(training(config_of("place"), tmp_path / "run").events())
    found = [e for e in events if isinstance(e, Evaluated) and e.curve.split == "val"]
    best = max(found, key=lambda event: event.curve.after)
    assert named("closeness").larger_is_better
    assert [event for event in found if event.best][-1] is best


def test_the_command_line_knows_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(tmp_path / "run")
    training = {"iterations": 2, "eval_tasks": 3, "test_tasks": 3, "meta_batch": 2}
    few = [part for name, n in training.items() for part in (f"--training.{name}", str(n))]
    parts = ["--task.name", "place", "--model.name", "mlp", "--model.hidden", "8"]
    assert main(["train", *parts, *few, "--run-dir", run, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert printed["metrics"]["name"] == "closeness"
    assert main(["evaluate", run, "--tasks", "5"]) == 0
    assert "closeness" in capsys.readouterr().out.lower()
    assert main(["adapt", run, "--seed", "3"]) == 0


def test_the_command_line_adapts_by_acting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy of rollouts: what it met at each step stands beside the numbers."""
    run = tmp_path / "run"
    list(training(config_of("steering"), run).events())
    assert main(["adapt", str(run), "--seed", "3", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert printed["metric"] == "return"
    for step in printed["steps"]:
        met = step["met"]["query"]
        assert len(met["x"]) == len(met["y"]) == len(step["query_outputs"])
        returns = [reward for _, _, reward in met["y"]]
        assert step["query_metric"] == pytest.approx(sum(returns) / len(returns), rel=1e-4)


def test_adapting_by_acting_earns_more() -> None:
    """REINFORCE from rollouts of the adapted policy climbs to the hidden place."""
    rate = {"name": "maml", "inner_rate": 0.3, "inner_steps": 1, "test_steps": 30}
    config = config_of("steering").replaced({"algorithm": rate, "task": {"shots": 50}})
    ready = prepared(config)
    learner = untrained(config, ready)
    for seed in range(3):
        steps = list(learner.adapt(ready.draw("test", seed).episode(), 30))
        assert steps[-1].query_metric > steps[0].query_metric
