"""Transfer learning: train on all classes together, then fit a new head to the support set.

W.-Y. Chen, Y.-C. Liu, Z. Kira, Y.-C. Wang, J.-B. Huang, "A Closer Look at Few-shot Classification",
ICLR 2019, section 3: the baseline fits a linear head on fixed features, Baseline++ one of cosine
similarities. Their code: a head drawn anew for each task, SGD 0.01, momentum 0.9, dampening 0.9,
weight decay 0.001, 100 epochs over the support set in mini-batches of 4; cosine heads have a
learned norm for each class, and the scale 2 for up to 200 classes (every new head), 10 for more.

Y. Wang, W.-L. Chao, K. Weinberger, L. van der Maaten, "SimpleShot", 2019: the head of class means.
With m_c the mean feature of a class, the logits -|f - m_c|^2 are, up to a number that all classes
share, those of the linear head W_c = 2 m_c, b_c = -|m_c|^2.

On curves the network is trained on the points of all tasks together and fine-tuned as it is, which
is the pre-trained baseline of the MAML paper (section 5.1).

Differs from the authors' code: features are normalised by the statistics of the batch they come in,
here as for every other method, and not by running averages of meta-training.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Literal

import torch
from torch import Generator, Tensor, nn

from workbench.algorithms.heads import (
    HEAD,
    CosineHead,
    Joint,
    class_mean_head,
    head_of,
    headed,
)
from workbench.algorithms.stepped import SteppedMethod, epoch_batches
from workbench.core.algorithm import Group, LossWords, MetaGradient, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import TaskFamily
from workbench.core.uncompiled import uncompiled
from workbench.engine import Forward
from workbench.engine.face import Found
from workbench.engine.parts import feature_count, with_head

_SGD = uncompiled(torch.optim.SGD)
Outputs = Callable[[], Tensor]
"""The outputs ``[n, ...]`` for the support set, by the weights as they are fitted."""

NEW_SCALE = 2.0
"""Of the cosine similarities of a head for a few new classes."""


class TransferParams(Params):
    name: Literal["transfer"] = "transfer"
    mode: Literal["head", "all", "cosine", "mean"] = param(
        "head",
        marked(
            "What is fitted to a new task: a linear head, all weights, a "
            "cosine head, or class means."
        ),
        more=marked(
            "A head of cosine similarities is Baseline++, one of class "
            "means SimpleShot. Class means are a closed form: one step, "
            "whatever the number of steps."
        ),
    )
    inner_rate: float = param(
        0.01, marked("Step size of fitting."), symbol="α", gt=0, le=100, log_scale=True
    )
    test_steps: int = param(
        100,
        marked("Epochs of fitting: passes over the support set of a held-out task."),
        ge=0,
        le=1000,
    )
    test_batch: int = param(
        4, marked("Items in a mini-batch on held-out tasks; 0 is all of them."), ge=0, le=10_000
    )
    zero_head: bool = param(
        False,
        marked("Start a new head at zero and not at random weights."),
        more=marked(
            "The authors draw it at random for each task. From zero all "
            "classes are alike until the first step, and a short fit loses "
            "less to the draw."
        ),
    )
    momentum: float = param(
        0.9, marked("Momentum of fitting, dampened by as much."), ge=0, lt=1, advanced=True
    )
    weight_decay: float = param(1e-3, marked("Weight decay of fitting."), ge=0, le=1, advanced=True)
    scale: float = param(
        2.0,
        marked("Scale of the cosine similarities over all classes of meta-training."),
        gt=0,
        le=1000,
        advanced=True,
        more=marked("The authors take 2 for up to 200 classes and 10 for more. A new head has 2."),
    )


@register("algorithm", "transfer", title=marked("Transfer learning"), params=TransferParams)
class Transfer(SteppedMethod):
    """Ordinary training on all classes at once, then fine-tuning to each new task."""

    holds = False
    group = Group.FLOORS
    rank = 0
    losses = LossWords("", marked("all tasks jointly"))

    shaped_by_data = True

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        if not family.spec.labels:
            if params.mode in ("cosine", "mean"):
                raise BadInput(
                    "algorithm.mode",
                    marked("such a head tells classes apart, and this task has none"),
                    marked("Choose head or all"),
                    *(Mend("algorithm.mode", mode) for mode in ("head", "all")),
                )
            return model
        inputs, classes = feature_count(model, family.spec), family.joint_classes
        head = nn.Linear(inputs, classes)
        joint = CosineHead(inputs, classes, params.scale) if params.mode == "cosine" else head
        like = next(model.parameters())
        joint = joint.to(like.device, like.dtype)
        return Joint(with_head(model, family.spec, nn.Identity()), joint)

    def draw(self, family: TaskFamily, tasks: int, draws: Generator) -> Episode:
        batch = family.joint(tasks, draws)
        return Episode(batch, batch)

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        return self.engine.mean_gradient(weights, episodes, self._jointly, seed)

    @property
    def test_steps(self) -> int:
        return 1 if self._in_closed_form else int(self.params.test_steps)

    @property
    def _in_closed_form(self) -> bool:
        return bool(self.params.mode == "mean" and self.has_new_head)

    @property
    def has_new_head(self) -> bool:
        """Whether there are classes, so that a new task needs a head for its own."""
        return HEAD + "weight" in self.engine.names

    def adapted(self, weights: Weights, episode: Episode, steps: int) -> nn.Module:
        if not self.has_new_head:
            return super().adapted(weights, episode, steps)
        *_, used = self.path(weights, episode, steps)
        body = {name: weight for name, weight in used.items() if not name.startswith(HEAD)}
        return Joint(self.engine.module(body).get_submodule("features"), head_of(used)).eval()

    def features(self) -> Forward:
        """What the head of a task is given."""
        return self.engine.part("features") if self.has_new_head else self.engine.features()

    def on_episode(self, forward: Forward, weights: Weights, episode: Episode) -> Forward:
        """Where only the head is fitted, the features of support and query are computed once."""
        if self.params.mode == "all" or not self.has_new_head:
            return forward
        features = self.engine.part("features")
        with torch.no_grad():
            known = [(x, features(weights, x)) for x in (episode.support.x, episode.query.x)]

        def on_known(used: Weights, x: Tensor) -> Tensor:
            found = next((kept for own, kept in known if own is x), None)
            return headed(used, features(weights, x) if found is None else found)

        return on_known

    def descent(
        self, forward: Forward, weights: Weights, support: Batch, steps: int
    ) -> Iterator[Weights]:
        """Batch statistics are those of the whole support set, also in a mini-batch."""
        draws = _number_of(support)
        start = {name: weight.detach() for name, weight in weights.items()}
        start |= self._new_head(weights, draws)
        yield start
        if self._in_closed_form:
            features = self.engine.part("features")
            with torch.no_grad():
                means = class_mean_head(features(start, support.x), support.y)
            yield from ({**start, **means} for _ in range(steps))
            return
        fast = {n: start[n].clone().requires_grad_() for n in self._fitted(start)}
        for _ in self._epochs(
            lambda: forward({**start, **fast}, support.x), fast, support, draws, steps
        ):
            yield {**start, **{name: weight.detach().clone() for name, weight in fast.items()}}

    def _epochs(
        self, outputs: Outputs, fast: Weights, support: Batch, draws: int, steps: int
    ) -> Iterator[None]:
        """Fit ``fast`` by SGD, one pass over the support set at a time."""
        params, count = self.params, len(support.y)
        optimizer = _SGD(
            fast.values(),
            lr=params.inner_rate,
            momentum=params.momentum,
            dampening=params.momentum,
            weight_decay=params.weight_decay,
        )
        epochs = epoch_batches(count, params.test_batch or count, "transfer", "test", draws)
        for _, batches in zip(range(steps), epochs, strict=False):
            for rows in batches:
                loss = self.engine.spec.objective.loss(outputs()[rows], support.y[rows])
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            yield

    def _jointly(self, forward: Forward, weights: Weights, batch: Episode, task: int) -> Found:
        leaves = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
        outputs = forward(leaves, batch.query.x)
        loss = self.engine.spec.objective.loss(outputs, batch.query.y)
        found = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
        metric = self.engine.spec.objective.metric(outputs.detach(), batch.query.y)
        value = float(loss.detach())
        return dict(zip(leaves, found, strict=True)), (value, value, float(metric))

    def _new_head(self, weights: Weights, draws: int) -> Weights:
        """A head for the classes of one task, drawn for it; curves keep the head they have."""
        if not self.has_new_head:
            return {}
        like, ways = weights[HEAD + "weight"], self.engine.spec.outputs
        inputs = like.shape[1]
        chosen, bound = generator("transfer", "head", draws), 1 / math.sqrt(inputs)
        weight = self._drawn((ways, inputs), bound, chosen).to(like)
        if self.params.mode == "cosine":
            norm = torch.full((ways,), bound / math.sqrt(3) * math.sqrt(inputs)).to(like)
            scale = torch.tensor(NEW_SCALE).to(like)
            return {HEAD + "weight": weight, HEAD + "norm": norm, HEAD + "scale": scale}
        return {
            HEAD + "weight": weight,
            HEAD + "bias": self._drawn((ways,), bound, chosen).to(like),
        }

    def _drawn(self, shape: tuple[int, ...], bound: float, draws: Generator) -> Tensor:
        """As torch draws a linear layer, unless heads start at zero; directions cannot."""
        drawn = torch.rand(shape, generator=draws) * 2 * bound - bound
        zero = self.params.zero_head and self.params.mode != "cosine"
        return torch.zeros(shape) if zero else drawn

    def _fitted(self, weights: Weights) -> list[str]:
        """The names of what fitting moves."""
        if self.params.mode == "all":
            return list(weights)
        jointly = [name for name in weights if name.startswith(HEAD) and name != HEAD + "scale"]
        return jointly or sorted(self.engine.head)


def _number_of(support: Batch) -> int:
    """A number that stands for a support set, in whatever order its items are."""
    items = (item.detach().cpu().contiguous().numpy().tobytes() for item in support.x)
    return sum(zlib.crc32(item) for item in items)
