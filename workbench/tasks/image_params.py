"""What all families of images take: sizes of a task, and how pixels become a model's inputs."""

from __future__ import annotations

from typing import Literal

from workbench.core.marked import marked
from workbench.core.params import param, recorded
from workbench.tasks.classes import WayShotParams
from workbench.tasks.pictures import ImageStyle
from workbench.tasks.pixel_scale import ScaleRecord


class ImageParams(WayShotParams):
    normalisation: Literal["none", "meta_train"] = param(
        "none",
        marked("Leave pixels in [0, 1], or give those of meta-training mean 0 and deviation 1."),
        advanced=True,
        more=marked(
            "Mean and standard deviation of each channel, over the meta-train pictures alone. A "
            "run records them, so that whatever its learner is shown later is scaled alike."
        ),
    )
    pixels: ScaleRecord | None = recorded()

    @property
    def settled_by(self) -> str:
        """What settles which pictures are for meta-training, beside the data."""
        return ""

    @property
    def scales(self) -> bool:
        """Whether inputs are scaled."""
        return self.normalisation == "meta_train"

    def scale_settled_by(self, style: ImageStyle) -> str:
        """As `settled_by`, with the form that the pictures are held in."""
        return f"{type(self).__name__} {self.settled_by} {style}"

    def recorded_scale(self, style: ImageStyle) -> ScaleRecord | None:
        """That of a run, where it is of these settings."""
        kept = self.pixels
        fits = kept is not None and kept.settled_by == self.scale_settled_by(style)
        return kept if fits else None
