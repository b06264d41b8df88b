"""One validator for form, file and flag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tiny import tiny_config
from workbench.core.errors import BadInput
from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.task import ProblemSpec
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig, check, fitting, load_config


def test_a_configuration_survives_its_own_json() -> None:
    config = tiny_config(task={"shots": 7})
    assert ExperimentConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_all_faults_are_found_at_once() -> None:
    values = tiny_config().to_json()
    values["task"]["shots"] = "0,5"
    values["algorithm"]["inner_rate"] = -1
    values["training"]["meta_batch"] = 0
    config, found = check(values)
    assert config is None
    assert {error.where for error in found} == {
        "task.shots",
        "algorithm.inner_rate",
        "training.meta_batch",
    }


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ([], "config"),
        ({"tsak": {}}, "config"),
        ({"task": {"name": "sinusiod"}}, "task.name"),
        ({"task": 5}, "task"),
        ({"task": {}}, "task.name"),
    ],
)
def test_a_misshapen_configuration_is_refused(values: Any, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        ExperimentConfig.from_json(values)
    assert caught.value.where == where


def test_fields_of_a_shared_base_survive_a_change_of_name() -> None:
    changed = tiny_config().replaced({"algorithm": {"name": "fomaml"}})
    assert changed.algorithm.name == "fomaml"
    assert changed.algorithm.inner_rate == 0.01


def test_other_fields_start_from_the_new_defaults() -> None:
    changed = tiny_config().replaced({"task": {"name": "glyphs"}, "model": {"name": "conv4"}})
    assert changed.model.filters == 64


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"task": {"shots": 1,\n "shots": 2}}', "'shots' stands twice"),
        ('{"task": {"shots": NaN}}', "NaN is not a finite number"),
        ('{"task":\n oops}', "line 2"),
        ("[1, 2]", "not an object of sections"),
        ("[" * 100_000, "nested too deeply"),
        ("", "line 1"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "my config.json"
    file.write_text(text)
    with pytest.raises(BadInput, match=reason) as caught:
        load_config(file)
    assert str(file) in caught.value.where


def test_a_huge_or_missing_file_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 1_000_001)
    for file, reason in ((huge, "larger than 1 MB"), (tmp_path / "none.json", "cannot be read")):
        with pytest.raises(BadInput, match=reason):
            load_config(file)


def test_a_model_that_cannot_take_the_task_is_said_with_those_that_can() -> None:
    with pytest.raises(BadInput) as caught:
        tiny_config(model={"name": "conv4"})
    assert caught.value.where == "model.name" and "needs images" in caught.value.problem
    assert caught.value.remedy == "Choose mlp"


def test_models_that_fit_are_found_without_weights_and_without_a_draw() -> None:
    catalog.load()
    before = torch.get_rng_state()
    assert fitting("model", ProblemSpec(CLASSIFICATION, (1, 28, 28), 5)) == (
        "conv4",
        "mlp",
        "resnet12",
    )
    assert fitting("model", ProblemSpec(REGRESSION, (1,), 1)) == ("mlp",)
    assert torch.equal(before, torch.get_rng_state())
