"""A fork goes on from a checkpoint with other settings; what cannot change is refused by name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, StepDone
from workbench.experiments import forking
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training

GLYPHS: dict[str, Any] = {
    "task": {"name": "glyphs", "ways": 3, "queries": 2},
    "model": {"name": "conv4", "filters": 4},
    "training": {"meta_batch": 2, "eval_tasks": 2, "test_tasks": 2},
}
METHODS = (
    "maml",
    "fomaml",
    "meta_sgd",
    "reptile",
    "anil",
    "protonet",
    "maml_plus_plus",
    "transfer",
)
OUTER = (
    {"optimizer": "adam", "schedule": "cosine"},
    {"optimizer": "rmsprop", "schedule": "linear"},
    {"optimizer": "adamw", "gradient_limit": "clip", "gradient_bound": 0.1},
    {"optimizer": "sgd", "schedule": "cosine", "final_rate": 1e-4},
)


def forked(run: Path, at: int, **changes: dict[str, Any]) -> Training:
    parent = open_run(run)
    kept = parent.load_checkpoint(at)
    wanted = ExperimentConfig.from_json(kept.config).replaced(changes)
    return forking.fork(parent, kept, wanted, prepared(wanted), run.with_name("fork"))


def state(run: Path, at: int) -> dict[str, bytes]:
    """All tensors of a checkpoint, those of the optimiser among them."""
    kept = open_run(run).load_checkpoint(at)
    groups = {"w": kept.weights, "best": kept.best_weights, "outer": kept.optimizer}
    return {
        f"{group}/{name}": tensor.numpy().tobytes()
        for group, tensors in groups.items()
        for name, tensor in tensors.items()
    }


def told(run: Path) -> list[dict[str, Any]]:
    """What a run told of itself, without the times it took."""
    kinds = ("step", "evaluated")
    lines = [line for line in open_run(run).events() if line["event"] in kinds]
    return [{n: v for n, v in line.items() if n != "seconds"} for line in lines]


def same_as_parent(config: ExperimentConfig, folder: Path) -> None:
    list(training(config, folder / "run").events())
    made = forked(folder / "run", 3)
    list(made.events())
    assert state(folder / "fork", 6) == state(folder / "run", 6)
    assert told(folder / "fork") == told(folder / "run")
    assert open_run(folder / "fork").metrics().damaged == 0


@pytest.mark.parametrize("outer", OUTER, ids=lambda outer: f"{outer['optimizer']}")
def test_an_unchanged_fork_equals_its_parent_bit_for_bit(
    outer: dict[str, Any], tmp_path: Path
) -> None:
    same_as_parent(tiny_config(training=outer), tmp_path)


@pytest.mark.parametrize(
    "method", [METHODS[2], *(pytest.param(m, marks=pytest.mark.slow) for m in METHODS)]
)
def test_so_it_does_with_every_kind_of_method(method: str, tmp_path: Path) -> None:
    """On glyphs with a model that normalises, whose streams of random numbers are the tasks'."""
    same_as_parent(tiny_config(**GLYPHS, algorithm={"name": method}), tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "run"
    list(training(tiny_config(), path).events())
    return path


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "run"))


def test_a_fork_records_its_parent_and_what_differs(run: Path) -> None:
    list(forked(run, 3, algorithm={"inner_rate": 0.04}, training={"iterations": 9}).events())
    made = open_run(run.with_name("fork"))
    origin = made.facts().forked_from
    assert origin is not None and (origin.run, origin.iteration) == ("run", 3)
    assert origin.sha256 == open_run(run).load_checkpoint(3).sha256 != ""
    changed = {"algorithm.inner_rate": (0.01, 0.04), "training.iterations": (6, 9)}
    assert origin.changes == changed
    assert made.config().algorithm.inner_rate == 0.04
    assert made.load_checkpoint().iteration == 9


