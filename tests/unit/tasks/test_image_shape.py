"""Classes and shots by hand: what stays, what comes, and what is refused."""

from __future__ import annotations

import pytest
import torch

from tests.tiny import prepared, tiny_config
from workbench.core.errors import BadInput
from workbench.core.seeds import generator
from workbench.core.task import TaskFamily
from workbench.tasks import image_shape as shape
from workbench.tasks.classes import without_class
from workbench.tasks.image_pool import Item, identity
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


def leaks(task: ImageTask) -> bool:
    every = [identity(e) for rows in (task.support, task.query) for row in rows for e in row]
    return len(every) != len(set(every))


def test_shots_come_one_by_one_until_the_class_is_used_up(task: ImageTask) -> None:
    draws, count = generator(1, "shots"), task.pool.count(task.classes[1].class_index)
    while len(task.support[1]) < count - 4:
        before = task
        task = shape.with_shot(task, 1, draws)
        assert task.support[1][:-1] == before.support[1]
        assert not leaks(task)
    assert task.support[0] == before.support[0] and task.query == before.query
    with pytest.raises(BadInput, match="class 2: has no other image"):
        shape.with_shot(task, 1, draws)


def test_the_last_shot_and_the_second_class_stay(task: ImageTask) -> None:
    one = task.without((2, 0))
    assert one.support[2] == task.support[2][1:]
    assert one.episode().support.y.tolist() == [0, 0, 1, 1, 2]
    with pytest.raises(BadInput, match="class 3: would have no support image"):
        one.without((2, 0))
    two = without_class(task, 0)
    assert two.classes == task.classes[1:] and two.query == task.query[1:]
    with pytest.raises(BadInput, match="two are the least"):
        without_class(two, 0)


def test_another_class_is_one_of_the_split_not_there_yet(
    family: TaskFamily, task: ImageTask
) -> None:
    among, draws = family.classes["val"], generator(2, "class")  # type: ignore[attr-defined]
    more = shape.with_class(task, among, draws)
    assert more.classes[:3] == task.classes and more.support[:3] == task.support
    added = more.classes[3].class_index
    assert added in among and added not in {c.class_index for c in task.classes}
    assert (len(more.support[3]), len(more.query[3])) == (2, 4) and not leaks(more)
    assert family.fitting(more).spec.outputs == 4 and family.fitting(task) is family
    with pytest.raises(BadInput, match="this split has no other one"):
        shape.with_class(task, [c.class_index for c in task.classes], draws)


def test_a_new_draw_leaves_locked_images_and_their_classes(
    family: TaskFamily, task: ImageTask
) -> None:
    locked = {(0, 1), (2, 0)}
    seen = set()
    for seed in range(20):
        fresh, draws = family.draw("val", seed), generator(seed, "locked")
        new = task.redrawn(fresh, locked, draws)
        assert new.support[0][1] == task.support[0][1]
        assert new.support[2][0] == task.support[2][0]
        assert (new.classes[0], new.classes[2]) == (task.classes[0], task.classes[2])
        assert (new.query[0], new.query[2]) == (task.query[0], task.query[2])
        assert len({c.class_index for c in new.classes}) == 3 and not leaks(new)
        seen.add((new.classes[1], new.support[0][0]))
    assert len(seen) > 10


def test_a_foreign_image_in_a_locked_slot_is_drawn_nowhere_else(
    family: TaskFamily, task: ImageTask
) -> None:
    among = family.classes["val"]  # type: ignore[attr-defined]
    own = {c.class_index for c in task.classes}
    for class_index in [c for c in among if c not in own][:40]:
        mixed = task.with_item((0, 0), Item(class_index, 0))
        for seed in range(4):
            fresh = family.draw("val", seed)
            assert not leaks(mixed.redrawn(fresh, {(0, 0)}, generator(seed)))  # type: ignore
        assert not leaks(shape.with_class(mixed, [class_index], generator(1)))


def test_a_curve_stays_with_its_locked_points() -> None:
    family = prepared(tiny_config())
    task = family.draw("test", 3).with_item((0, 1), (0.5, 2.5))  # type: ignore[attr-defined]
    new = task.redrawn(family.draw("test", 4), {(0, 1)}, generator(9))
    assert new.numbers == task.numbers
    assert (float(new.support_x[1]), float(new.support_y[1])) == (0.5, 2.5)
    moved = [i for i in range(5) if not torch.equal(new.support_x[i], task.support_x[i])]
    assert moved == [0, 2, 3, 4]
    torch.testing.assert_close(new.support_y[moved], new.truth(new.support_x[moved]))
