"""``race`` as a script uses it: equal terms, JSON at the end, a sentence and code 2 for faults."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.processes import wait_for
from workbench.cli import main

MAIN = [sys.executable, "main.py", "race"]
SMALL = ["--preset", "sinusoid", "--training.eval_tasks", "4", "--tasks", "6"]


def code_of(arguments: list[str]) -> int | str | None:
    try:
        return main(arguments)
    except SystemExit as left:
        return left.code


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """Four algorithms, two seeds, eight steps; one of them has no classes to average."""
    folder = tmp_path_factory.mktemp("races") / "race"
    command = [*MAIN, *SMALL, "--algorithms", "maml,reptile,protonet,nearest_neighbour"]
    command += ["--iterations", "8", "--seeds", "0,1", "--run-dir", str(folder), "--json"]
    wide = {**os.environ, "COLUMNS": "170"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=200, check=False, env=wide
    )
    assert done.returncode == 0, done.stderr
    assert "propagateSizeHints" not in done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stdout


def test_the_last_line_holds_the_terms_and_every_contender(
    race: tuple[dict[str, Any], str],
) -> None:
    result, _ = race
    assert result["budget"] == {"iterations": 8} and result["seeds"] == [0, 1]
    assert (result["metric"], result["split"], result["tasks"]) == ("mse", "test", 6)
    rows = {row["algorithm"]: row for row in result["contenders"]}
    assert list(rows) == ["maml", "reptile", "protonet", "nearest_neighbour"]
    assert [step["step"] for step in rows["maml"]["steps"]] == list(range(11))
    assert rows["maml"]["transductive"] is False and rows["maml"]["parameters"] == 1761
    assert len(rows["nearest_neighbour"]["steps"]) == 1
    assert "average the items of each class" in rows["protonet"]["problem"]
    assert rows["reptile"]["own"]["training"]["optimizer"] == "sgd"
    for row in rows["maml"]["seeds"]:
        assert (Path(result["race"]) / row["run"] / "result.json").exists()


def test_a_person_reads_a_table_with_terms_reasons_and_settings(
    race: tuple[dict[str, Any], str],
) -> None:
    _, output = race
    assert "8 iterations each, seed 0, 1; mse on 6 test tasks" in output
    assert "over seeds (Student's t)" in output
    maml, compared = [line for line in output.splitlines() if line.startswith("MAML  ")]
    assert re.fullmatch(r"MAML +[\d.]+", compared.rstrip())
    assert "minus MAML, 95 % CI" in output and re.search(r" of 12 tasks\n", output)
    assert maml.count("±") == 3 and maml.rstrip().endswith("1,761")
    assert "Prototypical network: prototypical networks average" in output
    assert "Reptile with algorithm.inner_optimizer sgd" in output


def test_files_and_a_picture_stand_beside_the_runs(race: tuple[dict[str, Any], str]) -> None:
    result, _ = race
    folder = Path(result["race"])
    assert {"race.json", "race.csv", "race.png"} <= {file.name for file in folder.iterdir()}
    with Image.open(result["picture"]) as picture:
        colours = picture.convert("RGB").getcolors(2**24) or []
        assert picture.width > 1000 and len(colours) > 50


def test_without_qt_the_table_and_the_files_are_there(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['PySide6'] = None; sys.modules['pyqtgraph'] = None;"
    arguments = ["race", *SMALL, "--algorithms", "maml", "--iterations", "2", "--json"]
    arguments += ["--run-dir", str(tmp_path / "race")]
    code = f"{hidden} from workbench.start.main import main; sys.exit(main({arguments!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["picture"] is None
    assert "race: not drawn: Qt cannot be loaded" in done.stderr
    assert (tmp_path / "race" / "race.csv").exists()


FAULTS: list[tuple[list[str], str]] = [
    (["--algorithms", "maml,mamll", "--iterations", "2"], "--algorithms: there is no 'mamll'. Did"),
    (["--iterations", "2"], "the following arguments are required: --algorithms"),
    (["--algorithms", "maml"], "--seconds: a race has one budget. Give one of"),
    (["--algorithms", "maml", "--iterations", "2", "--seconds", "2"], "--seconds: a race has one"),
    (["--algorithms", "maml", "--iterations", "2", "--arithmetic", "2"], "--seconds: a race has"),
    (["--algorithms", "maml", "--arithmetic", "0"], "--arithmetic: 0 is not between 1 and"),
    (["--algorithms", "maml", "--iterations", "2", "--split-by-seed"], "--split-by-seed: sinusoid"),
    (["--algorithms", "maml", "--seconds", "0"], "--seconds: 0 is no budget"),
    (["--algorithms", "maml", "--seconds", "soon"], "training.seconds: 'soon' is not a number"),
    (["--algorithms", "maml", "--iterations", "2", "--seeds", "0;1"], "--seeds: '0;1' is not"),
    (["--algorithms", "maml", "--iterations", "2", "--tasks", "1"], "training.test_tasks: "),
    (["--algorithms", "protonet,relation", "--iterations", "2"], "--algorithms: prototypical"),
    (["--algorithms", "maml", "--iterations", "2", "--task.shots", "0"], "task.shots: "),
    (
        ["--algorithms", "cavia,maml", "--iterations", "2", "--algorithm.name", "cavia"],
        "algorithm.name: the shared settings are those of cavia",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), FAULTS, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_sentence_and_nothing_is_written(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(["race", *SMALL, *arguments, "--run-dir", str(tmp_path / "race")]) == 2
    said = capsys.readouterr().err
    assert message in said and "Traceback" not in said
    assert not (tmp_path / "race").exists()


def test_a_contender_that_diverges_ends_with_code_1_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wild = ["--algorithm.inner_rate", "100", "--algorithm.inner_steps", "60"]
    arguments = [*SMALL, *wild, "--algorithms", "maml,nearest_neighbour", "--iterations", "9"]
    assert code_of(["race", *arguments, "--run-dir", str(tmp_path / "race"), "--json"]) == 1
    output = capsys.readouterr().out
    assert "MAML: seed 0: The meta-gradient is not finite" in output
    assert "Nearest neighbour" in output and json.loads(output.splitlines()[-1])


def test_ctrl_c_keeps_what_was_finished_and_the_same_command_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "race"
    command = [*MAIN, *SMALL, "--algorithms", "nearest_neighbour,maml", "--seconds", "2"]
    command += ["--run-dir", str(folder), "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        wait_for(lambda: seconds_of(folder / "maml-seed0")[-1:] > [0.5])
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors
    nearest, maml = json.loads(output.splitlines()[-1])["contenders"]
    assert nearest["steps"] and maml["problem"] == "seed 0: stopped"
    before = seconds_of(folder / "maml-seed0")
    assert 0.5 < before[-1] < 2
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    nearest, maml = json.loads(done.stdout.splitlines()[-1])["contenders"]
    assert maml["problem"] == "" and maml["seconds"] >= 2
    spent = seconds_of(folder / "maml-seed0")
    assert spent[: len(before)] == before and spent == sorted(spent), "the time goes on, too"
    assert spent[-2] < 2, "it ends with the step that spends the last of it"
    assert "Nearest neighbour, seed 0" not in done.stderr


def seconds_of(run: Path) -> list[float]:
    """What a run had trained for after each of its steps, as far as it is written."""
    file = run / "metrics.jsonl"
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    events = [json.loads(line) for line in lines if line.endswith("\n")]
    return [event["seconds"] for event in events if event["event"] == "step"]
