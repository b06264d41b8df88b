"""No command runs a model file that this user has not trusted, whatever a run says of it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attack import Attack, a_strangers_run
from workbench.cli import main
from workbench.core import trust

HASH = "f" * 64
SMALL = ["--preset", "sinusoid", "--training.eval_tasks", "3", "--training.test_tasks", "3"]
QUICK = [*SMALL, "--training.meta_batch", "2", "--iterations", "2"]


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody has trusted anything here."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name))
    monkeypatch.setattr(trust, "_for_now", set())
    yield


@pytest.fixture
def attack(tmp_path: Path) -> Attack:
    return a_strangers_run(tmp_path / "download")


def commands(attack: Attack, folder: Path) -> dict[str, list[str]]:
    """Every command that builds a model, led to the stranger's file in every way there is."""
    config = folder / "config.json"
    config.write_text((attack.run / "config.json").read_text())
    named = ["--model.name", "user_module", "--model.path", str(attack.model)]
    pinned = [*named, "--model.sha256", attack.sha256]
    run, new = str(attack.run), ["--run-dir", str(folder / "new")]
    return {
        "evaluate": ["evaluate", run, "--tasks", "2"],
        "adapt": ["adapt", run],
        "resume": ["train", "--resume", run, "--iterations", "8"],
        "train --config": ["train", "--config", str(config), "--iterations", "2", *new],
        "train --model.path": ["train", *QUICK, *named, *new],
        "train --model.sha256": ["train", *QUICK, *pinned, *new],
        "race --config": [
            "race", "--config", str(config), "--algorithms", "maml,reptile", "--iterations", "2",
            *new,
        ],
        "race --model.path": ["race", *QUICK, *pinned, "--algorithms", "maml", *new],
    }  # fmt: skip


NAMES = [
    "evaluate", "adapt", "resume", "train --config", "train --model.path",
    "train --model.sha256", "race --config", "race --model.path",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_unasked(
    attack: Attack, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(attack.run)
    assert list(commands(attack, tmp_path)) == NAMES
    for extra in ([], ["--trust", HASH]):
        assert main([*commands(attack, tmp_path)[name], *extra]) == 2
        said = capsys.readouterr()
        assert not attack.ran
        assert said.out == "" and said.err.count("\n") == 1
        for part in (str(attack.model), attack.sha256, f"--trust {attack.sha256}"):
            assert part in said.err
    assert contents(attack.run) == before and not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", NAMES)
def test_trust_for_one_command_runs_it_and_is_not_kept(
    attack: Attack, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = commands(attack, tmp_path)[name]
    assert main([*command, "--trust", attack.sha256.upper()]) == 0, capsys.readouterr().err
    assert attack.ran and not trust.file().exists()
    attack.witness.unlink()
    again = commands(attack, tmp_path / "home")["evaluate"]
    assert main(again) == 2 and not attack.ran


def test_a_changed_file_is_refused_and_said(
    attack: Attack, capsys: pytest.CaptureFixture[str]
) -> None:
    before = attack.sha256
    trust.remember(before, attack.model)
    attack.change()
    assert main(["evaluate", str(attack.run), "--tasks", "2"]) == 2
    assert "has changed since it was recorded" in capsys.readouterr().err and not attack.ran
    assert main(["evaluate", str(attack.run), "--tasks", "2", "--trust", attack.sha256]) == 0
    said = capsys.readouterr().err
    assert "note: " in said and before in said and attack.sha256 in said


@pytest.mark.parametrize("text", ["yes", "", "f" * 63])
def test_no_other_word_is_a_trust(
    attack: Attack, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(attack.run), "--trust", text]) == 2
    assert "--trust: " in capsys.readouterr().err and not attack.ran


def test_a_new_run_records_place_and_content(attack: Attack, tmp_path: Path) -> None:
    trust.remember(attack.sha256, attack.model)
    relative = os.path.relpath(attack.model)
    named = ["--model.name", "user_module", "--model.path", relative]
    assert main(["train", *QUICK, *named, "--run-dir", str(tmp_path / "new")]) == 0
    kept = json.loads((tmp_path / "new" / "config.json").read_text())["model"]
    assert (kept["path"], kept["sha256"]) == (str(attack.model), attack.sha256)


@pytest.mark.parametrize("path", ["pipe", "/dev/zero", "~nobody-at-all/x.py", "", "a\x1b[2J.py"])
def test_whatever_a_run_names_is_one_sentence(
    attack: Attack, tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    named = str(tmp_path / path) if path == "pipe" else path
    began = time.process_time()
    model = ["--model.name", "user_module", "--model.path", named]
    assert main(["train", *QUICK, *model]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: model.path: ") and "\x1b" not in said
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("answer", "code"),
    [("y", 0), ("", 2), pytest.param("n", 2, marks=pytest.mark.slow), ("Yes", 0)],
)
def test_a_person_is_asked_once(attack: Attack, answer: str, code: int) -> None:
    command = ["evaluate", str(attack.run), "--tasks", "2"]
    assert_asked(on_terminal([*command], answer), attack, code)
    if answer == "y":
        attack.witness.unlink()
        said, again = on_terminal(command, None)
        assert again == 0 and "[y/N]" not in said and attack.ran


def assert_asked(found: tuple[str, int], attack: Attack, code: int) -> None:
    said, ended = found
    assert "Trust exactly this content from now on? [y/N]" in said
    assert str(attack.model) in said and attack.sha256 in said
    assert ended == code and attack.ran is (code == 0)


def on_terminal(arguments: list[str], answer: str | None) -> tuple[str, int]:
    """What a command says on a terminal, and its exit code, with an answer to its question."""
    leader, follower = pty.openpty()
    command = [sys.executable, "main.py", *arguments]
    with subprocess.Popen(
        command, stdin=follower, stdout=subprocess.DEVNULL, stderr=follower
    ) as process:
        os.close(follower)
        said = b""
        while (part := _read(leader)) is not None:
            said += part
            if answer is not None and b"[y/N]" in said:
                os.write(leader, answer.encode() + b"\n")
                answer = None
    os.close(leader)
    return said.decode(), process.returncode


def _read(leader: int) -> bytes | None:
    try:
        return os.read(leader, 4096) or None
    except OSError:  # Linux says so that the other end is closed
        return None


def contents(folder: Path) -> dict[str, Any]:
    return {str(f): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}
