"""Intervals are recomputed from the scores, and floors are at chance."""

from __future__ import annotations

import json
import math
import statistics
from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.algorithm import Scores
from workbench.experiments.evaluation import Interrupted, evaluate, summarise
from workbench.experiments.scores import read_scores, write_scores
from workbench.experiments.session import untrained


def test_mean_and_interval_follow_from_the_saved_scores(tmp_path: Path) -> None:
    family = prepared(tiny_config())
    learner = untrained(tiny_config(), family)
    curve, scores = evaluate(
        learner.algorithm, family, learner.weights, split="test", tasks=45, steps=2, seed=1
    )
    learner.algorithm.close()
    saved = json.loads(write_scores(tmp_path, curve, scores, 1).read_text())
    for step in range(3):
        column = [row[step] for row in saved["per_task"]["query_metric"]]
        assert curve.mean[step] == pytest.approx(statistics.mean(column))
        spread = 1.96 * statistics.stdev(column) / math.sqrt(45)
        assert curve.ci95[step] == pytest.approx(spread)


def test_scores_of_many_tasks_and_steps_are_read_again(tmp_path: Path) -> None:
    """600 tasks of 50 steps take more than the megabyte that other JSON files may have."""
    family = prepared(tiny_config())
    learner = untrained(tiny_config(), family)
    metric = torch.rand(600, 51, generator=torch.Generator().manual_seed(0))
    metric[3, 2] = math.inf
    scores = Scores(metric, metric, metric)
    curve = summarise(scores, family, learner.algorithm, "test")
    learner.algorithm.close()
    assert write_scores(tmp_path, curve, scores, 1).stat().st_size > 1_000_000
    found = read_scores(tmp_path, json.loads(json.dumps(curve.to_json())), 1)
    assert torch.equal(found, metric.double())


def test_the_same_seed_measures_on_the_same_tasks() -> None:
    family = prepared(tiny_config())
    learner = untrained(tiny_config(), family)
    curves = [
        evaluate(
            learner.algorithm, family, learner.weights, split="val", tasks=9, steps=1, seed=seed
        )[0]
        for seed in (1, 1, 2)
    ]
    learner.algorithm.close()
    assert curves[0] == curves[1] != curves[2]


def test_it_stops_when_asked() -> None:
    family = prepared(tiny_config())
    learner = untrained(tiny_config(), family)
    with pytest.raises(Interrupted):
        evaluate(
            learner.algorithm,
            family,
            learner.weights,
            split="val",
            tasks=9,
            steps=1,
            seed=0,
            should_stop=lambda: True,
        )
    learner.algorithm.close()
