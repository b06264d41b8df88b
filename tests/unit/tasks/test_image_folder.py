"""A person's own folder: any names, any damage, one level of classes or two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.tasks.conftest import Prepare, fill, quiet
from workbench.core.errors import BadInput
from workbench.core.registry import get
from workbench.tasks.images import ImageFamily

SIZES = {"ways": 2, "shots": 1, "queries": 1}
NAMES = [f"class {number} 🎲" for number in range(10)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return fill(tmp_path / "my images ✨", NAMES, 3)


def all_names(family: ImageFamily) -> set[str]:
    return {c.name for split in family.splits() for c in family.class_list(split)}


def test_one_level_of_class_folders(prepare: Prepare, root: Path) -> None:
    family = prepare("image_folder", root=root, **SIZES)
    assert all_names(family) == set(NAMES) and not family.notes()


def test_two_levels_are_group_and_class(prepare: Prepare, tree: Path) -> None:
    family = prepare("image_folder", root=tree, **SIZES)
    assert "Alphabet3/character02" in all_names(family) and len(all_names(family)) == 40


def test_one_class_in_two_splits_is_refused_and_pooled_when_asked_for(
    prepare: Prepare, tmp_path: Path
) -> None:
    fill(tmp_path / "train", NAMES, 2)
    fill(tmp_path / "test", NAMES, 2)
    for number, file in enumerate(sorted((tmp_path / "test").rglob("*.png"))):
        file.rename(file.with_name(f"more {number}.png"))
    problem = refused(prepare, tmp_path, "task.splits")
    assert "10 classes stand in more than one split" in problem.problem
    family = prepare("image_folder", root=tmp_path, splits="drawn", **SIZES)
    assert all_names(family) == set(NAMES)
    assert {family.pool.count(index) for index in range(len(NAMES))} == {4}
    assert "split" in " ".join(family.notes())


def test_the_share_of_each_split(prepare: Prepare, root: Path) -> None:
    family = prepare("image_folder", root=root, val_share=0.3, test_share=0.4, **SIZES)
    assert [info.classes for info in family.splits().values()] == [3, 3, 4]


def test_the_split_seed_deals_anew(prepare: Prepare, root: Path) -> None:
    made = [prepare("image_folder", root=root, split_seed=seed, **SIZES) for seed in (0, 0, 1)]
    tests = [[c.name for c in family.class_list("test")] for family in made]
    assert tests[0] == tests[1] != tests[2]


@pytest.mark.parametrize(("colour", "channels"), [("grey", 1), ("rgb", 3)])
def test_size_and_colour_are_settable(
    prepare: Prepare, root: Path, colour: str, channels: int
) -> None:
    family = prepare("image_folder", root=root, image_size=33, colour=colour, **SIZES)
    assert family.spec.input_shape == (channels, 33, 33)
    assert family.thumbnail(0, 0).shape == (channels, 33, 33)


def test_inverting_swaps_dark_and_light(prepare: Prepare, root: Path) -> None:
    plain, inverted = (
        prepare("image_folder", root=root, invert=invert, **SIZES) for invert in (False, True)
    )
    assert plain.thumbnail(0, 0).sum() > 0
    assert (plain.pool.images == 255 - inverted.pool.images).all()


def test_unusable_files_are_skipped_and_named(prepare: Prepare, root: Path) -> None:
    folder = root / NAMES[0]
    (folder / "empty.png").touch()
    (folder / "letter.jpg").write_text("no image")
    sound = (folder / "0.png").read_bytes()
    (folder / "half 🎲.png").write_bytes(sound[: len(sound) // 2])
    (folder / ".hidden.png").write_text("not looked at")
    (folder / "readme.txt").write_text("not looked at")
    family = prepare("image_folder", root=root, **SIZES)
    told = "\n".join(family.notes())
    assert "3 files" in told and "hidden" not in told and "readme" not in told
    assert all(name in told for name in ("empty.png", "letter.jpg", "half 🎲.png"))
    assert {family.pool.count(index) for index in range(len(NAMES))} == {3}


def test_a_thousand_unusable_files_do_not_fill_the_notes(prepare: Prepare, root: Path) -> None:
    for number in range(200):
        (root / NAMES[0] / f"bad {number}.png").touch()
    told = "\n".join(prepare("image_folder", root=root, **SIZES).notes())
    assert "200 files" in told and len(told) < 5000


def test_a_class_without_a_readable_image_is_no_class(prepare: Prepare, root: Path) -> None:
    (root / "broken").mkdir()
    (root / "broken" / "0.png").write_text("no image")
    assert "broken" not in all_names(prepare("image_folder", root=root, **SIZES))


def refused(prepare: Prepare, root: Path | str, where: str = "task.root") -> BadInput:
    with pytest.raises(BadInput) as caught:
        prepare("image_folder", root=root, **SIZES)
    assert caught.value.where == where and caught.value.remedy
    return caught.value


def test_no_folder_is_refused(prepare: Prepare, tmp_path: Path) -> None:
    refused(prepare, "")
    assert str(tmp_path / "none") in refused(prepare, tmp_path / "none").problem
    assert str(tmp_path) in refused(prepare, tmp_path).problem


def test_images_without_class_folders_are_refused(prepare: Prepare, tmp_path: Path) -> None:
    fill(tmp_path / "outer", ["inner"], 3)
    assert "folder" in refused(prepare, tmp_path / "outer" / "inner").remedy


def test_too_few_classes_for_three_splits_are_refused(prepare: Prepare, tmp_path: Path) -> None:
    fill(tmp_path, ["a", "b"], 3)
    problem = refused(prepare, tmp_path, "task.splits")
    assert "2 classes" in problem.problem and "shared" in problem.remedy


def test_a_file_is_no_folder_of_classes(prepare: Prepare, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("text")
    refused(prepare, tmp_path / "notes.txt")


class Enough(Exception):
    """The user pressed Cancel."""


@pytest.mark.parametrize("patience", [0, 1, 2])
def test_reading_can_be_cancelled(tree: Path, patience: int) -> None:
    entry = get("task", "image_folder")
    settings = {"root": tree, "image_size": 31 + patience, **SIZES}  # nobody has decoded these yet
    family = entry.build(entry.params.model_validate(settings))
    calls = []

    def report(message: str, fraction: float) -> None:
        calls.append(fraction)
        if len(calls) > patience:
            raise Enough

    with pytest.raises(Enough):
        family.prepare(report)
    family.prepare(quiet)
    assert len(all_names(family)) == 40 and all(0 <= fraction <= 1 for fraction in calls)


def test_linked_class_folders_are_followed_but_not_in_circles(
    prepare: Prepare, root: Path, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    for name in NAMES:
        (linked / name).symlink_to(root / name)
    (root / NAMES[0] / "circle").symlink_to(linked)
    assert set(NAMES) <= all_names(prepare("image_folder", root=linked, **SIZES))
