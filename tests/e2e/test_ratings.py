"""One's own ratings from the command line: trained, measured, and adapted to a new person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.tasks.rated_kit import rows, write
from workbench.start.main import main

FEW = ("--training.iterations", "4", "--training.eval_tasks", "4", "--training.test_tasks", "4")
SIZES = (
    "--task.shots",
    "4",
    "--task.queries",
    "4",
    "--model.decision",
    "8",
    "--algorithm.test_steps",
    "2",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("rated")
    file = write(place / "own.csv", rows())
    own = ["--task.name", "ratings", "--task.root", str(file), "--model.name", "ratings_mlp"]
    parts = ["--algorithm.name", "maml", "--model.adapted", "decision", *SIZES, *FEW]
    assert main(["train", *own, *parts, "--run-dir", str(place / "run")]) == 0
    return str(place / "run")


def printed(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_it_is_measured_beside_its_floors(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", run, "--tasks", "6", "--shots", "2", "--json"]) == 0
    metrics = printed(capsys)["metrics"]
    assert metrics["name"] == "mae" and metrics["tasks"] == 6
    assert "item mean + user shift" in metrics["bounds"]


def test_it_ranks_for_a_person_of_ones_own(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = write(tmp_path / "mine.csv", [("i1", "5"), ("I2", "1")], "item,rating")
    flags = ["--support", str(mine), "--ask", "i3", "i1", "--json"]
    assert main(["adapt", run, *flags]) == 0
    told = printed(capsys)
    assert told["task"] == "2 ratings of your own" and len(told["ranking"]) == 22
    values = [row["predicted"] for row in told["ranking"]]
    assert values == sorted(values, reverse=True) and told["ranking"][0]["rated"] is None
    assert {row["item"] for row in told["asked"]} == {"i1", "i3"}
    assert main(["adapt", run]) == 0
    assert "predicted" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([("i1", "9")], "9 stars are not on the scale"),
        ([("i99", "3")], "there is no item 'i99'"),
        ([("i1", "good")], "not a number"),
        ([("i1", "3"), ("i1", "4")], "is rated already"),
        ([], "holds no ratings"),
        ([("i1", "3", "4")], "has 3 cells"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    run: str, tmp_path: Path, lines: list, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = write(tmp_path / "mine.csv", lines, "item,rating")
    assert main(["adapt", run, "--support", str(mine)]) == 2
    assert told in capsys.readouterr().err


def test_a_scene_is_kept_and_opened(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = str(tmp_path / "mine.mlab")
    mine = write(tmp_path / "mine.csv", [("i1", "5")], "item,rating")
    flags = ["--support", str(mine), "--save-scene", scene, "--json"]
    assert main(["adapt", run, *flags]) == 0
    first = printed(capsys)
    assert main(["adapt", run, "--scene", scene, "--json"]) == 0
    assert printed(capsys)["ranking"] == first["ranking"]


def test_every_state_and_the_other_metric_train(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = json.loads((Path(run) / "config.json").read_text(encoding="utf-8"))["task"]["root"]
    own = ["--task.name", "ratings", "--task.root", root, "--model.name", "ratings_mlp", *FEW]
    sizes = [
        "--task.shots",
        "3",
        "--task.queries",
        "2",
        "--task.metric",
        "ndcg",
        "--algorithm.test_steps",
        "2",
    ]
    cold = ["--task.state", "new_items", "--task.cold_items", "0.3", "--algorithm.name", "maml"]
    assert main(["train", *own, *sizes, *cold, "--run-dir", str(tmp_path / "cold"), "--json"]) == 0
    metrics = printed(capsys)["metrics"]
    assert metrics["name"] == "ndcg" and metrics["seen_classes"] is True
    assert set(metrics["bounds"]) == {"mean of the item"}
