"""One's own pictures with boxes from the command line: trained, measured, adapted and asked."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.tasks import boxes_kit as kit
from workbench.core.episode import Batch
from workbench.experiments.predicting import adapted_file
from workbench.experiments.predicting.answers import Answers
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


@pytest.fixture
def mine(root: Path, tmp_path: Path) -> str:
    """A picture of one's own with a box beside it."""
    shutil.copy(root / "JPEGImages" / "ant0.png", tmp_path / "mine.png")
    (tmp_path / "mine.txt").write_text("0 0.5 0.5 0.25 0.5\n", encoding="utf-8")
    return str(tmp_path / "mine.png")


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
    run: str, root: Path, mine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = str(root / "JPEGImages" / "cat1.png")
    given = ["--support", mine, "--ask", asked, "--steps", "2", "--json"]
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


def test_a_kept_learner_finds_the_boxes_that_it_found_when_it_was_kept(
    run: str, root: Path, mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, table = tmp_path / "ants.adapted", tmp_path / "found.csv"
    pictures = str(root / "JPEGImages")
    asked = ["--query", pictures, "--save", str(kept), "--ask", f"{pictures}/cat1.png"]
    assert main(["adapt", run, "--support", mine, "--steps", "2", *asked, "--json"]) == 0
    before = printed(capsys)
    assert before["saved"] == str(kept)
    assert main(["predict", str(kept), pictures, "--csv", str(table), "--json"]) == 0
    after = printed(capsys)
    assert after["classes"] == [] and after["steps"] == 2
    assert after["predictions"] == before["predictions"]
    found = {one["picture"]: one["boxes"] for one in after["predictions"]}
    assert len(found) == len(list((root / "JPEGImages").iterdir()))
    (alone,) = before["asked"]
    assert len(found["cat1.png"]) == len(alone["boxes"])
    for one, other in zip(found["cat1.png"], alone["boxes"], strict=True):
        assert one["box"] == pytest.approx(other["box"], abs=1e-5)
    rows = table.read_text(encoding="utf-8").splitlines()
    assert rows[0] == "file,sure,centre x,centre y,width,height"
    assert len(rows) == 1 + sum(map(len, found.values()))


def test_a_file_of_what_is_found_needs_pictures(
    run: str, mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["adapt", run, "--support", mine, "--csv", str(tmp_path / "found.csv")]) == 2
    assert "--csv: holds what is found" in capsys.readouterr().err


def test_a_kept_learner_whose_boxes_are_damaged_is_refused(
    run: str, mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "ants.adapted"
    assert main(["adapt", run, "--support", mine, "--save", str(kept)]) == 0
    read = adapted_file.read(kept)
    assert read.answers == Answers.boxes() and read.style.shape == (3, 64, 64)
    x, y = read.support.x, read.support.y
    for examples in (Batch(x, y[:, :-1]), Batch(x, y + 1), Batch(x, y.long()), Batch(x[0], y)):
        with read.predictor() as predictor:
            adapted_file.write(replace(predictor, support=examples), kept)
        assert main(["predict", str(kept), mine]) == 2
        assert "its examples are missing or damaged" in capsys.readouterr().err


def test_a_folder_as_support_set_is_refused_with_what_would_do(
    run: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["adapt", run, "--support", str(root)]) == 2
    said = capsys.readouterr().err
    assert "--support: is a folder, and this run learned boxes" in said
    assert "Give the files themselves: pictures with boxes beside them" in said
