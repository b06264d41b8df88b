"""``train --processes``: the run of one process, ended and gone on with like any other."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.processes import begin, ended, wait_for
from workbench.experiments.store import Run
from workbench.start.main import main

FLAGS = (
    *("--task.name", "sinusoid", "--model.name", "mlp", "--model.hidden", "8,8"),
    *("--algorithm.inner_rate", "0.01", "--training.meta_batch", "3", "--training.workers", "1"),
    *("--training.eval_tasks", "45", "--training.test_tasks", "30"),
)

LONG = (
    *(*FLAGS, "--training.checkpoint_interval", "50"),
    *("--training.eval_interval", "700", "--processes", "2"),
)
finds_processes = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="finds processes by /proc"
)


def train(*flags: str | Path, run: Path | None = None) -> tuple[int, str, str]:
    return ended(begin("train", *flags, *(("--run-dir", run) if run else ())))


def told(run: Path, kind: str) -> list[dict[str, Any]]:
    lines = (run / "metrics.jsonl").read_text().splitlines()
    return [line for line in map(json.loads, lines) if line["event"] == kind]


def rank_of(parent: int, rank: int) -> int:
    """The process number of a rank that the agent has started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for number in map(int, listed):
        if f"\0RANK={rank}\0".encode() in Path(f"/proc/{number}/environ").read_bytes():
            return number
    raise AssertionError(listed)


def has_come_to(run: Path, iteration: int) -> bool:
    return any(at >= iteration for at in Run(run).iterations())


def test_two_processes_record_what_one_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = (*FLAGS, "--iterations", "20", "--training.eval_interval", "10", "--json")
    assert main(["train", *flags, "--run-dir", str(tmp_path / "one")]) == 0
    alone = capsys.readouterr().out
    code, output, errors = train(*flags, "--processes", "2", run=tmp_path / "two")
    assert code == 0, errors
    assert "20  validation mse" in errors and "elastic" not in errors
    one, two = (json.loads(text[text.index("{") :]) for text in (alone, output))
    last = [result["metrics"]["steps"][-1]["mean"] for result in (one, two)]
    assert last[0] == pytest.approx(last[1], rel=1e-4)
    for kind, name in (("step", "query_loss"), ("step", "gradient_norm")):
        values = [[line[name] for line in told(tmp_path / run, kind)] for run in ("one", "two")]
        assert len(values[0]) == 20
        assert values[0] == pytest.approx(values[1], rel=1e-4)
    assert len(told(tmp_path / "two", "evaluated")) == len(told(tmp_path / "one", "evaluated"))
    maker = Run(tmp_path / "two").load_checkpoint().made_by
    assert maker is not None and maker.processes == 2
    assert main(["train", "--resume", str(tmp_path / "two"), "--iterations", "25"]) == 0
    assert "processes was 2 and is 1" in capsys.readouterr().err
    assert Run(tmp_path / "two").load_checkpoint().iteration == 25


@finds_processes
def test_a_lost_process_ends_the_training_with_a_sentence_and_a_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = begin("train", *LONG, "--iterations", "1000000", "--run-dir", run)
    wait_for(lambda: has_come_to(run, 50))
    os.kill(rank_of(process.pid, 1), signal.SIGKILL)
    code, _, errors = ended(process)
    assert code == 1
    assert "process 1 of 2 was ended by SIGKILL" in errors
    assert f"can go on from its checkpoint: --resume {run}" in errors
    result = Run(run).result()
    assert result is not None and result["reason"] == "failed"
    assert "another process of this training has ended" in result["error"]
    assert Run(run).load_checkpoint().iteration == result["iterations"]


@finds_processes
@pytest.mark.slow
def test_processes_that_are_started_anew_come_to_the_bits_of_an_undisturbed_run(
    tmp_path: Path,
) -> None:
    flags = (*LONG, "--iterations", "1500")
    assert train(*flags, run=tmp_path / "whole")[0] == 0
    run = tmp_path / "killed"
    process = begin("train", *flags, "--restarts", "1", "--run-dir", run)
    wait_for(lambda: has_come_to(run, 50))
    os.kill(rank_of(process.pid, 1), signal.SIGKILL)
    code, _, errors = ended(process)
    assert code == 0, errors
    assert "Started anew, from the checkpoint of iteration" in errors
    undisturbed, gone_on = (Run(tmp_path / one).load_checkpoint() for one in ("whole", "killed"))
    assert gone_on.iteration == 1500
    for name, weight in undisturbed.weights.items():
        assert torch.equal(weight, gone_on.weights[name]), name
    assert undisturbed.best == gone_on.best


@finds_processes
def test_processes_whose_starter_is_killed_end_in_good_order(tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = begin("train", *LONG, "--iterations", "1000000", "--run-dir", run)
    wait_for(lambda: has_come_to(run, 50))
    ranks = [rank_of(process.pid, rank) for rank in (0, 1)]
    process.kill()
    wait_for(lambda: not any(Path(f"/proc/{number}").exists() for number in ranks))
    process.communicate()
    result = Run(run).result()
    assert result is not None and result["reason"] == "stopped"
    assert Run(run).load_checkpoint().iteration == result["iterations"]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of a console")
def test_ctrl_c_ends_all_processes_in_good_order(tmp_path: Path) -> None:
    run = tmp_path / "run"
    flags = (*FLAGS, "--iterations", "1000000", "--training.checkpoint_interval", "20")
    process = begin("train", *flags, "--processes", "2", "--run-dir", run)
    wait_for(lambda: has_come_to(run, 20))
    assert Run(run).is_written, "who looks on sees that it goes on"
    process.send_signal(signal.SIGINT)
    code, _, errors = ended(process)
    assert code == 0, errors
    assert "Stopping after this step" in errors
    result = Run(run).result()
    assert result is not None and result["reason"] == "stopped"
    assert Run(run).load_checkpoint().iteration == result["iterations"]
    assert not Run(run).is_written


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--processes", "0"), "--processes: "),
        (("--processes", "4"), "4 processes share out the 3 tasks of a meta-batch"),
    ],
)
def test_a_number_of_processes_that_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...], said: str
) -> None:
    assert main(["train", *FLAGS, *flags, "--run-dir", str(tmp_path / "run")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
