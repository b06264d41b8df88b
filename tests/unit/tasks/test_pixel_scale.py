"""Inputs scaled by the meta-train pictures: by those alone, once, and as the run recorded it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open

from tests.tiny import tiny_config
from tests.unit.tasks.conftest import Prepare
from workbench.cli import main
from workbench.core.errors import BadInput
from workbench.core.pixel_scale import PixelScale
from workbench.core.registry import get
from workbench.core.task import SPLITS
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.exports.adapted import AdaptedModel
from workbench.experiments.predicting import adapted_file
from workbench.experiments.predicting.answers import Answers
from workbench.experiments.predicting.predictor import beside
from workbench.experiments.session import build_family, untrained
from workbench.tasks import pixel_scale
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.images import ImageFamily
from workbench.tasks.pixel_scale import measured

SIDE = 16
SCALED = {"normalisation": "meta_train"}
OWN = {"image_size": SIDE, "ways": 2, "queries": 1, "colour": "rgb", **SCALED}
NUMBERS = {"train": 60, "val": 120, "test": 200}


def paint(folder: Path, middle: int, seed: int, pictures: int = 3) -> None:
    folder.mkdir(parents=True)
    draws = np.random.default_rng(seed)
    for item in range(pictures):
        pixels = draws.integers(middle - 50, middle + 50, (SIDE, SIDE, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{item}.png")


@pytest.fixture
def split(tmp_path: Path) -> Path:
    """Splits of another brightness each, so that a picture too many would show."""
    for at, (name, middle) in enumerate(NUMBERS.items()):
        for kind in range(3):
            paint(tmp_path / "data" / name / f"{name}{kind}", middle, 10 * at + kind)
    return tmp_path / "data"


def scale_of(family: ImageFamily) -> PixelScale:
    assert family.style.scale is not None
    return family.style.scale


def by_numpy(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    held = np.stack([np.asarray(Image.open(f)) for f in sorted(folder.rglob("*.png"))]) / 255
    return held.mean((0, 1, 2)), held.std((0, 1, 2))


def test_it_is_numpys_of_the_meta_train_pictures(split: Path, prepare: Prepare) -> None:
    found = scale_of(prepare("image_folder", root=split, **OWN))
    mean, deviation = by_numpy(split / "train")
    np.testing.assert_allclose(found.mean, mean, rtol=1e-12)
    np.testing.assert_allclose(found.deviation, deviation, rtol=1e-12)


def test_blocks_make_no_difference(
    split: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = prepare("image_folder", root=split, **OWN)
    monkeypatch.setattr(pixel_scale, "BLOCK", 2 * 3 * SIDE * SIDE)
    pool = family.pool
    in_memory = ImagePool(pool.images, pool.class_names, pool.starts)
    assert measured(in_memory, family.classes["train"]) == scale_of(family)


@pytest.mark.parametrize(("changed", "same"), [("test", True), ("val", True), ("train", False)])
def test_pictures_that_are_held_out_do_not_change_it(
    split: Path, prepare: Prepare, changed: str, same: bool
) -> None:
    before = scale_of(prepare("image_folder", root=split, **OWN))
    for file in (split / changed).rglob("*.png"):
        Image.new("RGB", (SIDE, SIDE), "white").save(file)
    assert (scale_of(prepare("image_folder", root=split, **OWN)) == before) is same


@pytest.mark.parametrize("name", ["image_folder", "omniglot", "glyphs"])
def test_every_way_to_an_input_scales_it(name: str, tree: Path, prepare: Prepare) -> None:
    root = {} if name == "glyphs" else {"root": tree}
    sizes = {"ways": 2, "shots": 2, "queries": 2, **root}
    family, plain = prepare(name, **sizes, **SCALED), prepare(name, **sizes)
    scale = scale_of(family)
    for split in SPLITS:
        drawn = (f.episodes(split, 2, torch.Generator().manual_seed(3)) for f in (family, plain))
        scaled, raw = drawn
        assert torch.equal(scaled.query.x, scale.inputs(raw.query.x))
        torch.testing.assert_close(scale.pixels(scaled.query.x), raw.query.x)
    draws = (torch.Generator().manual_seed(3) for _ in range(2))
    together, one_by_one = (
        family.episodes("test", 1, next(draws)),
        family.sample("test", next(draws)).episode(),
    )
    assert torch.equal(together.support.x[0], one_by_one.support.x)
    joint = family.joint(40, torch.Generator().manual_seed(0)).x
    assert abs(float(joint.mean())) < 0.2 and float(joint.std()) == pytest.approx(1, abs=0.2)
    assert plain.spec.scale is None and family.spec.scale == scale


def test_it_is_noted_beside_the_pictures(split: Path, prepare: Prepare) -> None:
    """The second start asks no pixel."""
    first = prepare("image_folder", root=split, **OWN)
    again = prepare("image_folder", root=split, **OWN)
    spans = [[again.pool.starts[c], again.pool.starts[c + 1]] for c in first.classes["train"]]

    def computed() -> list[list[float]]:
        raise AssertionError("the pixels are read again")

    mean, _ = again.pool.noted("scales", repr(spans), computed)
    assert tuple(mean) == scale_of(first).mean


def test_a_channel_of_one_value_is_left_whole(tmp_path: Path, prepare: Prepare) -> None:
    for kind in range(6):
        (tmp_path / f"{kind}").mkdir()
        for item in range(2):
            Image.new("L", (SIDE, SIDE), 100).save(tmp_path / f"{kind}" / f"{item}.png")
    family = prepare("image_folder", root=tmp_path, **{**OWN, "colour": "grey"})
    assert scale_of(family).deviation == (1.0,)
    x = family.sample("test", torch.Generator().manual_seed(0)).episode().query.x
    torch.testing.assert_close(x, torch.zeros_like(x))


def experiment(root: Path, *, transductive: bool = False) -> ExperimentConfig:
    return tiny_config(
        task={"name": "image_folder", "root": str(root), **OWN},
        model={"name": "conv4", "filters": 4, "downsample": "stride"},
        training={"workers": 1, "transductive": transductive},
    )


def prepared(config: ExperimentConfig) -> ImageFamily:
    family = build_family(config)
    assert isinstance(family, ImageFamily)
    family.prepare(lambda message, fraction: None)
    return family


def recorded(config: ExperimentConfig) -> ExperimentConfig:
    """As a run keeps it."""
    return config.replaced({"task": prepared(config).settled()})


def test_a_run_keeps_its_numbers_when_the_data_changes(split: Path) -> None:
    kept = recorded(experiment(split))
    before = kept.task.pixels.scale
    for file in split.rglob("*.png"):
        Image.new("RGB", (SIDE, SIDE), "black").save(file)
    assert scale_of(prepared(kept)) == before
    assert build_family(kept).spec.scale == before, "the data need not be there"
    assert kept.to_json()["task"].keys() == experiment(split).to_json()["task"].keys()


def test_other_settings_of_the_split_are_measured_anew(split: Path) -> None:
    kept = recorded(experiment(split))
    other = prepared(kept.replaced({"task": {"splits": "drawn"}}))
    assert scale_of(other) != kept.task.pixels.scale


def test_other_data_is_scaled_as_the_training_was(split: Path, prepare: Prepare) -> None:
    kept = recorded(experiment(split))
    style = build_family(kept).style  # type: ignore[attr-defined]
    glyphs = get("task", "glyphs")
    foreign = glyphs.build(glyphs.params(ways=2)).for_test_alone(style)
    foreign.prepare(lambda message, fraction: None)
    assert scale_of(foreign) == kept.task.pixels.scale


def test_a_family_is_of_what_a_run_of_it_recorded(split: Path) -> None:
    config = experiment(split)
    family, kept = prepared(config), recorded(config)
    assert family.is_of(kept.task) and not prepared(kept).is_of(config.task)
    other = {"pixels": {"settled_by": "", "scale": {"mean": [0.5] * 3, "deviation": [1.0] * 3}}}
    assert not family.is_of(kept.replaced({"task": other}).task)


def test_a_new_picture_is_predicted_by_the_numbers_of_the_run(split: Path, tmp_path: Path) -> None:
    """As the lab shows it where it stands in the query set; and so when it is kept as a file."""
    config = recorded(experiment(split))
    family = prepared(config)
    learner, task = untrained(config, family), family.sample("test", torch.Generator())
    *_, last = learner.adapt(task.episode(), 2)
    pixels = torch.stack(
        [family.thumbnail(i.class_index, i.index) for row in task.query for i in row]
    )
    answers = Answers.classes(("a", "b"))
    with beside(learner, answers, task.episode().support, 2, family) as predictor:
        found = torch.stack(list(predictor.probabilities(pixels)))
        adapted_file.write(predictor, tmp_path / "x.adapted")
    torch.testing.assert_close(found, last.query_outputs, rtol=1e-4, atol=1e-5)
    kept = adapted_file.read(tmp_path / "x.adapted")
    assert kept.style.scale == config.task.pixels.scale
    with kept.predictor() as again:
        assert torch.equal(torch.stack(list(again.probabilities(pixels))), found)
    learner.algorithm.close()


def exported(split: Path) -> AdaptedModel:
    config = experiment(split, transductive=True)
    family = prepared(config)
    learner = untrained(config, family)
    try:
        return AdaptedModel.of(learner, family.draw("test", 0), 1, family.spec)
    finally:
        learner.algorithm.close()


def test_an_exported_model_takes_pixels_and_tells_the_numbers(split: Path, tmp_path: Path) -> None:
    found = exported(split)
    pixels = found.task.style.pixels(found.items)  # type: ignore[attr-defined]
    assert float(pixels.min()) >= 0 and float(pixels.max()) <= 1
    with torch.no_grad():
        torch.testing.assert_close(found.of_pixels(pixels), found.model(found.items))
    found.write_weights(tmp_path / "adapted.safetensors")
    with safe_open(tmp_path / "adapted.safetensors", "pt") as file:
        told = json.loads(file.metadata()["pixels"])
    np.testing.assert_allclose(told["mean"], by_numpy(split / "train")[0], rtol=1e-12)


@pytest.mark.slow
def test_onnx_takes_pixels(split: Path, tmp_path: Path) -> None:
    for name in ("onnx", "onnxscript"):
        pytest.importorskip(name, reason="the extra onnx is not installed")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    found = exported(split)
    found.write_onnx(tmp_path / "model.onnx")
    pixels = found.task.style.pixels(found.items)  # type: ignore[attr-defined]
    session = runtime.InferenceSession(str(tmp_path / "model.onnx"))
    (outputs,) = session.run(["outputs"], {"x": pixels.numpy()})
    with torch.no_grad():
        expected = found.model(found.items)
    torch.testing.assert_close(torch.from_numpy(outputs), expected, atol=1e-4, rtol=1e-4)


def test_a_network_that_scales_by_itself_refuses_it(split: Path) -> None:
    config = experiment(split).replaced(
        {"model": {"name": "torchvision", "network": "squeezenet1_1", "weights": "random"}}
    )
    with pytest.raises(BadInput, match="scale pixels themselves") as caught:
        untrained(config, prepared(config))
    assert caught.value.where == "task.normalisation"


def test_by_command_a_run_is_trained_measured_and_asked(
    split: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = {
        "task.name": "image_folder", "task.root": split, "task.colour": "rgb",
        "task.image_size": SIDE, "task.ways": 2, "task.queries": 1,
        "task.normalisation": "meta_train", "model.filters": 4, "algorithm.name": "protonet",
        "training.iterations": 1, "training.eval_tasks": 3, "training.test_tasks": 3,
    }  # fmt: skip
    given = [text for name, value in flags.items() for text in (f"--{name}", str(value))]
    run = tmp_path / "run"
    assert main(["train", *given, "--run-dir", str(run)]) == 0, capsys.readouterr().err
    kept = json.loads((run / "config.json").read_text())["task"]["pixels"]["scale"]
    np.testing.assert_allclose(kept["mean"], by_numpy(split / "train")[0], rtol=1e-12)
    for file in (split / "train").rglob("*.png"):
        file.unlink()  # the pictures that were trained on are gone
    asked = ["adapt", str(run), "--support", str(split / "test"), "--query", str(split / "test")]
    capsys.readouterr()
    assert main([*asked, "--json"]) == 0, capsys.readouterr().err
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["classes"] == ["test0", "test1", "test2"] and len(told["predictions"]) == 9
