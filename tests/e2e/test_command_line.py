"""The command line as a script uses it: JSON at the end, one sentence and code 2 for faults."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from tests.tiny import prepared
from workbench.core import resources
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.scene import Scene
from workbench.experiments.store import open_run
from workbench.start.main import main
from workbench.tasks import image_shape

MAIN = [sys.executable, "main.py"]
SMALL = ["--preset", "sinusoid", "--training.eval_tasks", "5", "--training.test_tasks", "5"]


def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*MAIN, *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


def code_of(arguments: list[str]) -> int | str | None:
    """The exit code of a command run in this process, which is quicker."""
    try:
        return main(arguments)
    except SystemExit as left:
        return left.code


def last_json(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def result_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    """The same of a command run in this process."""
    capsys.readouterr()
    assert code_of([*map(str, arguments), "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A short sinusoid run, recorded for the tests below."""
    path = tmp_path_factory.mktemp("runs") / "run"
    done = call("train", *SMALL, "--iterations", "20", "--run-dir", path, "--json")
    result: dict[str, Any] = last_json(done)
    return result


def test_train_ends_with_the_contracts_json(run: dict[str, Any]) -> None:
    assert run["iterations"] == 20 and run["seconds"] > 0
    assert run["config"]["task"]["name"] == "sinusoid"
    metrics = run["metrics"]
    assert (metrics["name"], metrics["split"], metrics["tasks"]) == ("mse", "test", 5)
    assert metrics["transductive"] is False
    assert [step["step"] for step in metrics["steps"]] == list(range(11))
    assert all(step["ci95"] > 0 for step in metrics["steps"])
    assert Path(run["run"], "result.json").exists()


