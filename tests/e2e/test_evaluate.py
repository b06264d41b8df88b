"""``evaluate`` and ``adapt`` for methods that differ: no steps, other ways, one query at a time."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from workbench.cli import main

GLYPHS = ["--preset", "glyphs", "--task.ways", "3", "--task.queries", "2", "--model.filters", "4"]
GLYPHS += ["--training.eval_tasks", "3", "--training.test_tasks", "4", "--training.meta_batch", "2"]


def result_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0, capsys.readouterr().err
    result: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One short run for each kind of method."""
    root, made = tmp_path_factory.mktemp("runs"), {}
    for name in ("maml", "protonet", "transfer"):
        made[name] = str(root / name)
        arguments = ["train", *GLYPHS, "--algorithm.name", name, "--iterations", "2"]
        arguments += ["--algorithm.train_ways", "8"] if name == "protonet" else []
        assert main([*arguments, "--run-dir", made[name]]) == 0
    return made


@pytest.mark.parametrize("command", ["evaluate", "adapt"])
def test_steps_are_refused_where_there_are_none(
    runs: dict[str, str], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, runs["protonet"], "--steps", "3"]) == 2
    said = capsys.readouterr().err
    assert "--steps: Prototypical network takes no inner steps. Leave the flag out." in said


@pytest.mark.parametrize("name", ["protonet", "transfer"])
def test_other_ways_are_measured_where_weights_do_not_depend_on_them(
    runs: dict[str, str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = result_of(capsys, "evaluate", runs[name], "--tasks", "4", "--ways", "7")
    assert result["config"]["task"]["ways"] == 7
    saved = json.loads(Path(result["scores"]).read_text())
    assert len(saved["per_task"]["query_metric"]) == 4
    assert Path(result["scores"]).stem.endswith("-7ways")


def test_other_ways_are_refused_where_the_head_does_not_fit(
    runs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", runs["maml"], "--tasks", "4", "--ways", "7"]) == 2
    assert "--ways: 7 classes do not fit these weights, whose head" in capsys.readouterr().err


def test_a_new_head_takes_other_ways_with_consent(
    runs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", runs["maml"], "--tasks", "4", "--ways", "2", "--new-head"]
    result = result_of(capsys, *command, "--checkpoint", "2")
    assert result["config"]["task"]["ways"] == 2 and result["iterations"] == 2
    assert Path(result["scores"]).stem.endswith("-2ways-checkpoint2-new-head")
    assert main(["evaluate", runs["maml"], "--new-head"]) == 2
    assert "--new-head: goes with --ways" in capsys.readouterr().err


def test_every_class_is_told_shown_and_written(
    runs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = {name: tmp_path / f"{name}.csv" for name in ("classes", "confusion")}
    flags = [part for name, file in tables.items() for part in (f"--{name}-csv", str(file))]
    assert main(["evaluate", runs["maml"], "--tasks", "30", *flags]) == 0
    assert "Hardest classes, 10 of" in capsys.readouterr().out
    rows = list(csv.DictReader(tables["classes"].read_text().splitlines()))
    assert sum(int(row["items"]) for row in rows) == 30 * 3 * 2
    head, *lines = csv.reader(tables["confusion"].read_text().splitlines())
    assert head[1:] == [line[0] for line in lines] == [row["class"] for row in rows]
    assert [int(line[n + 1]) for n, line in enumerate(lines)] == [int(r["right"]) for r in rows]
    shown = result_of(capsys, "runs", "show", runs["maml"])["evaluations"]
    assert any(one["metrics"]["tasks"] == 30 for one in shown)
    assert main(["runs", "show", runs["maml"]]) == 0
    assert "Measurements kept in evaluations/" in capsys.readouterr().out


def test_one_query_at_a_time_is_said_and_saved_apart(
    runs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    together = result_of(capsys, "evaluate", runs["maml"], "--tasks", "4")
    assert main(["evaluate", runs["maml"], "--tasks", "4", "--one-at-a-time"]) == 0
    assert "accuracy on 4 test tasks (not transductive)" in capsys.readouterr().out
    alone = result_of(capsys, "evaluate", runs["maml"], "--tasks", "4", "--one-at-a-time")
    assert together["metrics"]["transductive"] and not alone["metrics"]["transductive"]
    assert together["scores"] != alone["scores"]
    losses = [
        [step["query_loss"] for step in result["metrics"]["steps"]] for result in (together, alone)
    ]
    assert losses[0] != losses[1]


@pytest.mark.parametrize("name", ["maml", "protonet"])
def test_a_diagnosis_measures_the_same_tasks_in_other_ways(
    runs: dict[str, str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """More tasks than are measured at once."""
    command = ["evaluate", runs[name], "--tasks", "25", "--diagnose"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "without head (NIL)" in said and "classes renumbered" in said
    assert ("from a zero head" in said) == ("block4" in said) == (name == "maml")
    result = result_of(capsys, *command)
    found, steps = result["diagnosis"]["findings"], result["metrics"]["steps"]
    assert found["own"]["mean"] == pytest.approx(steps[-1]["mean"], abs=1e-6)
    assert found["own"]["ci95"] == pytest.approx(steps[-1]["ci95"], abs=1e-6)
    if name == "maml":
        assert found["own"]["before"] == pytest.approx(steps[0]["mean"], abs=1e-6)
        assert found["zero_head"]["before"] == pytest.approx(1 / 3)


def test_another_familys_data_is_all_for_the_test(
    runs: dict[str, str], omniglot_zip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A learner of glyphs on all 964 background characters."""
    on = ["--on", "omniglot", "--data", str(omniglot_zip)]
    result = result_of(capsys, "evaluate", runs["maml"], "--tasks", "6", *on)
    assert result["data"]["family"] == "omniglot" and result["data"]["classes"] == 964
    assert result["data"]["root"] == str(omniglot_zip)
    task = result["config"]["task"]
    assert (task["name"], task["ways"], task["queries"], task["rotations"]) == (
        "omniglot", 3, 2, True,
    )  # fmt: skip
    saved = Path(result["scores"])
    assert saved.stem.endswith("-on-omniglot-omniglot_images_background")
    assert json.loads(saved.read_text())["data"] == result["data"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four classes of dark ink on light paper, 40 pixels a side, in colour."""
    root = tmp_path_factory.mktemp("pictures")
    for number in range(4):
        place = root / f"class{number}"
        place.mkdir()
        for item in range(4):
            picture = Image.new("RGB", (40, 40), "white")
            box = (4 + 8 * number, 4 + item, 10 + 8 * number, 30 + item)
            ImageDraw.Draw(picture).rectangle(box, fill="black")
            picture.save(place / f"{item}.png")
    return root


@pytest.mark.parametrize("name", ["maml", "protonet", "transfer"])
def test_a_folder_of_ones_own_is_read_in_the_form_that_was_trained_on(
    runs: dict[str, str], name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on = ["--on", "image_folder", "--data", str(folder)]
    result = result_of(capsys, "evaluate", runs[name], "--tasks", "4", *on)
    task = result["config"]["task"]
    assert (task["image_size"], task["colour"], task["invert"]) == (28, "grey", True)
    assert result["data"]["classes"] == 4 and result["metrics"]["tasks"] == 4


ELSEWHERE = [
    (["--on", "glyph"], "--on: there is no 'glyph'. Did you mean glyphs"),
    (["--on", "sinusoid"], "--on: sinusoid has no classes. Choose"),
    (["--on", "glyphs", "--data", "x"], "--data: glyphs is made here and lies nowhere"),
    (["--on", "glyphs", "--split", "val"], "--split: all classes of other data are for the test"),
    (["--on", "omniglot", "--data", "/nowhere"], "there is no Omniglot at /nowhere"),
]


@pytest.mark.parametrize(("arguments", "said"), ELSEWHERE)
def test_what_cannot_be_measured_on_is_said(
    runs: dict[str, str], arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", runs["maml"], *arguments]) == 2
    assert said in capsys.readouterr().err


def test_another_run_is_met_on_the_same_tasks(
    runs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [runs["maml"], "--tasks", "5", "--against", runs["protonet"]]
    result = result_of(capsys, "evaluate", *arguments)
    other = result_of(capsys, "evaluate", runs["protonet"], "--tasks", "5")
    assert result["against"]["metrics"]["steps"] == other["metrics"]["steps"]
    means = [r["metrics"]["steps"][-1]["mean"] for r in (result, other)]
    found = result["against"]["difference"]
    assert found["mean"] == pytest.approx(means[0] - means[1])
    assert found["tasks"] == 5 and found["better"] + found["worse"] <= 5


def test_a_run_against_itself_differs_nowhere(
    runs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", runs["maml"], "--tasks", "4", "--against", runs["maml"]]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "0.0 ± 0.0 points, median 0.0 points; better on 0 of 4 tasks, worse on 0." in said


def test_a_run_of_another_kind_is_no_rival(
    runs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--training.eval_tasks", "2", "--training.test_tasks", "2", "--iterations", "1"]
    other = str(tmp_path / "sines")
    assert main(["train", "--preset", "sinusoid", *few, "--run-dir", other]) == 0
    assert main(["evaluate", other, "--tasks", "2", "--against", runs["maml"]]) == 2
    said = capsys.readouterr().err
    assert "--against: learned glyphs and cannot take tasks of sinusoid. Name a run" in said
