"""A user's module runs only when exactly this file is trusted, and then breaks nothing else."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from workbench.core import guarded, patience, resources, trust, user_code
from workbench.core.errors import BadInput
from workbench.core.objective import CLASSIFICATION
from workbench.core.task import ProblemSpec
from workbench.core.user_code import Untrusted
from workbench.models.user_module import UserModuleParams, user_module

SPEC = ProblemSpec(CLASSIFICATION, (1, 8, 8), 5)
TEMPLATE = resources.path("templates", "user_module.py")


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is trusted at the start of a test, and nothing stays so after it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setattr(trust, "_for_now", set())
    yield


def trusted(path: Path, class_name: str = "Model") -> UserModuleParams:
    trust.remember(user_code.read(path).sha256, path)
    return UserModuleParams(path=path, class_name=class_name)


def written(path: Path, text: str) -> Path:
    file = path / "model.py"
    file.write_text(text)
    return file


def test_the_template_is_short_and_works() -> None:
    assert len(TEMPLATE.read_text().splitlines()) <= 21
    assert user_module(trusted(TEMPLATE), SPEC)(torch.rand(3, 1, 8, 8)).shape == (3, 5)


def test_an_untrusted_file_does_not_run(tmp_path: Path) -> None:
    witness = tmp_path / "it ran"
    file = written(tmp_path, f"open({str(witness)!r}, 'w')")
    with pytest.raises(Untrusted) as caught:
        user_module(UserModuleParams(path=file), SPEC)
    assert not witness.exists()
    assert caught.value.where == "model.path" and caught.value.code.sha256 in str(caught.value)


def test_what_a_file_says_of_itself_is_no_trust(tmp_path: Path) -> None:
    file = written(tmp_path, TEMPLATE.read_text())
    with pytest.raises(Untrusted):
        user_module(UserModuleParams(path=file, sha256=user_code.read(file).sha256), SPEC)


def test_a_changed_file_asks_again(tmp_path: Path) -> None:
    file = written(tmp_path, TEMPLATE.read_text())
    params = trusted(file)
    file.write_text(TEMPLATE.read_text() + "\n# changed\n")
    with pytest.raises(Untrusted):
        user_module(params, SPEC)


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("def broken(:", "model.path", "SyntaxError"),
        ("x = 1\nraise RuntimeError('no')", "model.path", "line 2 fails"),
        ("import nothing_of_this_name", "model.path", "nothing_of_this_name"),
        ("class Model: pass", "model.class_name", "defines no nn.Module class 'Model'"),
        (
            "from torch import nn\nclass Model(nn.Module):\n def __init__(self): pass",
            "model.path",
            "TypeError",
        ),
        (
            "from torch import nn\nclass Model(nn.Flatten):\n"
            " def __init__(self, i, o): super().__init__()",
            "model.path",
            r"gives \(2, 64\)",
        ),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(
    tmp_path: Path, text: str, where: str, problem: str
) -> None:
    with pytest.raises(BadInput, match=problem) as caught:
        user_module(trusted(written(tmp_path, text)), SPEC)
    assert caught.value.where == where


def test_a_file_may_use_torchvision_where_only_half_of_it_is_there(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
import torch
from torch import nn
from torchvision.models import squeezenet1_1

class Model(nn.Module):
    def __init__(self, input_shape, outputs):
        super().__init__()
        self.body = squeezenet1_1(num_classes=outputs)

    def forward(self, x):
        return self.body(x.expand(-1, 3, -1, -1))
""",
    )
    spec = ProblemSpec(CLASSIFICATION, (1, 32, 32), 5)
    assert user_module(trusted(file), spec)(torch.rand(2, 1, 32, 32)).shape == (2, 5)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "model.py"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.py", binary, tmp_path):
        with pytest.raises(BadInput) as caught:
            user_module(UserModuleParams(path=path), SPEC)
        assert caught.value.where == "model.path"


MODULE = """
import math, os, signal, sys, time
import torch
from torch import nn
{at_import}
class Model(nn.Module):
    def __init__(self, input_shape, outputs):
        super().__init__()
        self.body = nn.Linear(math.prod(input_shape), outputs)
        self.calls = 0
        {at_making}
    def forward(self, x):
        self.calls += 1
        {at_call}
        return self.body(x.flatten(1))
"""


