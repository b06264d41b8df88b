"""The shipped templates, installed by pip, at the command line; and what it says of packages."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin_kit import (
    MODEL,
    NAMES,
    TEMPLATES,
    another_life,
    install_all,
    lay_out,
    little_site,
    sha256_of,
)
from tests.plugin_kit import trusted as trust_package
from tests.processes import begin, ended
from workbench.cli import main
from workbench.core import resources, trust
from workbench.experiments import catalog

SMALL = ["--training.eval_tasks", "3", "--training.test_tasks", "3", "--training.meta_batch", "2"]
SMALL += ["--iterations", "2"]
CLOUDS = ["train", "--task.name", "clouds", "--model.name", "mlp", *SMALL]
TINY = ["train", "--preset", "sinusoid", "--model.name", "tiny", *SMALL]
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has trusted anything here."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name))


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_all(tmp_path_factory)


@pytest.fixture
def shipped(templates: Path) -> Iterator[Path]:
    catalog.load()
    with another_life(templates):
        yield templates


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    with little_site(tmp_path / "site") as folder:
        yield folder


def last(captured: Captured) -> dict:  # type: ignore[type-arg]
    return json.loads(captured.readouterr().out.splitlines()[-1])


def test_the_templates_train_as_a_process_of_its_own(templates: Path, tmp_path: Path) -> None:
    """Family, model and algorithm together; nothing of the face is imported, which needs Qt."""
    with another_life(templates):
        trust = [flag for name in NAMES.values() for flag in ("--trust", sha256_of(name))]
    parts = ["--task.name", "clouds", "--model.name", "bottleneck", "--algorithm.name", "biases"]
    path = os.pathsep.join([str(templates), *filter(None, [os.environ.get("PYTHONPATH")])])
    run = tmp_path / "run"
    command = ["train", *parts, *SMALL, "--run-dir", str(run), "--json", *trust]
    code, output, errors = ended(begin(*command, PYTHONPATH=path))
    assert code == 0, errors
    assert json.loads(output.splitlines()[-1])["iterations"] == 2
    kept = json.loads((run / "config.json").read_text())["packages"]
    assert kept == {
        "maml-clouds": {"version": "1.0", "parts": ["task.clouds"]},
        "maml-bottleneck": {"version": "1.0", "parts": ["model.bottleneck"]},
        "maml-biases": {"version": "1.0", "parts": ["algorithm.biases"]},
    }


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_short(template: str) -> None:
    (module,) = resources.path("templates", "plugins", template).glob("*.py")
    lines = [line for line in module.read_text().splitlines() if line.strip()]
    assert len(lines) <= 34


@pytest.mark.parametrize(
    ("what", "name", "package"),
    [
        ("tasks", "clouds", "maml-clouds 1.0"),
        ("models", "bottleneck", "maml-bottleneck 1.0"),
        ("algorithms", "biases", "maml-biases 1.0"),
    ],
)
def test_list_shows_a_part_with_its_package(
    shipped: Path, what: str, name: str, package: str, capsys: Captured
) -> None:
    trust_package(package.split()[0])
    assert main(["list", what, "--json"]) == 0
    rows = {row["name"]: row["package"] for row in last(capsys)[what]}
    assert rows.pop(name) == package and set(rows.values()) == {""}
    assert main(["list", what]) == 0
    assert package in capsys.readouterr().out


def test_list_says_what_is_not_trusted_and_how_to_trust_it(shipped: Path, capsys: Captured) -> None:
    assert main(["list", "tasks"]) == 0
    found = capsys.readouterr()
    assert "clouds" not in found.out and "package" not in found.out
    for said in ("maml-clouds 1.0 offers task clouds", f"--trust {sha256_of('maml-clouds')}"):
        assert said in found.err
    assert "biases" not in found.err
    assert main(["list", "plugins", "--json"]) == 0
    rows = last(capsys)["plugins"]
    assert {row["name"]: row["state"] for row in rows} == dict.fromkeys(
        NAMES.values(), "not trusted"
    )


def test_no_command_runs_it_unasked(site: Path, capsys: Captured) -> None:
    """Without a terminal the refusal names the flag, which holds for one command."""
    assert main(TINY) == 2
    said, digest = capsys.readouterr().err, sha256_of("little")
    assert said.startswith("error: model.name: 'tiny' comes from the package little 1.0, which has")
    assert f"--trust {digest}" in said and said.count("\n") == 1
    assert main([*TINY, "--trust", digest]) == 0, capsys.readouterr().err
    assert not trust.file().exists()


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2)])
def test_a_person_is_asked_once(site: Path, answer: str, code: int) -> None:
    said, ended_with = on_terminal(TINY, site, answer)
    for part in ("little 1.0 is a plug-in. It adds model tiny", sha256_of("little"), "[y/N]"):
        assert part in said
    assert ended_with == code
    if code == 0:
        said, again = on_terminal(TINY, site, None)
        assert again == 0 and "[y/N]" not in said


def test_a_run_of_a_package_that_is_missing_untrusted_or_newer_says_so(
    site: Path, tmp_path: Path, capsys: Captured
) -> None:
    run = tmp_path / "run"
    trust_package("little")
    assert main([*TINY, "--run-dir", str(run)]) == 0
    commands = (
        ["evaluate", str(run), "--tasks", "2"],
        ["adapt", str(run)],
        ["train", "--resume", str(run), "--iterations", "4"],
        ["train", "--config", str(run / "config.json"), *SMALL],
    )
    lay_out(site, MODEL.format(name="tiny"), version="1.1")
    capsys.readouterr()
    for command in commands:
        with another_life(site):
            assert main(command) == 2
            assert "little 1.1, which has not been trusted by you" in capsys.readouterr().err
    trust_package("little")
    for command in commands[:2]:
        with another_life(site):
            assert main(command) == 0
            assert "the package little was 1.0 and is 1.1" in capsys.readouterr().err
    (site / "little-1.1.dist-info" / "entry_points.txt").unlink()
    for command in commands:
        with another_life(site):
            assert main(command) == 2
            said = capsys.readouterr().err
            assert "'tiny' came from the package little 1.0, which is not installed" in said
    assert main(["list", "runs"]) == 0


def test_safe_mode_runs_neither_plug_in_nor_model_file(
    site: Path, tmp_path: Path, capsys: Captured
) -> None:
    trust_package("little")
    assert main(["--safe-mode", *TINY]) == 2
    assert "is off in safe mode. Start without --safe-mode" in capsys.readouterr().err
    with another_life(site):
        assert main(["list", "plugins", "--json", "--safe-mode"]) == 0
        found = capsys.readouterr()
        assert "safe mode is on" in found.err and '"state": "off"' in found.out
    file = tmp_path / "model.py"
    file.write_bytes(resources.path("templates", "user_module.py").read_bytes())
    own = ["train", "--preset", "sinusoid", "--model.name", "user_module"]
    assert main([*own, "--model.path", str(file), "--safe-mode"]) == 2
    assert "no file of yours runs in safe mode" in capsys.readouterr().err


def test_a_broken_package_is_a_line_and_every_command_goes_on(site: Path, capsys: Captured) -> None:
    lay_out(site, "import sys; sys.exit(7)")
    trust_package("little")
    assert main(["train", "--preset", "sinusoid", *SMALL]) == 0
    said = capsys.readouterr().err
    assert "note: the package little 1.0 is left out: it cannot be imported (SystemExit: 7" in said
    assert main(["list", "plugins", "--json"]) == 0
    assert "SystemExit: 7" in last(capsys)["plugins"][0]["problem"]
    assert main(TINY) == 2
    assert "'tiny' comes from the package little 1.0, which cannot" in capsys.readouterr().err


def on_terminal(arguments: list[str], site: Path, answer: str | None) -> tuple[str, int]:
    """What a command says on a terminal, and its exit code, with an answer to its question."""
    leader, follower = pty.openpty()
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        [sys.executable, "main.py", *arguments],
        stdin=follower,
        stdout=subprocess.DEVNULL,
        stderr=follower,
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "300"},
    ) as process:
        os.close(follower)
        said = b""
        while part := _read(leader):
            said += part
            if answer is not None and b"[y/N]" in said:
                os.write(leader, answer.encode() + b"\n")
                answer = None
    os.close(leader)
    return said.decode(), process.returncode


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 4096)
    except OSError:  # Linux says so that the other end is closed
        return b""
