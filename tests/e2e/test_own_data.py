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
    "--training.test_tasks", "2", "--training.meta_batch", "2", "--training.strategy", "general",
    "--iterations", "1",
]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that was trained on the twelve classes."""
    folder = tmp_path_factory.mktemp("own")
    root = fill(folder / "pictures", NAMES, 3)
    assert main(["train", *SMALL, "--task.root", str(root), "--run-dir", str(folder / "run")]) == 0
    return folder / "run"


@pytest.fixture
def root(run: Path, tmp_path: Path) -> Path:
    """A copy of its pictures, to be changed."""
    return Path(shutil.copytree(run.parent / "pictures", tmp_path / "pictures"))


def splits(run: Path, **task: Any) -> dict[str, set[str]]:
    """The class names of each split, as whoever opens the run has them now."""
    config = ExperimentConfig.from_json(open_run(run).load_checkpoint().config)
    family = build_family(opened(config.replaced({"task": task})))
    family.prepare(lambda message, fraction: None)
    return {split: set(info.class_names) for split, info in family.splits().items()}


def said_of(run: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What an evaluation on these pictures says."""
    assert main(["evaluate", str(run), "--tasks", "2", "--data", str(root), "--json"]) == 0
    return " ".join(capsys.readouterr().err.split())


def test_a_class_that_comes_moves_no_other(
    run: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(root, ["a new one"], 3)
    assert splits(run, root=root) == splits(run)
    said = said_of(run, root, capsys)
    assert "1 class is new and in no split (see task.new_classes) (a new one)" in said
    assert "Every class stays in the split that the run records" in said


def test_a_new_class_goes_where_one_says(run: Path, root: Path) -> None:
    fill(root, ["a new one"], 3)
    taken = splits(run, root=root, new_classes="test")["test"]
    assert taken == splits(run)["test"] | {"a new one"}


def test_a_class_that_goes_moves_no_other(
    run: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = splits(run)
    gone = min(before["train"])
    shutil.rmtree(root / gone)
    assert splits(run, root=root) == {**before, "train": before["train"] - {gone}}
    assert f"1 class is gone ({gone})" in said_of(run, root, capsys)


def test_a_run_without_a_record_says_so(
    run: Path, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As older versions wrote them."""
    old = Path(shutil.copytree(run, tmp_path / "old"))
    for file in (old / "config.json", *(old / "checkpoints").glob("0*.json")):
        held = json.loads(file.read_text())
        held.get("config", held)["task"].pop("record")
        held.pop("crc32")
        file.write_text(json.dumps(held))
    fill(root, ["a new one"], 3)
    assert "this run keeps no record of its splits" in said_of(old, root, capsys)


def test_other_data_has_other_splits_and_says_so(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = fill(tmp_path / "others", [f"other{n:02}" for n in range(12)], 3)
    assert "are of other data or settings, and were drawn anew" in said_of(run, root, capsys)


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
