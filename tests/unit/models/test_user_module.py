"""A user's module runs only when exactly this file is trusted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch

from workbench import resources
from workbench.core.errors import BadInput
from workbench.core.task import ProblemSpec
from workbench.models.user_module import Untrusted, UserModuleParams, user_module

SPEC = ProblemSpec("classification", (1, 8, 8), 5)
TEMPLATE = resources.path("templates", "user_module.py")


def trusted(path: Path, class_name: str = "Model") -> UserModuleParams:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return UserModuleParams(path=path, class_name=class_name, sha256=digest)


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
    assert caught.value.where == "model.sha256" and caught.value.sha256 in str(caught.value)


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


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "model.py"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.py", binary, tmp_path):
        with pytest.raises(BadInput) as caught:
            user_module(UserModuleParams(path=path), SPEC)
        assert caught.value.where == "model.path"
