"""The engine's one face: episodes in, exact meta-gradients and scores out."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import torch
from torch import nn

from workbench.core.algorithm import MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.task import ProblemSpec
from workbench.engine import plain
from workbench.engine.choice import choose
from workbench.engine.inner import Forward, InnerLoop
from workbench.engine.refusal import refused


class Engine:
    """Runs the inner and the outer derivative of one model on one kind of problem.

    The model given is a template: it is copied, and its weights are only the starting point.
    """

    def __init__(
        self,
        model: nn.Module,
        spec: ProblemSpec,
        workers: int = 0,
        *,
        strategy: str = "auto",
        recompute: bool = False,
    ) -> None:
        """``workers`` 0 means one a core; ``recompute`` trades time for memory over many steps.

        Raises `BadInput` when ``strategy`` is a name of `choice.NAMES` that does not fit.
        """
        self._model = copy.deepcopy(model).train()
        self.spec = spec
        self._strategy = choose(self._model, spec, workers, strategy, recompute)
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

        Raises `BadInput` naming the layer when the model cannot be differentiated twice.
        """
        try:
            return self._strategy.meta_gradient(weights, episodes, loop, seed)
        except RuntimeError as error:
            found = None if loop.first_order else self._refused(episodes, error)
            if found is None:
                raise
            raise found from error

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores:
        """Adapt to every task and score each step, query by query set."""
        return self._strategy.scores(weights, episodes, loop)

    def walk(
        self, weights: Weights, episode: Episode, loop: InnerLoop
    ) -> Iterator[tuple[Weights, Forward]]:
        """The fast weights of step 0..k on one task, with the function that uses them."""
        # Calling a module with weights lends them to it: two threads cannot share one.
        model = copy.deepcopy(self._model)
        return plain.walk_task(model, self.spec, weights, episode, loop)

    def close(self) -> None:
        """Join the worker threads."""
        self._strategy.close()

    def _refused(self, episodes: Episode, error: RuntimeError) -> BadInput | None:
        try:
            return refused(self._model, episodes[0].support.x, error)
        except RuntimeError:
            return None


def _transductive(model: nn.Module, spec: ProblemSpec) -> bool:
    """Ask the model: does the output for one item change with the company it is in?"""
    parameter = next(model.parameters(), torch.zeros(0))
    draws = torch.Generator().manual_seed(0)
    x = torch.rand(4, *spec.input_shape, generator=draws).to(parameter.device, parameter.dtype)
    probe = copy.deepcopy(model)
    forward = plain.forward_of(plain.without_dropout(probe))
    with torch.no_grad():
        alone, together = forward({}, x[:2])[0], forward({}, x)[0]
    return not torch.allclose(alone, together, atol=1e-5)
