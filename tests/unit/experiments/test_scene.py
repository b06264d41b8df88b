"""A scene comes back as it was saved, or says why it cannot."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.errors import BadInput
from workbench.core.task import SPLITS, Task, TaskFamily
from workbench.experiments.scene import Scene, digest, read
from workbench.tasks.image_pool import Picture
from workbench.tasks.image_task import ImageTask

GLYPHS = {"name": "glyphs", "ways": 3, "shots": 2, "queries": 2}


def family_of(name: str) -> TaskFamily:
    if name == "sinusoid":
        return prepared(tiny_config())
    return prepared(tiny_config(task=GLYPHS, model={"name": "conv4"}))


def scene_of(family: TaskFamily, task: Task) -> Scene:
    return Scene.of(family, task, "test", 4, 3, {"a": torch.ones(2)}, ((0, 1),))


def edited(family: TaskFamily) -> Task:
    task = family.draw("test", 4)
    if isinstance(task, ImageTask):
        drawn = Picture(torch.rand(1, 28, 28), "drawn", (((0.1, 0.2), (0.3, 0.4)),))
        return task.with_item((1, 1), drawn).with_item((0, 0), task.candidates(0)[-1])
    return task.with_item((0, 0), (1.5, -2.5))  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("name", ["sinusoid", "glyphs"])
def test_a_scene_comes_back_bit_for_bit(name: str, tmp_path: Path) -> None:
    family, file = family_of(name), tmp_path / "a.mlab"
    task = edited(family)
    saved = scene_of(family, task)
    saved.write(file)
    opened = read(file)
    assert opened == saved
    one, two = task.episode(), opened.open_task(family).episode()
    for mine, theirs in ((one.support, two.support), (one.query, two.query)):
        assert torch.equal(mine.x, theirs.x)
        assert torch.equal(mine.y, theirs.y)
    if isinstance(task, ImageTask):
        picture = opened.open_task(family).support[1][1]  # type: ignore[attr-defined]
        assert picture.strokes == (((0.1, 0.2), (0.3, 0.4)),)


def test_other_data_is_refused() -> None:
    family = family_of("glyphs")
    scene = replace(scene_of(family, family.draw("test", 4)), data="0" * 64)
    with pytest.raises(BadInput, match="was made with other data"):
        scene.open_task(family)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format": 7}, "is not a scene of this program"),
        ({"split": "nowhere"}, "is not a whole scene"),
        ({"more": 1}, "is not a whole scene"),
        ({"locked": [[1]]}, "is not a whole scene"),
        ({"locked": [[0, -1]]}, "is not a whole scene"),
        ({"locked": [[0, 1]] * 20_000}, r"locked: needs at most 10000 entries"),
        ({"steps": 10**9}, r"steps: .*less than or equal to 1000 \(got 1000000000\)"),
        ({"steps": -1}, r"steps: .*greater than or equal to 0"),
        ({"steps": "3"}, r"steps: .*valid integer \(got '3'\)"),
        ({"steps": True}, r"steps: .*valid integer"),
        ({"seed": 2**60}, r"seed: "),
        ({"data": 5}, r"data: "),
        ({"learner": "\x1b" * 64}, r"learner: "),
        ({"task": []}, r"task: "),
        ({"family": {}}, r"there is no ''"),
        ({"family": {"name": 5}}, r"5 is not a name"),
        ({"family": {"name": "sinusoid", "shots": 0}}, r"family\.shots: "),
        ({"family": {"name": "sinusoid", "more": 0}}, r"family\.more: "),
    ],
)
def test_a_damaged_file_is_refused(change: dict[str, object], problem: str, tmp_path: Path) -> None:
    family, file = family_of("sinusoid"), tmp_path / "a.mlab"
    scene_of(family, family.draw("test", 4)).write(file)
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(BadInput, match=problem) as refused:
        read(file)
    assert str(file) in str(refused.value)


NAN = base64.b64encode(zlib.compress(b"\0\0\xc0\x7f" * 784)).decode()
"""A picture of 28x28 NaN."""


def drawn(pixels: str, **more: object) -> dict[str, object]:
    return {"pixels": pixels, "shape": [1, 28, 28], "label": "x", **more}


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("glyphs", {"classes": [[0, 0]]}, "classes: needs at least 2 entries"),
        ("glyphs", {"classes": [[10**6, 0], [1, 0], [2, 0]]}, "no class of the test split"),
        ("glyphs", {"classes": [[0, 0], [1, 0], [2, 0]]}, "no class of the test split"),
        ("glyphs", {"classes": [[-1, 0], [1, 0], [2, 0]]}, "class_index"),
        ("glyphs", {"classes": [[600, 4], [601, 0], [602, 0]]}, "rotation"),
        ("glyphs", {"classes": [[600, 0], [600, 1], [602, 0]]}, r"classes\[1\]: the same class"),
        ("glyphs", {"classes": [[600, 0], [601, 0]]}, "2 classes, 3 support"),
        ("glyphs", {"classes": [["600", 0]] * 3}, r"classes\[0\]\[0\]: .*valid integer"),
        ("glyphs", {"support": [[[0, 10**6, 0]] * 2] * 3}, "there is no image 1000000"),
        ("glyphs", {"support": [[[0, 1]] * 2] * 3}, r"support\[0\]\[0\]: \[0, 1\] is not"),
        (
            "glyphs",
            {"support": [[[0, 1, 0], [0, 1, 2]], [[1, 0, 0]], [[2, 0, 0]]]},
            "the same image",
        ),
        ("glyphs", {"support": [[], [], []]}, "needs at least 1 entry"),
        ("glyphs", {"support": [[drawn("")]] * 3}, "damaged pixels"),
        ("glyphs", {"support": [[drawn("bm8gemxpYg==")]] * 3}, "damaged pixels"),
        ("glyphs", {"support": [[drawn(NAN)]] * 3}, "not between 0 and 1"),
        ("glyphs", {"support": [[drawn(NAN, strokes=[[[0.1]]])]] * 3}, "strokes"),
        ("glyphs", {"support": [[drawn(NAN, strokes=[[]])]] * 3}, "strokes"),
        ("glyphs", {"support": [[drawn(NAN, shape=[3, 9, 9])]] * 3}, "is a picture of"),
        ("glyphs", {"support": [[drawn(NAN, label=5)]] * 3}, "label"),
        ("glyphs", {"query": [[[0, 0, 0]], [[1, 0, 0], [1, 1, 0]], [[2, 0, 0]]]}, "more images of"),
        ("glyphs", {"query": 5}, "query: .*valid list"),
        ("sinusoid", {"support_x": [1.0]}, "a point without a value"),
        ("sinusoid", {"support_y": ["nan"] * 5}, "valid number"),
        ("sinusoid", {"support_y": [float("nan")] * 5}, "finite number"),
        ("sinusoid", {"support_y": [1e39] * 5}, "less than or equal to 1000000"),
        ("sinusoid", {"query_x": []}, "needs at least 1 entry"),
        ("sinusoid", {"query_x": [0.0] * 10_001}, "needs at most 10000 entries"),
        ("sinusoid", {"amplitude": None}, "amplitude"),
        ("sinusoid", {"more": 1}, "more is no part of it"),
    ],
)
def test_a_task_that_does_not_exist_is_refused(
    name: str, change: dict[str, object], words: str
) -> None:
    family = family_of(name)
    scene = scene_of(family, family.draw("test", 4))
    scene.task.update(change)
    with pytest.raises(BadInput, match="holds a task that does not exist") as refused:
        scene.open_task(family)
    assert re.search(words, str(refused.value))


def test_what_is_asked_cannot_be_shown() -> None:
    family = family_of("glyphs")
    task = family.draw("test", 4)
    assert isinstance(task, ImageTask)
    shown = scene_of(family, task)
    shown.task["support"][0][0] = shown.task["query"][0][0]
    drawn_again = scene_of(family, task)
    same = Picture(task.image(task.query[0][0]), "mine")
    drawn_again.task["support"][0][0] = same.to_json()
    for scene, words in ((shown, "the same image as"), (drawn_again, "image of the query set")):
        with pytest.raises(BadInput, match=words):
            scene.open_task(family)


def test_what_is_asked_of_a_class_is_of_that_class() -> None:
    family = family_of("glyphs")
    scene = scene_of(family, family.draw("test", 4))
    scene.task["query"].reverse()
    with pytest.raises(BadInput, match="is not of class 1"):
        scene.open_task(family)


@pytest.mark.parametrize(
    ("name", "slot"), [("glyphs", (3, 0)), ("glyphs", (0, 2)), ("sinusoid", (1, 0))]
)
def test_a_lock_outside_of_the_task_is_refused(name: str, slot: tuple[int, int]) -> None:
    family = family_of(name)
    scene = replace(scene_of(family, family.draw("test", 4)), locked=(slot,))
    with pytest.raises(BadInput, match=r"locks slot .*which its task lacks"):
        scene.open_task(family)


@pytest.mark.parametrize("name", ["sinusoid", "glyphs"])
def test_whatever_can_be_drawn_can_be_opened(name: str) -> None:
    family = family_of(name)
    for split in SPLITS:
        for seed in range(20):
            task = family.draw(split, seed)
            scene = replace(scene_of(family, task), split=split, task=task.to_json())
            again = scene.open_task(family)
            assert again.to_json() == task.to_json()
            assert (0, 0) in again.slots


def test_a_scene_of_larger_pictures_is_saved_and_opened(tmp_path: Path) -> None:
    family, file = family_of("sinusoid"), tmp_path / "a.mlab"
    scene = scene_of(family, family.draw("test", 4))
    replace(scene, task={"pixels": "x" * 3_000_000}).write(file)
    assert len(read(file).task["pixels"]) == 3_000_000
    with pytest.raises(BadInput, match="more than 16 MB"):
        replace(scene, task={"pixels": "x" * 17_000_000}).write(file)


def test_a_scene_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    family = family_of("sinusoid")
    scene = scene_of(family, family.draw("test", 4))
    for file in (tmp_path / "nowhere" / "a.mlab", tmp_path / ("x" * 300), tmp_path):
        with pytest.raises(BadInput, match="cannot be written"):
            scene.write(file)


def test_the_digest_tells_learners_apart_and_not_the_order_of_their_tensors() -> None:
    one, two = torch.rand(3), torch.rand(2, 2)
    assert digest({"a": one, "b": two}) == digest({"b": two.clone(), "a": one.clone()})
    assert digest({"a": one, "b": two}) != digest({"a": one, "b": two + 1e-6})
    assert digest({"a": one}) != digest({"b": one})
