"""The invented characters: the same in every process, whole, kept, and quick."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from tests.unit.tasks.conftest import Prepare, quiet
from workbench.core.registry import get
from workbench.tasks import glyphs, shipped_pool
from workbench.tasks.images import ImageFamily

CHARACTERS, DRAWERS = 22, 20
DRAWN_HERE = 5
"""A seed whose characters do not come with the program."""
PRINT = """
from workbench.core.registry import get
import workbench.tasks
entry = get("task", "glyphs")
family = entry.build(entry.params(glyph_seed=DRAWN_HERE))
family.prepare(lambda message, fraction: None)
print(family.fingerprint)
""".replace("DRAWN_HERE", str(DRAWN_HERE))


def fresh(seed: int = DRAWN_HERE) -> ImageFamily:
    entry = get("task", "glyphs")
    family: ImageFamily = entry.build(entry.params.model_validate({"glyph_seed": seed}))
    return family


def in_a_new_process(cache: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        env={"XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    return done.stdout.strip()


def test_a_seed_gives_the_same_bits_in_every_process(prepare: Prepare, tmp_path: Path) -> None:
    assert in_a_new_process(tmp_path) == prepare("glyphs", glyph_seed=DRAWN_HERE).fingerprint


def test_what_comes_with_the_program_is_what_would_be_drawn(prepare: Prepare) -> None:
    """Else the shipped file is stale: run benchmarks/shipped_glyphs.py."""
    shipped, drawn = prepare("glyphs").pool, glyphs.draw_pool(0, quiet)
    assert shipped.class_names == drawn.class_names and shipped.starts == drawn.starts
    different = (shipped.images.int() - drawn.images.int()).abs()
    assert different.max() <= 2, "more than what the last bit of a curve makes"


def test_the_first_start_draws_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert not _drawn_by(fresh(0))
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("size", [0, 1000, 1_000_000])
def test_a_damaged_shipped_file_is_drawn_anew(
    few: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    whole = shipped_pool.place(glyphs.shipped_name(0)).read_bytes()
    broken = few / "broken.npz"
    broken.write_bytes(whole[:size])
    monkeypatch.setattr(shipped_pool, "place", lambda name: broken)
    assert _drawn_by(fresh(0))


def test_another_seed_gives_other_characters(prepare: Prepare) -> None:
    first, second = prepare("glyphs"), prepare("glyphs", glyph_seed=1)
    assert first.pool.images.shape == second.pool.images.shape
    same = (first.pool.images == second.pool.images).flatten(1).all(dim=1)
    assert same.float().mean() < 0.01


def test_there_is_all_that_was_promised(prepare: Prepare) -> None:
    family = prepare("glyphs")
    sizes = [info.classes for info in family.splits().values()]
    assert sizes == [20 * CHARACTERS, 5 * CHARACTERS, 5 * CHARACTERS]
    names = family.pool.class_names
    assert len(set(names)) == 30 * CHARACTERS
    assert {family.pool.count(index) for index in range(len(names))} == {DRAWERS}


def test_no_alphabet_stands_in_two_splits(prepare: Prepare) -> None:
    family = prepare("glyphs")
    alphabets = [
        {member.name.rpartition("/")[0] for member in family.class_list(split)}
        for split in family.splits()
    ]
    assert [len(part) for part in alphabets] == [20, 5, 5]
    assert len(set.union(*alphabets)) == 30


def test_every_picture_shows_ink_on_paper(prepare: Prepare) -> None:
    images = prepare("glyphs").pool.images.float() / 255
    ink = images.flatten(1).mean(dim=1)
    assert ink.min() > 0.005 and ink.max() < 0.3
    assert 0.07 < ink.mean() < 0.095, "as much ink as in Omniglot"
    assert (images.flatten(1).max(dim=1).values > 0.6).all()


def test_no_two_pictures_are_the_same(prepare: Prepare) -> None:
    images = prepare("glyphs").pool.images.flatten(1)
    assert len(torch.unique(images, dim=0)) == len(images)


def test_drawings_of_a_class_are_nearer_than_those_of_others(prepare: Prepare) -> None:
    """The nearest picture finds the class as often as in Omniglot: 50 of 100, chance is 20."""
    family = prepare("glyphs", rotations=False, queries=5)
    episode = family.episodes("train", 200, torch.Generator().manual_seed(0))
    support, query = (
        torch.nn.functional.normalize(part.x.flatten(2), dim=2)
        for part in (episode.support, episode.query)
    )
    nearest = (query @ support.mT).argmax(dim=2)
    accuracy = float((nearest == episode.query.y).float().mean())
    assert 0.44 < accuracy < 0.58


def test_drawing_reports_often_and_can_be_cancelled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fractions: list[float] = []

    def report(message: str, fraction: float) -> None:
        fractions.append(fraction)
        if len(fractions) == 3:
            raise KeyboardInterrupt

    family = fresh()
    with pytest.raises(KeyboardInterrupt):
        family.prepare(report)
    assert fractions == sorted(fractions) and fractions[-1] < 0.15
    assert not list(tmp_path.rglob("*.*"))


def test_the_second_start_draws_nothing(few: Path) -> None:
    assert _drawn_by(fresh()) and not _drawn_by(fresh())


def _drawn_by(family: ImageFamily) -> list[str]:
    """What a preparation says about alphabets being drawn."""
    said: list[str] = []
    family.prepare(lambda message, fraction: said.append(message))
    return [message for message in said if "alphabet" in message.lower()]


def damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1000])


def foreign(file: Path) -> None:
    """A sound file of the right kind, but not of this program."""
    file.write_bytes(save({"images": torch.zeros(3)}))


def empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One alphabet a split, so that drawing anew takes no time, and a cache of its own."""
    monkeypatch.setattr(glyphs, "ALPHABETS", {"train": 1, "val": 1, "test": 1})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("harm", [damage, cut, empty, foreign])
def test_a_damaged_cache_is_made_anew(few: Path, harm: Callable[[Path], None]) -> None:
    first = fresh()
    first.prepare(quiet)
    (kept,) = [path for path in few.rglob("*") if path.is_file()]
    harm(kept)
    again = fresh()
    again.prepare(quiet)
    assert again.fingerprint == first.fingerprint
    assert not _drawn_by(fresh()), "the damaged file was not replaced"


def test_a_cache_that_cannot_be_written_costs_only_time(
    few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = few / "file"
    blocked.write_text("a file where the cache folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    first, second = fresh(), fresh()
    first.prepare(quiet)
    second.prepare(quiet)
    assert first.fingerprint == second.fingerprint and blocked.is_file()


def test_another_split_seed_holds_out_other_alphabets_of_the_same_drawings(
    prepare: Prepare,
) -> None:
    first, second, again = (prepare("glyphs", split_seed=seed) for seed in (0, 3, 3))
    assert torch.equal(first.pool.images, second.pool.images)
    assert second.classes == again.classes and second.fingerprint == again.fingerprint
    assert first.classes["test"] == tuple(range(25 * 22, 30 * 22)) != second.classes["test"]
    for split, alphabets in (("train", 20), ("val", 5), ("test", 5)):
        held = {name.rpartition("/")[0] for name in second.splits()[split].class_names}
        assert len(held) == alphabets and len(second.classes[split]) == 22 * alphabets
    every = [c for members in second.classes.values() for c in members]
    assert sorted(every) == list(range(660))
