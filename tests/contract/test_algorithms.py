"""What every algorithm must do on every task family and model, whoever adds one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.core.events import Finished, Reason
from workbench.core.registry import get, names
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family, learner_of, refitted, untrained
from workbench.experiments.store import open_run
from workbench.tasks import image_shape

catalog.load()
HEADLESS = (
    "matching",
    "nearest_neighbour",
    "proto_maml",
    "protonet",
    "r2d2",
    "relation",
    "transfer",
)
PROBLEMS = {
    "sinusoid": {"task": {"name": "sinusoid"}, "model": {"name": "mlp"}},
    "glyphs": {
        "task": {"name": "glyphs", "ways": 3, "queries": 2},
        "model": {"name": "conv4", "filters": 4},
    },
}


@pytest.fixture(params=names("algorithm"))
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=PROBLEMS)
def config(request: pytest.FixtureRequest, algorithm: str) -> ExperimentConfig:
    problem, entry = PROBLEMS[request.param], get("algorithm", algorithm)
    reason = entry.build.unfit(build_family(tiny_config(**problem)).spec)
    if reason:
        with pytest.raises(BadInput, match=f"algorithm.name: {reason}"):
            tiny_config(**problem, algorithm={"name": algorithm})
        pytest.skip(reason)
    few = {"test_steps": 2} if "test_steps" in entry.params.model_fields else {}
    return tiny_config(**problem, algorithm={"name": algorithm, **few})


def test_it_trains_and_its_checkpoint_adapts_alike(
    config: ExperimentConfig, tmp_path: Path
) -> None:
    made = training(config, tmp_path / "run")
    events = list(made.events())
    trains = get("algorithm", config.algorithm.name).build.trains
    assert events[-1] == Finished(Reason.COMPLETED, 6 if trains else 0)
    family = prepared(config)
    episode = family.episodes("test", 1, torch.Generator().manual_seed(0))[0]
    live = made.snapshot()
    assert live is not None
    restored = learner_of(open_run(tmp_path / "run").load_checkpoint(), family, newest=True)
    first, second = (list(learner.adapt(episode, 2)) for learner in (live, restored))
    assert [step.query_loss for step in first] == [step.query_loss for step in second]


def test_adaptation_steps_are_whole_and_detached(config: ExperimentConfig) -> None:
    family = prepared(config)
    episode = family.episodes("val", 1, torch.Generator().manual_seed(0))[0]
    steps = list(untrained(config, family).adapt(episode, 3))
    assert [step.step for step in steps] == list(range(len(steps)))
    for step in steps:
        assert step.query_outputs.shape == (episode.query.x.shape[0], family.spec.outputs)
        assert step.support_outputs.shape == (episode.support.x.shape[0], family.spec.outputs)
        assert not step.query_outputs.requires_grad
        if family.spec.labels:
            assert torch.allclose(step.query_outputs.sum(1), torch.ones(len(step.query_outputs)))
    assert not steps[0].update_norms
    assert all(norm >= 0 for step in steps[1:] for norm in step.update_norms.values())


def test_a_training_repeats_bit_for_bit(config: ExperimentConfig, tmp_path: Path) -> None:
    for name in ("a", "b"):
        list(training(config, tmp_path / name).events())
    first, second = (open_run(tmp_path / name).load_checkpoint().weights for name in ("a", "b"))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_task_of_more_classes_of_different_sizes(algorithm: str) -> None:
    """As the lab makes them: only what depends on the number of classes starts anew."""
    config = tiny_config(**PROBLEMS["glyphs"], algorithm={"name": algorithm})
    family, draws = prepared(config), torch.Generator().manual_seed(0)
    learner = untrained(config, family)
    task = family.draw("val", 1)
    among = family.classes["val"]  # type: ignore[attr-defined]
    task = image_shape.with_shot(image_shape.with_class(task, among, draws), 1, draws)
    fitted, anew = refitted(learner, family.fitting(task))
    for name, weight in fitted.weights.items():
        assert (name in anew) != torch.equal(weight, learner.weights[name])
    assert bool(anew) != (len(fitted.weights) == 0 or algorithm in HEADLESS)
    steps = list(fitted.adapt(task.episode(), 2))
    assert steps[-1].query_outputs.shape == (8, 4)
    assert steps[-1].support_outputs.shape == (5, 4)
    torch.testing.assert_close(steps[-1].query_outputs.sum(1), torch.ones(8))
