"""What is taken away from a run is what the run is: weights, adapted models, curves, commands."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

from tests.tiny import prepared, tiny_config, training
from workbench.cli.app import _parser, main
from workbench.cli.arguments import read_config
from workbench.core.errors import BadInput
from workbench.core.registry import get, names
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig, fitting
from workbench.experiments.exports.adapted import AdaptedModel
from workbench.experiments.exports.command import flags, train_command
from workbench.experiments.session import build_family, untrained
from workbench.experiments.store import Run

IMAGES = {
    "task": {"name": "glyphs", "ways": 3, "queries": 2},
    "model": {"name": "conv4", "filters": 4},
    "training": {"workers": 1},
}
catalog.load()
ALL = names("algorithm")
OF_IMAGES = fitting("algorithm", build_family(catalog.preset("glyphs").config).spec)


def images(algorithm: str, **changes: Any) -> ExperimentConfig:
    values = {**IMAGES, "algorithm": {"name": algorithm, **changes}}
    return catalog.preset("glyphs").config.replaced(values)


def adapted(config: ExperimentConfig) -> AdaptedModel:
    family = prepared(config)
    learner = untrained(config, family)
    try:
        steps = learner.algorithm.test_steps
        return AdaptedModel.of(learner, family.draw("test", 0), steps, family.spec)
    finally:
        learner.algorithm.close()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("exports") / "small"
    for _ in training(tiny_config(), path).events():
        pass
    return Run(path)


@pytest.mark.parametrize("algorithm", OF_IMAGES)
def test_the_model_alone_predicts_what_the_lab_shows(algorithm: str) -> None:
    """Of images, and of curves where the method takes them."""
    assert adapted(images(algorithm)).difference() < 1e-5
    curves = prepared(tiny_config()).spec
    if not get("algorithm", algorithm).unfit(curves):
        assert adapted(tiny_config(algorithm={"name": algorithm})).difference() < 1e-5


@pytest.mark.parametrize("mode", ["head", "all", "cosine", "mean"])
def test_transfer_ends_in_the_head_of_the_task(mode: str) -> None:
    assert adapted(images("transfer", mode=mode)).difference() < 1e-5


def test_predictions_that_need_the_support_set_beside_each_item_are_refused() -> None:
    alone = images("maml").replaced({"training": {"transductive": False}})
    with pytest.raises(BadInput, match="more than the adapted model"):
        adapted(alone)


DEEPER = [pytest.param(name, marks=pytest.mark.slow) for name in OF_IMAGES]


@pytest.mark.parametrize("algorithm", ["maml", "r2d2", "transfer", *DEEPER])
def test_onnx_gives_the_same_for_any_number_of_items(algorithm: str, tmp_path: Path) -> None:
    for name in ("onnx", "onnxscript"):
        pytest.importorskip(name, reason="the extra onnx is not installed")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    found, file = adapted(images(algorithm)), tmp_path / "model.onnx"
    found.write_onnx(file)
    session = runtime.InferenceSession(str(file))
    for items in (found.items, found.items[:4]):
        (outputs,) = session.run(["outputs"], {"x": items.numpy()})
        with torch.no_grad():
            assert torch.allclose(torch.from_numpy(outputs), found.model(items), atol=1e-5)
    assert session.get_modelmeta().custom_metadata_map["task"] == found.task.title


def test_weights_are_the_best_ones_and_say_whose_they_are(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    assert main(["export", str(run.path), "weights", "--out", str(file)]) == 0
    kept, best = load_file(file), run.load_checkpoint().best_weights
    assert kept.keys() == best.keys()
    assert all(torch.equal(kept[name], best[name]) for name in best)
    with safe_open(file, "pt") as opened:
        said = opened.metadata()
    assert said["run"] == run.path.name
    assert json.loads(said["algorithm"])["name"] == "maml"


def test_adapted_weights_load_into_the_same_layers(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "adapted.safetensors"
    command = [
        "export",
        str(run.path),
        "adapted",
        "--out",
        str(file),
        "--seed",
        "3",
        "--steps",
        "2",
    ]
    assert main(command) == 0
    config = run.config()
    family = prepared(config)
    model = get("model", "mlp").build(config.model, family.spec)
    model.load_state_dict(load_file(file))
    learner = untrained(config, family)
    *_, last = learner.algorithm.adapt(
        run.load_checkpoint().best_weights, family.draw("test", 3).episode(), 2
    )
    learner.algorithm.close()
    with torch.no_grad():
        outputs = model(family.draw("test", 3).episode().query.x)
    assert torch.allclose(outputs, last.query_outputs, atol=1e-6)


def test_learn2learn_takes_the_state_dict(run: Run, tmp_path: Path) -> None:
    """Its wrapper keeps the model as ``module``; the real one where it is installed."""
    file = tmp_path / "maml.pt"
    assert main(["export", str(run.path), "learn2learn", "--out", str(file)]) == 0
    config = run.config()
    model = get("model", "mlp").build(config.model, prepared(config).spec)
    wrapper = nn.Module()
    wrapper.add_module("module", model)
    if importlib.util.find_spec("learn2learn") is not None:
        from benchmarks.learn2learn_alone import load_maml

        wrapper = load_maml()(model, lr=0.01)
    wrapper.load_state_dict(torch.load(file, weights_only=True))
    best = run.load_checkpoint().best_weights
    assert all(torch.equal(value, best[name]) for name, value in model.state_dict().items())


def test_the_script_measures_the_same_numbers(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    assert main(["export", str(run.path), "script", "--out", str(folder)]) == 0
    told = subprocess.run(
        [sys.executable, folder / "run.py"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[-1] == "as recorded"
    mean = (run.result() or {})["metrics"]["steps"][-1]["mean"]
    assert repr(mean) in told.stdout


def test_tensorboard_reads_what_was_recorded(run: Run, tmp_path: Path) -> None:
    name = "tensorboard.backend.event_processing.event_accumulator"
    reader = pytest.importorskip(name, reason="the extra tensorboard is not installed")
    folder = tmp_path / "events"
    assert main(["export", str(run.path), "tensorboard", "--out", str(folder)]) == 0
    seen = reader.EventAccumulator(str(folder)).Reload()
    steps = [line for line in run.events() if line["event"] == "step"]
    losses = seen.Scalars("meta-train/query_loss")
    assert [one.step for one in losses] == [line["iteration"] for line in steps]
    assert [one.value for one in losses] == pytest.approx([s["query_loss"] for s in steps])
    started = run.facts().started
    assert losses[-1].wall_time == pytest.approx(started + steps[-1]["seconds"])


def parsed(words: list[str]) -> ExperimentConfig:
    arguments = ["train", *words]
    return read_config(_parser(arguments).parse_args(arguments))


@pytest.mark.parametrize("name", [preset.name for preset in catalog.presets()])
def test_the_command_of_a_preset_is_its_name(name: str) -> None:
    config = catalog.preset(name).config
    words = flags(config)
    assert words[0] == "--preset"
    assert len(words) == 2
    assert catalog.preset(words[1]).config == config


@settings(max_examples=30)
@given(
    st.sampled_from([preset.name for preset in catalog.presets()]),
    st.sampled_from(ALL),
    st.integers(1, 9),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_the_command_gives_the_configuration_back(
    preset: str, algorithm: str, shots: int, seed: int, transductive: bool
) -> None:
    base = catalog.preset(preset).config
    try:
        config = base.replaced(
            {
                "algorithm": {"name": algorithm},
                "task": {"shots": shots},
                "training": {"seed": seed, "transductive": transductive},
            }
        )
    except BadInput:
        return
    assert parsed(flags(config)) == config


def test_a_command_is_quoted_for_a_shell() -> None:
    config = catalog.preset("omniglot").config.replaced({"task": {"root": "/my data/it's"}})
    line = train_command(config)
    assert shlex.split(line)[-1] == "/my data/it's"


def test_a_place_that_is_taken_is_left_as_it_is(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "taken"
    file.write_text("mine")
    assert main(["export", str(run.path), "weights", "--out", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_without_the_packages_it_says_what_to_install(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["export", str(run.path), "onnx", "--out", str(tmp_path / "x.onnx")]) == 2
    assert "pip install 'maml-workbench[onnx]'" in capsys.readouterr().err
    assert not (tmp_path / "x.onnx").exists()


def test_a_place_that_cannot_be_written_is_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nowhere" / "weights.safetensors"
    assert main(["export", str(run.path), "weights", "--out", str(file)]) != 0
    assert str(file) in capsys.readouterr().err
