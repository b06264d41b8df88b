"""One small family of each kind: glyphs, a made-up Omniglot tree, a folder of noise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.core.registry import get
from workbench.experiments import catalog
from workbench.tasks.images import ImageFamily

catalog.load()

Prepare = Callable[..., ImageFamily]


def quiet(message: str, fraction: float) -> None:
    """A report that nobody reads."""


def noise(seed: int, size: int = 20) -> Image.Image:
    """A picture like no other: black noise on white paper."""
    pixels = np.random.default_rng(seed).integers(0, 256, (size, size), dtype=np.uint8)
    pixels[[0, -1], :] = pixels[:, [0, -1]] = 255
    return Image.fromarray(pixels)


def fill(root: Path, classes: list[str], images: int) -> Path:
    """``root/class/0.png`` and so on; no two pictures are alike."""
    for number, name in enumerate(classes):
        (root / name).mkdir(parents=True)
        for index in range(images):
            noise(1000 * number + index).save(root / name / f"{index}.png")
    return root


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten alphabets of four characters, eight drawings each."""
    names = [f"Alphabet{a}/character{c + 1:02}" for a in range(10) for c in range(4)]
    return fill(tmp_path_factory.mktemp("tree"), names, 8)


@pytest.fixture(scope="session")
def prepare() -> Prepare:
    """Build and prepare a family by its name."""

    def made(name: str, **values: object) -> ImageFamily:
        entry = get("task", name)
        family: ImageFamily = entry.build(entry.params.model_validate(values))
        family.prepare(quiet)
        return family

    return made


@pytest.fixture(params=["glyphs", "omniglot", "image_folder"])
def family(request: pytest.FixtureRequest, prepare: Prepare, tree: Path) -> ImageFamily:
    root = {} if request.param == "glyphs" else {"root": tree}
    return prepare(request.param, ways=2, shots=2, queries=3, rotations=True, **root)
