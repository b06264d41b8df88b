"""Real signals to real processes: a training keeps its checkpoint, all else ends in one word."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.processes import begin, ended, wait_for
from workbench.core import resources
from workbench.experiments.store import open_run

BUNDLED = str(resources.path("bundled", "glyphs"))
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def lines(folder: Path) -> int:
    file = folder / "metrics.jsonl"
    return file.read_bytes().count(b'"step"') if file.exists() else 0


@pytest.mark.parametrize("number", CODES)
def test_the_first_signal_keeps_the_training_and_says_so_at_once(
    number: signal.Signals, tmp_path: Path
) -> None:
    process = begin("train", "--preset", "sinusoid", "--run-dir", tmp_path / "run", "--json")
    wait_for(lambda: lines(tmp_path / "run") > 0)
    process.send_signal(number)
    code, output, errors = ended(process)
    assert code == 0 and "Stopping after this step; again" in errors
    result = json.loads(output.splitlines()[-1])
    assert result["reason"] == "stopped" and 0 < result["iterations"] < 10_000
    assert open_run(tmp_path / "run").iterations()[-1] == result["iterations"]


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.5])
def test_a_key_that_bounces_is_one_wish(pause: float, tmp_path: Path) -> None:
    process = begin("train", "--preset", "sinusoid", "--run-dir", tmp_path / "run", "--json")
    wait_for(lambda: lines(tmp_path / "run") > 0)
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(pause)
    code, output, errors = ended(process)
    assert code == 0 and errors.count("Stopping after") == 1
    assert json.loads(output.splitlines()[-1])["reason"] == "stopped"
    assert open_run(tmp_path / "run").iterations()


SLOW = """
import time
from workbench.start.main import program
from workbench.tasks.sinusoid import Sinusoid
drawn = Sinusoid.episodes
def episodes(self, split, *rest):
    time.sleep(6 if split == "train" else 0)
    return drawn(self, split, *rest)
Sinusoid.episodes = episodes
program()
"""
"""Steps of six seconds: the orderly end takes longer than a person waits."""


def test_a_later_signal_is_meant_and_leaves_the_last_checkpoint_whole(tmp_path: Path) -> None:
    every = ("--training.checkpoint_interval", "1", "--training.eval_tasks", "2")
    command = ("train", "--preset", "sinusoid", *every, "--run-dir", tmp_path / "run")
    process = begin(*command, script=SLOW)
    wait_for(lambda: lines(tmp_path / "run") > 0, 60)
    time.sleep(1)  # by now the second step goes on
    process.send_signal(signal.SIGINT)
    time.sleep(2.2)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, _, errors = ended(process)
    assert time.monotonic() - began < 10
    assert code == 130 and errors.splitlines()[-1] == "Stopped."
    run = open_run(tmp_path / "run")
    assert run.load_checkpoint().iteration == run.iterations()[-1] >= 1
    assert not list((tmp_path / "run").rglob("*.tmp"))


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("moment", [0.3, 0.6, 1.0, 1.4, 1.8])
def test_while_it_starts_it_ends_in_one_word(number: signal.Signals, moment: float) -> None:
    """Imports of compiled modules swallow exceptions, or abort on them."""
    process = begin("evaluate", BUNDLED, "--tasks", "100000")
    time.sleep(moment)
    process.send_signal(number)
    code, output, errors = ended(process)
    assert code in (CODES[number], -number)
    assert (errors, output) == ("Stopped.\n" if code > 0 else "", "")


COMMANDS = [
    ("evaluate", BUNDLED, "--tasks", "100000"),
    ("adapt", BUNDLED, "--steps", "1000"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_at_work_it_ends_in_one_word(
    command: tuple[str, ...], number: signal.Signals, tmp_path: Path
) -> None:
    process = begin(*command, XDG_CACHE_HOME=str(tmp_path), XDG_STATE_HOME=str(tmp_path))
    log = tmp_path / "maml-workbench" / "log" / "workbench.log"
    wait_for(log.exists)
    time.sleep(0.3)
    process.send_signal(number)
    code, _, errors = ended(process)
    assert code == CODES[number] and errors.splitlines()[-1] == "Stopped."


def test_without_a_display_it_stops_alike(tmp_path: Path) -> None:
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "XDG_DATA_HOME": str(tmp_path)}
    process = begin(**hidden)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    code, _, errors = ended(process)
    assert code == 130 and errors.endswith("Stopped.\n")


def test_under_nohup_a_closed_terminal_means_nothing(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = begin("train", "--preset", "sinusoid", "--run-dir", tmp_path / "run")
    finally:
        signal.signal(signal.SIGHUP, before)
    wait_for(lambda: lines(tmp_path / "run") > 0)
    process.send_signal(signal.SIGHUP)
    reached = lines(tmp_path / "run")
    wait_for(lambda: lines(tmp_path / "run") > reached)
    process.send_signal(signal.SIGINT)
    assert "Stopping after this step" in ended(process)[2]


def test_a_terminal_that_closes_keeps_the_training(tmp_path: Path) -> None:
    """Nobody reads standard error and output any more, and SIGHUP comes."""
    process = begin(*("train", "--preset", "sinusoid", "--run-dir", tmp_path / "run"))
    wait_for(lambda: lines(tmp_path / "run") > 0)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    os.kill(process.pid, signal.SIGHUP)
    assert process.wait(60) == 141
    assert json.loads((tmp_path / "run" / "result.json").read_text())["reason"] == "stopped"
    assert open_run(tmp_path / "run").iterations()
