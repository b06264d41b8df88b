"""Whole alphabets held out, and Lake's one-shot trials within one alphabet."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.unit.tasks.conftest import Prepare, fill, noise
from workbench.core.errors import BadInput
from workbench.core.task import SPLITS, Split
from workbench.tasks.image_task import ImageTask
from workbench.tasks.images import ImageFamily

SIZES = {"ways": 3, "shots": 1, "queries": 1, "split": "alphabets"}


def alphabets(family: ImageFamily, split: Split) -> set[str]:
    return {info.name.rpartition("/")[0] for info in family.class_list(split)}


def drawn(family: ImageFamily, split: Split, count: int = 30) -> list[ImageTask]:
    draws = torch.Generator().manual_seed(3)
    tasks = [family.sample(split, draws) for _ in range(count)]
    assert all(isinstance(task, ImageTask) for task in tasks)
    return tasks  # type: ignore[return-value]


def drawers(task: ImageTask) -> tuple[set[int], set[int]]:
    """Whose drawings stand in the support set, and whose in the query set."""
    sides = (task.support, task.query)
    support, query = ({item.index for row in side for item in row} for side in sides)  # type: ignore[union-attr]
    return support, query


@pytest.mark.parametrize("seed", range(4))
def test_no_alphabet_stands_in_two_splits(prepare: Prepare, tree: Path, seed: int) -> None:
    family = prepare("omniglot", root=tree, split_seed=seed, **SIZES)
    train, val, test = (alphabets(family, split) for split in SPLITS)
    assert (len(train), len(val), len(test)) == (6, 2, 2)
    assert not train & val and not train & test and not val & test
    assert sum(len(family.classes[split]) for split in SPLITS) == 40
    (told,) = (note for note in family.notes() if "alphabets are split" in note)
    assert "6/2/2" in told and all(name in told for name in test)


def test_the_seed_settles_the_split(prepare: Prepare, tree: Path) -> None:
    splits = [
        prepare("omniglot", root=tree, split_seed=seed, **SIZES).classes["test"]
        for seed in range(6)
    ]
    assert len(set(splits)) > 1
    assert splits[0] == prepare("omniglot", root=tree, split_seed=0, **SIZES).classes["test"]


def test_fewer_alphabets_to_train_on_leave_the_others_alone(prepare: Prepare, tree: Path) -> None:
    whole = prepare("omniglot", root=tree, **SIZES)
    few = prepare("omniglot", root=tree, train_alphabets=2, **SIZES)
    assert len(alphabets(few, "train")) == 2
    assert alphabets(few, "train") < alphabets(whole, "train")
    assert few.classes["val"] == whole.classes["val"]
    assert few.classes["test"] == whole.classes["test"]


@pytest.mark.parametrize("split", ["val", "test"])
def test_a_held_out_task_stays_in_one_alphabet_with_two_drawers(
    prepare: Prepare, tree: Path, split: Split
) -> None:
    family = prepare("omniglot", root=tree, held_out="within_alphabet", rotations=True, **SIZES)
    tasks = drawn(family, split)
    for task in tasks:
        names = {family.pool.class_names[c.class_index].rpartition("/")[0] for c in task.classes}
        assert len(names) == 1 and {c.rotation for c in task.classes} == {0}
        support, query = drawers(task)
        assert len(support) == len(query) == 1 and not support & query
        assert len({c.class_index for c in task.classes}) == 3
    assert len({task.classes[0].class_index for task in tasks}) > 3, "all alphabets are drawn from"


def test_training_goes_on_as_it_was(prepare: Prepare, tree: Path) -> None:
    family = prepare("omniglot", root=tree, held_out="within_alphabet", rotations=True, **SIZES)
    plain = prepare("omniglot", root=tree, rotations=True, **SIZES)
    for one, other in zip(drawn(family, "train"), drawn(plain, "train"), strict=True):
        assert one.classes == other.classes and one.support == other.support


def test_a_batch_holds_the_tasks_that_are_drawn_singly(prepare: Prepare, tree: Path) -> None:
    family = prepare("omniglot", root=tree, held_out="within_alphabet", **SIZES)
    batch = family.episodes("test", 5, torch.Generator().manual_seed(3))
    for index, task in enumerate(drawn(family, "test", 5)):
        assert torch.equal(batch.support.x[index], task.episode().support.x)


def test_more_items_are_by_as_many_drawers(prepare: Prepare, tree: Path) -> None:
    sizes = {**SIZES, "shots": 2, "queries": 3}
    for task in drawn(prepare("omniglot", root=tree, held_out="within_alphabet", **sizes), "val"):
        support, query = drawers(task)
        assert len(support) == 2 and len(query) == 3 and not support & query


def test_a_character_that_lacks_a_drawing_is_no_part_of_a_trial(
    prepare: Prepare, tmp_path: Path
) -> None:
    names = [f"Alphabet{a}/character{c}" for a in range(3) for c in range(4)]
    root = fill(tmp_path / "tree", names, 5)
    for alphabet in range(3):
        (root / f"Alphabet{alphabet}" / "character1" / "0.png").unlink()
    family = prepare("omniglot", root=root, held_out="within_alphabet", **SIZES)
    used = {c.class_index for task in drawn(family, "test") for c in task.classes}
    assert {family.pool.class_names[i][-1] for i in used} == {"0", "2", "3"}


@pytest.mark.parametrize(
    ("changes", "where", "remedy"),
    [
        ({"ways": 5, "held_out": "within_alphabet"}, "task.ways", "at most 4 ways"),
        ({"train_alphabets": 7}, "task.train_alphabets", "at most 6"),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_its_field(
    prepare: Prepare, tree: Path, changes: dict[str, object], where: str, remedy: str
) -> None:
    with pytest.raises(BadInput) as caught:
        prepare("omniglot", root=tree, **{**SIZES, **changes})
    assert caught.value.where == where and remedy in caught.value.remedy


def test_two_alphabets_are_too_few(prepare: Prepare, tmp_path: Path) -> None:
    for alphabet in "AB":
        for character in range(4):
            folder = tmp_path / alphabet / str(character)
            folder.mkdir(parents=True)
            for index in range(2):
                noise(100 * character + index).save(folder / f"{index}.png")
    with pytest.raises(BadInput) as caught:
        prepare("omniglot", root=tmp_path, **SIZES)
    assert caught.value.where == "task.split" and "characters" in caught.value.remedy