def test_evaluate_may_differ_in_steps_shots_and_tasks(
    run: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = ("--tasks", 30, "--steps", 2, "--shots", 5)
    result = result_of(capsys, "evaluate", run["run"], *sizes)
    assert result["config"]["task"]["shots"] == 5
    assert len(result["metrics"]["steps"]) == 3 and result["metrics"]["tasks"] == 30
    assert len(json.loads(Path(result["scores"]).read_text())["per_task"]["query_loss"]) == 30


def test_adapt_shows_every_step_and_takes_my_own_points(
    run: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = tmp_path / "my points.csv"
    points.write_text("x,y\n-1,0.5\n2.5,-1e-1\n")
    result = result_of(capsys, "adapt", run["run"], "--support", points, "--steps", 4)
    assert [step["step"] for step in result["steps"]] == [0, 1, 2, 3, 4]
    assert len(result["steps"][0]["support_outputs"]) == 2


def test_adapt_opens_the_scene_that_it_saved(
    run: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points, scene = tmp_path / "mine.csv", tmp_path / "mine.mlab"
    points.write_text("x,y\n-1,0.5\n2,1.5\n")
    support = ["--support", str(points), "--seed", "4", "--steps", "3"]
    assert code_of(["adapt", run["run"], *support, "--save-scene", str(scene), "--json"]) == 0
    saved = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert code_of(["adapt", run["run"], "--scene", str(scene), "--json"]) == 0
    opened = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert opened["steps"] == saved["steps"]
    assert len(opened["steps"]) == 4
    values = json.loads(scene.read_text())
    scene.write_text(json.dumps({**values, "learner": "0" * 64}))
    assert code_of(["adapt", run["run"], "--scene", str(scene)]) == 0
    assert "saved with another learner" in capsys.readouterr().out
    scene.write_text("{}")
    assert code_of(["adapt", run["run"], "--scene", str(scene)]) == 2
    assert "is not a scene of this program" in capsys.readouterr().err


def test_adapt_starts_a_head_anew_only_when_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundled, file = str(resources.path("bundled", "glyphs")), tmp_path / "six.mlab"
    learner = open_run(Path(bundled)).load_checkpoint()
    family = prepared(ExperimentConfig.from_json(learner.config))
    draws = torch.Generator().manual_seed(0)
    among = family.classes["val"]  # type: ignore[attr-defined]
    task = image_shape.with_class(family.draw("val", 1), among, draws)  # type: ignore[arg-type]
    Scene.of(family, task, "val", 1, 2, learner.best_weights).write(file)
    assert code_of(["adapt", bundled, "--scene", str(file)]) == 2
    assert "has 6 classes" in capsys.readouterr().err
    assert code_of(["adapt", bundled, "--scene", str(file), "--new-head", "--json"]) == 0
    told = capsys.readouterr().out
    assert "another learner" not in told
    steps = json.loads(told.splitlines()[-1])["steps"]
    assert len(steps) == 3 and len(steps[-1]["query_outputs"][0]) == 6


def test_adapt_opens_a_scene_of_a_family_of_other_ways_and_keeps_its_locks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundled = str(resources.path("bundled", "glyphs"))
    one, other = tmp_path / "three.mlab", tmp_path / "again.mlab"
    learner = open_run(Path(bundled)).load_checkpoint()
    family = prepared(ExperimentConfig.from_json(learner.config)).varied(ways=3)
    task = family.draw("val", 1)
    Scene.of(family, task, "val", 1, 2, learner.best_weights, ((2, 0),)).write(one)
    assert code_of(["adapt", bundled, "--scene", str(one)]) == 2
    assert "has 3 classes" in capsys.readouterr().err
    anew = ["--new-head", "--save-scene", str(other), "--json"]
    assert code_of(["adapt", bundled, "--scene", str(one), *anew]) == 0
    told = capsys.readouterr().out
    assert "another learner" not in told
    steps = json.loads(told.splitlines()[-1])["steps"]
    assert len(steps) == 3 and len(steps[-1]["query_outputs"][0]) == 3
    assert other.read_text() == one.read_text()


def test_adapt_takes_the_weights_of_any_kept_checkpoint(
    run: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    kept = open_run(Path(run["run"])).iterations()
    for iteration in kept:
        assert code_of(["adapt", run["run"], "--checkpoint", str(iteration), "--json"]) == 0
        adapted = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert adapted["iterations"] == iteration
    assert code_of(["adapt", run["run"], "--checkpoint", str(kept[-1] + 1)]) == 2
    assert "keeps no checkpoint" in capsys.readouterr().err


def test_adapt_with_the_same_seed_repeats_in_another_process(
    run: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("adapt", run["run"], "--seed", 3)
    first, second = result_of(capsys, *command), last_json(call(*command, "--json"))
    assert first["steps"] == second["steps"]


@pytest.mark.parametrize("what", ["tasks", "models", "algorithms", "presets", "runs"])
def test_list_names_what_there_is(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["list", what, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])[what]
    assert what == "runs" or {"sinusoid", "mlp", "maml"} & {row["name"] for row in rows}
    assert code_of(["list", what]) == 0
    assert capsys.readouterr().out


FAULTS: list[tuple[list[str], str]] = [
    (
        ["train", "--preset", "sinusiod"],
        "preset: there is no 'sinusiod'. Did you mean sinusoid or sinusoid-maml?\n",
    ),
    (["train", *SMALL, "--task.shots", "0"], "task.shots: "),
    (["train", *SMALL, "--task.shots", "many"], "task.shots: 'many' is not a whole number"),
    (["train", *SMALL, "--algorithm.inner_rate", "nan"], "algorithm.inner_rate: 'nan' is not a"),
    (["train", *SMALL, "--algorithm.inner_rate", "1e-3x"], "algorithm.inner_rate: "),
    (["train", *SMALL, "--algorithm.inner_rate", "inf"], "algorithm.inner_rate: "),
    (["train", *SMALL, "--seed", "0,5"], "training.seed: "),
    (["train", *SMALL, "--training.learning", "1"], "--training.learning"),
    (["train", *SMALL, "--model.name", "conv5"], "model.name: there is no 'conv5'. Did you mean"),
    (["train", *SMALL, "--model.name", "conv4"], "model.name: conv4 needs images"),
    (["train", *SMALL, "--run-dir", "/proc/none/run"], "/proc/none/run: cannot be written"),
    (["train", "--config", "nowhere.json"], "nowhere.json: cannot be read"),
    (["train", "--resume", "nowhere"], "nowhere: is not a run directory"),
    (["evaluate", "nowhere"], "nowhere: is not a run directory"),
    (["train", "--preset", "glyphs", "--task.ways", "5000"], "task.ways: "),
    (
        ["train", "--preset", "omniglot", "--task.root", "/nowhere"],
        "task.root: ",
    ),
    (["list", "everything"], "invalid choice"),
    (["dance"], "invalid choice"),
]


@pytest.mark.parametrize(("arguments", "message"), FAULTS, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_sentence_that_names_the_field(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "--run-dir" not in arguments and arguments[0] == "train" and "--resume" not in arguments:
        arguments = [*arguments, "--run-dir", str(tmp_path / "run")]
    assert code_of(arguments) == 2
    said = capsys.readouterr().err
    assert message in said and "Traceback" not in said
    assert len([line for line in said.splitlines() if line.startswith("error")]) == 1
    assert not (tmp_path / "run").exists(), "nothing is written for a run that cannot be"


@pytest.mark.parametrize(
    ("flag", "value"), [("--tasks", "1"), ("--steps", "-1"), ("--seed", "x"), ("--shots", "0.5")]
)
def test_evaluate_names_the_flag_at_fault(
    run: dict[str, Any], flag: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(["evaluate", run["run"], flag, value]) == 2
    assert capsys.readouterr().err.startswith(f"error: {flag}: ")


def test_empty_and_unreadable_folders_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["train", "--preset", "glyphs", "--task.name", "image_folder", "--task.root"]
    assert code_of([*common, str(tmp_path)]) == 2
    assert f"task.root: {tmp_path}" in capsys.readouterr().err
    assert code_of([*common, str(tmp_path / "none")]) == 2
    assert "task.root: " in capsys.readouterr().err


def test_unreadable_images_are_skipped_and_listed(tmp_path: Path) -> None:
    root = tmp_path / "my images 🎲"
    noise = torch.Generator().manual_seed(0)
    for name in [f"class {number}" for number in range(12)]:
        (root / name).mkdir(parents=True)
        for index in range(4):
            pixels = torch.randint(256, (20, 20), generator=noise, dtype=torch.uint8)
            Image.fromarray(pixels.numpy()).save(root / name / f"{index}.png")
    (root / "class 0" / "broken.png").write_bytes(b"no image at all")
    done = call(
        "train", "--preset", "glyphs", "--task.name", "image_folder", "--task.root", root,
        "--task.ways", 2, "--task.queries", 2, "--iterations", 2, "--training.eval_tasks", 2,
        "--training.test_tasks", 2, "--run-dir", tmp_path / "run", "--json",
    )  # fmt: skip
    assert last_json(done)["iterations"] == 2
    assert "broken.png" in done.stderr


def test_no_command_needs_qt() -> None:
    """A machine without Qt trains, evaluates and lists."""
    code = (
        "import sys; sys.modules['PySide6'] = None; sys.modules['pyqtgraph'] = None;"
        "from workbench.start.main import main; sys.exit(main(['list', 'presets']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