def test_a_fork_can_go_on_by_itself_from_its_first_moment(run: Path) -> None:
    """It holds its beginning: the parent may go, and a kill may come before a checkpoint."""
    made = forked(run, 3)
    made.run.release()
    shutil.rmtree(run)
    alone = Run(run.with_name("fork"))
    config = alone.config()
    assert alone.iterations() == [3]
    list(Training(config, prepared(config), alone, resume=alone.load_checkpoint()).events())
    assert alone.load_checkpoint().iteration == 6


def test_what_the_parent_came_to_on_the_test_tasks_is_not_the_forks(run: Path) -> None:
    made = forked(run, 6, training={"iterations": 8})
    made.run.release()
    splits = [line["curve"]["split"] for line in made.run.events() if line["event"] == "evaluated"]
    assert "val" in splits and "test" not in splits


def test_best_weights_are_sought_anew_where_validation_measures_something_else(run: Path) -> None:
    events = list(forked(run, 3, algorithm={"inner_rate": 0.002}).events())
    first = next(event for event in events if isinstance(event, (Evaluated, StepDone)))
    assert isinstance(first, Evaluated) and (first.iteration, first.best) == (3, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"model": {"hidden": [9, 9]}}, "model.hidden: is [8, 8] in the run"),
        ({"model": {"activation": "tanh"}}, "model.activation: is relu in the run"),
        ({"algorithm": {"name": "meta_sgd"}}, "algorithm.name: is maml in the run"),
        ({"training": {"iterations": 3}}, "training.iterations: is 3, and the checkpoint is of"),
        ({"training": {"seconds": 1e-9}}, "training.seconds: is 1e-09, and"),
    ],
    ids=["hidden", "activation", "algorithm", "iterations", "seconds"],
)
def test_what_a_fork_cannot_change_is_refused_by_its_field(
    run: Path, changes: dict[str, dict[str, Any]], field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        forked(run, 3, **changes)
    assert str(caught.value).startswith(field)
    assert not run.with_name("fork").exists()


def test_the_field_of_the_task_that_the_model_depends_on_is_named() -> None:
    recorded = tiny_config(**GLYPHS)
    wanted = recorded.replaced({"task": {"queries": 5, "ways": 4}})
    with pytest.raises(BadInput, match=r"task\.ways: is 3 in the run"):
        forking.refuse(recorded, wanted, 1)
    forking.refuse(recorded, recorded.replaced({"task": {"queries": 5}}), 1)


def test_the_field_of_the_method_that_makes_it_learn_other_tensors_is_named() -> None:
    recorded = tiny_config(**GLYPHS, algorithm={"name": "maml_plus_plus", "inner_steps": 2})
    family = prepared(recorded)
    from workbench.experiments.session import untrained

    weights = untrained(recorded, family).weights
    wanted = recorded.replaced({"algorithm": {"inner_rate": 0.2, "inner_steps": 4}})
    with pytest.raises(BadInput, match=r"algorithm\.inner_steps: is 2 in the run"):
        forking.refuse_weights(weights, recorded, wanted, family)


def test_another_optimiser_begins_without_the_memory_of_the_first(run: Path) -> None:
    made = forked(run, 3, training={"optimizer": "rmsprop"})
    assert made.run.load_checkpoint().optimizer == {}
    list(made.events())
    assert made.run.load_checkpoint().iteration == 6


def test_what_changes_beside_the_settings_is_said(run: Path) -> None:
    kept = open_run(run).load_checkpoint(3)
    recorded = tiny_config(training={"schedule": "linear"})
    wanted = recorded.replaced({"training": {"iterations": 12, "optimizer": "sgd"}})
    said = " | ".join(forking.consequences(kept, recorded, wanted))
    assert "sgd starts without what adam remembered" in said
    assert "From iteration 3 on the outer rate was to be 0.0005 and is 0.00075" in said
    assert list(forking.consequences(kept, recorded, recorded)) == []


def test_a_disk_that_refuses_leaves_no_half_a_fork(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Run, "save_checkpoint", full)
    with pytest.raises(OSError, match="No space left"):
        forked(run, 3)
    assert not run.with_name("fork").exists()
