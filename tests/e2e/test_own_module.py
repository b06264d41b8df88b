"""A trusted module that misbehaves costs its own command, with a sentence, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.core import guarded, trust, user_code

QUICK = ["--preset", "sinusoid", "--training.eval_tasks", "3", "--training.test_tasks", "3"]
QUICK += ["--training.meta_batch", "2", "--iterations", "2", "--model.name", "user_module"]
MODULE = """
import math, os, signal, sys, time
from torch import nn
class Model(nn.Module):
    calls = 0
    def __init__(self, input_shape, outputs):
        super().__init__()
        self.body = nn.Linear(math.prod(input_shape), outputs)
    def forward(self, x):
        Model.calls += 1
        {at_call}
        return self.body(x.flatten(1))
{at_import}
"""


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setattr(trust, "_for_now", set())
    yield


def arguments(folder: Path, at_import: str = "", at_call: str = "pass") -> list[str]:
    file = folder / "model.py"
    file.write_text(MODULE.format(at_import=at_import, at_call=at_call))
    new = ["--run-dir", str(folder / "new"), "--trust", user_code.read(file).sha256]
    return ["train", *QUICK, "--model.path", str(file), *new]


@pytest.mark.parametrize("line", ["sys.exit(3)", "raise KeyboardInterrupt", "raise BaseException"])
def test_leaving_at_import_is_a_refusal(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, at_import=line)) == 2
    said = capsys.readouterr().err
    assert "model.py, line 13 fails (" in said and said.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_leaving_in_a_late_call_fails_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, at_call="Model.calls < 30 or sys.exit(0)")) == 1
    assert "fails (SystemExit: 0)" in capsys.readouterr().err
    result = json.loads((tmp_path / "new" / "result.json").read_text())
    assert "SystemExit" in result["error"] and result["reason"] == "failed"


def test_a_loop_is_said_and_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(guarded, "LIMIT_SECONDS", 0.6)
    monkeypatch.setattr(guarded, "QUIET_SECONDS", 0.1)
    assert main(arguments(tmp_path, at_import="while True: pass")) == 2
    said = capsys.readouterr().err
    assert "model.py to run; Ctrl-C gives up" in said
    assert "has not come to its end after 0.6 s" in said


@pytest.mark.parametrize(
    "line",
    [
        "while True: pass",
        pytest.param("sys.__stdin__.read()", marks=pytest.mark.slow),
        pytest.param("time.sleep(1e6)", marks=pytest.mark.slow),
    ],
)
def test_ctrl_c_ends_the_waiting(tmp_path: Path, line: str) -> None:
    command = [sys.executable, "main.py", *arguments(tmp_path, at_import=line)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        while "to run" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=100) == 130


def test_output_and_directory_stay_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line of standard output is one object, whatever the module says and does."""
    noise = "print('no newline', end=''); sys.stdout.write('nor here'); os.chdir('/')"
    assert (
        main([*arguments(tmp_path, at_import=noise, at_call="print('{', end='')"), "--json"]) == 0
    )
    found = capsys.readouterr()
    assert json.loads(found.out.splitlines()[-1])["iterations"] == 2
    assert "no newline" not in found.out and "nor here" in found.err
    assert Path(os.getcwd()) == Path(__file__).parents[2]  # noqa: PTH109
