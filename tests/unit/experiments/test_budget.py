"""What would not fit is refused before it is allocated, with its size, at the field to lower."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import prepared, tiny_config
from workbench.cli.app import main
from workbench.core.errors import BadInput
from workbench.experiments import budget, catalog
from workbench.experiments.session import build_algorithm

IMAGES = {"name": "image_folder", "image_size": 256, "colour": "rgb", "ways": 1000}


def found(**changes: dict[str, Any]) -> list[BadInput]:
    return list(budget.problems(tiny_config(**changes)))


def test_160_gigabytes_are_refused_with_the_size_and_what_to_lower() -> None:
    start = time.process_time()
    (problem,) = found(model={"hidden": [200_000, 200_000]})
    assert time.process_time() - start < 1
    assert problem.where == "model.hidden" and "160 GB" in problem.problem
    assert "Lower hidden" in problem.remedy


def test_the_bound_holds_for_every_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "memory", lambda: 100_000)
    task = {"name": "glyphs", "ways": 5, "shots": 1, "queries": 1}
    conv, batch = found(task=task, model={"name": "conv4", "filters": 512})
    assert conv.where == "model.filters" and "parameters" in conv.problem
    assert batch.where.startswith("task.")


def test_a_batch_that_does_not_fit_names_the_size_that_stands_out() -> None:
    protonet = {"name": "protonet"}
    sizes = {**IMAGES, "shots": 1000, "queries": 1000}
    (problem,) = found(task=sizes, model={"name": "conv4"}, algorithm=protonet)
    assert problem.where in ("task.shots", "task.ways", "task.queries")
    assert "GB" in problem.problem and "Lower" in problem.remedy


def test_every_preset_fits_into_a_small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "memory", lambda: 2**31)
    for preset in catalog.presets():
        assert not budget.problems(preset.config), preset.name


def test_no_model_is_allocated_that_cannot_be_held() -> None:
    family = prepared(tiny_config())
    start = time.process_time()
    with pytest.raises(BadInput, match=r"model\.hidden: makes a model of"):
        build_algorithm(tiny_config(model={"hidden": [1_000_000, 1_000_000]}), family)
    assert time.process_time() - start < 1


def test_a_recorded_run_can_be_read_on_a_smaller_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "memory", lambda: 1000)
    assert tiny_config() == tiny_config().replaced({})


@pytest.mark.parametrize("value", ["0", "0,0", "-1", "", ",", "8," * 100 + "8", "1000001"])
def test_widths_that_make_no_layer_are_refused_at_the_field(value: str) -> None:
    with pytest.raises(BadInput, match=r"^model\.hidden: "):
        tiny_config(model={"hidden": value})


@pytest.mark.parametrize("flag", ["--model.hidden=200000,200000", "--task.shots=" + "9" * 5000])
def test_a_refused_start_leaves_nothing_behind(
    flag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert main(["train", "--preset", "sinusoid", flag, "--run-dir", str(run)]) == 2
    assert not run.exists()
    assert capsys.readouterr().err.count("\n") <= 2
