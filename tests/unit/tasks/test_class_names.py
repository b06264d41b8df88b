"""Classes that a person gave a name: in the task, in its scene, and in its classes redrawn."""

from __future__ import annotations

import pytest

from tests.tiny import prepared, tiny_config
from workbench.core.errors import BadInput
from workbench.core.seeds import generator
from workbench.core.task import TaskFamily
from workbench.tasks.image_task import ImageTask


@pytest.fixture(scope="module")
def family() -> TaskFamily:
    values = {"name": "glyphs", "ways": 3, "shots": 2, "queries": 4}
    return prepared(tiny_config(task=values, model={"name": "conv4"}))


@pytest.fixture
def task(family: TaskFamily) -> ImageTask:
    drawn = family.draw("val", 5)
    assert isinstance(drawn, ImageTask)
    return drawn


def test_a_name_is_kept_in_a_scene_and_by_a_locked_class(
    family: TaskFamily, task: ImageTask
) -> None:
    named = task.with_name(1, " moon ")
    again = family.task_from_json(named.to_json(), "val")
    assert isinstance(again, ImageTask)
    assert [again.class_title(way) for way in range(3)] == [
        task.data_title(0),
        "moon",
        task.data_title(2),
    ]
    assert "names" not in task.to_json()
    fresh = named.redrawn(family.draw("val", 6), {(1, 0)}, generator(6, "locked"))
    assert fresh.class_title(1) == "moon" and fresh.class_title(0) == fresh.data_title(0)


def test_no_name_is_that_of_the_data(task: ImageTask) -> None:
    named = task.with_name(1, "moon")
    for back in ("", task.data_title(1)):
        assert named.with_name(1, back).to_json() == task.to_json()


def test_a_name_of_another_class_is_refused(family: TaskFamily, task: ImageTask) -> None:
    with pytest.raises(BadInput, match="class 2: another class is called"):
        task.with_name(1, task.class_title(0))
    values = {**task.to_json(), "names": ["moon", "moon", ""]}
    with pytest.raises(BadInput, match="another class is called moon"):
        family.task_from_json(values, "val")
    with pytest.raises(BadInput, match=r"task\.names: has not one name for each class"):
        family.task_from_json({**values, "names": ["moon"]}, "val")
