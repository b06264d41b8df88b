"""Real signals to real processes: a training keeps its checkpoint, all else ends in one word."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.processes import SELF_SIGNALLED, begin, ended, until_said, wait_for
from workbench.core import resources
from workbench.experiments.store import open_run

BUNDLED = str(resources.path("bundled", "glyphs"))
SMALL = ["--preset", "sinusoid", "--training.eval_tasks", "5", "--training.test_tasks", "5"]
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def lines(folder: Path) -> int:
    file = folder / "metrics.jsonl"
    return file.read_bytes().count(b'"step"') if file.exists() else 0


@pytest.mark.parametrize(
    ("number", "more", "heard"),
    [
        (signal.SIGTERM, 0, False),
        pytest.param(signal.SIGINT, 3, False, marks=pytest.mark.slow),
        (signal.SIGINT, 3, True),
        pytest.param(signal.SIGINT, 0, False, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, 0, False, marks=pytest.mark.slow),
    ],
)
def test_a_signal_keeps_the_training_and_a_key_that_bounces_is_one_wish(
    number: signal.Signals, more: int, heard: bool, tmp_path: Path
) -> None:
    """More of them at once, and after the first was answered."""
    process = begin("train", *SMALL, "--run-dir", tmp_path / "run", "--json")
    wait_for(lambda: lines(tmp_path / "run") > 0)
    process.send_signal(number)
    said = until_said(process, "Stopping after") if heard else ""
    for _ in range(more):
        process.send_signal(number)
    code, output, errors = ended(process)
    assert code == 0 and (said + errors).count("Stopping after this step; again") == 1
    result = json.loads(output.splitlines()[-1])
    assert result["reason"] == "stopped" and 0 < result["iterations"] < 10_000
    assert open_run(tmp_path / "run").iterations()[-1] == result["iterations"]


HELD = """
import os, threading
from pathlib import Path
from workbench.core import interrupts
from workbench.start.main import program
from workbench.tasks.sinusoid import Sinusoid
interrupts.BOUNCE_SECONDS = 0.1
drawn, steps = Sinusoid.episodes, []

def episodes(self, split, *rest):
    steps.append(split)
    if steps.count("train") > 2:
        Path(os.environ["MARK"]).touch()
        threading.Event().wait()
    return drawn(self, split, *rest)

Sinusoid.episodes = episodes
program()
"""
"""The third step never ends: no orderly end is worth waiting for."""


def test_a_later_signal_is_meant_and_leaves_the_last_checkpoint_whole(tmp_path: Path) -> None:
    run, mark = tmp_path / "run", tmp_path / "held"
    command = ("train", *SMALL, "--training.checkpoint_interval", "1", "--run-dir", run)
    process = begin(*command, script=HELD, MARK=str(mark))
    wait_for(lambda: mark.exists() and list((run / "checkpoints").glob("*.json")))

    def pressed_until_it_ends() -> bool:
        process.send_signal(signal.SIGINT)
        return process.poll() is not None

    wait_for(pressed_until_it_ends)
    code, _, errors = ended(process)
    assert code == 130 and errors.splitlines()[-1] == "Stopped."
    assert errors.count("Stopping after") == 1
    kept = open_run(run)
    assert kept.load_checkpoint().iteration == kept.iterations()[-1] >= 1
    assert not list(run.rglob("*.tmp"))


FOREVER = ("evaluate", BUNDLED, "--tasks", "100000")
EARLY = 20
STARTS = [(signal.SIGINT, EARLY), (signal.SIGINT, 180), (signal.SIGTERM, 1150)]
DEEPER = [(signal.SIGINT, imports) for imports in (160, 1150, 1900, 2450)]
DEEPER += [(signal.SIGHUP, 1150)]


@pytest.mark.parametrize(
    ("number", "imports"),
    [*STARTS, *(pytest.param(*start, marks=pytest.mark.slow) for start in DEEPER)],
)
def test_while_it_starts_it_ends_in_one_word(number: signal.Signals, imports: int) -> None:
    """Imports of compiled modules swallow exceptions, or abort on them.

    Before anything is imported that could say a word, the signal itself ends the process.
    """
    own = {"SIGNAL": str(int(number)), "IMPORTS": str(imports)}
    code, output, errors = ended(begin(*FOREVER, script=SELF_SIGNALLED, **own))
    early = imports == EARLY
    assert (code, output) == (-number if early else CODES[number], "")
    assert errors == ("" if early else "Stopped.\n")


@pytest.mark.slow
@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("moment", [0.3, 0.6, 1.0, 1.4, 1.8])
def test_at_any_moment_of_its_start_it_ends_in_one_word(
    number: signal.Signals, moment: float
) -> None:
    """By the clock: also within compiled code, where no import begins."""
    process = begin(*FOREVER)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(moment)
    process.send_signal(number)
    code, output, errors = ended(process)
    assert code in (CODES[number], -number)
    assert (errors, output) == ("Stopped.\n" if code > 0 else "", "")


AT_WORK = """
import os
from pathlib import Path
from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.start.main import program

def noted(method):
    def called(*arguments):
        Path(os.environ["MARK"]).touch()
        return method(*arguments)
    return called

InnerLoopMethod.adapt = noted(InnerLoopMethod.adapt)
InnerLoopMethod.evaluate = noted(InnerLoopMethod.evaluate)
program()
"""


ADAPT = ("adapt", BUNDLED, "--steps", "1000")


@pytest.mark.parametrize(
    ("command", "number"),
    [
        (FOREVER, signal.SIGINT),
        (ADAPT, signal.SIGTERM),
        pytest.param(FOREVER, signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(ADAPT, signal.SIGINT, marks=pytest.mark.slow),
    ],
)
def test_at_work_it_ends_in_one_word(
    command: tuple[str, ...], number: signal.Signals, tmp_path: Path
) -> None:
    process = begin(*command, script=AT_WORK, MARK=str(tmp_path / "at work"))
    wait_for((tmp_path / "at work").exists)
    process.send_signal(number)
    code, _, errors = ended(process)
    assert code == CODES[number] and errors.splitlines()[-1] == "Stopped."


def test_without_a_display_it_stops_alike(tmp_path: Path) -> None:
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "XDG_DATA_HOME": str(tmp_path)}
    own = {"SIGNAL": str(int(signal.SIGINT)), "IMPORTS": "1150"}
    code, _, errors = ended(begin(script=SELF_SIGNALLED, **own, **hidden))
    assert code == 130 and errors.endswith("Stopped.\n")


def test_under_nohup_a_closed_terminal_means_nothing(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = begin("train", *SMALL, "--run-dir", tmp_path / "run")
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
    process = begin(*("train", *SMALL, "--run-dir", tmp_path / "run"))
    wait_for(lambda: lines(tmp_path / "run") > 0)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    os.kill(process.pid, signal.SIGHUP)
    assert process.wait(60) == 141
    assert json.loads((tmp_path / "run" / "result.json").read_text())["reason"] == "stopped"
    assert open_run(tmp_path / "run").iterations()
