"""A scene comes back as it was saved, or says why it cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.errors import BadInput
from workbench.core.task import Task, TaskFamily
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
        return task.with_support(1, 1, drawn).with_support(0, 0, task.candidates(0)[-1])
    return task.with_point(0, 1.5, -2.5)  # type: ignore[attr-defined, no-any-return]


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
    ],
)
def test_a_damaged_file_is_refused(change: dict[str, object], problem: str, tmp_path: Path) -> None:
    family, file = family_of("sinusoid"), tmp_path / "a.mlab"
    scene_of(family, family.draw("test", 4)).write(file)
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(BadInput, match=problem) as refused:
        read(file)
    assert str(file) in str(refused.value)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("glyphs", {"classes": [[0, 0]]}),
        ("glyphs", {"classes": [[10**6, 0], [1, 0], [2, 0]]}),
        ("glyphs", {"support": [[[0, 10**6, 0]] * 2] * 3}),
        ("glyphs", {"support": [[{"pixels": "", "shape": [1, 28, 28], "label": "x"}]]}),
        ("glyphs", {"support": [[{"pixels": "", "shape": [3, 9, 9], "label": "x"}]]}),
        ("sinusoid", {"support_x": [1.0]}),
        ("sinusoid", {"support_y": ["nan"] * 5}),
        ("sinusoid", {"amplitude": None}),
    ],
)
def test_a_task_that_does_not_exist_is_refused(name: str, change: dict[str, object]) -> None:
    family = family_of(name)
    scene = scene_of(family, family.draw("test", 4))
    scene.task.update(change)
    with pytest.raises(BadInput, match="holds a task that does not exist"):
        scene.open_task(family)


def test_the_digest_tells_learners_apart_and_not_the_order_of_their_tensors() -> None:
    one, two = torch.rand(3), torch.rand(2, 2)
    assert digest({"a": one, "b": two}) == digest({"b": two.clone(), "a": one.clone()})
    assert digest({"a": one, "b": two}) != digest({"a": one, "b": two + 1e-6})
    assert digest({"a": one}) != digest({"b": one})
