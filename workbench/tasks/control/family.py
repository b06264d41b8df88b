"""A family whose tasks are environments: a policy adapts by what its trajectories earn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.actions import Actions
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.policy_gradient import COLUMNS, PolicyGradient
from workbench.core.seeds import generator
from workbench.core.task import SPLITS, ProblemSpec, Report, Split, SplitInfo, TaskFamily
from workbench.tasks.control.rollouts import Lived, Rollouts, Terms
from workbench.tasks.control.task import ControlTask
from workbench.tasks.control.world import World

MOST_STEPS = 100_000
"""Of trajectories driven by hand in one scene."""


class ControlFamily(TaskFamily):
    """A continuum of environments, or a list that is dealt to the splits; see `truth`."""

    task: type[ControlTask] = ControlTask
    """The type of its tasks: a type of its own is what a face of its own is found by."""

    @property
    @abstractmethod
    def actions(self) -> Actions:
        """What a policy chooses from."""

    @property
    @abstractmethod
    def observed(self) -> int:
        """Numbers that a policy sees of a state."""

    @property
    def seen_names(self) -> tuple[str, ...]:
        """What the numbers of a state are called; none where nobody knows."""
        return ()

    @property
    @abstractmethod
    def world(self) -> World:
        """The rules that all tasks share."""

    @abstractmethod
    def truth(self, split: Split, draws: Generator) -> Tensor:
        """What settles a task, ``[p]``, drawn from ``draws`` alone."""

    @abstractmethod
    def checked(self, truth: Tensor) -> Tensor:
        """What settles a task, where there is such a task; else raises `BadInput`."""

    @abstractmethod
    def title_of(self, truth: Tensor) -> str:
        """What a person recognises a task by."""

    def traits_of(self, truth: Tensor) -> dict[str, float]:
        """Numbers that settle a task by what they are called."""
        return {}

    def bounds_of(self, truth: Tensor) -> dict[str, Tensor]:
        """Of tasks ``[T, p]``; see `bounds`."""
        return {}

    def followed(self, lived: Lived) -> dict[str, Tensor]:
        """What can be followed over time beside states and rewards, ``[n, H + 1]`` by its name."""
        return {}

    def drawing(self, truth: Tensor) -> Any:
        """An environment of a task ``[p]`` that draws itself; raises `BadInput` where none does."""
        raise BadInput(marked("Film"), marked("this world draws no pictures of itself"))

    def bounds(self, episodes: Episode) -> dict[str, Tensor]:
        assert isinstance(episodes.query, Rollouts)
        return self.bounds_of(episodes.query.truth)

    def possible(self, actions: Tensor) -> Tensor:
        """Actions ``[h, width]`` given by hand; raises `BadInput` for what is none."""
        return actions

    @property
    def spec(self) -> ProblemSpec:
        objective = PolicyGradient(self.actions, self.params.horizon)
        return ProblemSpec(objective, (self.observed,), self.actions.outputs, collected=True)

    @property
    def items(self) -> int:
        return int((self.params.shots + self.params.queries) * self.params.horizon)

    def prepare(self, report: Report) -> None:
        report("Nothing to prepare", 1.0)

    def splits(self) -> dict[Split, SplitInfo]:
        return {split: SplitInfo(None, None) for split in SPLITS}

    def sample(self, split: Split, draws: Generator) -> ControlTask:
        seed = int(torch.randint(2**31, (), generator=draws))
        return self.task(self, self.truth(split, generator(seed, "control", split)), seed, seed)

    def task_from_json(self, values: dict[str, Any], split: Split) -> ControlTask:
        truth = self.checked(_numbers(values.get("truth"), "truth"))
        left_out = values.get("left_out", [])
        seeds = [values.get(name) for name in ("support_seed", "query_seed")]
        whole = isinstance(left_out, list)
        if not whole or not all(isinstance(number, int) for number in (*seeds, *left_out)):
            raise BadInput("scene", marked("does not say which trajectories it is of"))
        support, query = (int(str(seed)) for seed in seeds)
        made = self.task(self, truth, support, query)
        anew = {number: _times(n) for number, n in _by_number(values.get("anew", {}))}
        for number in anew:
            made = made.drawn_anew((0, number))
        made = replace(made, anew=anew)
        for number, acts in _by_number(values.get("driven", {})):
            made = made.with_item((0, number), _numbers(acts, "driven"))
        for number in left_out:
            made = made.without((0, number))
        return made

    def rollouts(self, truth: Tensor, seed: int, count: int) -> Rollouts:
        """``count`` trajectories of a policy that is still to act."""
        width = self.actions.width
        return Rollouts(
            x=torch.zeros(count, self.observed),
            y=torch.zeros(count, width + COLUMNS),
            truth=truth,
            seed=torch.tensor(seed),
            counted=torch.ones(count),
            driven=torch.zeros(count, 0, width),
            anew=torch.zeros(count, dtype=torch.long),
            terms=self._terms(),
        )

    def _terms(self) -> Terms:
        params = self.params
        return Terms(
            self.world, self.actions, params.horizon, params.discount, params.gae, params.baseline
        )


def _by_number(values: Any) -> list[tuple[int, Any]]:
    """Of trajectories by their numbers, which JSON writes as text."""
    if not isinstance(values, Mapping):
        raise BadInput("scene", marked("does not say which trajectories it is of"))
    for name in values:
        if not (isinstance(name, str) and name.isascii() and name.isdigit()):
            raise BadInput("scene", marked("{0} is no number of a trajectory").format(name))
    return [(int(name), value) for name, value in values.items()]


def _times(value: Any) -> int:
    if not isinstance(value, int) or value < 1:
        raise BadInput("scene", marked("says {0} of how often one was drawn anew").format(value))
    return value


def _numbers(values: Any, name: str) -> Tensor:
    try:
        found = torch.tensor(values, dtype=torch.get_default_dtype())
    except (TypeError, ValueError, RuntimeError) as error:
        raise BadInput("scene", marked("{0} is not made of numbers").format(name)) from error
    if found.numel() > MOST_STEPS or not torch.isfinite(found).all():
        raise BadInput(
            "scene", marked("{0} holds numbers that are none of this family").format(name)
        )
    return found