def module(path: Path, **lines: str) -> UserModuleParams:
    parts = {"at_import": "", "at_making": "pass", "at_call": "pass", **lines}
    return trusted(written(path, MODULE.format(**parts)))


@pytest.mark.parametrize("place", ["at_import", "at_making", "at_call"])
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sys.exit(3)", r"line \d+ fails \(SystemExit: 3\)"),
        ("raise KeyboardInterrupt", r"fails \(KeyboardInterrupt\)"),
        ("raise BaseException('x\\x1b[2J')", r"fails \(BaseException: x\\x1b\[2J\)"),
        ("raise GeneratorExit", r"fails \(GeneratorExit\)"),
        ("signal.signal(signal.SIGINT, signal.SIG_IGN)", r"fails \(ValueError: signal only"),
        ("input()", r"fails \(EOFError"),
    ],
)
def test_whatever_it_raises_is_one_sentence(
    tmp_path: Path, place: str, line: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        user_module(module(tmp_path, **{place: line}), SPEC)
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)


@pytest.mark.parametrize("place", ["at_import", "at_making", "at_call"])
def test_a_loop_is_given_up_and_ends(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "LIMIT_SECONDS", 0.4)
    monkeypatch.setattr(guarded, "QUIET_SECONDS", 0.1)
    said: list[str] = []
    params = module(tmp_path, **{place: "while True: pass"})
    with (
        patience.told_to(lambda sentence, spent: said.append(sentence)),
        pytest.raises(BadInput, match=r"has not made its module after 0\.4 s"),
    ):
        user_module(params, SPEC)
    assert "model.py to make its module" in said[0]
    wait_for_its_thread()


def test_whoever_waits_may_give_up_sooner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "QUIET_SECONDS", 0.1)

    class Enough(Exception):
        pass

    def listener(sentence: str, spent: float) -> None:
        raise Enough

    with patience.told_to(listener), pytest.raises(Enough):
        user_module(module(tmp_path, at_import="while True: pass"), SPEC)
    wait_for_its_thread()


def wait_for_its_thread() -> None:
    for thread in threading.enumerate():
        if thread.name == guarded.THREAD:
            thread.join(60)
            assert not thread.is_alive()


def test_output_directory_and_input_stay_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sys.stdin
    noise = "print('one', end=''); sys.stdout.write('two'); os.chdir('/')"
    model = user_module(module(tmp_path, at_import=noise, at_call="print('three')"), SPEC)
    model(torch.zeros(2, 1, 8, 8))
    captured = capsys.readouterr()
    assert captured.out == "" and "onetwo" in captured.err and "three" in captured.err
    assert Path.cwd() == tmp_path and sys.stdin is before


def test_an_exit_in_a_later_call_ends_the_computation_alone(tmp_path: Path) -> None:
    model = user_module(module(tmp_path, at_call="self.calls < 3 or sys.exit(3)"), SPEC)
    model(torch.zeros(2, 1, 8, 8))
    with pytest.raises(BadInput, match=r"SystemExit: 3"):
        model(torch.zeros(2, 1, 8, 8))


def test_a_persons_interrupt_in_a_call_stays_one(tmp_path: Path) -> None:
    late = "if self.calls > 1: raise KeyboardInterrupt"
    model = user_module(module(tmp_path, at_call=late), SPEC)
    with pytest.raises(KeyboardInterrupt):
        model(torch.zeros(2, 1, 8, 8))


def test_pipes_devices_and_homes_are_no_trap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), Path("~nobody-of-this-name/model.py"), Path()):
        with pytest.raises(BadInput) as caught:
            user_code.read(path)
        assert caught.value.where == "model.path"
    monkeypatch.setenv("HOME", str(tmp_path))
    written(tmp_path, TEMPLATE.read_text())
    assert user_code.read(Path("~/model.py")).path == tmp_path / "model.py"


def test_what_is_shown_is_what_runs(tmp_path: Path) -> None:
    """No coding line changes the meaning of the bytes, and nothing turns the text around."""
    text = "# coding: utf-7\nx = 'a\u202eb'\t# \x1b[2J\r\ny = 1\n"
    file = tmp_path / "model.py"
    file.write_bytes(text.encode())
    assert user_code.read(file).shown == "# coding: utf-7\nx = 'a\\u202eb'\t# \\x1b[2J\ny = 1\n"
