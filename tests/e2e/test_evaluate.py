"""``evaluate`` and ``adapt`` for methods that differ: no steps, other ways, one query at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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
