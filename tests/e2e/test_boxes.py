"""One's own pictures with boxes from the command line: trained, measured, adapted and asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.unit.tasks import boxes_kit as kit
from workbench.start.main import main

FEW = ("--training.iterations", "2", "--training.eval_tasks", "2", "--training.test_tasks", "2")
SMALL = ("--task.shots", "1", "--task.queries", "2", "--model.filters", "4")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kit.as_voc(tmp_path_factory.mktemp("own") / "photos", kit.shown())


@pytest.fixture(scope="module")
def run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("runs") / "run")
    own = ["--preset", "scenes-quick", "--task.name", "boxes", "--task.root", str(root)]
    assert main(["train", *own, *SMALL, *FEW, "--run-dir", place]) == 0
    return place


def printed(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_it_is_measured_with_the_floors_beside(
    run: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", run, "--tasks", "3", "--shots", "2", "--json"]) == 0
    metrics = printed(capsys)["metrics"]
    assert metrics["name"] == "ap50" and metrics["tasks"] == 3
    assert set(metrics["bounds"]) == {"template matching", "random boxes"}


def test_it_adapts_to_annotated_pictures_and_finds_boxes_in_others(
    run: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(root / "JPEGImages" / "ant0.png", tmp_path / "mine.png")
    (tmp_path / "mine.txt").write_text("0 0.5 0.5 0.25 0.5\n", encoding="utf-8")
    asked = str(root / "JPEGImages" / "cat1.png")
    given = ["--support", str(tmp_path / "mine.png"), "--ask", asked, "--steps", "2", "--json"]
    assert main(["adapt", run, *given]) == 0
    told = printed(capsys)
    assert len(told["steps"]) == 3 and len(told["scenes"]) == 2
    assert [one["picture"] for one in told["asked"]] == [asked]
    for box in told["asked"][0]["boxes"]:
        assert 0.25 <= box["sure"] <= 1 and len(box["box"]) == 4


def test_a_picture_without_an_annotation_is_refused_by_name(
    run: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(root / "JPEGImages" / "ant0.png", tmp_path / "bare.png")
    assert main(["adapt", run, "--support", str(tmp_path / "bare.png")]) == 2
    assert "bare.png: has no annotation beside it" in capsys.readouterr().err


def test_a_method_that_tells_classes_apart_says_why_it_does_not_apply(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--preset", "scenes-quick", "--algorithm.name", "protonet"]
    assert main(["train", *own, "--run-dir", str(tmp_path / "run")]) == 2
    assert "algorithm.name" in capsys.readouterr().err


def test_a_model_that_says_one_thing_of_a_picture_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--preset", "scenes-quick", "--model.name", "conv4"]
    assert main(["train", *own, "--run-dir", str(tmp_path / "run")]) == 2
    assert "this task asks where things are" in capsys.readouterr().err
