"""Meta-parameters that are collected and not trained, through a whole training and its record."""

from __future__ import annotations

from pathlib import Path

import torch

from tests.tiny import prepared, tiny_config, training
from workbench.core.events import Evaluated
from workbench.experiments.insight.embedding import features_on_the_way
from workbench.experiments.session import learner_of
from workbench.experiments.store import open_run

CONFIG = tiny_config(
    task={"name": "glyphs", "ways": 3, "queries": 2},
    model={"name": "conv4", "filters": 4},
    algorithm={"name": "protonet", "statistics": "running"},
    training={"optimizer": "adamw", "iterations": 4, "eval_interval": 2, "checkpoint_interval": 2},
)


def test_running_statistics_are_trained_with_recorded_and_used(tmp_path: Path) -> None:
    events = list(training(CONFIG, tmp_path / "run").events())
    curves = [event.curve for event in events if isinstance(event, Evaluated)]
    assert curves and not any(curve.transductive for curve in curves)
    checkpoint = open_run(tmp_path / "run").load_checkpoint()
    means = [w for name, w in checkpoint.weights.items() if name.startswith("running/mean/")]
    assert len(means) == 4 and all(bool(mean.abs().sum() > 0) for mean in means)
    assert not any(slot.startswith("running/") for slot in checkpoint.optimizer)
    family = prepared(CONFIG)
    learner = learner_of(checkpoint, family, newest=True)
    episode = family.episodes("test", 1, torch.Generator().manual_seed(0))[0]
    (seen,) = features_on_the_way(learner, episode, 0)
    support, query = seen[:3], seen[3:]
    distances = (query[:, None] - support[episode.support.y.argsort()]).square().sum(-1)
    (step,) = learner.adapt(episode, 0)
    torch.testing.assert_close(
        step.query_outputs.double(), (-distances).softmax(-1), rtol=1e-4, atol=1e-5
    )
