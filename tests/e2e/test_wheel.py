"""The installed program finds its resources: build the wheel, install it, run it elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel, as an installer lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=200)
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run(installed: Path, code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=installed.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_runs_and_lists_its_presets(installed: Path) -> None:
    command = (
        "import sys; from workbench.start.main import main; "
        "sys.exit(main(['list', 'presets', '--json']))"
    )
    names = [row["name"] for row in json.loads(run(installed, command).splitlines()[-1])["presets"]]
    assert "sinusoid" in names and "glyphs" in names


def test_resources_come_from_the_wheel_and_not_from_the_checkout(installed: Path) -> None:
    command = "from workbench.core import resources; print(resources.path('presets'))"
    assert Path(run(installed, command).strip()).is_relative_to(installed)


def test_the_wheel_has_an_entry_point_and_no_tests(installed: Path) -> None:
    entry = next(installed.glob("*.dist-info")) / "entry_points.txt"
    assert "maml-workbench = workbench.start.main:program" in entry.read_text()
    assert not (installed / "tests").exists()


def test_the_templates_of_plug_ins_are_in_the_wheel(installed: Path) -> None:
    templates = installed / "workbench" / "_resources" / "templates" / "plugins"
    assert len(list(templates.glob("*/pyproject.toml"))) == 4
