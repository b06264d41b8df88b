"""The floor of detection without any learning: the support boxes slid over each query scene.

J. P. Lewis, "Fast Normalized Cross-Correlation", 1995; see `core.template`. Crops are neither
turned nor scaled: things that lie otherwise than in the support set are missed.

Differs from the authors' code: there is none.
"""

from __future__ import annotations

from typing import Any, Literal

from torch import Tensor, nn

from workbench.algorithms.metric import Learned, MetricMethod
from workbench.core.algorithm import Group, Weights
from workbench.core.detection import Detection
from workbench.core.marked import marked
from workbench.core.params import Params
from workbench.core.registry import register
from workbench.core.task import ProblemSpec, TaskFamily
from workbench.core.template import template_boxes


class TemplateMatchingParams(Params):
    name: Literal["template_matching"] = "template_matching"


@register(
    "algorithm",
    "template_matching",
    title=marked("Template matching"),
    params=TemplateMatchingParams,
)
class TemplateMatching(MetricMethod):
    """No learning at all: places that correlate most with what the support boxes show."""

    group = Group.FLOORS
    rank = 3
    trains = False

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if isinstance(spec.objective, Detection):
            return ""
        return marked("template matching looks for boxes in scenes, and this task has none")

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        return nn.Identity()

    def learned(self, weights: Weights, support: Tensor, y: Tensor) -> Learned:
        return support, y

    def judged(self, weights: Weights, learned: Learned, query: Tensor) -> Tensor:
        support, y = learned
        return template_boxes(support, y, query)
