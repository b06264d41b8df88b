"""Numbers and names given as flags: one sentence that names the flag, exit code 2."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.cli.app import main
from workbench.core import resources

BUNDLED = str(resources.path("bundled", "glyphs"))
NINES = "9" * 5000
LONG = "x" * 300


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["adapt", BUNDLED, "--seed", NINES], "--seed"),
        (["adapt", BUNDLED, "--seed", "1e400000000"], "--seed"),
        (["adapt", BUNDLED, "--steps", "1000000000"], "--steps"),
        (["adapt", BUNDLED, "--checkpoint", NINES], "--checkpoint"),
        (["evaluate", BUNDLED, "--tasks", NINES], "--tasks"),
        (["race", "--algorithms", "maml", "--iterations", "1", "--seeds", f"0,{NINES}"], "--seeds"),
        (["train", "--preset", LONG], "preset"),
        (["train", "--model.name", LONG], "model.name"),
        (["train", "--task.name", "image_folder", "--task.root", LONG], "task.root"),
        (["train", "--training.seed", "9007199254740993"], "training.seed"),
        (["train", "--training.iterations", "\udcff"], "training.iterations"),
    ],
)
def test_one_sentence_names_the_flag(
    arguments: list[str], where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"error: {where}") and told.count("\n") == 1
    assert len(told) < 1500


@pytest.mark.parametrize("flag", ["--config", "--scene", "--support"])
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero", "/dev/urandom", "folder", "circle"])
def test_no_file_argument_waits(
    flag: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Path(kind) if kind.startswith("/") else tmp_path / kind
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    elif kind == "circle":
        place.symlink_to(place)
    files = [str(place)] * (5 if flag == "--support" else 1)
    start = ["train"] if flag == "--config" else ["adapt", BUNDLED]
    assert main([*start, flag, *files]) == 2
    assert str(place) in capsys.readouterr().err


@pytest.mark.parametrize("name", ["5", "null", "[]", "{}", '"\\ud800"', "1e400"])
def test_a_name_that_is_none_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.json"
    for section in ("task", "model", "algorithm"):
        file.write_text(f'{{"{section}": {{"name": {name}}}}}')
        assert main(["train", "--config", str(file)]) == 2
        assert capsys.readouterr().err.startswith(("error: ", "note: "))
