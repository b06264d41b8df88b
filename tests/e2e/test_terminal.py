"""Streams that break, encodings that lack a character, faults that nobody foresaw: one sentence."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.processes import MAIN, MENTIONS, begin, ended
from workbench.start.main import main

SMALL = ["--preset", "sinusoid", "--training.eval_tasks", "5", "--training.test_tasks", "5"]


def pairs(quick: list[tuple[str, str]], commands: list[str]) -> list[Any]:
    """Every command with Python's buffer and without; but for a few, all are deeper variants."""
    both = [(command, unbuffered) for command in commands for unbuffered in ("", "1")]
    assert set(quick) <= set(both)
    slow = [pytest.param(*pair, marks=pytest.mark.slow) for pair in both if pair not in quick]
    return [*quick, *slow]


@pytest.mark.parametrize(
    ("command", "unbuffered"),
    pairs(
        [("list presets", "1"), ("train --help", ""), ("list presets --json", "")],
        ["list presets", "train --help", "list presets --json"],
    ),
)
def test_a_reader_that_goes_ends_the_command_quietly(command: str, unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*MAIN, *command.split()],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        timeout=200,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("command", "unbuffered"),
    pairs(
        [("list presets", ""), ("train --help", "1"), ("--version", "")],
        ["list presets", "train --help", "--version"],
    ),
)
def test_output_that_cannot_be_written_is_a_sentence(command: str, unbuffered: str) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [*MAIN, *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            timeout=200,
            check=False,
        )
    said = b"error: standard output cannot be written (No space left on device).\n"
    assert (done.returncode, done.stderr) == (1, said)


PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENCODINGS = [
    ({"PYTHONIOENCODING": "ascii"}, "80.5 +- 0.8 %", "ascii"),
    (PLAIN, "80.5 +- 0.8 %", "ascii"),
    ({"PYTHONIOENCODING": "cp1252"}, "80.5 ± 0.8 %", "cp1252"),
    ({"PYTHONIOENCODING": "utf-8"}, "80.5 ± 0.8 %", "utf-8"),
]


