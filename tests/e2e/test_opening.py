"""Opening a run or a scene reaches neither the network nor a place that the file names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.opening import omniglot, on_pictures, trained, trip_wire
from workbench.cli import main

ROOT = {"root": "/dev/zero", "download": True}


@pytest.fixture(autouse=True)
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Hosts looked up in a test; data of the program's own in its own folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data home"))
    yield trip_wire(monkeypatch)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Trained with leave to download, where the data was at hand."""
    archive = shutil.make_archive(str(tmp_path / "omniglot"), "zip", omniglot(tmp_path / "tree"))
    return trained(on_pictures(root=archive, download=True), tmp_path / "run")


def saved(run: Path, file: Path) -> Path:
    assert main(["adapt", str(run), "--save-scene", str(file)]) == 0
    return file


def altered(scene: Path, **family: object) -> Path:
    values = json.loads(scene.read_text())
    values["family"] |= family
    scene.write_text(json.dumps(values))
    return scene


def test_a_scene_names_no_place_and_gives_no_leave(run: Path, tmp_path: Path) -> None:
    scene = json.loads(saved(run, tmp_path / "a.mlab").read_text())
    assert not {"root", "download"} & scene["family"].keys()


def test_what_a_scene_says_of_places_is_passed_over(
    run: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    scene = altered(saved(run, tmp_path / "a.mlab"), **ROOT)
    capsys.readouterr()
    assert main(["adapt", str(run), "--scene", str(scene), "--json"]) == 0, capsys.readouterr()
    config = json.loads(capsys.readouterr().out.splitlines()[-1])["config"]
    assert config["task"]["root"].endswith("omniglot.zip") and not asked


@pytest.mark.parametrize("command", ["adapt", "evaluate", "train --resume", "adapt --scene"])
def test_absent_data_is_said_and_not_fetched(
    run: Path,
    tmp_path: Path,
    command: str,
    asked: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    scene = saved(run, tmp_path / "a.mlab")
    moved = (tmp_path / "omniglot.zip").rename(tmp_path / "elsewhere.zip")
    capsys.readouterr()
    first, *rest = command.split()
    flags = {"--resume": [str(run), "--iterations", "9"], "--scene": [str(run), "--scene"]}
    named = [str(run)] if not rest else flags[rest[0]]
    arguments = [first, *rest[:1], *named] if rest == ["--resume"] else [first, *named]
    arguments += [str(scene)] if rest == ["--scene"] else []
    assert main(arguments) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "needs the data Omniglot: there is no Omniglot at" in said
    assert "nothing is fetched for it" in said and not asked
    if first != "train":
        assert "--data PATH" in said
        assert main([*arguments, "--data", str(moved)]) == 0, capsys.readouterr().err
    assert not asked


def test_a_training_of_ones_own_may_fetch(
    run: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever trains with `download` on has asked for it; there is only no network here."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps(on_pictures(download=True).to_json()))
    assert main(["train", "--config", str(config)]) == 2
    assert "cannot be downloaded" in capsys.readouterr().err and asked


def test_a_scene_of_another_family_says_what_to_set_up(
    run: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(run, tmp_path / "a.mlab")
    values = json.loads(file.read_text())
    sizes = {name: values["family"][name] for name in ("ways", "shots", "queries")}
    values["family"] = {"name": "image_folder", "root": str(tmp_path / "tree"), **sizes}
    file.write_text(json.dumps(values))
    assert main(["adapt", str(run), "--scene", str(file)]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "a.mlab: needs the data My images: no folder is chosen" in said and not asked
