"""Two inputs and two outputs on the command line: trained, measured, adapted, kept, predicted."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.samples import measurements
from workbench.core.errors import BadInput
from workbench.experiments.predicting import adapted_file
from workbench.start.main import main

SHORT = {"iterations": 3, "eval_tasks": 3, "test_tasks": 4, "meta_batch": 2}
MINE = "x1;x2;y1;y2\n1,5;0;150;-20\n2;1;160;-30\n-3;2;80;40\n0;1;;\n4;0;;\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tests change nothing in it."""
    folder = tmp_path_factory.mktemp("measured")
    flags = [part for name, n in SHORT.items() for part in (f"--training.{name}", str(n))]
    task = ["--task.name", "curves_csv", "--task.root", str(measurements(folder))]
    model = ["--model.name", "mlp", "--model.hidden", "8", "--algorithm.name", "maml"]
    assert main(["train", *task, *model, *flags, "--run-dir", str(folder / "run")]) == 0
    return folder / "run"


def asked(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return result


def test_it_is_measured_beside_its_floors(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = asked(capsys, "evaluate", run, "--tasks", 5, "--shots", 3)
    assert set(result["metrics"]["bounds"]) == {"mean of the support", "ridge on the support"}
    assert main(["evaluate", str(run), "--tasks", "5"]) == 0
    assert "ridge on the support" in capsys.readouterr().out


def test_a_task_is_told_in_the_units_of_the_data(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = asked(capsys, "adapt", run, "--seed", 2, "--steps", 2)
    rows, errors = result["predictions"], result["errors"]
    assert list(rows[0]) == ["x1", "x2", "y1", "y1, predicted", "y2", "y2, predicted"]
    squares = [(row["y1"] - row["y1, predicted"]) ** 2 for row in rows]
    assert errors["y1"] == pytest.approx((sum(squares) / len(squares)) ** 0.5, rel=1e-5)
    assert main(["adapt", str(run), "--seed", "2"]) == 0
    assert "in the data's own units: y1 " in capsys.readouterr().out


def test_ones_own_rows_are_adapted_to_kept_and_predicted_alike(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, new, kept = tmp_path / "mine.csv", tmp_path / "new.csv", tmp_path / "mine.adapted"
    mine.write_text(MINE)
    new.write_text("x2,x1\n1,0\n0,4\n")
    first = asked(capsys, "adapt", run, "--support", mine, "--save", kept, "--steps", 3)
    table = tmp_path / "out.csv"
    again = asked(capsys, "predict", kept, new, "--csv", table)
    for one, other in zip(first["predictions"], again["predictions"], strict=True):
        assert one == pytest.approx(other, rel=1e-5)
    with table.open(newline="") as stream:
        written = list(csv.DictReader(stream))
    assert [float(row["y2, predicted"]) for row in written] == pytest.approx(
        [row["y2, predicted"] for row in again["predictions"]], rel=1e-6
    )
    held = asked(capsys, "adapt", run, "--support", mine, "--query", new, "--steps", 3)
    assert held["predictions"][1] == pytest.approx(again["predictions"][1], rel=1e-5)
    scored = asked(capsys, "predict", kept, mine)
    assert set(scored["errors"]) == {"y1", "y2"}


def test_what_cannot_be_predicted_is_one_sentence(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "odd.csv"
    for text, words in (
        ("x1,y1\n1,2\n", "no column 'x2'"),
        ("x1,x2\none,2\n", "column 'x1' is 'one', not a number"),
        ("", "is empty"),
    ):
        odd.write_text(text)
        for command in (["--support", odd], ["--query", odd]):
            assert main(["adapt", str(run), *map(str, command)]) == 2
            assert words in capsys.readouterr().err


def test_a_kept_learner_with_other_units_is_refused(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from safetensors.torch import load_file, save_file

    mine, kept = tmp_path / "mine.csv", tmp_path / "mine.adapted"
    mine.write_text(MINE)
    asked(capsys, "adapt", run, "--support", mine, "--save", kept, "--steps", 1)
    about = adapted_file.read(kept).about
    tensors = load_file(kept)
    for change in (
        {"deviation": [1.0, 0.0]},
        {"deviation": [1.0]},
        {"names": ["x1"], "mean": [0.0], "deviation": [1.0]},
    ):
        held = about.model_dump()
        held["units"]["x"].update(change)
        save_file(tensors, kept, {"workbench": json.dumps({"format": 1, **held})})
        with pytest.raises(BadInput, match=r"mine\.adapted"):
            adapted_file.read(kept)
    assert all(torch.isfinite(tensor).all() for tensor in tensors.values())


def test_what_cannot_be_done_is_said_once_and_of_its_own_kind(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    gone = tmp_path / "gone.csv"
    assert main(["adapt", str(run), "--query", str(gone)]) == 2
    assert capsys.readouterr().err.count(str(gone)) == 1
    assert main(["evaluate", str(run), "--on", "sinusoid"]) == 2
    told = capsys.readouterr().err
    assert "this run learned curves_csv" in told and "--data" in told


def test_what_a_command_has_not_written_is_never_written_over(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path typed once too often must not cost a table, a scene or a run."""
    mine, kept = tmp_path / "mine.csv", tmp_path / "mine.adapted"
    mine.write_text(MINE, encoding="utf-8")
    config = run / "config.json"
    before = config.read_bytes()
    attempts = (
        ("evaluate", run, "--tasks", 3, "--tasks-csv", mine),
        ("adapt", run, "--support", mine, "--csv", mine),
        ("adapt", run, "--support", mine, "--save", mine),
        ("adapt", run, "--support", mine, "--save", config),
        ("adapt", run, "--save-scene", mine),
    )
    for arguments in attempts:
        assert main([*map(str, arguments)]) == 2
        flag = str(arguments[-2])
        said = capsys.readouterr().err
        assert f"{flag}: " in said and "is there already and holds something else" in said
    assert mine.read_text(encoding="utf-8") == MINE and config.read_bytes() == before
    table, scene = tmp_path / "told.csv", tmp_path / "told.mlab"
    for _ in range(2):  # its own are
        assert main(["adapt", str(run), "--csv", str(table), "--save", str(kept)]) == 0
        assert main(["adapt", str(run), "--save-scene", str(scene)]) == 0
    assert main(["predict", str(kept), str(mine), "--csv", str(kept)]) == 2
    assert adapted_file.read(kept).about.units is not None
