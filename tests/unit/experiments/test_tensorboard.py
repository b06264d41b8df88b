"""TensorBoard's own reader finds in the event files what the run told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tiny import prepared, tiny_config, training
from workbench.core.events import Evaluated, Event, Finished, Noticed, StepDone
from workbench.experiments import tensorboard
from workbench.experiments.store import open_run
from workbench.experiments.tensorboard import FOLDER, TensorBoard
from workbench.experiments.trainer import Training
from workbench.start.main import main

SMALL = ["--preset", "sinusoid", "--training.eval_tasks", "5", "--training.test_tasks", "5"]


@pytest.fixture
def reader() -> Any:
    """Of a folder of event files: scalars by tag, as (step, value)."""
    name = "tensorboard.backend.event_processing.event_accumulator"
    module = pytest.importorskip(name, reason="the package tensorboard is not installed")

    def read(folder: Path) -> dict[str, list[tuple[int, float]]]:
        found = module.EventAccumulator(str(folder))
        found.Reload()
        tags = found.Tags()["scalars"]
        return {tag: [(one.step, one.value) for one in found.Scalars(tag)] for tag in tags}

    return read


def written(made: Training) -> list[Event]:
    folder = made.run.path / FOLDER
    made.sinks.add(TensorBoard(folder, made.metric, made.goes_on_from))
    return list(made.events())


def single(value: float) -> float:
    """As an event file keeps it."""
    return float(np.float32(value))


def test_losses_and_metrics_come_back(tmp_path: Path, reader: Any) -> None:
    told = written(training(tiny_config(), tmp_path / "run"))
    found = reader(tmp_path / "run" / FOLDER)
    steps = [event for event in told if isinstance(event, StepDone)]
    columns = ("support_loss", "query_loss", "gradient_norm", "outer_rate", "seconds")
    for name in columns:
        values = [(step.iteration, single(getattr(step, name))) for step in steps]
        assert found[f"meta-train/{name}"] == values
    metric = [(step.iteration, single(step.query_metric)) for step in steps]
    assert found["meta-train/query_mse"] == metric
    seen = [event for event in told if isinstance(event, Evaluated)]
    for split, name in (("val", "meta-val"), ("test", "meta-test")):
        of_split = [event for event in seen if event.curve.split == split]
        for what, at in (("before", 0), ("after", -1)):
            means = [(event.iteration, single(event.curve.mean[at])) for event in of_split]
            assert found[f"{name}/mse/{what}"] == means
        medians = [(e.iteration, single(e.curve.spread[-1].median)) for e in of_split]
        assert found[f"{name}/mse/median"] == medians
    assert len(found) == 6 + 2 * 5


def test_a_run_that_goes_on_drops_what_it_repeats(tmp_path: Path, reader: Any) -> None:
    written(training(tiny_config(), tmp_path / "run"))
    config, run = tiny_config(training={"iterations": 5}), open_run(tmp_path / "run")
    kept = run.load_checkpoint(3)
    told = written(Training(config, prepared(config), run, resume=kept))
    again = [event for event in told if isinstance(event, StepDone)]
    assert [step.iteration for step in again] == [4, 5]
    found = reader(tmp_path / "run" / FOLDER)["meta-train/seconds"]
    assert [step for step, _ in found] == [1, 2, 3, 4, 5]
    assert found[3:] == [(step.iteration, single(step.seconds)) for step in again]


def test_a_folder_that_is_full_costs_the_curves_alone(
    tmp_path: Path, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = training(tiny_config(), tmp_path / "run")
    (made.run.path / FOLDER).mkdir()
    (made.run.path / FOLDER / "full").symlink_to("/dev/full")
    monkeypatch.setattr(tensorboard, "_file_name", lambda: "full")
    told = written(made)
    (said,) = [event for event in told if isinstance(event, Noticed)]
    assert "TensorBoard takes no more of this run: No space left on device" in said.message
    assert isinstance(told[-1], Finished) and told[-1].reason == "completed"


def test_the_flag_writes_them_below_the_run(tmp_path: Path, reader: Any) -> None:
    run = tmp_path / "run"
    words = ["train", *SMALL, "--iterations", "4", "--run-dir", str(run), "--tensorboard"]
    assert main(words) == 0
    assert [step for step, _ in reader(run / FOLDER)["meta-train/query_loss"]] == [1, 2, 3, 4]
    assert main(["train", "--resume", str(run), "--iterations", "6", "--tensorboard"]) == 0
    assert len(reader(run / FOLDER)["meta-train/query_loss"]) == 6
    assert main(["runs", "show", str(run)]) == 0


def test_without_the_package_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    run = tmp_path / "run"
    assert main(["train", *SMALL, "--run-dir", str(run), "--tensorboard"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err == (
        "error: --tensorboard: needs the package tensorboard, which is not installed. "
        "Install it with: pip install 'maml-workbench[tensorboard]'.\n"
    )
    assert not run.exists()
