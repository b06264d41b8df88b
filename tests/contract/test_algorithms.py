"""What every algorithm must do on every task family and model, whoever adds one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.contract.conftest import cases
from tests.samples import Samples, places
from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.core.events import Finished, Reason
from workbench.core.registry import get, names
from workbench.core.task import SPLITS, TaskFamily
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import Learner, build_family, learner_of, refitted, untrained
from workbench.experiments.store import open_run
from workbench.tasks import image_shape
from workbench.tasks.images import ImageFamily

catalog.load()
IMAGES = [n for n in names("task") if issubclass(get("task", n).build, ImageFamily)]

SHORT = {"iterations": 4, "eval_interval": 4, "eval_tasks": 3, "test_tasks": 3}


@pytest.mark.parametrize("family", names("task"))
def test_every_family_can_be_tried_here(family: str, samples: Samples) -> None:
    """Where it needs files of the user's, `tests.samples` knows the parameter that leads there."""
    missing = [place for place in places(get("task", family)) if place not in samples.known]
    assert not missing, f"tests/samples.py makes no data for {missing} of {family}"
    made = prepared(tiny_config(**samples.problem(family)))
    for split in SPLITS:
        assert len(made.episodes(split, 2, torch.Generator().manual_seed(0))) == 2


def test_every_family_and_every_algorithm_is_met() -> None:
    every = {(a, f) for a in names("algorithm") for f in names("task")}
    always = {case.values[0] for case in cases() if not case.marks}
    assert {case.values[0] for case in cases()} == every
    assert {a for a, f in always} == set(names("algorithm"))
    assert {f for a, f in always} == set(names("task"))


@pytest.fixture(params=cases())
def config(request: pytest.FixtureRequest, samples: Samples) -> ExperimentConfig:
    algorithm, family = request.param
    problem, entry = samples.problem(family), get("algorithm", algorithm)
    reason = entry.build.unfit(build_family(tiny_config(**problem)).spec)
    if reason:
        with pytest.raises(BadInput, match=f"algorithm.name: {reason}"):
            tiny_config(**problem, algorithm={"name": algorithm})
        pytest.skip(reason)
    few = {"test_steps": 2} if "test_steps" in entry.params.model_fields else {}
    return tiny_config(**problem, algorithm={"name": algorithm, **few}, training=SHORT)


def test_it_trains_bit_for_bit_alike_and_its_checkpoint_adapts_alike(
    config: ExperimentConfig, tmp_path: Path
) -> None:
    made = training(config, tmp_path / "run")
    events = list(made.events())
    trains = get("algorithm", config.algorithm.name).build.trains
    assert events[-1] == Finished(Reason.COMPLETED, SHORT["iterations"] if trains else 0)
    family = prepared(config)
    episode = family.episodes("test", 1, torch.Generator().manual_seed(0))[0]
    live, kept = made.snapshot(), open_run(tmp_path / "run").load_checkpoint()
    assert live is not None
    restored = learner_of(kept, family, newest=True)
    first, second = (list(learner.adapt(episode, 2)) for learner in (live, restored))
    assert [step.query_loss for step in first] == [step.query_loss for step in second]
    list(training(config, tmp_path / "again").events())
    again = open_run(tmp_path / "again").load_checkpoint().weights
    assert kept.weights.keys() == again.keys()
    assert all(torch.equal(kept.weights[name], again[name]) for name in again)


def test_adaptation_steps_are_whole_and_detached(config: ExperimentConfig) -> None:
    family = prepared(config)
    episode = family.episodes("val", 1, torch.Generator().manual_seed(0))[0]
    steps = list(untrained(config, family).adapt(episode, 3))
    assert [step.step for step in steps] == list(range(len(steps)))
    for step in steps:
        seen = step.met or episode
        assert step.query_outputs.shape == (seen.query.x.shape[0], family.spec.outputs)
        assert step.support_outputs.shape == (seen.support.x.shape[0], family.spec.outputs)
        assert not step.query_outputs.requires_grad
        if family.spec.labels:
            assert torch.allclose(step.query_outputs.sum(1), torch.ones(len(step.query_outputs)))
    assert not steps[0].update_norms
    assert all(norm >= 0 for step in steps[1:] for norm in step.update_norms.values())


def has_head(learner: Learner, family: TaskFamily) -> bool:
    """Whether something that is learned has a row for each class of a task.

    Nothing else in these small models has as many rows as there are classes.
    """
    return family.spec.outputs in {len(w) for w in learner.weights.values() if w.ndim}


@pytest.mark.parametrize("algorithm", names("algorithm"))
def test_a_task_of_more_classes_of_different_sizes(algorithm: str, samples: Samples) -> None:
    """As the lab makes them: only what depends on the number of classes starts anew."""
    problem = samples.problem(IMAGES[0])
    if reason := get("algorithm", algorithm).unfit(build_family(tiny_config(**problem)).spec):
        pytest.skip(reason)
    config = tiny_config(**problem, algorithm={"name": algorithm})
    family, draws = prepared(config), torch.Generator().manual_seed(0)
    learner = untrained(config, family)
    task = family.draw("val", 1)
    among = family.classes["val"]  # type: ignore[attr-defined]
    task = image_shape.with_shot(image_shape.with_class(task, among, draws), 1, draws)
    fitted, anew = refitted(learner, family.fitting(task))
    for name, weight in fitted.weights.items():
        assert (name in anew) != torch.equal(weight, learner.weights[name])
    assert bool(anew) == has_head(learner, family)
    steps = list(fitted.adapt(task.episode(), 2))
    assert steps[-1].query_outputs.shape == (4 * 2, 4)
    assert steps[-1].support_outputs.shape == (4 * 2 + 1, 4)
    torch.testing.assert_close(steps[-1].query_outputs.sum(1), torch.ones(8))
