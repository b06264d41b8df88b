"""The words that carry a prediction: gradient times input, before and after adapting.

The input x of a sentence is a sum of what its words add, x = sum of x_w. To first order a word's
part in the logit of a class c is x_w · dlogit_c/dx, which over the words adds up to the whole
x · dlogit_c/dx; on a linear model that is the logit without its bias, exactly. The length that a
sentence is scaled to counts as fixed. Where a sentence is more than the sum of its words, as to an
encoder, a word's part is what the logit loses when the word is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.algorithms.metric import MetricMethod
from workbench.algorithms.stepped import SteppedMethod
from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.experiments.session import Learner
from workbench.tasks.texts.text_task import TextTask

Logits = Callable[[Tensor], Tensor]
"""``[n, features]`` to ``[n, N]``, differentiable in the features."""


@dataclass(frozen=True)
class Carried:
    """One sentence after ``step`` inner steps. Detached and on the CPU."""

    step: int
    outputs: Tensor
    """``[N]`` class probabilities."""
    effects: Tensor
    """``[words, N]``: how much of each class's logit every word carries."""

    @property
    def way(self) -> int:
        """The predicted class."""
        return int(self.outputs.argmax())


def words_that_carry(learner: Learner, task: TextTask, text: str, steps: int) -> Iterator[Carried]:
    """The words of a sentence, whether it stands in the task or not, at step 0 to ``steps``.

    Words are those of ``task.parts(text)``. Learners without inner steps give step 0 alone.
    """
    x, shares = task.vector(text), task.word_features(text)
    without = _without_each(task, text) if shares is None else x[None]
    for step, logits in enumerate(_logits_on_the_way(learner, task.episode(), steps)):
        effects = _losses(logits, x, without) if shares is None else gradients(logits, x, shares)
        with torch.no_grad():
            outputs = logits(x[None])[0].softmax(-1)
        yield Carried(step, outputs.cpu(), effects.cpu())


def gradients(logits: Logits, x: Tensor, shares: Tensor) -> Tensor:
    """``[words, N]``: what each word adds to x ``[features]``, times the gradient of each logit."""
    leaf = x.detach().clone().requires_grad_()
    found = logits(leaf[None])[0]
    rows = [
        torch.autograd.grad(logit, leaf, retain_graph=True, allow_unused=True)[0] for logit in found
    ]
    slopes = torch.stack([torch.zeros_like(leaf) if row is None else row for row in rows])
    return shares @ slopes.T


def _losses(logits: Logits, x: Tensor, without: Tensor) -> Tensor:
    """``[words, N]``: the logits of the sentence less those of it without each word."""
    with torch.no_grad():
        return logits(x[None]) - logits(without)


def _without_each(task: TextTask, text: str) -> Tensor:
    """``[words, features]``: the sentence without each of its words."""
    parts = [f"{text[:start]}{text[end:]}" for start, end in task.parts(text)]
    return torch.stack([task.vector(part) for part in parts])


def _logits_on_the_way(learner: Learner, episode: Episode, steps: int) -> Iterator[Logits]:
    """The learner as a function of its input after 0, 1, ... steps on the support set."""
    method, weights, support = learner.algorithm, learner.weights, episode.support
    if isinstance(method, MetricMethod):
        yield _comparing(method, weights, episode)
    elif isinstance(method, InnerLoopMethod):
        for used, forward in method.engine.step_by_step(weights, episode, method.rule(steps)):
            yield partial(forward, used)
    else:
        assert isinstance(method, SteppedMethod)
        forward = method.on_episode(method.engine.forward(), weights, episode)
        for used in method.descent(forward, weights, support, steps):
            yield partial(forward, used)


def _comparing(method: MetricMethod, weights: Weights, episode: Episode) -> Logits:
    forward, support = method.engine.forward(), episode.support
    with torch.no_grad():
        embedded = forward(weights, support.x)

    def logits(x: Tensor) -> Tensor:
        return method.outputs(weights, embedded, support.y, forward(weights, x))

    return logits
