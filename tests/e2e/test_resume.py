"""Going on with a run from the command line: nothing is passed over, ignored or lost silently."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from tests.situations.kit import classes
from tests.tiny import prepared, tiny_config, training
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training
from workbench.start.main import main


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "run"
    list(training(tiny_config(), path).events())
    return path


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "run"))


def resume(run: Path, *flags: str) -> int:
    return main(["train", "--resume", str(run), *flags])


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (["--algorithm.inner_rate", "0.5"], "--algorithm.inner_rate: the run was started with"),
        (["--seed", "7"], "--training.seed: the run was started with 0"),
        (["--task.shots", "9"], "--task.shots: the run was started with 5"),
        (["--model.hidden", "9,9"], "--model.hidden: the run was started with [8, 8]"),
        (["--preset", "glyphs"], "--preset: a run that goes on keeps its settings"),
        (["--run-dir", "elsewhere"], "--run-dir: a run that goes on keeps"),
    ],
)
def test_settings_that_contradict_the_run_are_refused(
    run: Path, flags: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file: file.read_bytes() for file in run.rglob("*") if file.is_file()}
    assert resume(run, *flags) == 2
    assert problem in capsys.readouterr().err
    kept = (file for file in before if file.name not in ("writer.json", ".lock"))
    assert all(file.read_bytes() == before[file] for file in kept)


def test_a_flag_that_says_what_the_run_does_is_no_contradiction(run: Path) -> None:
    assert resume(run, "--algorithm.inner_rate", "1e-2", "--iterations", "8") == 0
    assert open_run(run).load_checkpoint().iteration == 8


def break_newest(run: Path) -> None:
    (run / "checkpoints" / "000000006.safetensors").write_bytes(b"\x80\x04pickle")


def test_a_damaged_newest_checkpoint_takes_a_decision(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_newest(run)
    assert resume(run, "--iterations", "9") == 2
    said = capsys.readouterr().err
    assert "000000006.safetensors" in said and "is damaged" in said and "--from 3" in said
    assert open_run(run).iterations() == [3, 6]
    assert resume(run, "--iterations", "9", "--from", "3") == 0
    found = open_run(run).load_checkpoint()
    assert (found.iteration, found.passed_over) == (9, ())
    unbroken = tiny_config(training={"iterations": 9})
    fresh = Run.create(unbroken, run.with_name("unbroken"))
    list(Training(unbroken, prepared(unbroken), fresh).events())
    wanted = fresh.load_checkpoint()
    assert all(torch.equal(found.weights[n], wanted.weights[n]) for n in wanted.weights)


@pytest.mark.parametrize("command", ["evaluate", "adapt"])
def test_it_is_said_that_an_older_checkpoint_is_used(
    run: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    break_newest(run)
    assert main([command, str(run), *(["--tasks", "2"] if command == "evaluate" else [])]) == 0
    said = capsys.readouterr().err
    assert "000000006.safetensors" in said and "iteration 3 is used instead" in said


def test_a_run_that_cannot_be_written_is_measured_all_the_same(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(run / "evaluations")
    (run / "evaluations").write_text("in the way")
    assert main(["evaluate", str(run), "--tasks", "2"]) == 0
    assert "scores of each task are not saved" in capsys.readouterr().err


def test_a_run_that_is_being_written_is_refused(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Run(run)
    other.claim()
    try:
        assert resume(run, "--iterations", "9") == 2
    finally:
        other.release()
    assert "is being written by process" in capsys.readouterr().err


def test_a_runs_own_configuration_starts_another(run: Path, tmp_path: Path) -> None:
    flags = ["--config", str(run / "config.json"), "--run-dir", str(tmp_path / "other")]
    assert main(["train", *flags]) == 0
    assert open_run(tmp_path / "other").config() == tiny_config()


def test_data_that_has_changed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.gui.lab_kit import draw_folder

    pictures = draw_folder(tmp_path / "pictures", classes=12, pictures=4)
    sizes = {"ways": 2, "shots": 1, "queries": 1, "val_classes": 3, "test_classes": 3}
    flags = [f for n, v in sizes.items() for f in (f"--task.{n}", str(v)) if n in _fields()]
    short = ["--iterations", "2", "--training.eval_tasks", "2", "--training.test_tasks", "2"]
    run = tmp_path / "run"
    start = ["train", "--preset", "sinusoid", "--task.name", "image_folder", "--task.root"]
    model = ["--model.name", "conv4", "--model.filters", "4"]
    assert main([*start, str(pictures), *flags, *model, *short, "--run-dir", str(run)]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(run), "--tasks", "2"]) == 0
    assert "data is not what this run was trained on" not in capsys.readouterr().err
    shutil.copytree(pictures / "angle 00", pictures / "angle 99")
    for command in (["evaluate", str(run), "--tasks", "2"], ["adapt", str(run)]):
        assert main(command) == 0
        assert "data is not what this run was trained on" in capsys.readouterr().err


def _fields() -> set[str]:
    from workbench.experiments.config import params_class

    return set(params_class("task", "image_folder").model_fields)


@pytest.fixture
def on_own_images(tmp_path: Path) -> Path:
    """A run on a folder of one's own, which is moved away afterwards."""
    classes(*[4] * 9)(tmp_path / "before")
    sizes = {"ways": 2, "shots": 1, "queries": 1, "image_size": 8}
    task = {"name": "image_folder", "root": tmp_path / "before", **sizes}
    config = tiny_config(task=task, model={"name": "conv4", "filters": 4})
    list(training(config, tmp_path / "run").events())
    (tmp_path / "before").rename(tmp_path / "after")
    return tmp_path / "run"


def test_a_data_set_may_be_moved(on_own_images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = str(on_own_images.with_name("after"))
    assert resume(on_own_images, "--iterations", "8") == 2
    assert resume(on_own_images, "--iterations", "8", "--task.root", after) == 0
    assert open_run(on_own_images).load_checkpoint().iteration == 8
    capsys.readouterr()
    assert main(["evaluate", str(on_own_images), "--tasks", "2"]) == 0
    assert resume(on_own_images, "--iterations", "9") == 0


def test_other_data_is_not_the_same_data_moved(
    on_own_images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = on_own_images.with_name("other")
    classes(*[5] * 9)(other)
    assert resume(on_own_images, "--iterations", "8", "--task.root", str(other)) == 2
    said = capsys.readouterr().err
    assert "--task.root: a data set may be moved" in said and "--fork" in said
    assert open_run(on_own_images).load_checkpoint().iteration == 6
