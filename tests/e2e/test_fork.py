"""From the command line: a fork of a run, and a finished run that goes on to a later iteration."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.tiny import tiny_config, training
from workbench.experiments.store import open_run
from workbench.start.main import main


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "run"
    list(training(tiny_config(training={"schedule": "cosine"}), path).events())
    return path


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "run"))


def fork(run: Path, *flags: str) -> int:
    place = str(run.with_name("fork"))
    return main(["train", "--fork", str(run), "--run-dir", place, *flags])


def test_a_fork_trains_on_with_what_the_flags_change(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fork(run, "--from", "3", "--algorithm.inner_rate", "0.04") == 0
    assert "best weights are sought anew" in capsys.readouterr().err
    made = open_run(run.with_name("fork"))
    origin = made.facts().forked_from
    assert origin is not None and (origin.run, origin.iteration) == ("run", 3)
    assert (made.config().algorithm.inner_rate, made.iterations()) == (0.04, [3, 6])
    assert main(["runs", "show", str(made.path)]) == 0
    assert "forked from run at 3: algorithm.inner_rate 0.01 → 0.04" in capsys.readouterr().out
    assert main(["runs", "show", str(made.path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["forked_from"]["changes"] == {"algorithm.inner_rate": [0.01, 0.04]}


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (["--iterations", "9", "--model.hidden", "9,9"], "model.hidden: is [8, 8] in the run"),
        (["--from", "3", "--algorithm.name", "meta_sgd"], "algorithm.name: is maml in the run"),
        ([], "training.iterations: is 6, and the checkpoint is of iteration 6"),
        (["--preset", "glyphs"], "--preset: a fork takes its settings from the run"),
        (["--resume", "other"], "--fork: a run goes on in its own directory or in a new one"),
        (["--from", "5"], "keeps no checkpoint of iteration 5"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    run: Path, flags: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "--resume" in flags:
        flags = ["--resume", str(run)]
    assert fork(run, *flags) == 2
    assert problem in capsys.readouterr().err
    assert not run.with_name("fork").exists()


def test_a_finished_run_goes_on_to_a_later_iteration_and_says_what_that_does(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--resume", str(run), "--iterations", "12"]) == 0
    said = capsys.readouterr().err
    assert "From iteration 6 on the outer rate was to be 0 and is 0.0005" in said
    assert "would have come here with other rates" in said
    made = open_run(run)
    assert made.load_checkpoint().iteration == 12
    (mark,) = made.metrics().resumptions
    assert mark["changes"] == {"training.iterations": [6, 12]}
    assert main(["runs", "show", str(run)]) == 0
    shown = capsys.readouterr().out
    assert "went on from 6: training.iterations 6 → 12" in shown


def test_a_run_does_not_go_on_to_where_it_has_been(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / "result.json").read_bytes()
    assert main(["train", "--resume", str(run), "--iterations", "4"]) == 2
    assert "training.iterations: is 4, and the run has done 6 already" in capsys.readouterr().err
    assert (run / "result.json").read_bytes() == before
