"""A learner on another family's data: does it carry over?

Nothing there was trained on, so that all its classes are for the test. Tasks keep the sizes that
the learner was trained with, and images the form: pixels a side, channels, and whether ink is 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.registry import get, names, unknown
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family
from workbench.tasks.detection.family import SceneFamily
from workbench.tasks.images import ImageFamily
from workbench.tasks.pictures import ImageStyle

KEPT = ("rotations",)
"""Fields beside those of the sizes that mean the same in every family."""


def elsewhere(recorded: ExperimentConfig, name: str, root: Path | None) -> ExperimentConfig:
    """The experiment with the task of another family; raises `BadInput` where it has no images."""
    if name not in names("task"):
        raise unknown("--on", name, image_families())
    if not isinstance(build_family(recorded), ImageFamily):
        raise BadInput(
            "--on",
            marked(
                "only learners of images are measured on another family; this run learned {0}"
            ).format(recorded.task.name),
            marked("Leave it out, or give other data of the same kind with --data"),
        )
    style = style_of(recorded, "--on")
    if not issubclass(get("task", name).build, ImageFamily):
        raise BadInput(
            "--on",
            marked("{0} has no classes").format(name),
            marked("Choose {0}").format(", ".join(image_families())),
        )
    fields = get("task", name).params.model_fields
    wanted: dict[str, Any] = {field: getattr(recorded.task, field, None) for field in KEPT}
    wanted |= {
        "image_size": style.size,
        "colour": "grey" if style.channels == 1 else "rgb",
        "invert": style.ink_is_one,
    }
    task = {
        field: value for field, value in wanted.items() if field in fields and value is not None
    }
    if root is not None:
        if "root" not in fields:
            raise BadInput(
                "--data",
                marked("{0} is made here and lies nowhere").format(name),
                marked("Leave the flag out"),
            )
        task["root"] = root
    return recorded.replaced({"task": {"name": name, **task}})


def for_test_alone(config: ExperimentConfig, recorded: ExperimentConfig) -> TaskFamily:
    """The family of `elsewhere`, not yet prepared."""
    family = build_family(config)
    assert isinstance(family, ImageFamily)
    return family.for_test_alone(style_of(recorded, "--on"))


def image_families() -> tuple[str, ...]:
    return tuple(n for n in names("task") if issubclass(get("task", n).build, ImageFamily))


def described(config: ExperimentConfig, family: TaskFamily) -> dict[str, Any]:
    """Which data it was, for the result: family, place, classes and a hash of what was read."""
    root = getattr(config.task, "root", None)
    return {
        "family": config.task.name,
        "root": str(root) if root else "",
        "classes": family.splits()["test"].classes,
        "fingerprint": family.fingerprint,
    }


def variant(config: ExperimentConfig) -> str:
    """For the name of a file: ``on-omniglot-images_background``."""
    root = getattr(config.task, "root", Path())
    stem = "".join(c if c.isalnum() or c in "-_" else "_" for c in printable(root.stem))[:40]
    return "-".join(part for part in ("on", config.task.name, stem) if part)


def style_of(
    recorded: ExperimentConfig, where: str, kind: type[ImageFamily | SceneFamily] = ImageFamily
) -> ImageStyle:
    """Of the pictures that a learner was trained on; raises `BadInput` where it knows none."""
    family = build_family(recorded)
    if not isinstance(family, kind):
        what = marked("images") if kind is ImageFamily else marked("boxes")
        raise BadInput(
            where,
            marked("this run learned {0}, which has no {1}").format(recorded.task.name, what),
            marked("Leave it out"),
        )
    return family.style
