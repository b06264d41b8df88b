"""The engine's one face: episodes in, exact meta-gradients and scores out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Protocol

import torch
from torch import nn

from workbench.core.algorithm import MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.task import ProblemSpec
from workbench.engine import batched_mlp, plain
from workbench.engine.inner import Forward, InnerLoop


class Strategy(Protocol):
    """A way to compute the same numbers faster."""

    name: str

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop, seed: int
    ) -> MetaGradient: ...

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores: ...

    def close(self) -> None: ...


class Engine:
    """Runs the inner and the outer derivative of one model on one kind of problem.

    The model given is a template: it is copied, and its weights are only the starting point.
    """

    def __init__(self, model: nn.Module, spec: ProblemSpec, workers: int = 0) -> None:
        self._model = copy.deepcopy(model).train()
        self._spec = spec
        self._strategy = _choose(self._model, spec, workers)
        self.transductive = _transductive(self._model, spec)

    @property
    def strategy(self) -> str:
        """How the numbers are computed, in words for the user."""
        return self._strategy.name

    def initial(self) -> Weights:
        """Copies of the model's trainable parameters."""
        named = self._model.named_parameters()
        return {name: p.detach().clone() for name, p in named if p.requires_grad}

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop, seed: int
    ) -> MetaGradient:
        """The gradient of the mean query loss after the inner loop, over T stacked tasks.

        Raises `BadInput` when the model cannot be differentiated twice.
        """
        try:
            return self._strategy.meta_gradient(weights, episodes, loop, seed)
        except RuntimeError as error:
            if "is not implemented" not in str(error):
                raise
            raise BadInput(
                "model.name",
                f"the second-order gradient does not exist for an operation of this model ({error})",
                "Choose first-order MAML (fomaml), or replace the operation",
            ) from error

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores:
        """Adapt to every task and score each step, query by query set."""
        return self._strategy.scores(weights, episodes, loop)

    def walk(
        self, weights: Weights, episode: Episode, loop: InnerLoop
    ) -> Iterator[tuple[Weights, Forward]]:
        """The fast weights of step 0..k on one task, with the function that uses them."""
        return plain.walk_task(self._model, self._spec, weights, episode, loop)

    def close(self) -> None:
        """Join the worker threads."""
        self._strategy.close()


def _choose(model: nn.Module, spec: ProblemSpec, workers: int) -> Strategy:
    if batched_mlp.fits(model):
        return batched_mlp.BatchedMlpStrategy(model, spec)
    return plain.PlainStrategy(model, spec, workers)


def _transductive(model: nn.Module, spec: ProblemSpec) -> bool:
    """Ask the model: does the output for one item change with the company it is in?"""
    dtype = next((p.dtype for p in model.parameters()), torch.float32)
    draws = torch.Generator().manual_seed(0)
    x = torch.rand(4, *spec.input_shape, generator=draws).to(dtype)
    probe = copy.deepcopy(model)
    forward = plain.forward_of(plain.without_dropout(probe))
    with torch.no_grad():
        alone, together = forward({}, x[:2])[0], forward({}, x)[0]
    return not torch.allclose(alone, together, atol=1e-5)
