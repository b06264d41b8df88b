"""The user's own sentences from the command line: trained, measured, adapted and asked."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from workbench.start.main import main

COLOURS = ("red", "green", "blue", "amber", "violet", "grey", "olive", "teal", "pink", "ochre")
FRAMES = ("Paint it {}", "A {} door", "I like {} best", "Where is the {} one?", "Nothing but {}")
FEW = ("--training.iterations", "4", "--training.eval_tasks", "4", "--training.test_tasks", "4")
GENERAL = ("--training.strategy", "general")
SIZES = ("--task.ways", "2", "--task.queries", "2", "--task.features", "2048", "--model.width", "8")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "colours.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = [[frame.format(colour), colour] for colour in COLOURS for frame in FRAMES]
        csv.writer(stream).writerows([["sentence", "colour"], *rows])
    return path


@pytest.fixture(scope="module")
def run(file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("runs") / "run")
    columns = ["--task.text_column", "sentence", "--task.label_column", "colour"]
    own = ["--task.name", "text", "--task.root", str(file), *columns, *SIZES]
    parts = ["--model.name", "text_mlp", "--algorithm.name", "maml", "--training.meta_batch", "2"]
    assert main(["train", *own, *parts, *FEW, "--run-dir", place]) == 0
    return place


def printed(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_it_is_measured(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", run, "--tasks", "6", "--shots", "2", "--json"]) == 0
    metrics = printed(capsys)["metrics"]
    assert metrics["name"] == "accuracy" and metrics["tasks"] == 6
    assert metrics["transductive"] is False


def test_it_adapts_to_ones_own_sentences_and_answers(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "one.txt", tmp_path / "two.txt"]
    files[0].write_text("Zebras yodel\nZebras sing\n", encoding="utf-8")
    files[1].write_text("Trains rattle\n", encoding="utf-8")
    flags = ["--support", *map(str, files), "--ask", "They yodel, the zebras", "A train rattles"]
    assert main(["adapt", run, *flags, "--steps", "60", "--json"]) == 0
    told = printed(capsys)
    assert told["task"] == "2-way 1 to 2-shot" and len(told["sentences"]) == 4
    first, second = told["asked"]
    assert first["predicted"] != second["predicted"] and "zebras" in first["words"]
    assert main(["adapt", run]) == 0
    shown = capsys.readouterr().out
    assert ("predicted" in shown and "Nothing but" in shown) or "Paint it" in shown


def test_a_scene_is_kept_and_opened(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = str(tmp_path / "mine.mlab")
    assert main(["adapt", run, "--seed", "3", "--save-scene", scene, "--json"]) == 0
    first = printed(capsys)
    data = str(first["config"]["task"]["root"])
    assert main(["adapt", run, "--scene", scene, "--data", data, "--json"]) == 0
    assert printed(capsys)["sentences"] == first["sentences"]


def test_what_is_wrong_is_said_in_a_sentence(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["train", "--task.name", "text", "--model.name", "text_mlp", "--task.root"]
    assert main([*own, str(file)]) == 2
    assert "its columns are sentence, colour" in capsys.readouterr().err
    assert main([*own, str(tmp_path)]) == 2
    assert "holds no .txt files" in capsys.readouterr().err
    assert main(["train", "--preset", "sinusoid", "--model.name", "text_mlp"]) == 2
    assert "text_mlp tells classes of sentences apart" in capsys.readouterr().err


def test_sentences_are_asked_of_learners_of_sentences_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "run")
    assert main(["train", "--preset", "sinusoid", *FEW, *GENERAL, "--run-dir", place]) == 0
    assert main(["adapt", place, "--ask", "Anything?"]) == 2
    assert "did not learn from sentences" in capsys.readouterr().err
