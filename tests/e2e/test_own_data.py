"""A user's pictures that change after a training, and splits that share their classes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tasks.conftest import fill
from workbench.cli import main
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import opened
from workbench.experiments.session import build_family
from workbench.experiments.store import open_run

NAMES = [f"class{n:02}" for n in range(12)]
SMALL = [
    "--preset", "glyphs", "--task.name", "image_folder", "--task.ways", "2", "--task.queries", "1",
    "--task.image_size", "8", "--model.filters", "4", "--training.eval_tasks", "2",
    "--training.test_tasks", "2", "--training.meta_batch", "2", "--iterations", "1",
]  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Path:
    root = fill(tmp_path / "pictures", NAMES, 3)
    assert (
        main(["train", *SMALL, "--task.root", str(root), "--run-dir", str(tmp_path / "run")]) == 0
    )
    return tmp_path / "run"


def splits(run: Path, **task: Any) -> dict[str, set[str]]:
    """The class names of each split, as whoever opens the run has them now."""
    config = ExperimentConfig.from_json(open_run(run).load_checkpoint().config)
    family = build_family(opened(config.replaced({"task": task})))
    family.prepare(lambda message, fraction: None)
    return {split: set(info.class_names) for split, info in family.splits().items()}


def test_a_class_that_comes_moves_no_other(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = splits(run)
    fill(tmp_path / "pictures", ["a new one"], 3)
    assert splits(run) == before
    assert main(["evaluate", str(run), "--tasks", "2", "--json"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "1 class is new and in no split (see task.new_classes) (a new one)" in said
    assert "Every class stays in the split that the run records" in said


def test_a_new_class_goes_where_one_says(run: Path, tmp_path: Path) -> None:
    before = splits(run)
    fill(tmp_path / "pictures", ["a new one"], 3)
    assert splits(run, new_classes="test")["test"] == before["test"] | {"a new one"}


def test_a_class_that_goes_moves_no_other(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = splits(run)
    gone = min(before["train"])
    shutil.rmtree(tmp_path / "pictures" / gone)
    assert splits(run) == {**before, "train": before["train"] - {gone}}
    assert main(["train", "--resume", str(run), "--iterations", "2"]) == 0
    assert f"1 class is gone ({gone})" in " ".join(capsys.readouterr().err.split())


def test_a_run_without_a_record_says_so(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As older versions wrote them."""
    for file in run.rglob("*.json"):
        held = json.loads(file.read_text())
        for values in (held, held.get("config", {})):
            values.get("task", {}).pop("record", None)
        held.pop("crc32", None)
        file.write_text(json.dumps(held))
    fill(tmp_path / "pictures", ["a new one"], 3)
    main(["evaluate", str(run), "--tasks", "2", "--json"])
    said = " ".join(capsys.readouterr().err.split())
    assert "this run keeps no record of its splits" in said


def test_other_settings_of_the_split_are_another_split(run: Path) -> None:
    assert splits(run, split_seed=1) != splits(run)


def test_two_classes_in_every_split_are_said_with_every_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = fill(tmp_path / "two", ["cat", "dog"], 12)
    shared = ["--task.splits", "shared", "--task.root", str(root)]
    assert main(["train", *SMALL, *shared, "--run-dir", str(tmp_path / "run"), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out.splitlines()[-1])["metrics"]["seen_classes"] is True
    assert "of classes that were trained on" in told.out
    assert main(["evaluate", str(tmp_path / "run"), "--tasks", "2", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out.splitlines()[-1])["metrics"]["seen_classes"] is True
