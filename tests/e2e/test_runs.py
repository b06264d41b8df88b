"""``runs`` reads back from the record what the window reads back from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.processes import MAIN
from tests.tiny import prepared, tiny_config
from workbench.core import places
from workbench.core.events import Evaluated, Event, StepDone
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.start.main import main

STEPS = 60


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A stored run, and the events that it yielded while it trained."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        config = tiny_config(training={"iterations": STEPS, "checkpoint_interval": 20})
        run = Run.create(config)
        assert run.path.parent == places.data("runs")
        return run.path, list(Training(config, prepared(config), run).events())


@pytest.fixture
def stored(told: tuple[Path, list[Event]], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(told[0].parents[2]))
    return told[0]


def shown(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    assert main(["runs", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_table_is_that_of_list(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = shown(capsys)["runs"]
    assert (row["name"], row["status"], row["iterations"]) == (stored.name, "completed", STEPS)
    assert main(["runs"]) == 0
    table = capsys.readouterr().out
    assert stored.name in table and row["result"].partition(", median")[0] in table
    assert main(["list", "runs"]) == 0
    assert capsys.readouterr().out == table


def test_the_json_holds_every_event_that_was_told(
    stored: Path, told: tuple[Path, list[Event]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = shown(capsys, "show", stored.name)
    steps = [event for event in told[1] if isinstance(event, StepDone)]
    for name, column in found["steps"].items():
        assert column == [getattr(step, name) for step in steps]
    seen = [event for event in told[1] if isinstance(event, Evaluated)]
    assert [one["metrics"] for one in found["validations"]] == [
        json.loads(json.dumps(event.curve.to_json()))
        for event in seen
        if event.curve.split == "val"
    ]
    assert found["metrics"] == json.loads(json.dumps(seen[-1].curve.to_json()))
    assert found["metrics"]["split"] == "test" and found["metrics"]["transductive"] is False
    assert (found["iterations"], found["status"], found["problem"]) == (STEPS, "completed", "")
    assert found["seconds"] == steps[-1].seconds
    assert (
        found["config"]
        == tiny_config(training={"iterations": STEPS, "checkpoint_interval": 20}).to_json()
    )


@pytest.mark.parametrize("columns", [80, 120])
def test_a_run_is_shown_within_the_width(
    stored: Path, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["runs", "show", stored.name]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert max(map(len, lines)) <= columns and said.err == ""
    assert lines[0].startswith(f"{stored.name}: completed, {STEPS} iterations in")
    titles = ("setting ", "iterations ", "Validation mse on 5 tasks, ", "mse on 7 test tasks (not ")
    places_of = [next(n for n, line in enumerate(lines) if line.startswith(t)) for t in titles]
    assert places_of == sorted(places_of)
    settings = dict(line.split(maxsplit=1) for line in lines[places_of[0] + 1 : places_of[1] - 2])
    assert settings["training.iterations"] == str(STEPS) and settings["model.hidden"] == "8,8"
    losses = [line.split("  ")[0] for line in lines[places_of[1] + 1 :][:12]]
    assert (losses[0], losses[-1]) == ("1 to 5", "56 to 60")
    assert sum(line.endswith(" best") for line in lines) == 1


def test_a_run_without_a_result_is_shown_as_far_as_it_came(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tiny_config()
    run = Run.create(config, tmp_path / "run")
    events = Training(config, prepared(config), run).events()
    for event in events:
        if getattr(event, "iteration", 0) == 4:
            break
    events.close()  # type: ignore[attr-defined]
    found = shown(capsys, "show", tmp_path / "run")
    assert (found["status"], found["iterations"], found["metrics"]["split"]) == (
        "unfinished",
        4,
        "val",
    )
    assert main(["runs", "show", str(tmp_path / "run")]) == 0
    assert "unfinished, 4 iterations" in capsys.readouterr().out


def test_a_run_that_was_never_begun_has_settings_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Run.create(tiny_config(), tmp_path / "run").release()
    assert main(["runs", "show", str(tmp_path / "run")]) == 0
    said = capsys.readouterr()
    assert "unfinished, 0 iterations" in said.out and "Validation" not in said.out
    assert said.err == ""


def test_a_damaged_line_is_said_and_hides_no_other(
    tmp_path: Path, told: tuple[Path, list[Event]], capsys: pytest.CaptureFixture[str]
) -> None:
    run = Path(shutil.copytree(told[0], tmp_path / "run"))
    file = run / "metrics.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"0", b"1", 1)
    file.write_bytes(b"".join(lines))
    assert main(["runs", "show", str(run), "--json"]) == 0
    said = capsys.readouterr()
    assert "note: run: of its metrics 1 line is damaged." in said.err
    assert len(json.loads(said.out.splitlines()[-1])["steps"]["iteration"]) == STEPS - 1


@pytest.mark.parametrize(
    ("name", "problem"),
    [("config.json", "config.json, line 1: is not JSON"), ("result.json", "result.json, line 1:")],
)
def test_a_damaged_run_is_bad_input(
    name: str,
    problem: str,
    tmp_path: Path,
    told: tuple[Path, list[Event]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = Path(shutil.copytree(told[0], tmp_path / "run"))
    (run / name).write_text("{")
    assert main(["runs", "show", str(run)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and problem in said.err and len(said.err.splitlines()) == 1


@pytest.mark.parametrize("words", [["show", "nowhere"], ["show"], ["hide", "x"]])
def test_bad_input_is_one_message(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: int | str | None = main(["runs", *words])
    except SystemExit as left:
        code = left.code
    said = capsys.readouterr()
    assert (code, said.out) == (2, "") and len(said.err.splitlines()) == 1


def test_a_reader_that_goes_ends_it_quietly(stored: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*MAIN, "runs", "show", str(stored)],
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
