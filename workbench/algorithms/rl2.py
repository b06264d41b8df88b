"""RL²: a recurrent policy learns to learn within its memory, without gradient steps on a task.

Y. Duan, J. Schulman, X. Chen, P. Bartlett, I. Sutskever, P. Abbeel, "RL²: Fast Reinforcement
Learning via Slow Reinforcement Learning", 2016; J. Wang et al., "Learning to Reinforcement Learn",
2016: a GRU is fed observation, last action, last reward and whether the episode has ended, and its
state is kept over the episodes of a trial. What is maximised is the return of the whole trial.

Here a step of adaptation is an episode that has been lived through: step 0 is the first episode of
a trial, of whose task nothing is known, and step k the one after k others. MAML's steps learn from
K trajectories each: k steps of one are k K episodes of the other.

Differs from the authors' code: none was found to compare with. In the papers the baseline is a
network of its own, here the mean over the trials of a task; and episodes that end early are filled
up with steps in which nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.algorithms.inner_loop import StepParams
from workbench.algorithms.recurrent import Memory, RecurrentPolicy
from workbench.algorithms.trial import Trial
from workbench.algorithms.watching import observe
from workbench.core.algorithm import (
    Acted,
    AdaptStep,
    Algorithm,
    Group,
    LossWords,
    MetaGradient,
    Scores,
    Weights,
)
from workbench.core.episode import Batch, Episode
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.registry import register
from workbench.core.task import ProblemSpec, TaskFamily
from workbench.engine import Engine
from workbench.engine.acting.evidence import HeldFixed, leaves
from workbench.engine.workers import Workers


class Rl2Params(StepParams):
    name: Literal["rl2"] = "rl2"
    inner_steps: int = param(
        2, marked("Episodes of a trial before the last one, in meta-training."), ge=0, le=100
    )
    test_steps: int = param(
        3, marked("Episodes of a trial before the last one, on held-out tasks."), ge=0, le=1000
    )
    width: int = param(64, marked("Units of the memory."), ge=1, le=4096, log_scale=True)
    discount: float = param(
        0.99, marked("What a reward one step later in a trial is worth."), ge=0, le=1
    )


@register("algorithm", "rl2", title=marked("RL²"), params=Rl2Params)
class Rl2(Algorithm):
    """A recurrent policy that learns a task within its memory; the model chosen is not used."""

    engine: Engine
    group = Group.INNER_LOOP
    rank = 4
    collects = True
    divides = False  # what is earned is scaled by its spread over all tasks of the meta-batch
    losses = LossWords(marked("first episode"), marked("last episode"))

    def __init__(self, params: Any, engine: Engine) -> None:
        super().__init__(params, engine)
        self._judge = engine.spec.objective
        assert isinstance(self._judge, PolicyGradient)
        self._workers = Workers(self._policy(engine.initial()), 1)

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if isinstance(spec.objective, PolicyGradient):
            return ""
        return marked("rl2 is for policies, and here nothing is acted")

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        objective = family.spec.objective
        assert isinstance(objective, PolicyGradient)
        return RecurrentPolicy(family.spec.input_shape[0], objective.actions, params.width)

    @property
    def test_steps(self) -> int:
        return int(self.params.test_steps)

    @property
    def transductive(self) -> bool:
        return False

    @property
    def strategy(self) -> str:
        return "all trials of all tasks, step by step"

    def initial(self) -> Weights:
        return self.engine.initial()

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        trial = self._lived(weights, episodes, self.params.inner_steps + 1)
        policy, begun, tasks = self._policy(weights), leaves(weights), len(episodes)
        with torch.no_grad():
            losses = [float(one.mean()) for one in trial.losses(policy, weights)]
        loss, _ = trial.judge(policy, begun)
        found = torch.autograd.grad(loss / tasks, list(begun.values()))
        evidence = HeldFixed((trial,), self._workers)
        acted = Acted(trial.acted, float(trial.returns[0].mean()), evidence)
        gradients = dict(zip(begun, found, strict=True))
        return MetaGradient(
            gradients, losses[0], losses[-1], float(trial.returns[-1].mean()), acted=acted
        )

    def evaluate(self, weights: Weights, episodes: Episode, steps: int) -> Scores:
        trial = self._lived(weights, episodes, steps + 1)
        with torch.no_grad():
            losses = torch.stack(list(trial.losses(self._policy(weights), weights)), 1)
        return Scores(torch.stack(trial.returns, 1), losses, losses)

    def adapt(self, weights: Weights, episode: Episode, steps: int) -> Iterator[AdaptStep]:
        policy = self._policy(weights)
        support, query = Memory(policy), Memory(policy)
        for step in range(steps + 1):
            with torch.no_grad():
                learned_from, before = lived_through(episode.support, support, step)
                asked, after = lived_through(episode.query, query, step)
            seen = Episode(learned_from, asked)
            yield observe(self.engine.spec, step, seen, before, after, {})

    def _lived(self, weights: Weights, episodes: Episode, count: int) -> Trial:
        """Whole trials of ``count`` episodes on the query sets, one after the other."""
        assert isinstance(self._judge, PolicyGradient)
        memory = Memory(self._policy(weights))
        with torch.no_grad():
            lived = [lived_through(episodes.query, memory, step) for step in range(count)]
        met, told = zip(*lived, strict=True)
        return Trial.of(self._judge, met, told, torch.stack(memory.fed), self.params.discount)

    def _policy(self, weights: Weights) -> RecurrentPolicy:
        policy = self.engine.module(weights).train()
        assert isinstance(policy, RecurrentPolicy)
        return policy


def lived_through(batch: Batch, memory: Memory, step: int) -> tuple[Batch, Tensor]:
    """One episode of a trial, as it was met, and the outputs ``[..., n * H, outputs]``."""
    before = len(memory.fed)
    met = batch.met(memory, step)
    outputs = torch.stack(memory.outputs[before:], -2)
    return met, outputs.flatten(-3, -2)
