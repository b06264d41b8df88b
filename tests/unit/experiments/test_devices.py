"""What computes a training is asked for, refused at its field, and recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.processes import begin, ended
from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.experiments import devices
from workbench.experiments.beginning import begun
from workbench.experiments.changes import may_change
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forking import fork
from workbench.experiments.record.differences import changed_system
from workbench.experiments.session import learner_of
from workbench.experiments.store import Run, open_run

no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")


def asking(device: str, **more: Any) -> ExperimentConfig:
    return tiny_config(training={"device": device, **more})


@no_gpu
def test_auto_is_the_cpu_where_there_is_no_gpu_and_the_run_says_so(tmp_path: Path) -> None:
    trained = training(asking("auto"), tmp_path / "run")
    assert trained.device == torch.device("cpu")
    list(trained.events())
    run = open_run(tmp_path / "run")
    assert run.config().training.device == "auto"
    facts, kept = run.facts(), run.load_checkpoint()
    assert facts.made_by is not None and facts.made_by.device.startswith("cpu ")
    assert kept.made_by is not None and kept.made_by.device == facts.made_by.device
    on_gpu = replace(kept, made_by=kept.made_by.model_copy(update={"device": "cuda NVIDIA X"}))
    assert "device was cuda NVIDIA X and is cpu" in changed_system(on_gpu)


@no_gpu
@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_what_is_not_there_is_refused_before_anything_is_written(
    device: str, tmp_path: Path
) -> None:
    config = asking(device)
    with pytest.raises(BadInput) as caught:
        begun(config, prepared(config), tmp_path / "run")
    assert caught.value.where == devices.FIELD and "auto" in caught.value.remedy
    assert [mend.value for mend in caught.value.mends] == ["auto"]
    list(training(tiny_config(), tmp_path / "parent").events())
    parent = open_run(tmp_path / "parent")
    longer = asking(device, iterations=9)
    with pytest.raises(BadInput, match=r"training\.device"):
        fork(parent, parent.load_checkpoint(), longer, prepared(longer), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@no_gpu
def test_a_run_of_a_gpu_is_opened_and_gone_on_with_without_one(tmp_path: Path) -> None:
    list(training(tiny_config(), tmp_path / "run").events())
    kept = open_run(tmp_path / "run").load_checkpoint()
    recorded = {**kept.config, "training": {**kept.config["training"], "device": "cuda"}}
    elsewhere = replace(kept, config=recorded)
    config = ExperimentConfig.from_json(recorded)
    learner = learner_of(elsewhere, prepared(config))
    assert {weight.device.type for weight in learner.weights.values()} == {"cpu"}
    learner.algorithm.close()
    assert devices.FIELD in may_change(config)


def test_a_record_of_before_there_was_a_choice_is_read(tmp_path: Path) -> None:
    values = tiny_config().to_json()
    del values["training"]["device"]
    assert ExperimentConfig.from_json(values) == tiny_config()
    kept = Run.create(tiny_config(), tmp_path / "run").facts()
    assert kept.made_by is not None


@no_gpu
def test_the_command_line_names_the_field_and_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps(tiny_config().to_json()))
    asked = begin("train", "--config", file, "--training.device", "cuda")
    code, _, said = ended(asked)
    assert code == 2 and "training.device" in said and "Choose auto" in said