@pytest.mark.parametrize(("environment", "said", "encoding"), ENCODINGS)
def test_a_character_that_cannot_be_shown_is_replaced(
    environment: dict[str, str], said: str, encoding: str
) -> None:
    done = subprocess.run(
        [*MAIN, "list", "presets"],
        capture_output=True,
        env={**os.environ, "COLUMNS": "300", **environment},
        timeout=200,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert said in done.stdout.decode(encoding)


def test_a_training_in_plain_ascii_ends_with_its_json(tmp_path: Path) -> None:
    """Its lines hold an arrow and a plus-minus; the path holds what no encoding shows."""
    folder = tmp_path / "run-é-\udcff"
    process = begin("train", *SMALL, "--iterations", "3", "--run-dir", folder, "--json", **PLAIN)
    code, output, errors = ended(process)
    assert code == 0 and "validation mse" in errors and "->" in errors and "+-" in errors
    assert json.loads(output.splitlines()[-1])["reason"] == "completed"
    assert output.isascii() and errors.isascii()


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    "command",
    ["list presets", "list algorithms", "list tasks", "list runs", "runs --help", "train --help"],
)
def test_every_line_fits(
    command: str, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(command.split()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines and max(map(len, lines)) <= columns


def test_help_shows_type_range_and_default_of_every_parameter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["train", "--preset", "glyphs", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "(α). Number above 0, at most 100; default 0.4." in told
    assert re.search(
        r"--task\.ways N .{10,80} Whole number at least 2, at most \d+; default 5\.", told
    )
    assert "--training.transductive YES|NO" in told and "Yes or no; default yes." in told
    assert "One of adam, adamw, sgd, rmsprop, trpo, clipped; default adam." in told
    assert "at most 10000000; default 700." in told
    flags = re.findall(r"(?<=\s)--\w+\.(?!name\b)\w+ \S+ ", told)
    assert len(flags) > 20 and told.count("; default") >= len(flags)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"maml-workbench \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_validation_and_test_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["train", *SMALL, "--iterations", "3"]) == 0
    said = capsys.readouterr()
    assert re.search(r" 0  validation mse \S+ → \S+ ± \S+ \(5 tasks, best so far\)", said.err)
    assert re.search(r" test mse \S+ → \S+ ± \S+ \(5 tasks\)", said.err)
    assert "mse on 5 test tasks (not transductive)" in said.out
    assert main(["list", "runs"]) == 0
    assert re.search(r"completed +3 +test mse [\d.]+ ± [\d.]+", capsys.readouterr().out)


UNFORESEEN = """
import sys
from workbench.cli import runs
from workbench.start.main import main
runs.stored = lambda: {}["no such\\x1b key"]
sys.exit(main(["list", "runs"]))
"""


def unforeseen(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", UNFORESEEN],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=200,
        check=False,
    )


def test_a_fault_that_nobody_foresaw_names_the_log(tmp_path: Path) -> None:
    done = unforeseen(XDG_STATE_HOME=str(tmp_path))
    log = tmp_path / "maml-workbench" / "log" / "workbench.log"
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == (f"error: KeyError: 'no such\\x1b key'. The log has the details: {log}\n")
    assert "Traceback" in log.read_text()


def test_where_no_log_can_be_written_that_is_said_once() -> None:
    done = unforeseen(XDG_STATE_HOME="/proc/none")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert done.stderr.endswith(
        "No log could be written: No such file or directory (/proc/none/maml-workbench/log).\n"
    )


def test_a_home_that_may_only_be_read_still_lists_and_refuses_in_a_sentence() -> None:
    nowhere = {f"XDG_{name}_HOME": "" for name in ("DATA", "STATE", "CACHE", "CONFIG")}
    home = {**nowhere, "HOME": "/proc/none"}
    code, output, errors = ended(begin("list", "runs", **home))
    assert (code, errors) == (0, "") and output.startswith("no runs yet")
    code, output, errors = ended(begin("train", *SMALL, "--iterations", "2", **home))
    assert code == 2 and "/proc/none/" in errors and "cannot be written" in errors


def test_scores_that_cannot_be_kept_do_not_hide_the_measurement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert main(["train", *SMALL, "--iterations", "2", "--run-dir", str(run)]) == 0
    for file in (run / "evaluations").iterdir():
        file.unlink()
    (run / "evaluations").rmdir()
    (run / "evaluations").write_text("in the way")
    capsys.readouterr()
    assert main(["evaluate", str(run), "--tasks", "4", "--json"]) == 0
    said = capsys.readouterr()
    assert "note: the scores of each task are not saved: " in said.err
    assert json.loads(said.out.splitlines()[-1])["scores"] is None


SHORT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from typing import Any
from tests.tiny import prepared, tiny_config
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
config = tiny_config(model={"hidden": [12000, 12000]})
training = Training(config, prepared(config), Run.create(config, Path(sys.argv[1])))
now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + 2**28, now + 2**28))
*_, last = training.events()
print(last.reason, last.error)
"""


def test_a_training_without_memory_says_how_much_and_what_to_lower(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY, str(tmp_path / "run")],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.stdout.startswith(
        "failed out of memory: this machine cannot give 0.58 GB at once. Lower training.meta_batch"
    ), done.stderr


def test_at_a_terminal_there_is_a_bar_and_the_cursor_stays(tmp_path: Path) -> None:
    """A real pseudo-terminal of 80 columns."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [*MAIN, "train", *SMALL, "--iterations", "200", "--run-dir", str(tmp_path / "run")],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(mine, 65536):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(mine)
    assert process.wait(200) == 0
    text = shown.decode()
    assert "of 200 iterations" in text and "query loss" in text and "━" in text
    assert "\x1b[?25l" not in text, "a killed program could not bring the cursor back"
    assert not [word for word in MENTIONS if word in text]


def test_a_display_that_is_not_there_is_a_sentence() -> None:
    process = begin(DISPLAY=":987", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="xcb")
    code, output, errors = ended(process)
    assert (code, output) == (1, "")
    assert errors.startswith("error: no window can be opened: ") and errors.count("\n") == 1
