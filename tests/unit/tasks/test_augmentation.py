"""What happens to pictures in meta-training, and to no others."""

from __future__ import annotations

from pathlib import Path

import torch

from tests.situations.kit import classes
from workbench.core.seeds import generator
from workbench.tasks.augmentation import Augmentation
from workbench.tasks.image_folder import ImageFolder, ImageFolderParams


def pictures(count: int = 40) -> torch.Tensor:
    draws = torch.Generator().manual_seed(0)
    return torch.randint(256, (2, count, 3, 6, 5), generator=draws, dtype=torch.uint8)


def changed(images: torch.Tensor, seed: int = 0, **what: object) -> torch.Tensor:
    return Augmentation(**what).of(images, torch.Generator().manual_seed(seed))  # type: ignore[arg-type]


def test_nothing_is_asked_nothing_is_drawn() -> None:
    images, draws = pictures(), torch.Generator().manual_seed(0)
    before = draws.get_state()
    assert Augmentation().of(images, draws) is images
    assert torch.equal(draws.get_state(), before)


def test_about_half_are_mirrored_and_the_others_are_as_they_were() -> None:
    images = pictures()
    found = changed(images, flip=True)
    kept = (found == images).flatten(2).all(-1)
    mirrored = (found == images.flip(-1)).flatten(2).all(-1)
    assert (kept ^ mirrored).all() and 20 < int(mirrored.sum()) < 60


def test_a_shift_moves_the_picture_and_goes_on_at_its_edge() -> None:
    images = pictures()
    found = changed(images, shift=2)
    flat = images.flatten(0, 1).float()
    padded = torch.nn.functional.pad(flat, (2, 2, 2, 2), mode="replicate").unflatten(0, (2, -1))
    for task in range(2):
        for item in range(images.shape[1]):
            windows = [
                padded[task, item, :, top : top + 6, left : left + 5]
                for top in range(5)
                for left in range(5)
            ]
            assert any(torch.equal(found[task, item].float(), window) for window in windows)
    assert not torch.equal(found, images)


def test_a_warp_is_a_matrix_near_the_identity_about_the_middle() -> None:
    """Brightness that rises evenly still does: 3 a column and 2 a row, times the matrix."""
    rows, columns = torch.meshgrid(torch.arange(20.0), torch.arange(20.0), indexing="ij")
    plane = (100 + 3 * (columns - 9.5) + 2 * (rows - 9.5)).round().to(torch.uint8)
    found = changed(plane.expand(1, 50, 1, 20, 20), warp=0.2)[0, :, 0].float()
    assert found[:, 9:11, 9:11].mean((1, 2)).sub(100).abs().max() < 1
    across = (found[:, 8:12, 12] - found[:, 8:12, 7]).mean(1) / 5
    down = (found[:, 12, 8:12] - found[:, 7, 8:12]).mean(1) / 5
    for slope, as_it_was in ((across, 3), (down, 2)):
        assert slope.std() > 0.1
        assert (slope - as_it_was).abs().max() < 0.2 * (3 + 2) + 0.1


def test_jitter_keeps_within_its_bounds() -> None:
    grey = torch.full((50, 1, 4, 4), 100, dtype=torch.uint8)
    found = changed(grey, jitter=0.2)
    assert int(found.min()) >= 80 and int(found.max()) <= 120 and found.unique().numel() > 10
    assert (found == found[:, :, :1, :1]).all()  # a plain picture stays plain


def test_the_same_draws_give_the_same_pictures() -> None:
    images, what = pictures(), {"flip": True, "shift": 2, "jitter": 0.3}
    assert torch.equal(changed(images, **what), changed(images, **what))
    assert not torch.equal(changed(images, **what), changed(images, 1, **what))


def test_only_training_tasks_are_changed(tmp_path: Path) -> None:
    root = classes(*[4] * 10)(tmp_path)
    sizes = {"root": root, "ways": 2, "shots": 1, "queries": 1, "image_size": 8}
    plain, lively = (
        ImageFolder(ImageFolderParams(**sizes, **more))
        for more in ({}, {"flip": True, "shift": 3, "jitter": 0.5})
    )
    for family in (plain, lively):
        family.prepare(lambda message, share: None)
    for split in ("train", "val", "test"):
        one, other = (f.episodes(split, 3, generator(0, "t")) for f in (plain, lively))
        same = torch.equal(one.support.x, other.support.x)
        assert same == (split != "train")
        assert torch.equal(one.support.y, other.support.y)
