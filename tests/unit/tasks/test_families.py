"""What holds for every family of image classes."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Generator

from tests.unit.tasks.conftest import noise
from workbench.core.episode import stack
from workbench.core.errors import BadInput
from workbench.core.registry import get
from workbench.core.task import SPLITS, Split
from workbench.tasks.image_pool import Item, Picture
from workbench.tasks.image_task import ImageTask
from workbench.tasks.images import ImageFamily

EVERY: list[Split] = list(SPLITS)


def seeded(seed: int = 0) -> Generator:
    return torch.Generator().manual_seed(seed)


def drawn(family: ImageFamily, split: Split = "train", seed: int = 0) -> ImageTask:
    task = family.sample(split, seeded(seed))
    assert isinstance(task, ImageTask)
    return task


def entries(task: ImageTask, where: str) -> list[Item]:
    return [entry for row in getattr(task, where) for entry in row]


def test_no_class_stands_in_two_splits(family: ImageFamily) -> None:
    listed = {s: {c.class_index for c in family.class_list(s)} for s in EVERY}
    assert all(listed.values())
    assert not any(listed[a] & listed[b] for a, b in combinations(EVERY, 2))
    assert set.union(*listed.values()) == set(range(len(family.pool.class_names)))


@pytest.mark.parametrize("split", EVERY)
def test_tasks_keep_to_the_classes_of_their_split_turned_or_not(
    family: ImageFamily, split: Split
) -> None:
    allowed = {c.class_index for c in family.class_list(split)}
    tasks = [drawn(family, split, seed) for seed in range(60)]
    members = [member for task in tasks for member in task.classes]
    assert {member.class_index for member in members} <= allowed
    assert {member.rotation for member in members} == {0, 1, 2, 3}


def test_the_pictures_of_two_splits_differ_under_every_turn(family: ImageFamily) -> None:
    def looks(split: Split) -> set[bytes]:
        classes = [c.class_index for c in family.class_list(split)]
        images = torch.cat([family.thumbnail(c, 0)[None] for c in classes])
        turned = (torch.rot90(images, turn, (-2, -1)).contiguous() for turn in range(4))
        return {image.numpy().tobytes() for images in turned for image in images}

    assert not any(looks(a) & looks(b) for a, b in combinations(EVERY, 2))


def test_the_classes_of_a_task_are_different_characters(family: ImageFamily) -> None:
    for seed in range(50):
        classes = [member.class_index for member in drawn(family, "val", seed).classes]
        assert len(set(classes)) == len(classes)


def test_support_and_query_share_no_picture(family: ImageFamily) -> None:
    for seed in range(50):
        task = drawn(family, seed=seed)
        shown, asked = entries(task, "support"), entries(task, "query")
        everything = {(entry.class_index, entry.index) for entry in shown + asked}
        assert len(everything) == len(shown) + len(asked) == 2 * (2 + 3)


def test_labels_are_dealt_anew_for_each_task(family: ImageFamily) -> None:
    orders = [[m.class_index for m in drawn(family, "test", seed).classes] for seed in range(60)]
    falling = sum(first > second for first, second in orders)
    assert 15 < falling < 45


def test_the_same_generator_gives_the_same_task(family: ImageFamily) -> None:
    first, second, other = (drawn(family, seed=seed) for seed in (3, 3, 4))
    assert (first.classes, first.support, first.query) == (
        second.classes,
        second.support,
        second.query,
    )
    assert (first.support, first.query) != (other.support, other.query)


@pytest.mark.parametrize("split", EVERY)
def test_many_tasks_at_once_are_the_tasks_one_by_one(family: ImageFamily, split: Split) -> None:
    at_once = family.episodes(split, 7, seeded())
    generator = seeded()
    singly = stack([family.sample(split, generator).episode() for _ in range(7)])
    for name, part in product(("support", "query"), ("x", "y")):
        assert torch.equal(
            getattr(getattr(at_once, name), part), getattr(getattr(singly, name), part)
        )


def test_an_episode_has_the_promised_form(family: ImageFamily) -> None:
    episode = family.episodes("train", 4, seeded())
    shape = family.spec.input_shape
    assert episode.support.x.shape == (4, 2 * 2, *shape)
    assert episode.query.x.shape == (4, 2 * 3, *shape)
    assert episode.support.y[0].tolist() == [0, 0, 1, 1]
    assert episode.query.x.dtype == torch.float32
    assert episode.query.x.min() >= 0 and 0.5 < episode.query.x.max() <= 1


def test_the_spec_is_known_before_the_data(family: ImageFamily) -> None:
    entry = get("task", family.params.name)
    fresh = entry.build(family.params)
    assert fresh.spec == family.spec


def test_lists_count_what_there_is(family: ImageFamily) -> None:
    for split, info in family.splits().items():
        members = family.class_list(split)
        assert info.classes == len(members) == len(info.class_names)
        assert info.items == sum(member.count for member in members)
    assert family.thumbnail(0, 0).dtype == torch.uint8


def test_the_fingerprint_tells_data_and_splits_apart(family: ImageFamily) -> None:
    entry = get("task", family.params.name)
    field = "glyph_seed" if family.params.name == "glyphs" else "split_seed"
    prints = []
    for value in (0, 0, 1):
        made = entry.build(family.params.model_copy(update={field: value}))
        made.prepare(lambda message, fraction: None)
        prints.append(made.fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_candidates_are_the_class_less_the_query(family: ImageFamily) -> None:
    task = drawn(family)
    member, offered = task.classes[1], task.candidates(1)
    assert len(offered) == family.pool.count(member.class_index) - 3
    assert {(c.class_index, c.rotation) for c in offered} == {(member.class_index, member.rotation)}
    assert not set(offered) & set(task.query[1])


def test_a_support_picture_can_be_replaced(family: ImageFamily) -> None:
    task = drawn(family)
    free = next(item for item in task.candidates(0) if item not in task.support[0])
    changed = task.with_item((0, 1), free)
    assert changed.support[0] == (task.support[0][0], free)
    assert changed.query == task.query and changed.support[1] == task.support[1]
    assert torch.equal(changed.episode().support.x[1], task.image(free))
    assert changed.with_item((0, 1), free).support == changed.support


@pytest.mark.parametrize("turn", range(4))
def test_what_is_asked_is_never_shown(family: ImageFamily, turn: int) -> None:
    task = drawn(family)
    asked = task.query[1][0]
    with pytest.raises(BadInput, match="query set"):
        task.with_item((0, 0), Item(asked.class_index, asked.index, turn))
    shown = task.support[1][0]
    with pytest.raises(BadInput, match="support set"):
        task.with_item((0, 0), Item(shown.class_index, shown.index, turn))


def test_any_picture_may_stand_in_any_slot(family: ImageFamily) -> None:
    task = drawn(family)
    stranger = family.class_list("test")[0].class_index
    assert task.with_item((0, 0), Item(stranger, 0)).support[0][0] == Item(stranger, 0)
    ink = torch.zeros(100, 100)
    ink[20:80, 45:55] = 1
    picture = family.picture_from_ink(ink.numpy())
    changed = task.with_item((1, 0), picture)
    assert torch.equal(changed.episode().support.x[2], picture.pixels)


def test_a_drawn_picture_has_the_look_of_the_family(family: ImageFamily) -> None:
    ink = torch.zeros(100, 100)
    ink[:, 40:60] = 1
    pixels = family.picture_from_ink(ink.numpy()).pixels
    assert pixels.shape == family.spec.input_shape
    side = pixels.shape[-1]
    inked, blank = pixels[0, side // 2, side // 2], pixels[0, side // 2, 0]
    assert abs(float(inked - blank)) == 1
    assert (inked > blank) == (family.params.name != "image_folder")


def test_pictures_compare_by_identity() -> None:
    a, b = (Picture(torch.zeros(1, 2, 2), "drawn") for _ in range(2))
    assert a == a and a != b and len({a, b}) == 2


def test_titles_are_for_people(family: ImageFamily) -> None:
    task = drawn(family)
    assert "2-way 2-shot" in task.title
    assert all(task.class_title(way) for way in range(2))


def test_support_files_fill_the_set_in_class_order(family: ImageFamily, tmp_path: Path) -> None:
    task = drawn(family)
    files = [tmp_path / f"{number}.png" for number in range(4)]
    for number, file in enumerate(files):
        noise(number + 50_000).save(file)
    changed = task.with_support_files(files)
    wanted = torch.stack([family.read_picture(file).pixels for file in files])
    assert torch.equal(changed.episode().support.x, wanted)
    with pytest.raises(BadInput, match="3 files"):
        task.with_support_files(files[:3])


def test_a_support_file_that_cannot_be_read_is_named(family: ImageFamily, tmp_path: Path) -> None:
    file = tmp_path / "not a picture.png"
    file.write_text("text")
    with pytest.raises(BadInput, match=r"not a picture\.png"):
        drawn(family).with_support_files([file] * 4)


def test_a_query_picture_given_as_a_file_is_refused(family: ImageFamily, tmp_path: Path) -> None:
    task = drawn(family)
    pixels = (255 * task.image(task.query[0][0])[0]).round().to(torch.uint8)
    paper = 255 - pixels if family.params.name != "image_folder" else pixels
    file = tmp_path / "leak.png"
    Image.fromarray(paper.numpy()).save(file)
    with pytest.raises(BadInput, match="query set"):
        task.with_item((0, 0), family.read_picture(file))
    with pytest.raises(BadInput, match=r"leak\.png.*query set"):
        task.with_support_files([file] * 4)
